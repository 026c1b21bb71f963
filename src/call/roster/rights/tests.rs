use signaling_protocol::{ErrorCode, Passphrase};

use super::super::tests::{
    GRACE_MS, actions, id, in_room, joined_as, peer_joined, reconnect, refusal, roster,
};
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

fn changed(peer: &str, host: bool, silenced: bool) -> Event {
    Event::PeerChanged {
        peer: id(peer),
        host,
        silenced,
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
        if away {
            reconnect(&mut roster, 0.0);
        }
        roster.handle_event(Event::Removed, 0.0, 0.0);
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
    assert!(own.host && own.silenced);
    roster.handle_event(changed("a", true, true), 0.0, 0.0);
    let participant = roster.participants().get(&id("a")).unwrap();
    assert!(participant.is_host() && participant.is_silenced());
    // Whoever comes anew has none until that is said.
    roster.handle_event(peer_joined("a"), 0.0, 0.0);
    let participant = roster.participants().get(&id("a")).unwrap();
    assert!(!participant.is_host() && !participant.is_silenced());
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

#[test]
fn a_host_sets_its_policy_again_when_everybody_is_back() {
    for comes_back in [true, false] {
        let mut roster = entered(true, &["a"]);
        roster.handle_host(HostMessage::SetPolicy(locked()));
        assert_eq!(said(&mut roster).len(), 1);
        reconnect(&mut roster, 0.0);
        roster.handle_event(joined(true, OPEN, &[]), 1000.0, 0.0);
        // A would be kept out.
        assert_eq!(said(&mut roster), []);
        if comes_back {
            roster.handle_event(peer_joined("a"), 2000.0, 0.0);
        } else {
            roster.handle_timeout(1000.0 + GRACE_MS as f64);
        }
        assert_eq!(said(&mut roster), [HostMessage::SetPolicy(locked())]);
        roster.handle_event(peer_joined("b"), 3000.0, 0.0);
        assert_eq!(said(&mut roster), [], "once");
    }
}

#[test]
fn a_policy_is_not_set_again_by_who_is_no_host_or_where_it_is_still_there_or_not_wanted() {
    let is_locked = Policy {
        locked: true,
        ..OPEN
    };
    for (host, policy, unlocked) in [
        (false, OPEN, false),
        (true, is_locked, false),
        (true, OPEN, true),
    ] {
        let mut roster = entered(true, &[]);
        roster.handle_host(HostMessage::SetPolicy(locked()));
        roster.handle_event(Event::Policy(is_locked), 0.0, 0.0);
        if unlocked {
            // By another host.
            roster.handle_event(Event::Policy(OPEN), 0.0, 0.0);
        }
        reconnect(&mut roster, 0.0);
        roster.handle_event(joined(host, policy, &[]), 0.0, 0.0);
        assert_eq!(said(&mut roster), [], "{host} {policy:?} {unlocked}");
    }
}

#[test]
fn a_passphrase_is_said_again_and_the_one_that_we_set_ourselves_is_newer() {
    let given = passphrase("given");
    let mut roster = entered(true, &[]).with_passphrase(Some(given.clone()));
    assert_eq!(passphrase_of_rejoining(&mut roster), Some(given.clone()));
    roster.handle_event(joined(true, OPEN, &[]), 0.0, 0.0);
    let set = PolicyChange {
        passphrase: Some(Some(passphrase("set"))),
        ..PolicyChange::default()
    };
    roster.handle_host(HostMessage::SetPolicy(set));
    assert_eq!(
        passphrase_of_rejoining(&mut roster),
        Some(passphrase("set"))
    );
    let secret = Policy {
        passphrase: true,
        ..OPEN
    };
    roster.handle_event(joined(true, secret, &[]), 0.0, 0.0);
    roster.handle_event(Event::Policy(OPEN), 0.0, 0.0);
    assert_eq!(passphrase_of_rejoining(&mut roster), Some(given));
}
