//! The states of a connection, and their changes.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::RtcPeerConnection;

use super::PeerConnection;
use crate::states::{ConnectionStates, SignalingState};

impl PeerConnection {
    /// Any of the four states changed.
    pub(crate) fn on_state_change(&self, f: impl Fn(ConnectionStates) + 'static) {
        let f = Rc::new(f);
        for (event, _) in STATE_EVENTS {
            let (f, connection) = (f.clone(), self.inner.clone());
            self.listen(event, move |_| f(states(&connection)));
        }
    }

    pub fn states(&self) -> ConnectionStates {
        states(&self.inner)
    }

    pub fn signaling_state(&self) -> SignalingState {
        SignalingState::from(&*word(&self.inner, "signalingState"))
    }

    pub(super) fn trace_states(&self) {
        for (event, attribute) in STATE_EVENTS {
            let (tracer, connection) = (self.tracer.clone(), self.inner.clone());
            // As the browser says it, also where it is a word that nothing here knows.
            self.listen(event, move |_| {
                tracer.state(attribute, word(&connection, attribute));
            });
        }
    }
}

/// Which event tells that which attribute changed.
const STATE_EVENTS: [(&str, &str); 4] = [
    ("signalingstatechange", "signalingState"),
    ("icegatheringstatechange", "iceGatheringState"),
    ("iceconnectionstatechange", "iceConnectionState"),
    ("connectionstatechange", "connectionState"),
];

fn states(connection: &RtcPeerConnection) -> ConnectionStates {
    let word = |attribute| word(connection, attribute);
    ConnectionStates {
        signaling: (&*word("signalingState")).into(),
        ice_gathering: (&*word("iceGatheringState")).into(),
        ice_connection: (&*word("iceConnectionState")).into(),
        connection: (&*word("connectionState")).into(),
    }
}

/// Empty where the browser does not have the attribute.
fn word(connection: &RtcPeerConnection, attribute: &str) -> String {
    js_sys::Reflect::get(connection, &JsValue::from_str(attribute))
        .ok()
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}
