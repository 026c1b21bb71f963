//! After which parts each part of the program is opened, so that what is loaded by then is not counted
//! again. Pure.

use crate::groups::{Opening, Parts};

/// The chapters in which people call each other.
const CALLS: [&str; 4] = ["call", "mesh", "firebase", "firebase_mesh"];

/// What a call loads while its lobby stands, or when it begins.
const OF_CALLS: [&str; 4] = ["in_call", "exchange", "load_driver", "qr_code"];

/// Of the values from 0.05 to 1 that were tried, this gave the fewest bytes for the chapters.
const LATER: f64 = 0.05;

/// Each part at each place from which it is opened.
pub(crate) fn openings(parts: &[String]) -> Vec<Opening> {
    let number = |name: &str| parts.iter().position(|part| part == name);
    let openings = parts.iter().enumerate().flat_map(|(of, part)| {
        let places = places(part, parts);
        let count = places.len() as f64;
        places.into_iter().map(move |loaded| Opening {
            part: Parts::of([of]),
            after: Parts::of(loaded.into_iter().filter_map(number)),
            weight: weight(part) / count,
        })
    });
    openings.collect()
}

/// What is loaded by the time a part is opened, for each place from which that may be.
fn places<'a>(part: &'a str, parts: &'a [String]) -> Vec<Vec<&'a str>> {
    let is_chapter = |part: &&str| kind(part) == Kind::Chapter;
    let chapters = parts.iter().map(String::as_str).filter(is_chapter);
    match kind(part) {
        Kind::Chapter => vec![Vec::new()],
        Kind::OfCalls => CALLS.map(|call| vec![call]).into(),
        Kind::OfAnyChapter => chapters.map(|chapter| vec![chapter]).collect(),
        Kind::Of(chapter) => vec![vec![chapter]],
    }
}

#[derive(PartialEq)]
enum Kind<'a> {
    Chapter,
    OfCalls,
    OfAnyChapter,
    Of(&'a str),
}

fn kind(part: &str) -> Kind<'_> {
    if part.starts_with("transport_") || OF_CALLS.contains(&part) {
        Kind::OfCalls
    } else if part == "inspector" || part == "code_files" {
        Kind::OfAnyChapter
    } else if part.starts_with("example_") {
        Kind::Of("replay")
    } else if let Some(chapter) = part.strip_prefix("code_") {
        Kind::Of(chapter)
    } else {
        Kind::Chapter
    }
}

/// How much opening a part counts, compared with a chapter: for that one waits, while most of the rest is
/// loaded before it is needed.
fn weight(part: &str) -> f64 {
    match kind(part) {
        Kind::Chapter => 1.0,
        _ => LATER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_is_opened_first_and_what_belongs_to_it_later() {
        let parts = ["call", "code_call", "in_call", "mesh", "inspector"].map(str::to_owned);
        let openings = openings(&parts);
        let of = |number| {
            let openings = openings.iter().filter(|opening| opening.part.has(number));
            openings
                .map(|opening| (opening.after, opening.weight))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(0), [(Parts::of([]), 1.0)]);
        assert_eq!(of(1), [(Parts::of([0]), LATER)]);
        assert_eq!(
            of(4),
            [(Parts::of([0]), LATER / 2.0), (Parts::of([3]), LATER / 2.0)]
        );
        // Of the four chapters with calls two are not here.
        assert_eq!(of(2).len(), 4);
        assert_eq!(of(2)[0], (Parts::of([0]), LATER / 4.0));
    }
}
