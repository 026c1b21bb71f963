//! How the connections of a trace are called, wherever one can be chosen. Pure.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::trace::Entry;
use crate::trace::vocabulary::whom;

/// In a trace merged from several, those of others are numbered from here on: no page makes so many
/// itself, so that its own keep the numbers that they have without the others.
pub const FIRST_OF_OTHERS: u32 = 1_000_001;

/// Whether somebody else told of it, see [`FIRST_OF_OTHERS`].
pub(crate) fn is_of_others(number: u32) -> bool {
    number >= FIRST_OF_OTHERS
}

/// A number as people see it: `2`, or `R2` of the second one that others (“remote”) told of.
pub(crate) fn numeral(number: u32) -> String {
    match number.checked_sub(FIRST_OF_OTHERS) {
        Some(place) => format!("R{}", place + 1),
        None => number.to_string(),
    }
}

/// `1: localPeer to remotePeer`, or `2: to ada` where the reporter is called by the other peer's
/// name.
pub(crate) fn title(number: u32, peer: &str, to: Option<&str>) -> String {
    let number = numeral(number);
    match to {
        Some(to) if to == peer => format!("{number}: to {to}"),
        Some(to) => format!("{number}: {peer} to {}", whom(to)),
        None => format!("{number}: {peer}"),
    }
}

/// Notes the title of the connection that an entry tells of, by its number.
pub(crate) fn note_title(titles: &mut BTreeMap<u32, String>, entry: &Entry) {
    if let Some(of) = &entry.connection {
        titles
            .entry(of.number)
            .or_insert_with(|| title(of.number, &entry.peer, of.to.as_deref()));
    }
}

/// What somebody who follows the entries of a trace has not read yet.
pub(crate) struct Unread {
    pub(crate) ids: Range<u64>,
    /// Whether there is less than was read, as when a recording is taken back: then all is to be
    /// read again.
    pub(crate) anew: bool,
}

impl Unread {
    /// Of the entries with these `ids`, after those before `read`, which moves on.
    pub(crate) fn of(ids: Range<u64>, read: &mut u64) -> Self {
        let anew = ids.end < *read;
        let start = if anew {
            ids.start
        } else {
            ids.start.max(*read)
        };
        *read = ids.end;
        Self {
            ids: start..ids.end,
            anew,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Trace;
    use crate::trace::vocabulary::PAGE;

    #[test]
    fn a_title_says_between_whom_and_a_restart_is_another_connection() {
        let trace = Trace::new(|| 0.0);
        let local = trace.tracer("localPeer").toward("remotePeer");
        for tracer in [local, trace.tracer("ada").toward("ada")] {
            tracer.for_connection().call("new RTCPeerConnection", "");
        }
        let again = trace.tracer("ada").toward("ada").for_connection();
        again.call("new RTCPeerConnection", "");
        trace.tracer("page").call("getUserMedia", "");
        let theirs = trace.tracer("ada").toward(PAGE).for_connection();
        theirs.call("new RTCPeerConnection", "");
        let alone = trace.tracer("gatherer").for_connection();
        alone.call("new RTCPeerConnection", "");
        let mut titles = BTreeMap::new();
        trace.each(trace.ids(), |entry| note_title(&mut titles, entry));
        let expected = [
            "1: localPeer to remotePeer",
            "2: to ada",
            "3: to ada",
            "4: ada to you",
            "5: gatherer",
        ];
        assert!(titles.values().eq(expected.iter()), "{titles:?}");
    }

    #[test]
    fn nobody_has_to_read_a_million() {
        for (number, text) in [
            (1, "1"),
            (1_000_000, "1000000"),
            (FIRST_OF_OTHERS, "R1"),
            (FIRST_OF_OTHERS + 11, "R12"),
            (u32::MAX, "R4293967295"),
        ] {
            assert_eq!(numeral(number), text);
        }
        let theirs = title(FIRST_OF_OTHERS, "ada", Some(PAGE));
        assert_eq!(theirs, "R1: ada to you");
    }

    #[test]
    fn what_was_read_is_read_again_only_when_it_was_taken_back() {
        let mut read = 0;
        let mut next = |ids| {
            let unread = Unread::of(ids, &mut read);
            (unread.ids, unread.anew)
        };
        assert_eq!(next(0..3), (0..3, false));
        assert_eq!(next(1..5), (3..5, false));
        // Those between were forgotten.
        assert_eq!(next(8..9), (8..9, false));
        assert_eq!(next(8..9), (9..9, false));
        assert_eq!(next(0..4), (0..4, true));
    }
}
