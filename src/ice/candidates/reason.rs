//! Why this pair, in words that follow from the numbers.

use super::pair::{Pair, PairState};
use super::tables::Tables;

/// Who chooses (RFC 8445, section 8.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Controlling,
    Controlled,
}

/// Sentences, in the order of the story; empty while no pair is selected.
pub(crate) fn reasons(tables: &Tables) -> Vec<String> {
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
    pub(crate) fn role(&self) -> Option<Role> {
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

/// An end may move to another nominated pair where the other end stays.
fn also_nominated(tables: &Tables) -> Vec<String> {
    let others = tables.pairs.iter();
    let others = others.filter(|pair| pair.nominated && !pair.selected);
    let (before, beside): (Vec<_>, Vec<_>) = others.partition(|pair| pair.carried_anything());
    let before = match before.len() {
        0 => None,
        1 => Some(
            "Another pair was nominated before; the browser moved from it to this one.".to_owned(),
        ),
        count => Some(format!(
            "{count} other pairs were nominated before; the browser moved on to this one."
        )),
    };
    let beside = match beside.len() {
        0 => None,
        1 => Some("Another pair was nominated, too, but nothing that it carried is counted here. The other end may have moved to it: each end knows only which pair it sends over itself.".to_owned()),
        count => Some(format!("{count} other pairs were nominated, too, but nothing that they carried is counted here. The other end may have moved to one of them: each end knows only which pair it sends over itself.")),
    };
    before.into_iter().chain(beside).collect()
}

#[cfg(test)]
mod tests;
