//! The states of a connection, and their changes.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::{RtcPeerConnection, RtcSignalingState};

use super::PeerConnection;
use crate::negotiation::SignalingState;

/// The four states of a connection, as the standard spells them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionStates {
    pub signaling: String,
    pub ice_gathering: String,
    pub ice_connection: String,
    pub connection: String,
}

impl ConnectionStates {
    /// The states of a connection that was just made.
    pub fn initial() -> Self {
        Self::all("stable", "new", "new", "new")
    }

    fn all(signaling: &str, ice_gathering: &str, ice_connection: &str, connection: &str) -> Self {
        Self {
            signaling: signaling.to_owned(),
            ice_gathering: ice_gathering.to_owned(),
            ice_connection: ice_connection.to_owned(),
            connection: connection.to_owned(),
        }
    }
}

impl PeerConnection {
    /// Any of the four states changed.
    pub fn on_state_change(&self, f: impl Fn(ConnectionStates) + 'static) {
        let f = Rc::new(f);
        for event in STATE_EVENTS {
            let (f, connection) = (f.clone(), self.inner.clone());
            self.listen(event, move |_| f(states(&connection)));
        }
    }

    pub fn states(&self) -> ConnectionStates {
        states(&self.inner)
    }

    /// The signaling state as the negotiation sees it.
    pub fn signaling_state(&self) -> SignalingState {
        match self.inner.signaling_state() {
            RtcSignalingState::Stable => SignalingState::Stable,
            RtcSignalingState::HaveLocalOffer | RtcSignalingState::HaveRemotePranswer => {
                SignalingState::HaveLocalOffer
            }
            RtcSignalingState::HaveRemoteOffer | RtcSignalingState::HaveLocalPranswer => {
                SignalingState::HaveRemoteOffer
            }
            _ => SignalingState::Closed,
        }
    }

    pub(super) fn trace_states(&self) {
        for event in STATE_EVENTS {
            let (tracer, connection) = (self.tracer.clone(), self.inner.clone());
            self.listen(event, move |_| {
                let now = states(&connection);
                let (name, state) = match event {
                    "signalingstatechange" => ("signalingState", now.signaling),
                    "icegatheringstatechange" => ("iceGatheringState", now.ice_gathering),
                    "iceconnectionstatechange" => ("iceConnectionState", now.ice_connection),
                    _ => ("connectionState", now.connection),
                };
                tracer.state(name, state);
            });
        }
    }
}

const STATE_EVENTS: [&str; 4] = [
    "signalingstatechange",
    "icegatheringstatechange",
    "iceconnectionstatechange",
    "connectionstatechange",
];

fn states(connection: &RtcPeerConnection) -> ConnectionStates {
    let text = |key: &str| {
        js_sys::Reflect::get(connection, &JsValue::from_str(key))
            .ok()
            .and_then(|value| value.as_string())
            .unwrap_or_default()
    };
    ConnectionStates {
        signaling: text("signalingState"),
        ice_gathering: text("iceGatheringState"),
        ice_connection: text("iceConnectionState"),
        connection: text("connectionState"),
    }
}
