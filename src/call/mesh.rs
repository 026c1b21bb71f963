//! Which connections there are in a mesh: one to each other participant, made when its turn has
//! come. Pure: time is an argument, in milliseconds.
//!
//! Nobody else concludes from a participant to the connection over which it is reached: where a
//! media server carries everybody, it is one for all.

mod connection_order;

use signaling_protocol::{PeerId, PeerMessage};

use super::connection::ConnectionKey;
use crate::negotiation::Role;
use crate::states::IceConnectionState;
pub use connection_order::ConnectionOrder;
use connection_order::ConnectionQueue;
pub(crate) use connection_order::ConnectionTimes;
pub(super) use connection_order::Due;

/// Who is connected to over what, and when.
#[derive(Debug)]
pub(super) struct Mesh {
    queue: ConnectionQueue,
}

impl Mesh {
    pub(super) fn new(order: ConnectionOrder) -> Self {
        Self {
            queue: ConnectionQueue::new(order),
        }
    }

    /// Over which connection a participant is reached.
    pub(super) fn connection_of(&self, peer: &PeerId) -> ConnectionKey {
        ConnectionKey::Peer(peer.clone())
    }

    /// We are let in, and these others are there.
    pub(super) fn handle_joined(&mut self, others: Vec<PeerId>, now: f64) {
        self.queue.handle_joined(others, now);
    }

    /// A participant is to be connected to: over this connection, and in this role. It is due when
    /// [`Self::poll_due`] says so.
    pub(super) fn handle_added(&mut self, me: &PeerId, peer: &PeerId) -> (ConnectionKey, Role) {
        self.queue.handle_added(peer.clone());
        (self.connection_of(peer), Role::of(me, peer))
    }

    /// A participant left; returns the connection that is no longer needed.
    pub(super) fn handle_removed(&mut self, peer: &PeerId) -> ConnectionKey {
        self.queue.handle_removed(peer);
        self.connection_of(peer)
    }

    /// A participant says something: handed back, or kept until its turn comes.
    pub(super) fn handle_message(
        &mut self,
        from: &PeerId,
        message: PeerMessage,
    ) -> Option<PeerMessage> {
        self.queue.handle_message(from, message)
    }

    /// `RTCPeerConnection.iceConnectionState` of a connection is `state` now.
    pub(super) fn handle_ice_state(
        &mut self,
        key: &ConnectionKey,
        state: IceConnectionState,
        now: f64,
    ) {
        self.queue.handle_ice_state(key.peer(), state, now);
    }

    /// The user does not want to wait for this participant; false if its turn has come.
    pub(super) fn handle_impatience(&mut self, peer: &PeerId) -> bool {
        self.queue.handle_impatience(peer)
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub(super) fn deadline(&self) -> Option<f64> {
        self.queue.deadline()
    }

    pub(super) fn handle_timeout(&mut self, now: f64) {
        self.queue.handle_timeout(now);
    }

    /// To whom to connect now.
    pub(super) fn poll_due(&mut self, now: f64) -> Option<Due> {
        self.queue.poll_due(now)
    }

    /// Whether the participant's turn has not come yet.
    pub(super) fn is_waiting(&self, peer: &PeerId) -> bool {
        self.queue.is_waiting(peer)
    }

    /// How long it took to connect to those who were here before us.
    pub(super) fn times(&self) -> Option<ConnectionTimes> {
        self.queue.times()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_other_participant_has_a_connection_and_its_two_ends_differ_in_role() {
        let [a, b, c] = ["a", "b", "c"].map(PeerId::new);
        let mut meshes = [&a, &b, &c].map(|me| (me, Mesh::new(ConnectionOrder::AtOnce)));
        let mut roles = Vec::new();
        for (me, mesh) in &mut meshes {
            for other in [&a, &b, &c].into_iter().filter(|other| other != me) {
                let (key, role) = mesh.handle_added(me, other);
                assert_eq!(key.peer(), other);
                assert_eq!(key, mesh.connection_of(other));
                assert_eq!(mesh.handle_removed(other), key);
                roles.push(((me.as_str(), other.as_str()), role));
            }
        }
        let role = |of| roles.iter().find(|(pair, _)| *pair == of).unwrap().1;
        for (one, other) in [("a", "b"), ("a", "c"), ("b", "c")] {
            assert_eq!(role((one, other)), Role::Impolite);
            assert_eq!(role((other, one)), Role::Polite);
        }
    }
}
