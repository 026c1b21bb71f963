//! That all who know the reporters agree on them: one list, see `trace::vocabulary`.

use std::path::Path;

use crate::inspection::ladder::{Ladder, Shape};
use crate::inspection::names::Names;
use crate::recording::Recording;
use crate::recording::redact::allow_list;
use crate::trace::vocabulary::{InPagePeer, PAGE, Part};
use crate::trace::{Direction, Payload, Trace};

/// Stands on the line of the page, is no name of a person, and stays in what is given away.
#[test]
fn everywhere_a_part_of_the_page_is_one() {
    for part in Part::ALL {
        let trace = Trace::new(|| 0.0);
        let message = serde_json::json!({
            "type": "peerJoined", "peerId": "1f3a9c", "name": part.as_str(),
        });
        let payload = Payload::Signal {
            direction: Direction::Received,
            other: None,
            message,
        };
        trace.tracer(part).call("x", "");
        trace.tracer(part).with(payload).signal("receive", "");
        let mut ladder = Ladder::default();
        ladder.follow(trace.ids(), |ids, f| trace.each(ids, f));
        assert_eq!(ladder.lines()[0].as_ref(), PAGE);
        assert_eq!(ladder.row(0).map(|row| row.shape), Some(Shape::Mark(0)));
        let mut names = Names::default();
        assert!(names.learn(&trace.entries()[1]));
        assert!(names.title("1f3a9c").ends_with(" (1f3a)"));
        let redacted = Recording::new(trace.entries(), Vec::new()).redacted();
        assert_eq!(&*redacted.entries()[0].peer, part.as_str());
    }
}

#[test]
fn both_peers_of_a_pair_keep_their_names_in_what_is_given_away() {
    for of in InPagePeer::ALL {
        let trace = Trace::new(|| 0.0);
        let tracer = trace.tracer(of).toward(of.other().as_str());
        tracer.for_connection().call("x", "");
        trace.tracer(of).call("y", "");
        let redacted = Recording::new(trace.entries(), Vec::new()).redacted();
        assert_eq!(redacted.entries(), trace.entries());
    }
}

/// The files of this crate that are no tests, by their path in the repository, up to their own tests.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut folders, mut sources) = (vec![root.join("src")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let file = path.strip_prefix(root).unwrap().to_string_lossy();
            if path.is_dir() {
                folders.push(path);
            } else if file.ends_with(".rs") && !file.contains("tests") {
                let text = std::fs::read_to_string(&path).unwrap();
                let tests = "#[cfg(test)]\nmod tests {";
                let (code, _) = text.split_once(tests).unwrap_or((&text, ""));
                sources.push((file.replace('\\', "/"), code.to_owned()));
            }
        }
    }
    sources
}

#[test]
fn nothing_reports_under_a_name_of_its_own_that_is_in_no_list() {
    for (file, code) in sources() {
        assert!(!code.contains(".tracer(\""), "{file} makes a name up");
    }
}

/// Else the inspector could not show the line of an entry that was read from a file.
#[test]
fn each_file_that_reports_keeps_its_name() {
    let methods = ["call", "event", "state", "signal", "error"];
    let reports = |code: &str| {
        let mut methods = methods.iter();
        methods.any(|method| code.contains(&format!("racer.{method}(")))
    };
    let mut count = 0;
    for (file, _) in sources().into_iter().filter(|(_, code)| reports(code)) {
        let is_known = allow_list::knows_name(&file);
        assert!(is_known, "the allow-list needs the words of {file}");
        count += 1;
    }
    assert!(count > 10);
}
