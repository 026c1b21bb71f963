//! The machines as tables.

use super::{Machine, State, Transition};

const LEFT: f64 = 72.0;
const MIDDLE: f64 = 260.0;
const RIGHT: f64 = 448.0;
const TOP: f64 = 28.0;
const CENTRE: f64 = 115.0;
const BOTTOM: f64 = 202.0;

const fn at(name: &'static str, x: f64, y: f64) -> State {
    State { name, x, y }
}

const fn way(from: &'static str, to: &'static str, by: &'static str) -> Transition {
    Transition { from, to, by }
}

pub(super) fn states(machine: Machine) -> &'static [State] {
    match machine {
        Machine::Signaling => &SIGNALING,
        Machine::IceGathering => &GATHERING,
        Machine::IceConnection => &ICE,
        Machine::DtlsTransport => &DTLS,
        Machine::Connection => &CONNECTION,
    }
}

pub(super) fn transitions(machine: Machine) -> &'static [Transition] {
    match machine {
        Machine::Signaling => &SIGNALING_WAYS,
        Machine::IceGathering => &GATHERING_WAYS,
        Machine::IceConnection => &ICE_WAYS,
        Machine::DtlsTransport => &DTLS_WAYS,
        Machine::Connection => &CONNECTION_WAYS,
    }
}

const SIGNALING: [State; 6] = [
    at("stable", MIDDLE, TOP),
    at("have-local-offer", LEFT, CENTRE),
    at("have-remote-offer", RIGHT, CENTRE),
    at("have-remote-pranswer", LEFT, BOTTOM),
    at("have-local-pranswer", RIGHT, BOTTOM),
    at("closed", MIDDLE, BOTTOM),
];

// A description of the same type again leads nowhere else and fires no event.
const SIGNALING_WAYS: [Transition; 8] = [
    way("stable", "have-local-offer", "setLocalDescription(offer)"),
    way(
        "have-local-offer",
        "stable",
        "setRemoteDescription(answer) or rollback",
    ),
    way(
        "have-local-offer",
        "have-remote-pranswer",
        "setRemoteDescription(pranswer)",
    ),
    way(
        "have-remote-pranswer",
        "stable",
        "setRemoteDescription(answer)",
    ),
    way("stable", "have-remote-offer", "setRemoteDescription(offer)"),
    way(
        "have-remote-offer",
        "stable",
        "setLocalDescription(answer) or rollback",
    ),
    way(
        "have-remote-offer",
        "have-local-pranswer",
        "setLocalDescription(pranswer)",
    ),
    way(
        "have-local-pranswer",
        "stable",
        "setLocalDescription(answer)",
    ),
];

const GATHERING: [State; 3] = [
    at("new", LEFT, CENTRE),
    at("gathering", MIDDLE, CENTRE),
    at("complete", RIGHT, CENTRE),
];

const GATHERING_WAYS: [Transition; 5] = [
    way("new", "gathering", "a local description"),
    way("gathering", "complete", "no more candidates"),
    way("complete", "gathering", "ICE restart, or a new transport"),
    way("gathering", "new", "rollback: no transport is left"),
    way("complete", "new", "rollback: no transport is left"),
];

const ICE: [State; 7] = [
    at("new", LEFT, TOP),
    at("checking", LEFT, CENTRE),
    at("connected", MIDDLE, TOP),
    at("completed", RIGHT, TOP),
    at("disconnected", RIGHT, CENTRE),
    at("failed", MIDDLE, BOTTOM),
    at("closed", RIGHT, BOTTOM),
];

const ICE_WAYS: [Transition; 17] = [
    way("new", "checking", "remote candidates"),
    way("new", "failed", "nothing to check"),
    way("checking", "connected", "a pair works"),
    way("checking", "completed", "the last pair works"),
    way("checking", "failed", "no pair works"),
    way("checking", "disconnected", "no pair works so far"),
    way("connected", "completed", "all checks are done"),
    way("connected", "disconnected", "no answer for a while"),
    way("completed", "disconnected", "no answer for a while"),
    way("completed", "failed", "consent is gone"),
    way("completed", "connected", "ICE restart"),
    way("connected", "checking", "ICE restart, or a new transport"),
    way("disconnected", "connected", "answers again"),
    way("disconnected", "completed", "answers again"),
    way("disconnected", "checking", "ICE restart"),
    way("disconnected", "failed", "no answer for long"),
    way("failed", "checking", "ICE restart"),
];

const DTLS: [State; 5] = [
    at("new", LEFT, TOP),
    at("connecting", MIDDLE, TOP),
    at("connected", RIGHT, TOP),
    at("failed", MIDDLE, BOTTOM),
    at("closed", RIGHT, BOTTOM),
];

const DTLS_WAYS: [Transition; 6] = [
    way("new", "connecting", "the handshake begins"),
    way("connecting", "connected", "the fingerprint fits"),
    way("connecting", "failed", "an alert, or a wrong fingerprint"),
    way("new", "failed", "an error"),
    way("connected", "failed", "an alert"),
    way("connected", "closed", "close_notify"),
];

const CONNECTION: [State; 6] = [
    at("new", LEFT, TOP),
    at("connecting", MIDDLE, TOP),
    at("connected", RIGHT, TOP),
    at("disconnected", RIGHT, CENTRE),
    at("failed", MIDDLE, BOTTOM),
    at("closed", RIGHT, BOTTOM),
];

const CONNECTION_WAYS: [Transition; 12] = [
    way("new", "connecting", "ICE or DTLS begins"),
    way("new", "failed", "ICE failed"),
    way("connecting", "connected", "ICE and DTLS are up"),
    way("connecting", "failed", "ICE or DTLS failed"),
    way("connecting", "disconnected", "ICE has no answer"),
    way("connected", "connecting", "ICE restart, or a new transport"),
    way("connected", "disconnected", "ICE has no answer"),
    way("connected", "failed", "ICE or DTLS failed"),
    way("disconnected", "connected", "ICE answers again"),
    way("disconnected", "connecting", "ICE restart"),
    way("disconnected", "failed", "ICE gave up"),
    way("failed", "connecting", "ICE restart, if ICE failed"),
];
