use std::collections::BTreeMap;

use proptest::prelude::*;
use signaling_protocol::ConnectionId;

use super::*;

fn peer(name: &str) -> PeerId {
    PeerId::new(name)
}

fn message(number: usize) -> PeerMessage {
    PeerMessage {
        connection: ConnectionId::new(number.to_string()),
        remote_connection: None,
        signal: None,
    }
}

/// Let in at 0, where these are.
fn joined(order: ConnectionOrder, names: &[&str]) -> ConnectionQueue {
    let mut contacts = ConnectionQueue::new(order);
    contacts.handle_joined(names.iter().map(|name| peer(name)).collect(), 0.0);
    for name in names {
        contacts.handle_added(peer(name));
    }
    contacts
}

fn due(contacts: &mut ConnectionQueue, now: f64) -> Vec<String> {
    std::iter::from_fn(|| contacts.poll_due(now))
        .map(|due| due.peer.as_str().to_owned())
        .collect()
}

#[test]
fn at_once_all_are_due() {
    let mut contacts = joined(ConnectionOrder::AtOnce, &["b", "a"]);
    assert_eq!(due(&mut contacts, 0.0), ["b", "a"]);
    assert_eq!(contacts.deadline(), None);
}

#[test]
fn one_by_one_the_next_is_due_when_the_one_before_is_connected_or_hopeless() {
    let mut contacts = joined(ConnectionOrder::OneByOne, &["a", "b", "c", "d", "e"]);
    assert_eq!(due(&mut contacts, 0.0), ["a"]);
    contacts.handle_ice_state(&peer("a"), IceConnectionState::Checking, 5.0);
    contacts.handle_ice_state(&peer("b"), IceConnectionState::Connected, 5.0);
    assert!(due(&mut contacts, 5.0).is_empty());
    contacts.handle_ice_state(&peer("a"), IceConnectionState::Connected, 10.0);
    assert_eq!(due(&mut contacts, 10.0), ["b"]);
    contacts.handle_ice_state(&peer("b"), IceConnectionState::Failed, 20.0);
    assert_eq!(due(&mut contacts, 20.0), ["c"]);
    contacts.handle_removed(&peer("c"));
    assert_eq!(due(&mut contacts, 30.0), ["d"]);
    contacts.handle_timeout(30.0 + LONGEST_TURN_MS - 1.0);
    assert!(due(&mut contacts, 30.0).is_empty());
    assert_eq!(contacts.deadline(), Some(30.0 + LONGEST_TURN_MS));
    contacts.handle_timeout(30.0 + LONGEST_TURN_MS);
    assert_eq!(due(&mut contacts, 99.0), ["e"]);
    assert_eq!(contacts.deadline(), None, "nobody waits any more");
}

#[test]
fn who_comes_after_us_or_is_wanted_now_does_not_wait() {
    let mut contacts = joined(ConnectionOrder::OneByOne, &["a", "b", "c"]);
    contacts.handle_added(peer("late"));
    assert_eq!(due(&mut contacts, 0.0), ["a", "late"]);
    assert!(contacts.handle_impatience(&peer("c")));
    assert!(!contacts.handle_impatience(&peer("a")));
    assert_eq!(due(&mut contacts, 0.0), ["c"]);
    // Who comes back came after us, too.
    contacts.handle_removed(&peer("b"));
    contacts.handle_added(peer("b"));
    assert_eq!(due(&mut contacts, 0.0), ["b"]);
}

#[test]
fn the_times_are_measured_once() {
    let mut contacts = joined(ConnectionOrder::OneByOne, &["a", "b", "gone"]);
    contacts.handle_ice_state(&peer("a"), IceConnectionState::Connected, 300.0);
    contacts.handle_ice_state(&peer("b"), IceConnectionState::Checking, 400.0);
    assert_eq!(contacts.times().unwrap().all_ms(), None);
    contacts.handle_removed(&peer("gone"));
    contacts.handle_ice_state(&peer("b"), IceConnectionState::Completed, 900.0);
    contacts.handle_ice_state(&peer("a"), IceConnectionState::Connected, 5000.0);
    contacts.handle_removed(&peer("a"));
    contacts.handle_joined(vec![peer("b"), peer("new")], 6000.0);
    let times = contacts.times().unwrap();
    assert_eq!(
        times.contacts,
        [(peer("a"), Some(300.0)), (peer("b"), Some(900.0))]
    );
    assert_eq!(times.all_ms(), Some(900.0));
    assert_eq!(joined(ConnectionOrder::AtOnce, &[]).times(), None);
}

proptest! {
    /// Whatever happens: who was added and has not left is due exactly once, in the end; nothing
    /// that it said is lost or out of order; and of those who take turns only one is at it, but
    /// for those that took too long.
    #[test]
    fn nobody_and_nothing_is_lost(
        steps in proptest::collection::vec((0_u8..9, 0_usize..5, 0_u32..600), 0..40),
        one_by_one: bool,
    ) {
        let order = if one_by_one { ConnectionOrder::OneByOne } else { ConnectionOrder::AtOnce };
        let names = ["a", "b", "c", "d", "e"];
        let mut contacts = joined(order, &names[..3]);
        // Who is here: whether due yet, what it said, what of it was delivered.
        let mut here: BTreeMap<PeerId, (bool, Vec<PeerMessage>, Vec<PeerMessage>)> = BTreeMap::new();
        for name in &names[..3] {
            here.insert(peer(name), Default::default());
        }
        let mut turn: Option<(PeerId, f64)> = None;
        let mut hurried = Vec::new();
        let mut now = 0.0;
        // In the end everybody who connects lets the next one connect.
        let mut ending = Vec::new();
        for name in names {
            ending.push((8_u8, 0_usize, 0_u32));
            ending.push((4, names.iter().position(|other| *other == name).unwrap(), 0));
        }
        let ending = [ending.clone(), ending.clone(), ending.clone(), ending.clone(), ending].concat();
        let steps = std::iter::once((8, 0, 0)).chain(steps).chain(ending);
        for (number, (step, which, pause)) in steps.enumerate() {
            now += f64::from(pause);
            let id = peer(names[which]);
            match step {
                0 if !here.contains_key(&id) => {
                    here.insert(id.clone(), Default::default());
                    hurried.push(id.clone());
                    contacts.handle_added(id);
                }
                1 => {
                    here.remove(&id);
                    hurried.retain(|hurried| *hurried != id);
                    turn.take_if(|(current, _)| *current == id);
                    contacts.handle_removed(&id);
                }
                2 => {
                    let listed: Vec<_> = here.keys().cloned().collect();
                    contacts.handle_joined(listed, now);
                }
                3 if contacts.handle_impatience(&id) => hurried.push(id),
                4 | 5 if here.get(&id).is_some_and(|(due, ..)| *due) => {
                    contacts.handle_ice_state(&id, [IceConnectionState::Connected, IceConnectionState::Failed][usize::from(step - 4)], now);
                    turn.take_if(|(current, _)| *current == id);
                }
                6 | 7 => if let Some((_, said, delivered)) = here.get_mut(&id) {
                    said.push(message(number));
                    delivered.extend(contacts.handle_message(&id, message(number)));
                },
                8 => {
                    contacts.handle_timeout(now);
                    turn.take_if(|(_, since)| *since + LONGEST_TURN_MS <= now);
                    while let Some(Due { peer, kept }) = contacts.poll_due(now) {
                        let (due, _, delivered) = here.get_mut(&peer).unwrap();
                        prop_assert!(!*due, "due twice");
                        *due = true;
                        delivered.extend(kept);
                        if one_by_one && !hurried.contains(&peer) {
                            prop_assert!(turn.is_none(), "{:?} and {:?}", turn, peer);
                            turn = Some((peer, now));
                        }
                    }
                }
                _ => {}
            }
        }
        for (peer, (due, said, delivered)) in here {
            prop_assert!(due, "{:?} is lost", peer);
            prop_assert_eq!(said, delivered);
        }
    }
}
