//! The machines as tables, from W3C's “WebRTC: Real-Time Communication in Browsers”
//! (<https://www.w3.org/TR/webrtc/>). Where a state of the connection is made of those of all its
//! transports, the ways are those of the one transport that a bundle has.

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

/// §4.3.1, the figure, and §4.4.2, setRemoteDescription(): an offer that comes in
/// “have-local-offer” rolls back first, with an event. There is no rollback of a provisional
/// answer. A description of the same type again leads nowhere else and fires no event.
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

/// §4.3.2: “new” also where there is no transport. A transport that gathered all gathers again after
/// an ICE restart (§5.6.3, RTCIceGathererState).
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

/// §4.3.4, and §5.6.4 with its figure and its list of transitions. A restart leaves “connected” as it
/// is: what works goes on until there is something new. It goes back to “checking” when consent is
/// lost and other pairs are left, and so it does when signaling adds a transport.
const ICE_WAYS: [Transition; 17] = [
    way("new", "checking", "remote candidates"),
    way("new", "failed", "nothing to check"),
    way("checking", "connected", "a pair works"),
    way("checking", "completed", "the last pair works"),
    way("checking", "failed", "no pair works"),
    way("checking", "disconnected", "no pair works so far"),
    way("connected", "completed", "all checks are done"),
    way("connected", "disconnected", "no answer for a while"),
    way(
        "connected",
        "checking",
        "no answer, but other pairs are left; or a new transport",
    ),
    way("completed", "disconnected", "no answer for a while"),
    way("completed", "connected", "ICE restart"),
    way("completed", "failed", "no answer from any pair"),
    way("disconnected", "connected", "answers again"),
    way("disconnected", "completed", "answers again"),
    way("disconnected", "checking", "ICE restart, or new candidates"),
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

/// §5.5.1. A transport that is closed stays closed; but a rollback takes the first offer back with its
/// transport, and the next offer has another.
const DTLS_WAYS: [Transition; 7] = [
    way("new", "connecting", "the handshake begins"),
    way("connecting", "connected", "the fingerprint fits"),
    way("connecting", "failed", "an alert, or a wrong fingerprint"),
    way("new", "failed", "an error"),
    way("connected", "failed", "an alert"),
    way("connected", "closed", "close_notify"),
    way("closed", "new", "another transport, after a rollback"),
];

const CONNECTION: [State; 6] = [
    at("new", LEFT, TOP),
    at("connecting", MIDDLE, TOP),
    at("connected", RIGHT, TOP),
    at("disconnected", RIGHT, CENTRE),
    at("failed", MIDDLE, BOTTOM),
    at("closed", RIGHT, BOTTOM),
];

/// §4.3.3: “failed” and “disconnected” before all else, then “new”, then “connected” where both are;
/// all the rest is “connecting”. An ICE restart changes nothing while the old way works.
const CONNECTION_WAYS: [Transition; 12] = [
    way("new", "connecting", "ICE or DTLS begins"),
    way("new", "failed", "ICE failed"),
    way("connecting", "connected", "ICE and DTLS are up"),
    way("connecting", "failed", "ICE or DTLS failed"),
    way("connecting", "disconnected", "ICE has no answer"),
    way(
        "connected",
        "connecting",
        "ICE checks again, or a new transport",
    ),
    way("connected", "disconnected", "ICE has no answer"),
    way("connected", "failed", "ICE or DTLS failed"),
    way("disconnected", "connected", "ICE answers again"),
    way(
        "disconnected",
        "connecting",
        "ICE restart, or new candidates",
    ),
    way("disconnected", "failed", "ICE gave up"),
    way("failed", "connecting", "ICE restart, if ICE failed"),
];
