//! The state of the call in words.

use leptos::prelude::*;
use signaling_protocol::LeaveReason;

use crate::call::roster::Phase;
use crate::call::{CallView, PeerView};
use crate::hooks::CallHook;

/// One or two sentences; reactive.
pub(super) fn status_text(call: CallHook) -> String {
    let address = call.server.get_value().unwrap_or_default();
    call.view.with(|view| match view {
        None => "You are not in a room.".to_owned(),
        Some(view) => describe(view, &address),
    })
}

fn describe(view: &CallView, address: &str) -> String {
    match &view.phase {
        Phase::Connecting => format!("Connecting to the server at {address}."),
        Phase::Unreachable {
            reason,
            retry_in_ms,
        } => {
            let seconds = f64::from(*retry_in_ms) / 1000.0;
            let meanwhile = meanwhile(view);
            format!(
                "The server at {address} cannot be reached: {reason}. Trying again in {seconds:.1} seconds.{meanwhile}"
            )
        }
        Phase::TurnedAway { error, retry_in_ms } => {
            let seconds = f64::from(*retry_in_ms) / 1000.0;
            let meanwhile = meanwhile(view);
            format!(
                "The server is back, but answers: {}. Trying again in {seconds:.1} seconds.{meanwhile}",
                error.message.trim_end_matches('.')
            )
        }
        Phase::Joining => "Asking to be let into the room.".to_owned(),
        Phase::InRoom { created } => in_room(view, *created),
        Phase::Refused(_) => "You are not in the room.".to_owned(),
        Phase::Left => "You left the room.".to_owned(),
    }
}

fn meanwhile(view: &CallView) -> &'static str {
    let connected = |peer: &PeerView| peer.states.connection == "connected";
    if view.peers.iter().any(connected) {
        " Your call goes on meanwhile."
    } else {
        ""
    }
}

fn in_room(view: &CallView, created: bool) -> String {
    let Some(peer) = view.peers.first() else {
        let why = match view.departed.as_ref().map(|d| d.reason) {
            Some(LeaveReason::Left) => "The other person left.",
            Some(LeaveReason::Disconnected) => "The other person’s connection was lost.",
            Some(LeaveReason::Removed) => "The server ended the other person’s connection.",
            None if created => "The room is yours.",
            None => "Nobody else is here.",
        };
        return format!("{why} Waiting for somebody to come.");
    };
    let text = match peer.states.connection.as_str() {
        "connected" => "You are connected.",
        "disconnected" => {
            "The way to the other person is interrupted; the browser looks for another."
        }
        "failed" => {
            "No way to the other person was found. A TURN server would help; hang up and join again to try once more."
        }
        _ => "Somebody is here. Connecting.",
    };
    text.to_owned()
}

/// The connection state to the other person, empty while nobody is there; reactive.
pub(super) fn peer_state(call: CallHook) -> String {
    call.view.with(|view| {
        let peer = view.as_ref().and_then(|view| view.peers.first());
        peer.map_or_else(String::new, |peer| peer.states.connection.clone())
    })
}
