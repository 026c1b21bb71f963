//! Offer and answer, and the candidates that follow them.

use serde::Deserialize;
use signaling_protocol::{IceCandidate, SdpType, SessionDescription};
use wasm_bindgen::JsValue;
use web_sys::RtcSessionDescription;

use super::{PeerConnection, to_js};
use crate::error::JsError;
use crate::rtc::settled;
use crate::trace::{Payload, Private, Side};

impl PeerConnection {
    /// `setLocalDescription()` without a description: the browser makes the offer or the answer
    /// that its state asks for. Returns what it made.
    pub(crate) async fn set_local_description(&self) -> Result<SessionDescription, JsError> {
        let kind = match self.signaling_state().owes_answer() {
            true => SdpType::Answer,
            false => SdpType::Offer,
        };
        self.tracer.call("setLocalDescription", kind.as_str());
        let result = settled(self.ext().set_local_description()).await;
        self.told("setLocalDescription", result)?;
        let description = self
            .local_description()
            .ok_or_else(|| JsError::new("InvalidStateError", "the connection was closed"))?;
        let payload = Payload::Description {
            side: Side::Local,
            description: description.clone(),
        };
        self.tracer
            .with(payload)
            .state("localDescription", description.kind.as_str());
        Ok(description)
    }

    pub(crate) async fn set_remote_description(
        &self,
        description: &SessionDescription,
    ) -> Result<(), JsError> {
        let payload = Payload::Description {
            side: Side::Remote,
            description: description.clone(),
        };
        self.tracer
            .with(payload)
            .call("setRemoteDescription", description.kind.as_str());
        let result = settled(self.ext().set_remote_description(&to_js(description)?)).await;
        self.told("setRemoteDescription", result)?;
        self.note_announced(&description.sdp);
        Ok(())
    }

    /// Errors are not traced here: that of a candidate of an ignored offer is expected, and
    /// only the negotiation knows.
    pub(crate) async fn add_ice_candidate(&self, candidate: &IceCandidate) -> Result<(), JsError> {
        let payload = Payload::Candidate {
            side: Side::Remote,
            candidate: candidate.clone(),
        };
        self.tracer.with(payload).call(
            "addIceCandidate",
            Private::Candidate.of(&candidate.candidate),
        );
        settled(self.ext().add_ice_candidate(&to_js(candidate)?)).await?;
        Ok(())
    }

    /// `restartIce()`: the next offer looks for a new path; `negotiationneeded` follows.
    pub fn restart_ice(&self) {
        self.tracer.call("restartIce", "");
        if let Err(error) = self.ext().restart_ice() {
            self.tracer.error("restartIce", &JsError::from(error));
        }
    }

    pub fn local_description(&self) -> Option<SessionDescription> {
        self.inner.local_description().and_then(|d| from_js(&d))
    }
}

fn from_js(description: &RtcSessionDescription) -> Option<SessionDescription> {
    #[derive(Deserialize)]
    struct Kind(SdpType);
    let kind = js_sys::Reflect::get(description, &JsValue::from_str("type")).ok()?;
    let Kind(kind) = serde_wasm_bindgen::from_value(kind).ok()?;
    Some(SessionDescription {
        kind,
        sdp: description.sdp(),
    })
}
