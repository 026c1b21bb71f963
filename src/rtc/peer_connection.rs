//! One `RTCPeerConnection`: its calls, its events, its states.
//!
//! Knows nothing of who offers and who answers; see [`crate::negotiation`].

pub mod security;

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use serde::{Deserialize, Serialize};
use signaling_protocol::{IceCandidate, IceServer, SdpType, SessionDescription};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    MediaStream, MediaStreamTrack, RtcBundlePolicy, RtcConfiguration, RtcDataChannelEvent,
    RtcPeerConnection, RtcPeerConnectionIceEvent, RtcSessionDescription, RtcSignalingState,
    RtcTrackEvent,
};

use super::data_channel::{DataChannel, DataChannelOptions};
use super::dtls::DtlsWatch;
use super::live::Membership;
use super::senders::{Outgoing, Senders};
use super::settled;
use super::stats::{self, Stat};
use super::sys::{PeerConnectionExt, ReceiverExt};
use crate::error::JsError;
use crate::negotiation::SignalingState;
use crate::trace::{Payload, Side, Tracer};

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

/// What a STUN or TURN server answered, or that it did not:
/// <https://www.w3.org/TR/webrtc/#rtcpeerconnectioniceerrorevent>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatheringError {
    pub url: String,
    /// As in STUN, 300 to 699; 701 where the server could not be reached.
    pub code: u16,
    pub text: String,
}

/// A peer connection and its listeners; dropping it closes the connection.
pub struct PeerConnection {
    inner: RtcPeerConnection,
    senders: RefCell<Senders>,
    listeners: Rc<RefCell<Vec<EventListener>>>,
    _dtls: DtlsWatch,
    tracer: Tracer,
    membership: Membership,
    /// The fingerprints of all remote descriptions, see [`security`].
    announced: RefCell<Vec<String>>,
}

impl PeerConnection {
    /// Fails with `SyntaxError` or `InvalidAccessError` when a server's URL or credentials are
    /// not acceptable.
    pub fn new(ice_servers: &[IceServer], tracer: Tracer) -> Result<Self, JsError> {
        let configuration = RtcConfiguration::new();
        configuration.set_ice_servers(&to_js(ice_servers)?);
        // Both ends are ours and bundle everything: candidates are needed for one transport only.
        configuration.set_bundle_policy(RtcBundlePolicy::MaxBundle);
        let inner = RtcPeerConnection::new_with_configuration(&configuration)?;
        let tracer = tracer.for_connection();
        tracer.with(described(ice_servers)).call(
            "new RTCPeerConnection",
            format!("{} ICE servers", ice_servers.len()),
        );
        let connection = Self {
            _dtls: DtlsWatch::new(&inner, &tracer),
            membership: Membership::join(&inner, &tracer),
            inner,
            senders: RefCell::default(),
            listeners: Rc::default(),
            announced: RefCell::default(),
            tracer,
        };
        connection.trace_states();
        Ok(connection)
    }

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
    pub fn on_ice_candidate(&self, mut f: impl FnMut(IceCandidate) + 'static) {
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
                        .event("icecandidate", candidate.candidate.clone());
                    f(candidate);
                }
                Err(error) => tracer.error("icecandidate", error.to_string()),
            }
        });
    }

    /// `icecandidateerror`: a server did not help.
    pub fn on_ice_candidate_error(&self, f: impl Fn(GatheringError) + 'static) {
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
                format!("{} {} {}", error.url, error.code, error.text),
            );
            f(error);
        });
    }

    /// `track`, with the id of the stream to which the sender says it belongs; empty for none.
    pub fn on_track(&self, mut f: impl FnMut(MediaStreamTrack, String) + 'static) {
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
    pub fn on_mute_change(&self, f: impl Fn() + 'static) {
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
    pub fn on_data_channel(&self, mut f: impl FnMut(DataChannel) + 'static) {
        let tracer = self.tracer.clone();
        self.listen("datachannel", move |event| {
            let channel = event.unchecked_ref::<RtcDataChannelEvent>().channel();
            let label = channel.label();
            let channel = DataChannel::new(channel, tracer.clone());
            tracer
                .with(channel.report().into())
                .event("datachannel", label);
            f(channel);
        });
    }

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

    /// `setLocalDescription()` without a description: the browser makes the offer or the answer
    /// that its state asks for. Returns what it made.
    pub async fn set_local_description(&self) -> Result<SessionDescription, JsError> {
        let kind = match self.signaling_state() {
            SignalingState::HaveRemoteOffer => SdpType::Answer,
            _ => SdpType::Offer,
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

    pub async fn set_remote_description(
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
    pub async fn add_ice_candidate(&self, candidate: &IceCandidate) -> Result<(), JsError> {
        let payload = Payload::Candidate {
            side: Side::Remote,
            candidate: candidate.clone(),
        };
        self.tracer
            .with(payload)
            .call("addIceCandidate", candidate.candidate.clone());
        settled(self.ext().add_ice_candidate(&to_js(candidate)?)).await?;
        Ok(())
    }

    pub fn add_track(&self, track: &MediaStreamTrack, stream: &MediaStream) -> Result<(), JsError> {
        self.tracer.call("addTrack", track.kind());
        let result = self.ext().add_track(track, stream);
        self.told("addTrack", result.map_err(JsError::from))
    }

    /// Sends `outgoing` from now on. Whatever takes the place of something of its own kind needs no
    /// new negotiation; nor does what stops and begins again. The promises are those of
    /// `replaceTrack`, to be awaited for their errors.
    pub fn send(&self, outgoing: &Outgoing) -> Result<Vec<js_sys::Promise>, JsError> {
        self.senders
            .borrow_mut()
            .apply(self.ext(), outgoing, &self.tracer)
    }

    /// `maxBitrate` of each picture that is sent, in kbit/s; promises as for [`Self::send`].
    pub fn limit_video(&self, kbps: u32) -> Vec<js_sys::Promise> {
        self.senders.borrow().limit_video(kbps, &self.tracer)
    }

    /// The level of the sound that arrives: 0 is silence, 1 the loudest; `None` while there is
    /// none.
    pub fn audio_level(&self) -> Option<f64> {
        let receivers = self.inner.get_receivers();
        let levels = receivers.iter().filter_map(|receiver| {
            let receiver: ReceiverExt = receiver.unchecked_into();
            let sources = receiver.get_synchronization_sources().ok()?;
            let level = |source: JsValue| {
                js_sys::Reflect::get(&source, &JsValue::from_str("audioLevel"))
                    .ok()?
                    .as_f64()
            };
            sources.iter().filter_map(level).reduce(f64::max)
        });
        levels.reduce(f64::max)
    }

    /// `restartIce()`: the next offer looks for a new way; `negotiationneeded` follows.
    pub fn restart_ice(&self) {
        self.tracer.call("restartIce", "");
        if let Err(error) = self.ext().restart_ice() {
            self.tracer
                .error("restartIce", JsError::from(error).to_string());
        }
    }

    /// Fails with `TypeError` when the options contradict each other, with `OperationError` when
    /// there is no free id.
    pub fn create_data_channel(
        &self,
        label: &str,
        options: &DataChannelOptions,
    ) -> Result<DataChannel, JsError> {
        self.tracer
            .with(options.describe(label))
            .call("createDataChannel", label.to_owned());
        let result = self
            .ext()
            .create_data_channel(label, &options.to_js())
            .map_err(JsError::from);
        if let Err(error) = &result {
            self.tracer.error("createDataChannel", error.to_string());
        }
        Ok(DataChannel::new(result?, self.tracer.clone()))
    }

    /// `sctp.maxMessageSize` in bytes; `None` before a data channel was negotiated. Infinity,
    /// which the standard allows, is given as it is.
    pub fn max_message_size(&self) -> Option<f64> {
        let sctp = self.ext().sctp();
        if !sctp.is_object() {
            return None;
        }
        js_sys::Reflect::get(&sctp, &JsValue::from_str("maxMessageSize"))
            .ok()?
            .as_f64()
    }

    /// What reports about this connection.
    pub fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    /// `getStats()`
    pub async fn stats(&self) -> Result<Vec<Stat>, JsError> {
        let report = settled(Ok(self.inner.get_stats())).await?;
        Ok(stats::from_report(&report))
    }

    pub fn local_description(&self) -> Option<SessionDescription> {
        self.inner.local_description().and_then(|d| from_js(&d))
    }

    pub fn remote_description(&self) -> Option<SessionDescription> {
        self.inner.remote_description().and_then(|d| from_js(&d))
    }

    /// `close()`. No event follows and no promise of this connection settles any more. Must not
    /// be called from one of the connection's own listeners: it drops them.
    pub fn close(&self) {
        if self.signaling_state() == SignalingState::Closed {
            return;
        }
        self.listeners.borrow_mut().clear();
        self.inner.close();
        self.tracer.call("close", "");
        self.membership.leave();
    }

    fn ext(&self) -> &PeerConnectionExt {
        self.inner.unchecked_ref()
    }

    fn listen(&self, event: &'static str, f: impl FnMut(&web_sys::Event) + 'static) {
        let listener = EventListener::new(&self.inner, event, f);
        self.listeners.borrow_mut().push(listener);
    }

    fn trace_states(&self) {
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

    #[track_caller]
    fn told<T>(&self, what: &'static str, result: Result<T, JsError>) -> Result<(), JsError> {
        if let Err(error) = &result {
            self.tracer.error(what, error.to_string());
        }
        result.map(|_| ())
    }
}

impl Drop for PeerConnection {
    fn drop(&mut self) {
        self.close();
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

/// The configuration without its secrets: a trace is shown, and may be given away.
fn described(ice_servers: &[IceServer]) -> Payload {
    let urls = ice_servers
        .iter()
        .map(|server| serde_json::json!({ "urls": server.urls }));
    Payload::Value {
        value: serde_json::json!({
            "bundlePolicy": "max-bundle",
            "iceServers": urls.collect::<Vec<_>>(),
        }),
    }
}

/// A W3C dictionary: plain object, absent fields left out.
fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsError> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    Ok(value.serialize(&serializer)?)
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
