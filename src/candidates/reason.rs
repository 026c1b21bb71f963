//! Why this pair, in words that follow from the numbers.

use super::tables::{Pair, PairState, Tables};

/// Who chooses (RFC 8445, section 8.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Controlling,
    Controlled,
}

/// Sentences, in the order of the story; empty while no pair is selected.
pub fn reasons(tables: &Tables) -> Vec<String> {
    let Some(selected) = tables.selected() else {
        return Vec::new();
    };
    let mut reasons = vec![who_chose(tables.role(), selected)];
    reasons.push(among_answered(tables, selected));
    reasons.extend(better_but_unused(tables, selected));
    reasons.extend(better_but_dropped(tables, selected));
    reasons.extend(also_nominated(tables));
    reasons
}

impl Tables {
    pub fn role(&self) -> Option<Role> {
        self.controlling.map(|controlling| match controlling {
            true => Role::Controlling,
            false => Role::Controlled,
        })
    }
}

fn who_chose(role: Option<Role>, selected: &Pair) -> String {
    let text = match (role, selected.nominated) {
        (Some(Role::Controlling), true) => {
            "This end controls ICE, so it chose: its check of this pair was answered, and it nominated the pair."
        }
        (Some(Role::Controlled), true) => {
            "The other end controls ICE: it nominated this pair, and this end follows."
        }
        (None, true) => {
            "The end that controls ICE nominated this pair after its check was answered."
        }
        (_, false) => {
            "No nomination of this pair is reported yet: the browser already sends over it, because it works."
        }
    };
    text.to_owned()
}

fn among_answered(tables: &Tables, selected: &Pair) -> String {
    let answered = || {
        let others = tables.pairs.iter().filter(|pair| pair.id != selected.id);
        others.filter(|pair| pair.was_answered())
    };
    let others = answered().count();
    if others == 0 {
        return match tables.pairs.len() {
            1 if !tables.dropped.is_empty() => {
                "There is no other pair any more: the browser has dropped those that are not in use."
                    .to_owned()
            }
            1 => "There is no other pair.".to_owned(),
            count => format!("Of {count} pairs it is the only one whose check was answered."),
        };
    }
    let higher = answered()
        .filter(|pair| pair.priority > selected.priority)
        .count();
    if higher > 0 {
        let faster = answered()
            .filter_map(|pair| pair.round_trip_ms)
            .all(|other| selected.round_trip_ms.is_some_and(|own| own <= other));
        let why = if faster {
            "no other that was answered has a shorter round trip"
        } else {
            "a browser may move to what it finds better, or stay with what answered first"
        };
        let have = if higher == 1 { "has" } else { "have" };
        return format!(
            "It has not the highest priority: of the other pairs that were answered, {higher} {have} a higher one. The controlling end may choose any pair that works; {why}."
        );
    }
    let as_high = answered().any(|pair| pair.priority == selected.priority);
    let count = others + 1;
    if as_high {
        format!("Of the {count} pairs whose checks were answered none has a higher priority.")
    } else {
        format!("Of the {count} pairs whose checks were answered it has the highest priority.")
    }
}

/// What became of a pair that would have been better.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    NoAnswerYet,
    Failed,
    NotChecked,
    GivenUp,
}

impl Fate {
    /// In the order in which they are told.
    const ALL: [Self; 4] = [
        Self::NoAnswerYet,
        Self::Failed,
        Self::NotChecked,
        Self::GivenUp,
    ];

    fn of(pair: &Pair) -> Self {
        match (&pair.state, pair.was_checked()) {
            (PairState::Failed, _) => Self::Failed,
            (_, Some(true)) => Self::NoAnswerYet,
            (PairState::Other(_), _) | (_, None) => Self::GivenUp,
            (_, Some(false)) => Self::NotChecked,
        }
    }

    /// `of` is how many there are with any fate.
    fn told(self, count: usize, of: usize) -> String {
        let were = if count == 1 { "was" } else { "were" };
        let who = match (count == of, count) {
            (true, 1) => "it".to_owned(),
            (true, _) => "they".to_owned(),
            (false, _) => count.to_string(),
        };
        match self {
            Self::NoAnswerYet => format!("{who} {were} checked, and no answer has come"),
            Self::Failed => {
                format!("{who} {were} checked and failed, without an answer or with a wrong one")
            }
            Self::NotChecked => format!("{who} {were} never checked"),
            Self::GivenUp => format!("{who} {were} given up by the browser"),
        }
    }
}

fn better_but_unused(tables: &Tables, selected: &Pair) -> Option<String> {
    let (count, fates) = better_unanswered(&tables.pairs, selected)?;
    Some(match count {
        1 => format!("1 pair has a higher priority, but was not used: {fates}."),
        _ => format!("{count} pairs have a higher priority, but were not used: {fates}."),
    })
}

fn better_but_dropped(tables: &Tables, selected: &Pair) -> Option<String> {
    let (count, fates) = better_unanswered(&tables.dropped, selected)?;
    Some(match count {
        1 => format!(
            "1 pair that the browser has dropped since had a higher priority, but was not used: {fates}."
        ),
        _ => format!(
            "{count} pairs that the browser has dropped since had a higher priority, but were not used: {fates}."
        ),
    })
}

/// How many of the pairs are better and were never answered, and why they were not used.
fn better_unanswered(pairs: &[Pair], selected: &Pair) -> Option<(usize, String)> {
    let better = || {
        let better = pairs.iter().filter(|p| p.priority > selected.priority);
        better.filter(|pair| !pair.was_answered())
    };
    let count = better().count();
    let fates = Fate::ALL.into_iter().filter_map(|fate| {
        let such = better().filter(|pair| Fate::of(pair) == fate).count();
        (such > 0).then(|| fate.told(such, count))
    });
    let fates: Vec<_> = fates.collect();
    (count > 0).then(|| (count, fates.join("; ")))
}

fn also_nominated(tables: &Tables) -> Option<String> {
    let nominated = tables
        .pairs
        .iter()
        .filter(|pair| pair.nominated && !pair.selected);
    match nominated.count() {
        0 => None,
        1 => Some(
            "Another pair was nominated before; the browser moved from it to this one.".to_owned(),
        ),
        count => Some(format!(
            "{count} other pairs were nominated before; the browser moved on to this one."
        )),
    }
}

#[cfg(test)]
mod tests {
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
        assert!(text.ends_with(
            "Another pair was nominated before; the browser moved from it to this one."
        ));
    }

    #[test]
    fn firefox_as_recorded() {
        let text = newest(&firefox().remote);
        assert_eq!(
            text,
            "The other end controls ICE: it nominated this pair, and this end follows. Of 4 pairs it is the only one whose check was answered. 3 pairs have a higher priority, but were not used: 1 was checked, and no answer has come; 2 were given up by the browser."
        );
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
        let but =
            |what: &str| format!("1 pair has a higher priority, but was not used: it {what}.");
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
            let remote =
                serde_json::json!({ "id": "r", "type": "remote-candidate", "priority": 50 });
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
}
