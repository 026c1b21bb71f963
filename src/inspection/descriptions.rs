//! The descriptions that were exchanged, in order. Pure.

use std::collections::BTreeMap;
use std::ops::Range;

use signaling_protocol::{SdpType, SessionDescription};

use super::connections::{Unread, numeral};
use crate::sdp::Round;
use crate::trace::vocabulary::{YOU, whom};
use crate::trace::{ConnectionRef, Entry, Payload, Side};

/// So many descriptions are kept, the newest: another end may send any number, and each is compared
/// with those before it.
const KEPT: usize = 1_000;

/// The rounds of all connections of a trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Descriptions {
    rounds: Vec<Round>,
    /// Who told of each round first.
    told: Vec<Told>,
    /// Between whom each connection is.
    ends: BTreeMap<u32, Ends>,
    /// Where both ends are in this trace, each by the other.
    pairs: BTreeMap<u32, u32>,
    end: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    /// The connection as its own end numbers it.
    number: u32,
    side: Side,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Ends {
    own: String,
    other: Option<String>,
}

impl Descriptions {
    /// Each description once, also where both its writer and its reader are in the trace.
    pub(crate) fn rounds(&self) -> &[Round] {
        &self.rounds
    }

    /// The connections that have rounds, in the order of their making, each with its title:
    /// `1: localPeer and remotePeer`. Both ends of one are one, under the smaller number.
    pub(crate) fn connections(&self) -> Vec<(u32, String)> {
        let mut numbers: Vec<_> = self.rounds.iter().map(|round| round.connection).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let title = |number| {
            let ends = self.ends.get(&number);
            let text = numeral(number);
            let title = match ends.map(|ends| (&ends.own, &ends.other)) {
                Some((own, Some(other))) => format!("{text}: {own} and {other}"),
                Some((own, None)) => format!("{text}: {own}"),
                None => text,
            };
            (number, title)
        };
        numbers.into_iter().map(title).collect()
    }

    /// The connection that is the other end of this one, where both are in this trace.
    pub(crate) fn other_end(&self, number: u32) -> Option<u32> {
        self.pairs.get(&number).copied()
    }

    /// Makes it tell of the entries up to the end of these ids, as
    /// [`Paths::follow`](super::paths::Paths::follow) does; whether that changed anything.
    pub(crate) fn follow(
        &mut self,
        ids: Range<u64>,
        read: impl FnOnce(Range<u64>, &mut dyn FnMut(&Entry)),
    ) -> bool {
        let Unread { ids, anew } = Unread::of(ids, &mut self.end);
        if anew {
            let end = self.end;
            *self = Self {
                end,
                ..Self::default()
            };
        }
        let mut changed = anew;
        if !ids.is_empty() {
            read(ids, &mut |entry| changed |= self.take_in(entry));
        }
        changed
    }

    fn take_in(&mut self, entry: &Entry) -> bool {
        let (Some(of), Some(payload)) = (&entry.connection, &entry.payload) else {
            return false;
        };
        let Payload::Description { side, description } = &**payload else {
            return false;
        };
        let told = Told {
            number: of.number,
            side: *side,
        };
        let ends = self
            .ends
            .entry(of.number)
            .or_insert_with(|| Ends::new(entry, of));
        let (who, whom) = match (side, ends.other.clone()) {
            (Side::Local, other) => (ends.own.clone(), other),
            (Side::Remote, Some(other)) => (other, Some(ends.own.clone())),
            (Side::Remote, None) => ("the other end".to_owned(), None),
        };
        if let Some(known) = self.known(&told, description) {
            return self.pair(of.number, known);
        }
        if self.rounds.len() == KEPT {
            self.rounds.remove(0);
            self.told.remove(0);
        }
        self.rounds.push(Round {
            id: entry.id,
            connection: self.common(of.number),
            who,
            whom,
            kind: description.kind,
            sdp: description.sdp.clone(),
        });
        self.told.push(told);
        true
    }

    /// The number under which both ends are one.
    fn common(&self, number: u32) -> u32 {
        let other = self.other_end(number);
        other.map_or(number, |other| number.min(other))
    }

    /// The connection at the other end, if that has told of this description: one wrote what the
    /// other read. Each belongs to one other for good, so that nothing that merely reads alike
    /// mixes the rounds of two.
    fn known(&self, told: &Told, description: &SessionDescription) -> Option<u32> {
        let paired = self.other_end(told.number);
        if description.kind == SdpType::Rollback {
            // It has no text that would tell whose it is.
            return paired.filter(|_| told.side == Side::Remote);
        }
        let mut both = self.rounds.iter().zip(&self.told).rev();
        let found = both.find(|(round, by)| {
            let free = match paired {
                Some(other) => other == by.number,
                None => !self.pairs.contains_key(&by.number),
            };
            free && by.number != told.number
                && by.side != told.side
                && round.kind == description.kind
                && round.sdp == description.sdp
        });
        found.map(|(_, by)| by.number)
    }

    /// Makes the two ends one; whether that changed a round.
    fn pair(&mut self, one: u32, other: u32) -> bool {
        if self.pairs.insert(one, other) == Some(other) {
            return false;
        }
        self.pairs.insert(other, one);
        let (first, second) = (one.min(other), one.max(other));
        let mut changed = false;
        for round in &mut self.rounds {
            if round.connection == second {
                round.connection = first;
                changed = true;
            }
        }
        changed
    }
}

impl Ends {
    /// In a call the connection is named after whom it leads to; in one page after its own end.
    fn new(entry: &Entry, of: &ConnectionRef) -> Self {
        let own = match &of.to {
            Some(to) if *to == entry.peer => YOU.to_owned(),
            _ => entry.peer.to_string(),
        };
        Self {
            own,
            other: of.to.as_deref().map(|to| whom(to).to_owned()),
        }
    }
}

#[cfg(test)]
mod tests;
