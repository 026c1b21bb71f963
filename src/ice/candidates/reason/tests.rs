use super::*;
use crate::statistics::testdata::{chromium, firefox};
use crate::statistics::{Report, Sample};

fn newest(samples: &[Sample]) -> String {
    reasons(&Tables::new(&samples.last().unwrap().stats, &[])).join(" ")
}

#[test]
fn chromium_as_recorded() {
    let text = newest(&chromium().local);
    assert!(
        text.starts_with("This end controls ICE, so it chose"),
        "{text}"
    );
    assert!(
        text.contains("Of the 2 pairs whose checks were answered it has the highest priority.")
    );
    assert!(
        text.ends_with("Another pair was nominated before; the browser moved from it to this one.")
    );
}

#[test]
fn firefox_as_recorded() {
    let text = newest(&firefox().remote);
    assert_eq!(
        text,
        "The other end controls ICE: it nominated this pair, and this end follows. Of 4 pairs it is the only one whose check was answered. 3 pairs have a higher priority, but were not used: 1 was checked, and no answer has come; 2 were given up by the browser."
    );
}

#[test]
fn who_did_not_use_a_nominated_pair_has_not_moved_from_it() {
    let with_other = |bytes: f64| {
        let pair = |id: &str, bytes: f64| {
            serde_json::json!({ "id": id, "type": "candidate-pair", "localCandidateId": "l",
            "remoteCandidateId": "r", "state": "succeeded", "nominated": true,
            "selected": id == "one", "bytesSent": bytes, "bytesReceived": 0 })
        };
        let entries = vec![pair("one", 9.0), pair("other", bytes)];
        let report: Report = serde_json::from_value(entries.into()).unwrap();
        reasons(&Tables::new(&report, &[])).pop().unwrap()
    };
    assert_eq!(
        with_other(7.0),
        "Another pair was nominated before; the browser moved from it to this one."
    );
    assert!(with_other(0.0).starts_with("Another pair was nominated, too, but nothing"));
}

/// Pairs of (priority of the local candidate, state, round trip in seconds); the first is
/// selected.
fn told(pairs: &[(u32, &str, f64)]) -> Vec<String> {
    let mut entries =
        vec![serde_json::json!({ "id": "r", "type": "remote-candidate", "priority": 5 })];
    for (index, (priority, state, rtt)) in pairs.iter().enumerate() {
        let local = format!("l{index}");
        entries.push(
            serde_json::json!({ "id": local, "type": "local-candidate", "priority": priority }),
        );
        entries.push(
            serde_json::json!({ "id": format!("p{index}"), "type": "candidate-pair",
            "localCandidateId": local, "remoteCandidateId": "r", "state": state,
            "selected": index == 0, "currentRoundTripTime": rtt }),
        );
    }
    let report: Report = serde_json::from_value(entries.into()).unwrap();
    reasons(&Tables::new(&report, &[]))
}

#[test]
fn without_nomination_and_alone() {
    assert_eq!(
        told(&[(7, "succeeded", 0.1)]),
        [
            "No nomination of this pair is reported yet: the browser already sends over it, because it works.",
            "There is no other pair.",
        ]
    );
    assert!(told(&[]).is_empty());
}

#[test]
fn a_lower_priority_is_explained_by_the_round_trip_only_if_that_is_so() {
    let text = told(&[(7, "succeeded", 0.1), (9, "succeeded", 0.2)]).join(" ");
    assert!(text.contains("1 has a higher one"), "{text}");
    assert!(text.contains("shorter round trip"), "{text}");
    let text = told(&[(7, "succeeded", 0.3), (9, "succeeded", 0.2)]).join(" ");
    assert!(!text.contains("shorter round trip"), "{text}");
}

#[test]
fn pairs_that_would_be_better_were_checked_or_not() {
    let better = |state| {
        let told = told(&[(3, "succeeded", 0.1), (9, state, 0.0)]);
        told.last().unwrap().to_owned()
    };
    let but = |what: &str| format!("1 pair has a higher priority, but was not used: it {what}.");
    let unchecked = but("was never checked");
    assert_eq!(better("waiting"), unchecked);
    assert_eq!(better("frozen"), unchecked);
    let unanswered = but("was checked, and no answer has come");
    assert_eq!(better("in-progress"), unanswered);
    assert_eq!(better("inprogress"), unanswered);
    let failed = but("was checked and failed, without an answer or with a wrong one");
    assert_eq!(better("failed"), failed);
    assert_eq!(better("cancelled"), but("was given up by the browser"));
}

#[test]
fn pairs_that_the_browser_dropped_are_remembered() {
    let report = |pairs: &[(&str, u32, &str)]| -> Report {
        let remote = serde_json::json!({ "id": "r", "type": "remote-candidate", "priority": 50 });
        let mut stats = vec![remote];
        for (id, priority, state) in pairs {
            let local = format!("l{id}");
            stats.push(serde_json::json!({ "id": local, "type": "local-candidate",
                "priority": priority, "candidateType": "host", "port": 9 }));
            stats.push(
                serde_json::json!({ "id": id, "type": "candidate-pair", "state": state,
                "selected": *id == "s", "localCandidateId": local, "remoteCandidateId": "r" }),
            );
        }
        serde_json::from_value(stats.into()).unwrap()
    };
    let first = report(&[
        ("s", 3, "waiting"),
        ("a", 9, "waiting"),
        ("b", 8, "waiting"),
    ]);
    let second = report(&[
        ("s", 3, "succeeded"),
        ("a", 9, "in-progress"),
        ("c", 1, "waiting"),
    ]);
    let last = report(&[("s", 3, "succeeded")]);
    let tables = Tables::new(&last, &[]).since([&second, &first]);
    // As they were last, and their candidates with them.
    let dropped: Vec<_> = tables
        .dropped
        .iter()
        .map(|pair| (&*pair.id, &pair.state))
        .collect();
    assert_eq!(
        dropped,
        [
            ("a", &PairState::InProgress),
            ("b", &PairState::Waiting),
            ("c", &PairState::Waiting)
        ]
    );
    assert!(
        tables
            .dropped
            .iter()
            .all(|pair| pair.dropped && !pair.selected)
    );
    assert_eq!(tables.candidate("la").unwrap().port, Some(9));
    assert_eq!(tables.of(crate::trace::Side::Local).count(), 1);
    assert_eq!(
        reasons(&tables)[1..],
        [
            "There is no other pair any more: the browser has dropped those that are not in use.",
            "2 pairs that the browser has dropped since had a higher priority, but were not used: 1 was checked, and no answer has come; 1 was never checked.",
        ]
    );
    // What is still reported is not dropped.
    let tables = Tables::new(&second, &[]).since([&second]);
    assert_eq!(tables.dropped, []);
}

#[test]
fn what_was_counted_says_more_than_the_state() {
    let tables = |state: &str, sent: u32, answered: u32| {
        let pair = serde_json::json!([
            { "id": "r", "type": "remote-candidate", "priority": 5 },
            { "id": "l", "type": "local-candidate", "priority": 3 },
            { "id": "m", "type": "local-candidate", "priority": 9 },
            { "id": "p", "type": "candidate-pair", "selected": true, "state": "succeeded",
              "localCandidateId": "l", "remoteCandidateId": "r" },
            { "id": "q", "type": "candidate-pair", "state": state, "requestsSent": sent,
              "responsesReceived": answered, "localCandidateId": "m", "remoteCandidateId": "r" },
        ]);
        reasons(&Tables::new(&serde_json::from_value(pair).unwrap(), &[])).join(" ")
    };
    // Chromium waits between two checks.
    assert!(tables("waiting", 3, 0).contains("it was checked, and no answer has come"));
    assert!(tables("waiting", 0, 0).contains("it was never checked"));
    assert!(tables("cancelled", 0, 0).contains("it was given up"));
    // It works, and is checked again.
    let text = tables("in-progress", 3, 2);
    assert!(
        text.contains("of the other pairs that were answered, 1 has"),
        "{text}"
    );
    assert!(!text.contains("no answer"), "{text}");
}

#[test]
fn equal_priorities_are_not_called_the_highest() {
    let text = told(&[(7, "succeeded", 0.3), (7, "succeeded", 0.2)]).join(" ");
    assert!(text.contains("none has a higher priority"), "{text}");
}
