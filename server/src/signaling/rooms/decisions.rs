//! What hosts decided about participants who have no seat any more, so that coming back with the same
//! token undoes nothing.

use std::collections::VecDeque;

use super::SeatId;

/// A room remembers so many, the latest. Whoever wants to be forgotten would have to be let in, and
/// removed, so often; it is easier to come with another token.
const MOST: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It is not to come back.
    Removed,
    /// Nobody is to hear it.
    Silenced,
}

/// Of one room; gone with it. Each seat is there once, the oldest decision first.
#[derive(Debug, Default)]
pub(super) struct Decisions(VecDeque<(SeatId, Decision)>);

impl Decisions {
    pub(super) fn remember(&mut self, id: SeatId, decision: Decision) {
        self.forget(id);
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back((id, decision));
    }

    pub(super) fn of(&self, id: SeatId) -> Option<Decision> {
        let known = self.0.iter().find(|(of, _)| *of == id);
        known.map(|(_, decision)| *decision)
    }

    /// It has a seat again, which says what it may do.
    pub(super) fn forget(&mut self, id: SeatId) {
        self.0.retain(|(of, _)| *of != id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_remembered_and_each_seat_once() {
        let mut decisions = Decisions::default();
        decisions.remember(SeatId(0), Decision::Silenced);
        decisions.remember(SeatId(0), Decision::Removed);
        assert_eq!(decisions.0.len(), 1);
        for n in 1..=MOST as u128 {
            decisions.remember(SeatId(n), Decision::Removed);
        }
        assert_eq!(decisions.0.len(), MOST);
        assert_eq!(decisions.of(SeatId(0)), None);
        assert_eq!(decisions.of(SeatId(1)), Some(Decision::Removed));
        decisions.forget(SeatId(1));
        assert_eq!(decisions.of(SeatId(1)), None);
    }
}
