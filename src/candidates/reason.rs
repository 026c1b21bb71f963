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
    reasons.push(among_succeeded(tables, selected));
    reasons.extend(better_but_unusable(tables, selected));
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

fn among_succeeded(tables: &Tables, selected: &Pair) -> String {
    let succeeded = || {
        let others = tables.pairs.iter().filter(|pair| pair.id != selected.id);
        others.filter(|pair| pair.state == PairState::Succeeded)
    };
    let others = succeeded().count();
    if others == 0 {
        let unanswered = tables.pairs.len() - 1;
        return match unanswered {
            0 => "There is no other pair.".to_owned(),
            1 => "It is the only pair whose check was answered; 1 other was not.".to_owned(),
            _ => format!(
                "It is the only pair whose check was answered; {unanswered} others were not."
            ),
        };
    }
    let higher = succeeded()
        .filter(|pair| pair.priority > selected.priority)
        .count();
    if higher > 0 {
        let faster = succeeded()
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
    let as_high = succeeded()
        .filter(|pair| pair.priority == selected.priority)
        .count();
    if as_high > 0 {
        format!(
            "Of the {} pairs whose checks were answered none has a higher priority.",
            others + 1
        )
    } else {
        format!(
            "Of the {} pairs whose checks were answered it has the highest priority.",
            others + 1
        )
    }
}

fn better_but_unusable(tables: &Tables, selected: &Pair) -> Option<String> {
    let better: Vec<_> = tables
        .pairs
        .iter()
        .filter(|pair| pair.priority > selected.priority && pair.state != PairState::Succeeded)
        .collect();
    let mut states: Vec<_> = better.iter().map(|pair| pair.state.as_str()).collect();
    states.sort_unstable();
    states.dedup();
    let states = states.join(", ");
    match better.len() {
        0 => None,
        1 => Some(format!(
            "1 pair has a higher priority, but its check was not answered: {states}."
        )),
        count => Some(format!(
            "{count} pairs have a higher priority, but their checks were not answered: {states}."
        )),
    }
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
            "The other end controls ICE: it nominated this pair, and this end follows. It is the only pair whose check was answered; 3 others were not. 3 pairs have a higher priority, but their checks were not answered: cancelled, in-progress."
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
    fn equal_priorities_are_not_called_the_highest() {
        let text = told(&[(7, "succeeded", 0.3), (7, "succeeded", 0.2)]).join(" ");
        assert!(text.contains("none has a higher priority"), "{text}");
    }
}
