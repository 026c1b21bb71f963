//! What a connection tells: each event as a call of its listener, and as an entry of the trace.

use std::rc::Rc;

use gloo_events::EventListener;
use signaling_protocol::IceCandidate;
use wasm_bindgen::JsCast;
use web_sys::{
    MediaStream, MediaStreamTrack, RtcDataChannelEvent, RtcPeerConnectionIceEvent, RtcTrackEvent,
};

use super::PeerConnection;
use crate::rtc::data_channel::DataChannel;
use crate::trace::{Payload, Private, Side, detail};

/// What a STUN or TURN server answered, or that it did not:
/// <https://www.w3.org/TR/webrtc/#rtcpeerconnectioniceerrorevent>
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GatheringError {
    pub(crate) url: String,
    /// As in STUN, 300 to 699; 701 where the server could not be reached.
    pub(crate) code: u16,
    pub(crate) text: String,
}

impl PeerConnection {
    /// `negotiationneeded`
    pub fn on_negotiation_needed(&self, mut f: impl FnMut() + 'static) {
        let tracer = self.tracer.clone();
        self.listen("negotiationneeded", move |_| {
            tracer.event("negotiationneeded", "");
            f();
        });
    }

    /// `icecandidate`; an empty candidate ends a generation. The `null` candidate, which only
    /// old code reads, is not passed on.
    pub(crate) fn on_ice_candidate(&self, mut f: impl FnMut(IceCandidate) + 'static) {
        let tracer = self.tracer.clone();
        self.listen("icecandidate", move |event| {
            let event = event.unchecked_ref::<RtcPeerConnectionIceEvent>();
            let Some(candidate) = event.candidate() else {
                return;
            };
            match serde_wasm_bindgen::from_value::<IceCandidate>(candidate.to_json().into()) {
                Ok(candidate) => {
                    let payload = Payload::Candidate {
                        side: Side::Local,
                        candidate: candidate.clone(),
                    };
                    tracer
                        .with(payload)
                        .event("icecandidate", Private::Candidate.of(&candidate.candidate));
                    f(candidate);
                }
                Err(error) => tracer.error("icecandidate", error.to_string()),
            }
        });
    }

    /// `icecandidateerror`: a server did not help.
    pub(crate) fn on_ice_candidate_error(&self, f: impl Fn(GatheringError) + 'static) {
        let tracer = self.tracer.clone();
        self.listen("icecandidateerror", move |event| {
            let field = |name: &str| js_sys::Reflect::get(event, &name.into()).unwrap_or_default();
            let error = GatheringError {
                url: field("url").as_string().unwrap_or_default(),
                code: field("errorCode").as_f64().unwrap_or_default() as u16,
                text: field("errorText").as_string().unwrap_or_default(),
            };
            tracer.event(
                "icecandidateerror",
                detail![
                    Private::Url.of(&error.url),
                    " ",
                    error.code,
                    " ",
                    error.text.clone()
                ],
            );
            f(error);
        });
    }

    /// `track`, with the id of the stream to which the sender says it belongs; empty for none.
    pub(crate) fn on_track(&self, mut f: impl FnMut(MediaStreamTrack, String) + 'static) {
        let tracer = self.tracer.clone();
        self.listen("track", move |event| {
            let event = event.unchecked_ref::<RtcTrackEvent>();
            let track = event.track();
            tracer.event("track", track.kind());
            let stream = event.streams().get(0);
            let stream = stream
                .dyn_into()
                .map_or_else(|_| String::new(), |stream: MediaStream| stream.id());
            f(track, stream);
        });
    }

    /// `mute` or `unmute` of a track that arrives.
    pub(crate) fn on_mute_change(&self, f: impl Fn() + 'static) {
        let f = Rc::new(f);
        let listeners = Rc::downgrade(&self.listeners);
        let tracer = self.tracer.clone();
        self.listen("track", move |event| {
            let track = event.unchecked_ref::<RtcTrackEvent>().track();
            let Some(listeners) = listeners.upgrade() else {
                return;
            };
            for change in ["mute", "unmute"] {
                let (f, tracer, kind) = (f.clone(), tracer.clone(), track.kind());
                let listener = EventListener::new(&track, change, move |_| {
                    tracer.event(change, kind.clone());
                    f();
                });
                listeners.borrow_mut().push(listener);
            }
        });
    }

    /// `datachannel`
    pub(crate) fn on_data_channel(&self, mut f: impl FnMut(DataChannel) + 'static) {
        let tracer = self.tracer.clone();
        self.listen("datachannel", move |event| {
            let channel = event.unchecked_ref::<RtcDataChannelEvent>().channel();
            let label = channel.label();
            let channel = DataChannel::new(channel, tracer.clone());
            tracer
                .with(channel.report().into())
                .event("datachannel", Private::Label.of(label));
            f(channel);
        });
    }
}
