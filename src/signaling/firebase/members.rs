//! Who is in the room: the first who have an entry, as many as can be in a call with each other, until
//! they say that they leave. Pure.
//!
//! The list of entries is asked for now and then and may be older than a message that came
//! meanwhile; who left since it was asked for is not in the room again.

use std::collections::{BTreeMap, BTreeSet};

use signaling_protocol::database::{EXPIRES_AFTER_MS, Entry, LATE_AFTER_MS, capacity};
use signaling_protocol::{LeaveReason, Participant, PeerId};

use crate::signaling::Event;

/// All entries of a room.
pub(super) type Entries = BTreeMap<PeerId, Entry>;

#[derive(Debug, Default)]
pub(super) struct Members {
    /// Whether each one's connection is lost.
    members: BTreeMap<PeerId, bool>,
    /// Who left by their own word since the list was asked for.
    gone: BTreeSet<PeerId>,
}

/// Where we are among those who may be in the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Membership {
    In {
        peers: Vec<Participant>,
        /// How many may be in the room, as it is now.
        capacity: usize,
    },
    RoomFull {
        /// How many may be in it, with us.
        capacity: usize,
    },
    /// Our own entry is gone.
    None,
}

impl Members {
    pub(super) fn contains(&self, peer: &PeerId) -> bool {
        self.members.contains_key(peer)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &PeerId> {
        self.members.keys()
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The list is asked for now.
    pub(super) fn handle_asked(&mut self) {
        self.gone.clear();
    }

    /// Somebody says that it leaves.
    pub(super) fn handle_left(&mut self, peer: PeerId) -> Option<Event> {
        self.gone.insert(peer.clone());
        let reason = LeaveReason::Left;
        self.members
            .remove(&peer)
            .map(|_| Event::PeerLeft { peer, reason })
    }

    /// The first list after our entry was written: who is in the room, ourselves included if
    /// there was a place.
    pub(super) fn handle_first_list(&mut self, entries: &Entries, me: &PeerId) -> Membership {
        let Some(own) = entries.get(me) else {
            return Membership::None;
        };
        let present = present(entries, own);
        let capacities = present.iter().map(|(_, entry)| entry).chain([&own]);
        let capacity = capacities.map(|entry| capacity(entry.kind)).min();
        let capacity = capacity.unwrap_or_default();
        if !present.iter().any(|(peer, _)| *peer == me) {
            return Membership::RoomFull { capacity };
        }
        let others = present.into_iter().filter(|(peer, _)| *peer != me);
        let others = others.map(|(peer, entry)| Participant {
            peer_id: peer.clone(),
            name: entry.name.clone(),
            connected: !is_late(entry, own),
            host: false,
            silenced: false,
            spotlight: false,
        });
        let others: Vec<_> = others.collect();
        self.members = others
            .iter()
            .map(|other| (other.peer_id.clone(), !other.connected))
            .collect();
        Membership::In {
            peers: others,
            capacity,
        }
    }

    /// A later list: who came, went, was lost or found. `None` when our own entry is gone.
    pub(super) fn handle_list(&mut self, entries: &Entries, me: &PeerId) -> Option<Vec<Event>> {
        let own = entries.get(me)?;
        let present: BTreeMap<_, _> = present(entries, own).into_iter().collect();
        let mut events = Vec::new();
        self.members.retain(|peer, _| {
            let stays = present.contains_key(peer);
            if !stays {
                events.push(Event::PeerLeft {
                    peer: peer.clone(),
                    reason: LeaveReason::Disconnected,
                });
            }
            stays
        });
        for (peer, entry) in present {
            if peer == me || self.gone.contains(peer) {
                continue;
            }
            let late = is_late(entry, own);
            match self.members.insert(peer.clone(), late) {
                None => {
                    events.push(Event::PeerJoined {
                        peer: peer.clone(),
                        name: entry.name.clone(),
                    });
                    if late {
                        events.push(Event::PeerDisconnected(peer.clone()));
                    }
                }
                Some(false) if late => events.push(Event::PeerDisconnected(peer.clone())),
                Some(true) if !late => events.push(Event::PeerResumed(peer.clone())),
                Some(_) => {}
            }
        }
        Some(events)
    }
}

/// Whose entries have not been renewed for so long that anybody may remove them. The own entry,
/// just renewed, says what time it is at the database.
pub(super) fn expired<'a>(entries: &'a Entries, me: &PeerId) -> Vec<&'a PeerId> {
    let Some(own) = entries.get(me) else {
        return Vec::new();
    };
    let expired = entries.iter().filter(|(_, entry)| is_expired(entry, own));
    expired.map(|(peer, _)| peer).collect()
}

/// Those who came first, as many as there are places together with each of them. All who look at the
/// same entries see the same, and nobody is among them no longer because somebody else goes.
fn present<'a>(entries: &'a Entries, own: &Entry) -> Vec<(&'a PeerId, &'a Entry)> {
    let mut present: Vec<_> = entries
        .iter()
        .filter(|(_, entry)| !is_expired(entry, own))
        .collect();
    present.sort_by_key(|(peer, entry)| (entry.joined_at, *peer));
    let mut places = usize::MAX;
    let mut taken = 0;
    let in_time = present.iter().take_while(|(_, entry)| {
        places = places.min(capacity(entry.kind));
        taken += 1;
        taken <= places
    });
    let in_time = in_time.count();
    present.truncate(in_time);
    present
}

fn is_expired(entry: &Entry, own: &Entry) -> bool {
    own.seen_at.saturating_sub(entry.seen_at) > EXPIRES_AFTER_MS
}

fn is_late(entry: &Entry, own: &Entry) -> bool {
    own.seen_at.saturating_sub(entry.seen_at) > LATE_AFTER_MS
}
