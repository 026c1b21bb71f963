use std::collections::BTreeSet;

use super::*;
use proptest::prelude::*;
use signaling_protocol::{ConnectionId, Participant};

pub(super) const GRACE_MS: u64 = 30_000;

pub(super) fn roster() -> Roster {
    Roster::enter(
        RoomId::new("kitchen").unwrap(),
        RoomKind::Mesh,
        "Kim".to_owned(),
        0,
    )
}

pub(super) fn actions(roster: &mut Roster) -> Vec<Action> {
    std::iter::from_fn(|| roster.poll_action()).collect()
}

pub(super) fn id(id: &str) -> PeerId {
    PeerId::new(id)
}

pub(super) fn joined_as(me: &str, peers: &[&str]) -> Event {
    let participant = |peer: &&str| Participant {
        peer_id: id(peer),
        name: peer.to_uppercase(),
        connected: true,
        host: false,
        silenced: false,
        spotlight: false,
    };
    Event::Joined {
        me: id(me),
        grace_ms: GRACE_MS,
        created: peers.is_empty(),
        capacity: 8,
        peers: peers.iter().map(participant).collect(),
        ice_servers: Vec::new(),
        rights: None,
    }
}

fn joined(peers: &[&str]) -> Event {
    joined_as("m", peers)
}

pub(super) fn peer_joined(peer: &str) -> Event {
    Event::PeerJoined {
        peer: id(peer),
        name: String::new(),
    }
}

fn message() -> PeerMessage {
    PeerMessage {
        connection: ConnectionId::new("c"),
        remote_connection: None,
        signal: None,
    }
}

pub(super) fn in_room(peers: &[&str]) -> Roster {
    let mut roster = roster();
    roster.handle_connected();
    roster.handle_event(joined(peers), 0.0, 0.0);
    actions(&mut roster);
    roster
}

/// The connection is lost at `now` and there again as soon as the pause is over.
pub(super) fn reconnect(roster: &mut Roster, now: f64) {
    roster.handle_disconnected("gone".to_owned(), now, 0.0);
    let at = roster.deadline().unwrap();
    roster.handle_timeout(at);
    roster.handle_connected();
    actions(roster);
}

pub(super) fn refusal(code: ErrorCode) -> Event {
    Event::Refused(ErrorMessage::new(code, "no"))
}

#[test]
fn the_way_into_the_room() {
    let mut roster = roster();
    assert_eq!(actions(&mut roster), [Action::Connect]);
    roster.handle_connected();
    assert!(matches!(
        &actions(&mut roster)[..],
        [Action::Send(Request::Join { .. })]
    ));
    roster.handle_event(joined(&["a", "z"]), 0.0, 0.0);
    let added: Vec<_> = actions(&mut roster)
        .into_iter()
        .filter_map(|action| match action {
            Action::AddPeer(peer) => Some(peer.to_string()),
            Action::SetReachable { reachable, .. } => {
                assert!(reachable);
                None
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(added, ["a", "z"]);
    assert_eq!(roster.phase(), &Phase::InRoom { created: false });
}

#[test]
fn pauses_grow_up_to_a_bound_and_begin_anew_after_success() {
    let mut roster = roster();
    let mut pauses = Vec::new();
    for _ in 0..7 {
        roster.handle_disconnected("down".to_owned(), 5.0, 0.0);
        let Phase::Unreachable { retry_in_ms, .. } = *roster.phase() else {
            panic!("{:?}", roster.phase());
        };
        pauses.push(retry_in_ms);
        let at = roster.deadline().unwrap();
        assert_eq!(at, 5.0 + f64::from(retry_in_ms));
        roster.handle_timeout(at - 1.0);
        assert_ne!(roster.phase(), &Phase::Connecting);
        roster.handle_timeout(at);
        assert_eq!(roster.phase(), &Phase::Connecting);
    }
    assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    roster.handle_connected();
    roster.handle_event(joined(&[]), 0.0, 0.0);
    roster.handle_disconnected("down".to_owned(), 0.0, 1.0);
    assert!(matches!(
        roster.phase(),
        Phase::Unreachable {
            retry_in_ms: 625,
            ..
        }
    ));
}

#[test]
fn a_seat_that_is_resumed_goes_on_as_if_nothing_had_been() {
    let mut roster = in_room(&["a", "b"]);
    reconnect(&mut roster, 0.0);
    roster.handle_message_to_send(id("a"), message());
    assert_eq!(actions(&mut roster), [], "it waits");
    roster.handle_event(Event::Resumed, 600.0, 0.0);
    assert_eq!(roster.phase(), &Phase::InRoom { created: false });
    let did = actions(&mut roster);
    let (to, message) = (id("a"), message());
    assert_eq!(did[0], Action::Send(Request::Signal { to, message }));
    assert!(did[1..].iter().all(|action| matches!(
        action,
        Action::SetReachable {
            reachable: true,
            ..
        }
    )));
    assert_eq!(roster.peers().len(), 2);
    assert_eq!(roster.deadline(), None);
}

#[test]
fn nobody_is_reachable_while_our_own_connection_is_lost() {
    let mut roster = in_room(&["a"]);
    assert!(roster.is_reachable(&id("a")));
    roster.handle_disconnected("gone".to_owned(), 0.0, 0.0);
    assert!(!roster.is_reachable(&id("a")));
    let peer = id("a");
    let reachable = false;
    assert_eq!(
        actions(&mut roster),
        [Action::Disconnect, Action::SetReachable { peer, reachable }]
    );
}

#[test]
fn who_joins_anew_keeps_the_connections_of_all_who_come_back() {
    let mut roster = in_room(&["a", "b", "c"]);
    reconnect(&mut roster, 0.0);
    roster.handle_event(joined(&["a"]), 1000.0, 0.0);
    let did = actions(&mut roster);
    assert!(did.contains(&Action::KeepPeer(id("a"))), "{did:?}");
    assert_eq!(roster.peers().len(), 3);
    assert!(!roster.is_reachable(&id("b")));

    roster.handle_event(peer_joined("b"), 2000.0, 0.0);
    let did = actions(&mut roster);
    assert_eq!(did[0], Action::KeepPeer(id("b")));
    assert!(roster.is_reachable(&id("b")));

    let at = roster.deadline().unwrap();
    assert_eq!(at, 1000.0 + GRACE_MS as f64);
    roster.handle_timeout(at);
    assert_eq!(actions(&mut roster), [Action::RemovePeer(id("c"))]);
    assert_eq!(roster.departed().unwrap().peer, id("c"));
    assert_eq!(roster.deadline(), None);
}

#[test]
fn who_comes_back_as_somebody_else_begins_anew() {
    let mut roster = in_room(&["a"]);
    reconnect(&mut roster, 0.0);
    roster.handle_event(joined_as("n", &["a"]), 1000.0, 0.0);
    assert!(matches!(
        &actions(&mut roster)[..2],
        [Action::RemovePeer(old), Action::AddPeer(new)] if old == new
    ));
}

#[test]
fn a_peer_that_lost_its_connection_stays() {
    let mut roster = in_room(&["a"]);
    roster.handle_event(Event::PeerDisconnected(id("a")), 0.0, 0.0);
    let peer = id("a");
    let told = |reachable| Action::SetReachable {
        peer: peer.clone(),
        reachable,
    };
    assert_eq!(actions(&mut roster), [told(false)]);
    // What is said to it meanwhile waits at the server.
    roster.handle_message_to_send(id("a"), message());
    assert!(matches!(&actions(&mut roster)[..], [Action::Send(_)]));
    roster.handle_event(Event::PeerResumed(id("a")), 0.0, 0.0);
    assert_eq!(actions(&mut roster), [told(true)]);
}

#[test]
fn a_full_room_ends_the_first_attempt_but_not_the_way_back() {
    let mut first = roster();
    first.handle_connected();
    first.handle_event(refusal(ErrorCode::RoomFull), 0.0, 0.0);
    assert!(matches!(first.phase(), Phase::Refused(_)));

    let mut again = in_room(&[]);
    reconnect(&mut again, 0.0);
    again.handle_event(refusal(ErrorCode::RoomFull), 0.0, 0.0);
    assert!(matches!(again.phase(), Phase::TurnedAway { .. }));
    again.handle_timeout(again.deadline().unwrap());
    assert_eq!(again.phase(), &Phase::Connecting);
}

#[test]
fn a_page_that_may_not_use_the_server_does_not_try_again() {
    let mut roster = roster();
    roster.handle_connected();
    roster.handle_event(refusal(ErrorCode::OriginNotAllowed), 0.0, 0.0);
    assert!(matches!(roster.phase(), Phase::Refused(_)));
}

#[test]
fn what_the_server_did_not_carry_out_is_told_until_something_changes() {
    let mut roster = in_room(&["a"]);
    roster.handle_event(refusal(ErrorCode::UnknownPeer), 0.0, 0.0);
    assert_eq!(roster.refusal(), None);
    roster.handle_event(refusal(ErrorCode::RateLimited), 0.0, 0.0);
    assert!(roster.refusal().is_some());
    roster.handle_event(peer_joined("b"), 0.0, 0.0);
    assert_eq!(roster.refusal(), None);
}

#[test]
fn the_servers_own_wish_for_a_pause_counts_once() {
    let mut roster = in_room(&[]);
    roster.handle_event(
        Event::GoingAway {
            retry_after_ms: 3000,
        },
        0.0,
        0.0,
    );
    roster.handle_disconnected("bye".to_owned(), 0.0, 0.0);
    assert!(matches!(
        roster.phase(),
        Phase::Unreachable {
            retry_in_ms: 3000,
            ..
        }
    ));
    roster.handle_timeout(3000.0);
    roster.handle_disconnected("down".to_owned(), 0.0, 0.0);
    assert!(matches!(
        roster.phase(),
        Phase::Unreachable {
            retry_in_ms: 1000,
            ..
        }
    ));
}

#[test]
fn a_departure_is_remembered_until_somebody_comes() {
    let mut roster = in_room(&["a"]);
    let peer = PeerId::new("a");
    let reason = LeaveReason::Disconnected;
    roster.handle_event(Event::PeerLeft { peer, reason }, 0.0, 0.0);
    let departed = roster.departed().unwrap();
    assert_eq!((departed.name.as_str(), departed.reason), ("A", reason));
    roster.handle_event(peer_joined("b"), 0.0, 0.0);
    assert_eq!(roster.departed(), None);
}

#[test]
fn hanging_up_leaves_nothing_behind() {
    let mut roster = in_room(&["a"]);
    roster.handle_hang_up();
    assert_eq!(
        actions(&mut roster),
        [
            Action::Send(Request::Leave),
            Action::RemovePeer(PeerId::new("a")),
            Action::Disconnect
        ]
    );
    roster.handle_disconnected("closed".to_owned(), 0.0, 0.0);
    assert_eq!(roster.phase(), &Phase::Left);
    assert_eq!(actions(&mut roster), []);
}

#[derive(Clone, Debug)]
enum Input {
    Connected,
    Disconnected,
    /// So many milliseconds pass.
    Time(u32),
    HangUp,
    Event(Event),
    ToSend(PeerId),
}

fn input() -> impl Strategy<Value = Input> {
    let peer = prop_oneof![Just("a"), Just("b"), Just("m"), Just("z")].prop_map(PeerId::new);
    prop_oneof![
        4 => Just(Input::Connected),
        2 => Just(Input::Disconnected),
        4 => (0_u32..20_000).prop_map(Input::Time),
        1 => Just(Input::HangUp),
        3 => (
            prop_oneof![4 => Just("m"), 1 => Just("n")],
            proptest::collection::vec(prop_oneof![Just("a"), Just("z")], 0..3),
        ).prop_map(|(me, peers)| Input::Event(joined_as(me, &peers))),
        3 => Just(Input::Event(Event::Resumed)),
        3 => peer.clone().prop_map(|peer| Input::Event(peer_joined(peer.as_str()))),
        2 => peer.clone().prop_map(|peer| Input::Event(Event::PeerDisconnected(peer))),
        2 => peer.clone().prop_map(|peer| Input::Event(Event::PeerResumed(peer))),
        2 => peer.clone().prop_map(|peer| Input::Event(Event::PeerLeft {
            peer,
            reason: LeaveReason::Left,
        })),
        2 => peer.clone().prop_map(|from| Input::Event(Event::Signal {
            from,
            message: message(),
        })),
        1 => Just(Input::Event(refusal(ErrorCode::RoomFull))),
        1 => Just(Input::Event(Event::Waiting)),
        1 => Just(Input::Event(Event::Removed)),
        1 => peer.clone().prop_map(|peer| Input::Event(Event::PeerChanged {
            peer,
            host: true,
            silenced: true,
            spotlight: true,
        })),
        2 => peer.prop_map(Input::ToSend),
    ]
}

proptest! {
    /// Whatever comes in whatever order, early, late or twice: the driver's set of peers is the
    /// roster's, nothing is delivered from or sent to anybody else, it never stands still without
    /// a connection, and after the end nothing remains.
    #[test]
    fn any_order_of_events_keeps_driver_and_roster_together(
        inputs in proptest::collection::vec(input(), 0..80)
    ) {
        let mut roster = roster();
        let mut there = BTreeSet::new();
        let mut now = 0.0;
        // Whether the driver is connecting or connected.
        let mut online = true;
        for input in inputs {
            match input {
                Input::Connected => roster.handle_connected(),
                Input::Disconnected => roster.handle_disconnected("x".to_owned(), now, 0.5),
                Input::Time(ms) => {
                    now += f64::from(ms);
                    roster.handle_timeout(now);
                }
                Input::HangUp => roster.handle_hang_up(),
                Input::Event(event) => roster.handle_event(event, now, 0.5),
                Input::ToSend(to) => roster.handle_message_to_send(to, message()),
            }
            for action in actions(&mut roster) {
                match action {
                    Action::AddPeer(peer) => {
                        let me = roster.me().unwrap();
                        prop_assert_ne!(&peer, me);
                        prop_assert!(there.insert(peer), "added twice");
                    }
                    Action::RemovePeer(peer) => prop_assert!(there.remove(&peer)),
                    Action::KeepPeer(peer) | Action::SetReachable { peer, .. } => {
                        prop_assert!(there.contains(&peer));
                    }
                    Action::Deliver { from, .. } => prop_assert!(there.contains(&from)),
                    Action::Send(Request::Signal { to, .. }) => {
                        prop_assert!(there.contains(&to));
                    }
                    Action::Connect => online = true,
                    Action::Disconnect => online = false,
                    Action::Send(_) => {}
                }
            }
            prop_assert_eq!(&there, &roster.peers().into_iter().collect::<BTreeSet<_>>());
            if roster.phase().is_over() {
                prop_assert!(there.is_empty());
                prop_assert_eq!(roster.deadline(), None);
            } else {
                prop_assert!(online || roster.deadline().is_some(), "it stands still");
            }
        }
    }
}
