//! Which connection of the other end belongs to ours. Pure.
//!
//! Either end may begin anew at any time: after a reload of its code, because its seat was lost,
//! or because somebody pressed Reconnect. Each connection has an id, and every message names the
//! sender's and, once known, the receiver's; so both ends notice, and no message reaches a
//! connection that it was not meant for.

use signaling_protocol::{ConnectionId, PeerMessage, PeerSignal};

use crate::negotiation::Role;

/// What a message of the other end means for our connection to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PairingOutcome {
    /// It is for this connection.
    Deliver,
    /// The other end has a new connection: make a new one here, too, with
    /// [`Pairing::replaced`], and deliver the message to that.
    Replace,
    /// It was meant for an earlier connection of ours: nothing is done with it.
    Stale,
    /// Stale, and the other end does not know which connection we have now: say so with
    /// [`Pairing::announcement`].
    Announce,
}

/// Our connection and its counterpart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pairing {
    role: Role,
    own: ConnectionId,
    remote: Option<ConnectionId>,
}

impl Pairing {
    /// A connection whose counterpart is not known yet. `own` must never have been used before.
    pub(crate) fn new(role: Role, own: ConnectionId) -> Self {
        Self {
            role,
            own,
            remote: None,
        }
    }

    /// A connection that is made because of `message`.
    pub(crate) fn replaced(role: Role, own: ConnectionId, message: &PeerMessage) -> Self {
        Self {
            remote: Some(message.connection.clone()),
            ..Self::new(role, own)
        }
    }

    pub(crate) fn handle_message(&mut self, message: &PeerMessage) -> PairingOutcome {
        let known = self.remote.as_ref() == Some(&message.connection);
        match &message.remote_connection {
            // When both began anew at the same moment, each may know only the other's last but
            // one. One of them has to give in, or they would go on replacing for ever.
            Some(meant) if *meant != self.own && self.role == Role::Impolite && !known => {
                PairingOutcome::Announce
            }
            Some(meant) if *meant != self.own => PairingOutcome::Stale,
            None if self.remote.is_some() && !known => PairingOutcome::Replace,
            _ => {
                self.remote = Some(message.connection.clone());
                PairingOutcome::Deliver
            }
        }
    }

    /// Our connection, as if the other end's were not known: if it belongs to another of ours, the
    /// other end begins anew.
    pub(crate) fn announcement(&self) -> PeerMessage {
        PeerMessage {
            connection: self.own.clone(),
            remote_connection: None,
            signal: None,
        }
    }

    /// A message to the other end; without a signal it only announces our connection.
    pub(crate) fn message(&self, signal: Option<PeerSignal>) -> PeerMessage {
        PeerMessage {
            connection: self.own.clone(),
            remote_connection: self.remote.clone(),
            signal,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    /// One end: it makes connections, and knows which its counterpart's signals reached.
    struct End {
        name: char,
        made: u32,
        pairing: Pairing,
        role: Role,
        inbox: VecDeque<PeerMessage>,
    }

    fn id(name: char, number: u32) -> ConnectionId {
        ConnectionId::new(format!("{name}{number}"))
    }

    impl End {
        fn new(name: char, role: Role) -> Self {
            Self {
                name,
                made: 0,
                pairing: Pairing::new(role, id(name, 0)),
                role,
                inbox: VecDeque::new(),
            }
        }

        fn next_id(&mut self) -> ConnectionId {
            self.made += 1;
            id(self.name, self.made)
        }

        /// What is sent when a connection was made: the impolite end offers, the polite one
        /// announces itself; to this machine they are the same.
        fn begin_anew(&mut self) -> PeerMessage {
            self.pairing = Pairing::new(self.role, self.next_id());
            self.pairing.message(None)
        }

        /// Takes the oldest message in; returns what is sent because of it.
        fn step(&mut self) -> Option<PeerMessage> {
            let message = self.inbox.pop_front()?;
            let paired = self.pairing.remote.is_some();
            match self.pairing.handle_message(&message) {
                PairingOutcome::Stale => None,
                // The negotiation answers the first message once.
                PairingOutcome::Announce => Some(self.pairing.announcement()),
                PairingOutcome::Deliver => {
                    (!paired && self.role == Role::Polite).then(|| self.pairing.message(None))
                }
                PairingOutcome::Replace => {
                    let own = self.next_id();
                    self.pairing = Pairing::replaced(self.role, own, &message);
                    Some(self.pairing.message(None))
                }
            }
        }
    }

    proptest! {
        /// However often either end begins anew, and however the messages interleave, in the end
        /// the two connections belong to each other.
        #[test]
        fn the_newest_connections_find_each_other(
            steps in proptest::collection::vec((any::<bool>(), 0_u8..4), 0..60)
        ) {
            let mut ends = [End::new('a', Role::Polite), End::new('b', Role::Impolite)];
            let first = [ends[0].pairing.message(None), ends[1].pairing.message(None)];
            let [of_a, of_b] = first;
            ends[1].inbox.push_back(of_a);
            ends[0].inbox.push_back(of_b);
            for (which, what) in steps {
                let (me, other) = (usize::from(which), usize::from(!which));
                let sent = match what {
                    0 => Some(ends[me].begin_anew()),
                    _ => ends[me].step(),
                };
                ends[other].inbox.extend(sent);
            }
            for _ in 0..1000 {
                for me in [0, 1] {
                    if let Some(sent) = ends[me].step() {
                        ends[1 - me].inbox.push_back(sent);
                    }
                }
            }
            prop_assert!(ends.iter().all(|end| end.inbox.is_empty()), "it never ends");
            let [a, b] = ends;
            prop_assert_eq!(a.pairing.remote.as_ref(), Some(&b.pairing.own));
            prop_assert_eq!(b.pairing.remote.as_ref(), Some(&a.pairing.own));
        }
    }

    #[test]
    fn what_was_meant_for_an_earlier_connection_is_stale() {
        let mut pairing = Pairing::new(Role::Polite, id('a', 2));
        let message = PeerMessage {
            connection: id('b', 0),
            remote_connection: Some(id('a', 1)),
            signal: None,
        };
        assert_eq!(pairing.handle_message(&message), PairingOutcome::Stale);
        assert_eq!(pairing.message(None).remote_connection, None);
    }
}
