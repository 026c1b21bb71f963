//! Which parts people load one after another, and how often. Pure.
//!
//! What is loaded later is loaded beside what is there already: a file that a chapter has loaded costs the
//! inspector nothing more.

use std::collections::BTreeSet;

/// What somebody has loaded in the end, and how many do, compared with those who open a certain chapter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Opening {
    pub(crate) parts: BTreeSet<String>,
    pub(crate) often: f64,
}

/// Parts that are loaded later, by how their names begin.
struct Later {
    begins: &'static str,
    after: After,
    /// How many load it of those who loaded what is before it.
    often: f64,
}

enum After {
    AnyChapter,
    Any(&'static [&'static str]),
    /// The one whose name follows; any chapter where there is no such.
    Named,
}

const LESSONS: After = After::Any(&["call", "mesh", "firebase", "firebase_mesh"]);
const CALLS: After = After::Any(&["meet", "call", "mesh", "firebase", "firebase_mesh"]);

/// Invitations lead to the first; the second has the least room in its budget.
const COUNT_MORE: [(&str, f64); 2] = [("meet", 1.2), ("mesh", 1.3)];

/// A chapter is waited for; most of the rest is loaded before it is needed, and so counts less.
const NOT_WAITED_FOR: f64 = 0.02;

/// The first that fits counts. Any other part is a chapter. The numbers are guesses.
const LATER: [Later; 23] = [
    later("inspector_", After::Any(&["inspector"]), 0.25),
    later("inspector", After::AnyChapter, 0.1),
    later("recording_reader", After::Any(&["replay"]), 0.5),
    later("example_", After::Any(&["recording_reader"]), 0.5),
    later("code_", After::Named, 0.1),
    later("text_", After::Named, 0.1),
    later("event_log", After::AnyChapter, 0.2),
    later("load_driver", CALLS, 0.4),
    later("load_recorder", After::Any(&["stage"]), 0.05),
    later("load_", After::AnyChapter, 0.2),
    later("synthetic_media", CALLS, 0.1),
    later("background_blur", CALLS, 0.1),
    later("selected_pair", After::Any(&["peer_connection"]), 0.2),
    later("in_call", LESSONS, 0.4),
    later("stage", After::Any(&["meet"]), 0.9),
    later("call_paths", After::Any(&["stage"]), 0.1),
    later("kept_recordings", After::Any(&["meet"]), 0.05),
    later("meet_start", After::Any(&["meet"]), 0.3),
    later("device_choices", After::Any(&["meet"]), 0.2),
    later("exchange", CALLS, 0.1),
    later("transport_", After::Any(&["load_driver"]), 0.3),
    later("qr_code", CALLS, 0.1),
    later("traffic_meter", After::Any(&["mesh"]), 0.4),
];

const fn later(begins: &'static str, after: After, often: f64) -> Later {
    Later {
        begins,
        after,
        often,
    }
}

fn rule(part: &str) -> Option<&'static Later> {
    LATER.iter().find(|later| part.starts_with(later.begins))
}

/// All that is opened of a program that has these parts; each of them is in it.
pub(crate) fn openings(parts: &[String]) -> Vec<Opening> {
    parts.iter().flat_map(|part| opened(part, parts)).collect()
}

/// What is loaded when this part is, in each of the ways that lead to it.
fn opened(part: &str, parts: &[String]) -> Vec<Opening> {
    let alone = |often| {
        vec![Opening {
            parts: [part.to_owned()].into(),
            often,
        }]
    };
    let Some(Later {
        begins,
        after,
        often,
    }) = rule(part)
    else {
        let more = COUNT_MORE.iter().find(|(name, _)| *name == part);
        return alone(more.map_or(1.0, |(_, often)| *often));
    };
    let is_before = |before: &str| match after {
        After::AnyChapter => rule(before).is_none(),
        After::Any(names) => names.contains(&before),
        After::Named => match part.strip_prefix(begins) {
            Some(name) if parts.iter().any(|part| part == name) => before == name,
            _ => rule(before).is_none(),
        },
    };
    let mut ways = Vec::new();
    for before in parts.iter().filter(|before| is_before(before)) {
        ways.extend(opened(before, parts).into_iter().map(|mut opening| {
            opening.parts.insert(part.to_owned());
            opening.often *= often * NOT_WAITED_FOR;
            opening
        }));
    }
    if ways.is_empty() {
        return alone(*often);
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(parts: &[&str]) -> Vec<(String, f64)> {
        let parts: Vec<_> = parts.iter().map(|part| (*part).to_owned()).collect();
        let all = openings(&parts).into_iter();
        all.map(|opening| {
            let parts: Vec<_> = opening.parts.into_iter().collect();
            (parts.join(" "), opening.often)
        })
        .collect()
    }

    #[test]
    fn what_is_loaded_later_is_loaded_beside_what_is_before() {
        let all = told(&[
            "call",
            "code_call",
            "code_files",
            "inspector",
            "inspector_sdp",
        ]);
        let expected = [
            ("call", 1.0),
            ("call code_call", 0.1 * NOT_WAITED_FOR),
            ("call code_files", 0.1 * NOT_WAITED_FOR),
            ("call inspector", 0.1 * NOT_WAITED_FOR),
            (
                "call inspector inspector_sdp",
                0.1 * NOT_WAITED_FOR * (0.25 * NOT_WAITED_FOR),
            ),
        ];
        assert_eq!(
            all,
            expected.map(|(parts, often)| (parts.to_owned(), often))
        );
    }

    #[test]
    fn each_part_is_opened_by_somebody() {
        let all = told(&["example_relay", "transport_tabs"]);
        let expected = [("example_relay", 0.5), ("transport_tabs", 0.3)];
        assert_eq!(
            all,
            expected.map(|(parts, often)| (parts.to_owned(), often))
        );
    }
}
