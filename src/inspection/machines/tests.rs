use std::collections::HashSet;

use super::*;

fn ways(machine: Machine) -> HashSet<(&'static str, &'static str)> {
    let ways = machine.transitions().iter();
    ways.map(|way| (way.from, way.to)).collect()
}

#[test]
fn every_transition_joins_two_states_and_is_listed_once() {
    for machine in Machine::ALL {
        for way in machine.transitions() {
            assert!(machine.state(way.from).is_some(), "{machine:?} {way:?}");
            assert!(machine.state(way.to).is_some(), "{machine:?} {way:?}");
        }
        let joined = machine.transitions().len();
        let distinct: HashSet<_> = machine
            .transitions()
            .iter()
            .map(|way| (way.from, way.to, way.by))
            .collect();
        assert_eq!(distinct.len(), joined, "{machine:?}");
    }
}

#[test]
fn every_state_can_be_reached_from_the_first() {
    for machine in Machine::ALL {
        let first = machine.initial().unwrap_or("new");
        let mut reached = HashSet::from([first]);
        loop {
            let next: Vec<_> = machine
                .states()
                .iter()
                .map(|state| state.name)
                .filter(|to| reached.iter().any(|from| machine.knows(from, to)))
                .filter(|to| !reached.contains(to))
                .collect();
            if next.is_empty() {
                break;
            }
            reached.extend(next);
        }
        assert_eq!(reached.len(), machine.states().len(), "{machine:?}");
    }
}

/// <https://www.w3.org/TR/webrtc/#rtcsignalingstate-enum>, the figure.
#[test]
fn the_signaling_machine_is_that_of_the_standard() {
    assert_eq!(
        ways(Machine::Signaling),
        HashSet::from([
            ("stable", "have-local-offer"),
            ("have-local-offer", "stable"),
            ("have-local-offer", "have-remote-pranswer"),
            ("have-remote-pranswer", "stable"),
            ("stable", "have-remote-offer"),
            ("have-remote-offer", "stable"),
            ("have-remote-offer", "have-local-pranswer"),
            ("have-local-pranswer", "stable"),
        ])
    );
    for state in Machine::Signaling.states() {
        assert!(Machine::Signaling.knows(state.name, "closed"));
    }
}

/// <https://www.w3.org/TR/webrtc/#rtcicetransportstate>: its text, its figure and its list of
/// transitions, which also hold for the connection while it has one transport.
#[test]
fn the_ice_machine_is_that_of_the_standard() {
    assert_eq!(
        ways(Machine::IceConnection),
        HashSet::from([
            ("new", "checking"),
            ("new", "failed"),
            ("checking", "connected"),
            ("checking", "completed"),
            ("checking", "failed"),
            ("checking", "disconnected"),
            ("connected", "completed"),
            ("connected", "disconnected"),
            ("connected", "checking"),
            ("completed", "disconnected"),
            ("completed", "connected"),
            ("completed", "failed"),
            ("disconnected", "connected"),
            ("disconnected", "completed"),
            ("disconnected", "checking"),
            ("disconnected", "failed"),
            ("failed", "checking"),
        ])
    );
    assert!(!Machine::IceConnection.knows("closed", "new"));
}

/// What the standard says in <https://www.w3.org/TR/webrtc/#rtcpeerconnectionstate-enum> of a
/// connection with one transport.
fn connection(ice: &str, dtls: &str) -> &'static str {
    match (ice, dtls) {
        ("closed", _) => "closed",
        ("failed", _) | (_, "failed") => "failed",
        ("disconnected", _) => "disconnected",
        ("new", "new" | "closed") => "new",
        ("connected" | "completed", "connected" | "closed") => "connected",
        _ => "connecting",
    }
}

#[test]
fn the_connection_goes_where_ice_and_dtls_lead() {
    let (ice, dtls) = (Machine::IceConnection, Machine::DtlsTransport);
    let mut ways = HashSet::new();
    let mut seen = HashSet::from([("new", "new")]);
    let mut next = vec![("new", "new")];
    while let Some((on, secured)) = next.pop() {
        let by_ice = ice.transitions().iter().filter(|way| way.from == on);
        // Nothing of DTLS goes through before ICE has a way, and what is closed stays so.
        let has_way = matches!(on, "connected" | "completed");
        let by_dtls = dtls
            .transitions()
            .iter()
            .filter(|way| has_way && way.from == secured && secured != "closed");
        let both = by_ice
            .map(|way| (way.to, secured))
            .chain(by_dtls.map(|way| (on, way.to)));
        for (to_ice, to_dtls) in both {
            let (from, to) = (connection(on, secured), connection(to_ice, to_dtls));
            if from != to {
                ways.insert((from, to));
            }
            if seen.insert((to_ice, to_dtls)) {
                next.push((to_ice, to_dtls));
            }
        }
    }
    let drawn = self::ways(Machine::Connection);
    let missing: Vec<_> = ways.difference(&drawn).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let invented: Vec<_> = drawn.difference(&ways).collect();
    assert!(invented.is_empty(), "{invented:?}");
}

#[test]
fn no_two_boxes_overlap_and_all_are_inside() {
    let (width, height) = Machine::BOX;
    for machine in Machine::ALL {
        let states = machine.states();
        for (index, one) in states.iter().enumerate() {
            assert!(one.x >= width / 2.0 && one.x <= Machine::SIZE.0 - width / 2.0);
            assert!(one.y >= height / 2.0 && one.y <= Machine::SIZE.1 - height / 2.0);
            for other in &states[..index] {
                let apart = (one.x - other.x).abs() > width || (one.y - other.y).abs() > height;
                assert!(apart, "{machine:?}: {} and {}", one.name, other.name);
            }
        }
    }
}

#[test]
fn a_line_runs_between_the_boxes() {
    let state = |x, y| State { name: "", x, y };
    let [start, end] = line(&state(100.0, 20.0), &state(100.0, 120.0));
    assert_eq!((start.1, end.1), (37.0, 100.0));
    let back = line(&state(100.0, 120.0), &state(100.0, 20.0));
    assert_ne!(start.0, back[0].0, "they would lie on each other");
    // Not that it happens.
    assert!(
        line(&state(1.0, 1.0), &state(1.0, 1.0))
            .iter()
            .all(|p| p.0.is_finite())
    );
}

#[test]
fn what_is_drawn_are_the_states_of_the_standard() {
    use crate::states::{
        ConnectionState, DtlsTransportState, IceConnectionState, IceGatheringState, SignalingState,
    };

    fn check<T: Copy>(machine: Machine, all: &[T], as_str: fn(T) -> &'static str) {
        let drawn: HashSet<_> = machine.states().iter().map(|state| state.name).collect();
        let standard = all.iter().map(|state| as_str(*state)).collect();
        assert_eq!(drawn, standard, "{machine:?}");
    }
    check(
        Machine::Signaling,
        SignalingState::ALL,
        SignalingState::as_str,
    );
    check(
        Machine::IceGathering,
        IceGatheringState::ALL,
        IceGatheringState::as_str,
    );
    check(
        Machine::IceConnection,
        IceConnectionState::ALL,
        IceConnectionState::as_str,
    );
    check(
        Machine::DtlsTransport,
        DtlsTransportState::ALL,
        DtlsTransportState::as_str,
    );
    check(
        Machine::Connection,
        ConnectionState::ALL,
        ConnectionState::as_str,
    );
}
