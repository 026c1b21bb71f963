use super::*;
use proptest::prelude::*;
use signaling_protocol::IceCandidate;

fn roster() -> Roster {
    Roster::enter(RoomId::new("kitchen").unwrap(), RoomKind::Call)
}

fn actions(roster: &mut Roster) -> Vec<Action> {
    std::iter::from_fn(|| roster.poll_action()).collect()
}

fn joined(peers: &[&str]) -> Event {
    Event::Joined {
        me: PeerId::new("m"),
        created: peers.is_empty(),
        peers: peers.iter().map(|id| PeerId::new(*id)).collect(),
        ice_servers: Vec::new(),
    }
}

fn in_room(peers: &[&str]) -> Roster {
    let mut roster = roster();
    roster.handle_connected();
    roster.handle_event(joined(peers), 0.0);
    actions(&mut roster);
    roster
}

fn refusal(code: ErrorCode) -> Event {
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
    roster.handle_event(joined(&["a", "z"]), 0.0);
    let roles: Vec<_> = actions(&mut roster)
        .into_iter()
        .map(|action| match action {
            Action::AddPeer { peer, role, .. } => (peer.to_string(), role),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        roles,
        [
            ("a".to_owned(), Role::Polite),
            ("z".to_owned(), Role::Impolite)
        ]
    );
    assert_eq!(roster.phase(), &Phase::InRoom { created: false });
}

#[test]
fn pauses_grow_up_to_a_bound_and_begin_anew_after_success() {
    let mut roster = roster();
    let mut pauses = Vec::new();
    for _ in 0..7 {
        roster.handle_disconnected("down".to_owned(), 0.0);
        let Phase::Unreachable { retry_in_ms, .. } = roster.phase() else {
            panic!("{:?}", roster.phase());
        };
        pauses.push(*retry_in_ms);
        roster.handle_retry();
    }
    assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    roster.handle_connected();
    roster.handle_event(joined(&[]), 0.0);
    roster.handle_disconnected("down".to_owned(), 1.0);
    assert!(matches!(
        roster.phase(),
        Phase::Unreachable {
            retry_in_ms: 625,
            ..
        }
    ));
}

#[test]
fn a_lost_connection_keeps_the_peers_until_the_room_is_entered_again() {
    let mut roster = in_room(&["a"]);
    roster.handle_disconnected("gone".to_owned(), 0.0);
    assert_eq!(
        actions(&mut roster),
        [Action::Disconnect, Action::Wait { ms: 500 }]
    );
    assert_eq!(roster.peers().count(), 1);
    roster.handle_retry();
    roster.handle_connected();
    actions(&mut roster);
    roster.handle_event(joined(&["b"]), 0.0);
    assert!(matches!(
        &actions(&mut roster)[..],
        [Action::RemovePeer(old), Action::AddPeer { peer: new, .. }]
            if old.as_str() == "a" && new.as_str() == "b"
    ));
}

#[test]
fn a_full_room_ends_the_first_attempt_but_not_the_way_back() {
    let mut first = roster();
    first.handle_connected();
    first.handle_event(refusal(ErrorCode::RoomFull), 0.0);
    assert!(matches!(first.phase(), Phase::Refused(_)));

    let mut again = in_room(&[]);
    again.handle_disconnected("gone".to_owned(), 0.0);
    again.handle_retry();
    again.handle_connected();
    again.handle_event(refusal(ErrorCode::RoomFull), 0.0);
    assert!(matches!(again.phase(), Phase::TurnedAway { .. }));
    again.handle_retry();
    assert_eq!(again.phase(), &Phase::Connecting);
}

#[test]
fn what_the_server_did_not_carry_out_is_told_until_something_changes() {
    let mut roster = in_room(&["a"]);
    roster.handle_event(refusal(ErrorCode::UnknownPeer), 0.0);
    assert_eq!(roster.refusal(), None);
    roster.handle_event(refusal(ErrorCode::RateLimited), 0.0);
    assert!(roster.refusal().is_some());
    roster.handle_event(Event::PeerJoined(PeerId::new("b")), 0.0);
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
    );
    roster.handle_disconnected("bye".to_owned(), 0.0);
    assert!(matches!(
        roster.phase(),
        Phase::Unreachable {
            retry_in_ms: 3000,
            ..
        }
    ));
    roster.handle_retry();
    roster.handle_disconnected("down".to_owned(), 0.0);
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
    roster.handle_event(Event::PeerLeft { peer, reason }, 0.0);
    assert_eq!(roster.departed(), Some(LeaveReason::Disconnected));
    roster.handle_event(Event::PeerJoined(PeerId::new("b")), 0.0);
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
    roster.handle_disconnected("closed".to_owned(), 0.0);
    assert_eq!(roster.phase(), &Phase::Left);
    assert_eq!(actions(&mut roster), []);
}

#[derive(Clone, Debug)]
enum Input {
    Connected,
    Disconnected,
    Retry,
    HangUp,
    Event(Event),
    ToSend(PeerId),
}

fn input() -> impl Strategy<Value = Input> {
    let peer = prop_oneof![Just("a"), Just("b"), Just("m"), Just("z")].prop_map(PeerId::new);
    let candidate = PeerSignal::Candidate(IceCandidate::default());
    let signal = candidate.clone();
    prop_oneof![
        3 => Just(Input::Connected),
        1 => Just(Input::Disconnected),
        2 => Just(Input::Retry),
        1 => Just(Input::HangUp),
        3 => proptest::collection::vec(prop_oneof![Just("a"), Just("z")], 0..3)
            .prop_map(|peers| Input::Event(joined(&peers))),
        3 => peer.clone().prop_map(|peer| Input::Event(Event::PeerJoined(peer))),
        2 => peer.clone().prop_map(|peer| Input::Event(Event::PeerLeft {
            peer,
            reason: LeaveReason::Left,
        })),
        2 => peer.clone().prop_map(move |from| Input::Event(Event::Signal {
            from,
            signal: signal.clone(),
        })),
        1 => Just(Input::Event(refusal(ErrorCode::RoomFull))),
        2 => peer.prop_map(Input::ToSend),
    ]
}

proptest! {
    /// Whatever comes in whatever order: the driver's set of peers is the roster's, nothing is
    /// delivered from or sent to anybody else, and after the end nothing remains.
    #[test]
    fn any_order_of_events_keeps_driver_and_roster_together(
        inputs in proptest::collection::vec(input(), 0..60)
    ) {
        let mut roster = roster();
        let mut there = BTreeSet::new();
        for input in inputs {
            match input {
                Input::Connected => roster.handle_connected(),
                Input::Disconnected => roster.handle_disconnected("x".to_owned(), 0.5),
                Input::Retry => roster.handle_retry(),
                Input::HangUp => roster.handle_hang_up(),
                Input::Event(event) => roster.handle_event(event, 0.5),
                Input::ToSend(to) => roster.handle_signal_to_send(
                    to,
                    PeerSignal::Candidate(IceCandidate::default()),
                ),
            }
            for action in actions(&mut roster) {
                match action {
                    Action::AddPeer { peer, role, .. } => {
                        prop_assert_ne!(peer.as_str(), "m");
                        prop_assert_eq!(role, Role::of(&PeerId::new("m"), &peer));
                        prop_assert!(there.insert(peer), "added twice");
                    }
                    Action::RemovePeer(peer) => prop_assert!(there.remove(&peer)),
                    Action::Deliver { from, .. } => prop_assert!(there.contains(&from)),
                    Action::Send(Request::Signal { to, .. }) => {
                        prop_assert!(there.contains(&to));
                    }
                    _ => {}
                }
            }
            prop_assert_eq!(&there, &roster.peers().cloned().collect::<BTreeSet<_>>());
            if roster.phase().is_over() {
                prop_assert!(there.is_empty());
            }
        }
    }
}
