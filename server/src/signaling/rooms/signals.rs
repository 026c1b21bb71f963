//! Signals from peer to peer, and which of a client's were taken.

use std::sync::Arc;

use serde_json::value::RawValue;
use signaling_protocol::{ErrorCode, MAX_MESSAGE_BYTES, PeerId};

use super::output::{not_joined, refuse};
use super::{ClientId, Output, Outputs, Rooms, SeatId};

/// What a signal may have at most, so that the envelope around it fits as well.
pub(crate) const MAX_SIGNAL_BYTES: usize = MAX_MESSAGE_BYTES
    - r#"{"seq":18446744073709551615,"type":"signal","from":"00112233445566778899aabbccddeeff","signal":}"#
        .len();

/// The numbered signals that were taken from a seat's client: all up to `last`, without a gap.
/// A signal may be dropped before anybody reads its number, for coming too fast; were a later one
/// taken then, the dropped one could never be sent again.
#[derive(Debug, Default)]
pub(super) struct Taken {
    last: u64,
    /// The client knows that one is missing. A burst may follow, and one answer is enough.
    gap_told: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum NotTaken {
    NotJoined,
    /// It came twice, or its client was told already.
    Ignored,
    /// Another one has to come first.
    Missed {
        next: u64,
    },
}

impl NotTaken {
    fn answer(&self) -> Outputs {
        match self {
            Self::NotJoined => not_joined(),
            Self::Ignored => Outputs::new(),
            Self::Missed { next } => {
                let text = format!(
                    "a signal before this one was not taken: send again from number {next} on"
                );
                refuse(ErrorCode::MissedSignal, text)
            }
        }
    }
}

impl Taken {
    fn handle(&mut self, seq: Option<u64>) -> Result<(), NotTaken> {
        let Some(seq) = seq else {
            return Ok(());
        };
        if seq <= self.last {
            return Err(NotTaken::Ignored);
        }
        let next = self.last + 1;
        if seq == next {
            self.last = seq;
            self.gap_told = false;
            return Ok(());
        }
        match std::mem::replace(&mut self.gap_told, true) {
            true => Err(NotTaken::Ignored),
            false => Err(NotTaken::Missed { next }),
        }
    }

    /// The number of the last one, for a new connection: what the former was told may be lost.
    pub(super) fn resumed(&mut self) -> u64 {
        self.gap_told = false;
        self.last
    }
}

impl Rooms {
    /// Hands `signal` to the peer `to` of the room in which `client` is. One whose number, `seq`,
    /// was taken already came twice and is ignored; one before which another is missing is not
    /// taken.
    pub(crate) fn handle_signal(
        &mut self,
        client: ClientId,
        to: &PeerId,
        seq: Option<u64>,
        signal: Box<RawValue>,
    ) -> Outputs {
        let from = match self.take(client, seq) {
            Ok(from) => from,
            Err(refusal) => return refusal.answer(),
        };
        if signal.get().len() > MAX_SIGNAL_BYTES {
            let text = format!("a signal has at most {MAX_SIGNAL_BYTES} bytes");
            return refuse(ErrorCode::MessageTooLarge, text);
        }
        let room = self.seats.get(&from).map(|seat| &seat.room);
        let here = |to: &SeatId| {
            let theirs = self.seats.get(to).map(|seat| &seat.room);
            *to != from
                && (room.zip(theirs)).is_some_and(|(ours, theirs)| Arc::ptr_eq(ours, theirs))
        };
        let Some(to) = SeatId::from_peer_id(to).filter(here) else {
            let text = "no other peer of this room has this id: it may have left";
            return refuse(ErrorCode::UnknownPeer, text);
        };
        smallvec::smallvec![Output::Signal { from, to, signal }]
    }

    /// A signal in a message longer than `limit`. Its number counts: it would be too long the
    /// next time, too, and no later one would ever be taken.
    pub(crate) fn handle_too_long_signal(
        &mut self,
        client: ClientId,
        seq: Option<u64>,
        limit: usize,
    ) -> Outputs {
        match self.take(client, seq) {
            Ok(_) => {
                let text = format!("a message has at most {limit} bytes");
                refuse(ErrorCode::MessageTooLarge, text)
            }
            Err(refusal) => refusal.answer(),
        }
    }

    /// Whose signal it is, if it is to be taken.
    fn take(&mut self, client: ClientId, seq: Option<u64>) -> Result<SeatId, NotTaken> {
        let id = self.seat_of(client).ok_or(NotTaken::NotJoined)?;
        let seat = self.seats.get_mut(&id).ok_or(NotTaken::NotJoined)?;
        seat.taken.handle(seq).map(|()| id)
    }

    /// The number of the last signal that was taken from `client`.
    pub(crate) fn taken(&self, client: ClientId) -> u64 {
        let seat = self.seat_of(client).and_then(|id| self.seats.get(&id));
        seat.map_or(0, |seat| seat.taken.last)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_gap_is_told_once_until_it_is_closed_or_the_connection_is_another() {
        let mut taken = Taken::default();
        for (seq, expected) in [
            (1, Ok(())),
            (3, Err(NotTaken::Missed { next: 2 })),
            (4, Err(NotTaken::Ignored)),
            (1, Err(NotTaken::Ignored)),
            (2, Ok(())),
            (4, Err(NotTaken::Missed { next: 3 })),
            (u64::MAX, Err(NotTaken::Ignored)),
        ] {
            assert_eq!(taken.handle(Some(seq)), expected, "{seq}");
        }
        assert_eq!(taken.handle(None), Ok(()));
        assert_eq!(taken.resumed(), 2);
        let missed = NotTaken::Missed { next: 3 };
        assert_eq!(taken.handle(Some(4)), Err(missed));
        assert_eq!(taken.handle(Some(3)), Ok(()));
    }

    proptest! {
        /// A client that sends a window of signals, of which any are dropped on the way, and then
        /// all that are not known to be taken again.
        #[test]
        fn whatever_is_dropped_each_is_taken_once_in_order(
            dropped in prop::collection::vec(any::<bool>(), 0..200),
            count in 1_u64..30,
        ) {
            let mut taken = Taken::default();
            let mut took = Vec::new();
            // In the end nothing is dropped any more.
            let mut dropped = dropped.into_iter().chain(std::iter::repeat(false));
            while taken.last < count {
                let mut told = 0;
                let mut lost = false;
                for seq in taken.last.max(1)..=count {
                    if dropped.next() == Some(true) {
                        lost = true;
                        continue;
                    }
                    match taken.handle(Some(seq)) {
                        Ok(()) => took.push(seq),
                        Err(NotTaken::Missed { .. }) => told += 1,
                        Err(_) => {}
                    }
                }
                prop_assert!(lost || taken.last == count);
                prop_assert!(told == 0 || lost);
            }
            prop_assert_eq!(took, (1..=count).collect::<Vec<_>>());
        }
    }
}
