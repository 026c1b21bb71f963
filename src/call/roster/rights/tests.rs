use super::super::tests::{
    GRACE_MS, actions, id, in_room, joined_as, peer_joined, reconnect, refusal, roster,
};
use signaling_protocol::ErrorMessage;

use super::*;
use crate::call::roster::Phase;

const OPEN: Policy = Policy {
    locked: false,
    lobby: false,
    passphrase: false,
};

/// Let in as "m", a host or not.
fn joined(host: bool, policy: Policy, peers: &[&str]) -> Event {
    let Event::Joined {
        me,
        grace_ms,
        created,
        capacity,
        peers,
        ice_servers,
        ..
    } = joined_as("m", peers)
    else {
        panic!("it is let in");
    };
    Event::Joined {
        me,
        grace_ms,
        created,
        capacity,
        peers,
        ice_servers,
        rights: Some(Rights {
            host,
            silenced: false,
            spotlight: false,
            policy,
        }),
    }
}

fn entered(host: bool, peers: &[&str]) -> Roster {
    let mut roster = roster();
    roster.handle_connected();
    roster.handle_event(joined(host, OPEN, peers), 0.0, 0.0);
    actions(&mut roster);
    roster
}

/// Who is silenced is in the spotlight, too.
fn changed(peer: &str, host: bool, silenced: bool) -> Event {
    Event::PeerChanged {
        peer: id(peer),
        host,
        silenced,
        spotlight: silenced,
    }
}

fn policy(policy: Policy) -> Event {
    Event::Policy {
        policy,
        passphrase_by: None,
    }
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text).unwrap()
}

fn locked() -> PolicyChange {
    PolicyChange {
        locked: Some(true),
        ..PolicyChange::default()
    }
}

/// What is sent as a host.
fn said(roster: &mut Roster) -> Vec<HostMessage> {
    let sent = |action| match action {
        Action::Send(Request::Host(message)) => Some(message),
        _ => None,
    };
    actions(roster).into_iter().filter_map(sent).collect()
}

/// The passphrase with which the room is asked for after the connection was lost.
fn passphrase_of_rejoining(roster: &mut Roster) -> Option<Passphrase> {
    roster.handle_disconnected("gone".to_owned(), 0.0, 0.0);
    roster.handle_timeout(roster.deadline().unwrap());
    roster.handle_connected();
    let asked = |action| match action {
        Action::Send(Request::Join { passphrase, .. }) => Some(passphrase),
        _ => None,
    };
    actions(roster).into_iter().find_map(asked).unwrap()
}

#[test]
fn who_waits_is_let_in_or_refused() {
    let mut waiting = roster();
    waiting.handle_connected();
    waiting.handle_event(Event::Waiting, 0.0, 0.0);
    assert_eq!(waiting.phase(), &Phase::Waiting);
    waiting.handle_event(joined(false, OPEN, &["a"]), 0.0, 0.0);
    assert_eq!(waiting.phase(), &Phase::InRoom { created: false });

    for code in [ErrorCode::NotAdmitted, ErrorCode::RoomClosed] {
        let mut waiting = roster();
        waiting.handle_connected();
        waiting.handle_event(Event::Waiting, 0.0, 0.0);
        waiting.handle_event(refusal(code), 0.0, 0.0);
        assert!(matches!(waiting.phase(), Phase::Refused(error) if error.code == code));
    }
}

#[test]
fn who_hangs_up_while_waiting_says_so_and_who_is_cut_off_asks_again() {
    let mut waiting = roster();
    waiting.handle_connected();
    waiting.handle_event(Event::Waiting, 0.0, 0.0);
    actions(&mut waiting);
    reconnect(&mut waiting, 0.0);
    assert_eq!(waiting.phase(), &Phase::Joining);
    waiting.handle_event(Event::Waiting, 0.0, 0.0);
    waiting.handle_hang_up();
    assert_eq!(
        actions(&mut waiting),
        [Action::Send(Request::Leave), Action::Disconnect]
    );
}

#[test]
fn who_is_removed_is_out_also_if_that_was_while_away() {
    for away in [false, true] {
        let mut roster = entered(false, &["a"]);
        let mut event = Event::Removed;
        if away {
            reconnect(&mut roster, 0.0);
            event = refusal(ErrorCode::RemovedByHost);
        }
        roster.handle_event(event, 0.0, 0.0);
        assert_eq!(roster.phase(), &Phase::Removed);
        assert!(roster.phase().is_over() && roster.rights().is_none());
        let did = actions(&mut roster);
        assert_eq!(did, [Action::RemovePeer(id("a")), Action::Disconnect]);
    }
}

#[test]
fn rights_are_known_of_everybody_and_only_where_there_are_any() {
    assert_eq!(in_room(&["a"]).rights(), None);
    let mut roster = entered(false, &["a"]);
    roster.handle_event(changed("m", true, true), 0.0, 0.0);
    let own = roster.rights().unwrap();
    assert!(own.host && own.silenced && own.spotlight);
    roster.handle_event(changed("a", true, true), 0.0, 0.0);
    let participant = roster.participants().get(&id("a")).unwrap();
    assert!(participant.is_host() && participant.is_silenced() && participant.is_spotlit());
    // Whoever comes anew has none until that is said.
    roster.handle_event(peer_joined("a"), 0.0, 0.0);
    let participant = roster.participants().get(&id("a")).unwrap();
    assert!(!participant.is_host() && !participant.is_silenced() && !participant.is_spotlit());
}

#[test]
fn hosts_know_who_waits() {
    let mut roster = entered(true, &[]);
    let knock = |peer: &str| Event::Knock {
        peer: id(peer),
        name: peer.to_uppercase(),
    };
    for peer in ["x", "y", "x"] {
        roster.handle_event(knock(peer), 0.0, 0.0);
    }
    let names = |roster: &Roster| -> Vec<_> {
        let waiting = &roster.rights().unwrap().waiting;
        waiting.iter().map(|it| it.name.clone()).collect()
    };
    assert_eq!(names(&roster), ["Y", "X"]);
    roster.handle_event(Event::KnockEnded(id("y")), 0.0, 0.0);
    assert_eq!(names(&roster), ["X"]);
}

#[test]
fn what_a_host_says_while_out_of_reach_is_said_when_its_seat_is_resumed() {
    let mut roster = entered(true, &["a"]);
    reconnect(&mut roster, 0.0);
    let remove = HostMessage::Remove { peer_id: id("a") };
    roster.handle_host(remove.clone());
    assert_eq!(said(&mut roster), []);
    roster.handle_event(Event::Resumed, 0.0, 0.0);
    assert_eq!(said(&mut roster), [remove]);
    // Where nothing enforces it, it is not said.
    let mut roster = in_room(&["a"]);
    roster.handle_host(HostMessage::SetPolicy(locked()));
    assert_eq!(said(&mut roster), []);
}

/// The service lost the room, and we are the first to come back, as its host or not.
fn restart(roster: &mut Roster, host: bool) -> Vec<HostMessage> {
    reconnect(roster, 0.0);
    roster.handle_event(joined(host, OPEN, &[]), 1000.0, 0.0);
    said(roster)
}

#[test]
fn who_returns_after_a_long_time_finds_a_new_room() {
    let mut guest = entered(true, &["a"]);
    guest.handle_event(
        policy(Policy {
            locked: true,
            ..OPEN
        }),
        0.0,
        0.0,
    );
    reconnect(&mut guest, 0.0);
    guest.handle_event(joined(true, OPEN, &[]), 301_000.0, 0.0);
    assert_eq!(said(&mut guest), []);
}

#[test]
fn who_returns_first_is_in_the_spotlight_again() {
    let mut guest = entered(false, &[]);
    guest.handle_event(changed("m", false, true), 0.0, 0.0);
    let again = HostMessage::SetParticipant {
        peer_id: id("m"),
        host: None,
        silenced: None,
        spotlight: Some(true),
    };
    assert_eq!(restart(&mut guest, true), [again]);
}

fn set(change: PolicyChange) -> HostMessage {
    HostMessage::SetPolicy(change)
}

fn to_passphrase(text: &str) -> PolicyChange {
    PolicyChange {
        passphrase: Some(Some(passphrase(text))),
        ..PolicyChange::default()
    }
}

#[test]
fn a_host_sets_the_policy_again_at_once_and_names_who_returns() {
    let (locked, lobby) = (true, true);
    let closed = Policy {
        locked,
        lobby,
        ..OPEN
    };
    let mut roster = entered(true, &["a", "b"]);
    // Whichever host has set it.
    roster.handle_event(policy(closed), 0.0, 0.0);
    let again = set(PolicyChange {
        locked: Some(true),
        lobby: Some(true),
        returning: vec![id("a"), id("b")],
        ..PolicyChange::default()
    });
    assert_eq!(restart(&mut roster, true), [again]);
    roster.handle_event(peer_joined("a"), 2000.0, 0.0);
    roster.handle_timeout(1000.0 + GRACE_MS as f64);
    assert_eq!(said(&mut roster), [], "once");
}

#[test]
fn a_policy_is_not_set_again_by_who_is_no_host_or_where_the_room_is_still_there_or_it_is_not_wanted()
 {
    let is_locked = Policy {
        locked: true,
        ..OPEN
    };
    for (is, there, wanted) in [
        (false, &[][..], is_locked),
        // Another host has unlocked it meanwhile.
        (true, &["b"], is_locked),
        (true, &[], OPEN),
    ] {
        let mut roster = entered(true, &["a"]);
        roster.handle_event(policy(is_locked), 0.0, 0.0);
        roster.handle_event(policy(wanted), 0.0, 0.0);
        reconnect(&mut roster, 0.0);
        roster.handle_event(joined(is, OPEN, there), 0.0, 0.0);
        assert_eq!(said(&mut roster), [], "{is} {there:?} {wanted:?}");
    }
}

#[test]
fn who_returns_first_sets_the_policy_again_and_makes_hosts_of_those_who_were() {
    let mut guest = entered(false, &["a", "b", "c"]);
    guest.handle_event(
        policy(Policy {
            locked: true,
            ..OPEN
        }),
        0.0,
        0.0,
    );
    guest.handle_event(changed("a", true, false), 0.0, 0.0);
    guest.handle_event(changed("b", false, true), 0.0, 0.0);
    let again = set(PolicyChange {
        returning: vec![id("a"), id("b"), id("c")],
        ..locked()
    });
    assert_eq!(restart(&mut guest, true), [again]);
    for peer in ["a", "b", "c", "stranger"] {
        guest.handle_event(peer_joined(peer), 2000.0, 0.0);
    }
    let rights = |peer, host, silenced| HostMessage::SetParticipant {
        peer_id: id(peer),
        host,
        silenced,
        // As [`changed`] has it.
        spotlight: silenced,
    };
    let expected = [rights("a", Some(true), None), rights("b", None, Some(true))];
    assert_eq!(said(&mut guest), expected);
    // Once: who comes back later, or after another, is not ours to decide about.
    guest.handle_event(peer_joined("a"), 3000.0, 0.0);
    assert_eq!(said(&mut guest), []);
}

#[test]
fn who_returns_after_another_leaves_the_rights_to_them() {
    let mut guest = entered(false, &["a", "b"]);
    guest.handle_event(changed("a", true, false), 0.0, 0.0);
    reconnect(&mut guest, 0.0);
    guest.handle_event(joined(false, OPEN, &["b"]), 1000.0, 0.0);
    guest.handle_event(peer_joined("a"), 2000.0, 0.0);
    assert_eq!(said(&mut guest), []);
}

#[test]
fn who_was_removed_keeps_the_seat_by_which_they_are_known() {
    let refused = |code| Phase::Refused(ErrorMessage::new(code, "no"));
    assert!(Phase::Left.gives_seat_up());
    assert!(refused(ErrorCode::RoomLocked).gives_seat_up());
    for kept in [
        Phase::Removed,
        Phase::Replaced,
        Phase::Waiting,
        refused(ErrorCode::RemovedByHost),
    ] {
        assert!(!kept.gives_seat_up(), "{kept:?}");
    }
}

#[test]
fn newcomers_wait_until_the_passphrase_is_there_again_or_for_ever_if_nobody_here_knows_it() {
    let secret = Policy {
        passphrase: true,
        ..OPEN
    };
    let wait = set(PolicyChange {
        lobby: Some(true),
        ..PolicyChange::default()
    });
    let ask = set(PolicyChange {
        lobby: Some(false),
        ..to_passphrase("ours")
    });
    for (by, expected) in [("m", vec![wait.clone(), ask]), ("a", vec![wait])] {
        let mut roster = entered(true, &[]);
        roster.handle_host(set(to_passphrase("ours")));
        let set_by = |by: &str| Event::Policy {
            policy: secret,
            passphrase_by: Some(id(by)),
        };
        roster.handle_event(set_by("m"), 0.0, 0.0);
        roster.handle_event(set_by(by), 0.0, 0.0);
        said(&mut roster);
        assert_eq!(restart(&mut roster, true), expected, "{by}");
    }
}

#[test]
fn what_was_asked_for_while_out_of_reach_is_part_of_it() {
    let mut roster = entered(true, &[]);
    reconnect(&mut roster, 0.0);
    roster.handle_host(set(locked()));
    roster.handle_host(set(to_passphrase("ours")));
    roster.handle_event(joined(true, OPEN, &[]), 0.0, 0.0);
    let said = said(&mut roster);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(matches!(&said[0], HostMessage::SetPolicy(change) if change.locked == Some(true)));
}

#[test]
fn a_room_is_asked_for_with_the_newest_passphrase_that_was_not_refused() {
    let given = passphrase("given");
    let secret = Policy {
        passphrase: true,
        ..OPEN
    };
    let ours = Event::Policy {
        policy: secret,
        passphrase_by: Some(id("m")),
    };
    let others = Event::Policy {
        policy: secret,
        passphrase_by: Some(id("a")),
    };
    let refused = [ErrorCode::Busy, ErrorCode::Overtaken, ErrorCode::NotAllowed].map(refusal);
    let [busy, overtaken, not_allowed] = refused;
    for (event, expected) in [
        (None, Some("set")),
        (Some(ours), Some("set")),
        (Some(busy), Some("given")),
        (Some(overtaken), Some("given")),
        (Some(not_allowed), Some("given")),
        // Ours is still to come.
        (Some(others), Some("set")),
        (Some(policy(OPEN)), Some("set")),
    ] {
        let mut roster = entered(true, &[]).with_passphrase(Some(given.clone()));
        roster.handle_host(set(to_passphrase("set")));
        let told = format!("{event:?}");
        if let Some(event) = event {
            roster.handle_event(event, 0.0, 0.0);
        }
        let presented = passphrase_of_rejoining(&mut roster);
        assert_eq!(presented, expected.map(passphrase), "{told}");
    }
    let mut roster = entered(true, &[]).with_passphrase(Some(given));
    roster.handle_event(policy(OPEN), 0.0, 0.0);
    assert_eq!(passphrase_of_rejoining(&mut roster), None);
}

#[test]
fn a_second_passphrase_that_is_refused_leaves_the_first() {
    let mut roster = entered(true, &[]);
    roster.handle_host(set(to_passphrase("first")));
    roster.handle_host(set(to_passphrase("second")));
    roster.handle_event(refusal(ErrorCode::Busy), 0.0, 0.0);
    assert_eq!(
        passphrase_of_rejoining(&mut roster),
        Some(passphrase("first"))
    );
}

#[test]
fn who_is_replaced_stops_and_says_nothing_more() {
    let mut roster = entered(true, &["a"]);
    roster.handle_event(Event::Replaced, 0.0, 0.0);
    assert_eq!(roster.phase(), &Phase::Replaced);
    let did = actions(&mut roster);
    assert_eq!(did, [Action::RemovePeer(id("a")), Action::Disconnect]);
    roster.handle_disconnected("gone".to_owned(), 0.0, 0.0);
    roster.handle_hang_up();
    assert_eq!((actions(&mut roster), roster.deadline()), (vec![], None));
}

#[test]
fn who_has_to_wait_for_others_passphrases_asks_again_by_itself() {
    let mut roster = roster().with_passphrase(Some(passphrase("given")));
    roster.handle_connected();
    actions(&mut roster);
    roster.handle_event(refusal(ErrorCode::Busy), 0.0, 0.0);
    assert!(matches!(roster.phase(), Phase::TurnedAway { .. }));
    roster.handle_timeout(roster.deadline().unwrap());
    assert_eq!(actions(&mut roster), [Action::Disconnect, Action::Connect]);
}
