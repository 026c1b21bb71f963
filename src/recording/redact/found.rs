//! What was found in a text, and the text without it. Everything is looked for in the text as it was
//! written: what replaces one thing hides no other.

use std::cmp::Reverse;
use std::ops::Range;

/// Something in a text that is to be replaced.
pub(super) struct Found {
    /// In bytes of the text.
    pub place: Range<usize>,
    pub by: By,
}

pub(super) enum By {
    Placeholder(String),
    /// By that of a value that looks like one of a class.
    Looks(&'static str, String),
    /// By nothing, and nothing within it is replaced: everybody has it.
    Itself,
}

/// Where a part of a text begins in it.
pub(super) fn offset(part: &str, text: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

impl Found {
    pub(super) fn new(start: usize, text: &str, by: By) -> Self {
        let place = start..start + text.len();
        Self { place, by }
    }

    /// The longest of what overlaps stands for all of it; of the same length, what is known.
    fn rank(&self) -> (usize, bool) {
        (self.place.len(), matches!(self.by, By::Placeholder(_)))
    }
}

/// The text with all that was found replaced.
pub(super) fn replaced(
    text: &str,
    mut found: Vec<Found>,
    mut placeholder: impl FnMut(&'static str, &str) -> String,
) -> String {
    found.sort_by_key(|one| (one.place.start, Reverse(one.place.end)));
    let mut kept = 0..0;
    found.retain(|one| match one.by {
        By::Itself => {
            if one.place.end > kept.end {
                kept = one.place.clone();
            }
            false
        }
        _ => one.place.end > kept.end || one.place == kept,
    });
    let (mut result, mut done) = (String::with_capacity(text.len()), 0);
    let mut found = found.into_iter().peekable();
    while let Some(mut best) = found.next() {
        let Range { start, mut end } = best.place;
        while let Some(next) = found.next_if(|next| next.place.start < end) {
            end = end.max(next.place.end);
            if next.rank() > best.rank() {
                best = next;
            }
        }
        result += text.get(done..start).unwrap_or_default();
        match best.by {
            By::Placeholder(placeholder) => result += &placeholder,
            By::Looks(class, value) => result += &placeholder(class, &value),
            By::Itself => {}
        }
        done = end;
    }
    result += text.get(done..).unwrap_or_default();
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str, found: &[(Range<usize>, &str)]) -> String {
        let found = found.iter().map(|(place, by)| Found {
            place: place.clone(),
            by: match *by {
                "itself" => By::Itself,
                "looks" => By::Looks("class", text[place.clone()].to_owned()),
                known => By::Placeholder(known.to_owned()),
            },
        });
        replaced(text, found.collect(), |class, value| {
            format!("<{class} {value}>")
        })
    }

    #[test]
    fn of_what_overlaps_the_longest_stands_for_all() {
        let text = "0123456789";
        for (found, shown) in [
            (&[][..], text),
            (&[(2..4, "b"), (0..2, "a")], "ab456789"),
            (
                &[(1..2, "x"), (1..5, "looks"), (4..6, "y")],
                "0<class 1234>6789",
            ),
            (&[(1..3, "x"), (2..6, "y"), (8..10, "z")], "0y67z"),
            (&[(1..3, "looks"), (1..3, "known")], "0known3456789"),
            (&[(1..3, "known"), (1..3, "looks")], "0known3456789"),
        ] {
            assert_eq!(without(text, found), shown, "{found:?}");
        }
    }

    #[test]
    fn within_what_stays_nothing_is_replaced() {
        let text = "0123456789";
        for (found, shown) in [
            (&[(2..6, "itself"), (2..3, "x"), (4..6, "y")][..], text),
            (&[(3..4, "x"), (2..6, "itself"), (7..8, "y")], "0123456y89"),
            (&[(2..6, "itself"), (2..6, "x")], "01x6789"),
            (&[(2..6, "itself"), (5..7, "x")], "01234x789"),
            (&[(1..3, "x"), (2..6, "itself")], "0x3456789"),
        ] {
            assert_eq!(without(text, found), shown, "{found:?}");
        }
    }
}
