//! With whose certificates a connection is encrypted; what was negotiated is among its
//! [statistics](crate::statistics::security).

use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::PeerConnection;
use crate::states::DtlsTransportState;
use crate::verification::Evidence;

impl PeerConnection {
    /// What a verification code is made of, as the connection is now.
    pub fn evidence(&self) -> Evidence {
        let sdp = |key| property(&property(&self.inner, key), "sdp").as_string();
        Evidence {
            local_sdp: sdp("currentLocalDescription").unwrap_or_default(),
            remote_sdp: self.announced.borrow().join("\r\n"),
            presented: self.presented(),
        }
    }

    /// Notes which certificates a remote description announces. Not only the newest counts: a
    /// browser may pass over a fingerprint that is announced after the handshake.
    pub(super) fn note_announced(&self, sdp: &str) {
        let mut announced = self.announced.borrow_mut();
        for line in sdp
            .lines()
            .filter(|line| line.starts_with("a=fingerprint:"))
        {
            if !announced.iter().any(|known| known == line) {
                announced.push(line.to_owned());
            }
        }
    }

    /// The first certificate of each connected `RTCDtlsTransport`, which is that of the other end
    /// itself; `None` where the browser does not give it.
    fn presented(&self) -> Option<Vec<Vec<u8>>> {
        let mut transports: Vec<JsValue> = Vec::new();
        let mut note = |transport: JsValue| {
            let state = property(&transport, "state").as_string();
            let state = state.map(|word| DtlsTransportState::from(&*word));
            if state == Some(DtlsTransportState::Connected) && !transports.contains(&transport) {
                transports.push(transport);
            }
        };
        note(property(&property(&self.inner, "sctp"), "transport"));
        for sender in self.inner.get_senders().iter() {
            note(property(&sender, "transport"));
        }
        for receiver in self.inner.get_receivers().iter() {
            note(property(&receiver, "transport"));
        }
        let prototype = property(
            &property(&js_sys::global(), "RTCDtlsTransport"),
            "prototype",
        );
        property(&prototype, "getRemoteCertificates").dyn_ref::<Function>()?;
        let presented = transports.iter().filter_map(|transport| {
            let get = property(transport, "getRemoteCertificates");
            let all = get.dyn_ref::<Function>()?.call0(transport).ok()?;
            let first = all.dyn_ref::<Array>()?.get(0);
            first
                .is_object()
                .then(|| Uint8Array::new(&first).to_vec())
                .filter(|der| !der.is_empty())
        });
        Some(presented.collect())
    }
}

/// `undefined` where there is none, and of what is no object.
fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}
