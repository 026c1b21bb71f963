//! One `RTCPeerConnection`: how it is made and closed; its calls, events and states are below.
//!
//! Knows nothing of who offers and who answers; see [`crate::negotiation`].

mod channels;
mod descriptions;
mod events;
mod media;
pub(crate) mod security;
mod states;

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use serde::Serialize;
use signaling_protocol::IceServer;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{RtcBundlePolicy, RtcConfiguration, RtcIceTransportPolicy, RtcPeerConnection};

use super::dtls::DtlsWatch;
use super::live::Membership;
use super::senders::Senders;
use super::stats::Stats;
use super::sys::PeerConnectionExt;
use crate::error::JsError;
use crate::states::SignalingState;
use crate::statistics::Report;
use crate::trace::{Payload, Tracer, detail};

pub(crate) use crate::states::ConnectionStates;
pub(crate) use events::GatheringError;

/// A peer connection and its listeners; dropping it closes the connection.
pub struct PeerConnection {
    inner: RtcPeerConnection,
    senders: RefCell<Senders>,
    listeners: Rc<RefCell<Vec<EventListener>>>,
    _dtls: DtlsWatch,
    tracer: Tracer,
    stats: Rc<Stats>,
    membership: Membership,
    /// The fingerprints of all remote descriptions, see [`security`].
    announced: RefCell<Vec<String>>,
}

/// Which candidates may be used
/// (<https://www.w3.org/TR/webrtc/#rtcicetransportpolicy-enum>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IceTransportPolicy {
    All,
    /// Those of TURN servers only: the other end learns no address of this one.
    Relay,
}

impl PeerConnection {
    /// Fails with `SyntaxError` or `InvalidAccessError` when a server's URL or credentials are
    /// not acceptable.
    pub fn new(ice_servers: &[IceServer], tracer: Tracer) -> Result<Self, JsError> {
        Self::with_policy(ice_servers, IceTransportPolicy::All, tracer)
    }

    /// As [`PeerConnection::new`].
    pub(crate) fn with_policy(
        ice_servers: &[IceServer],
        policy: IceTransportPolicy,
        tracer: Tracer,
    ) -> Result<Self, JsError> {
        let configuration = RtcConfiguration::new();
        if policy == IceTransportPolicy::Relay {
            configuration.set_ice_transport_policy(RtcIceTransportPolicy::Relay);
        }
        configuration.set_ice_servers(&to_js(ice_servers)?);
        // Both ends are ours and bundle everything: candidates are needed for one transport only.
        configuration.set_bundle_policy(RtcBundlePolicy::MaxBundle);
        let inner = RtcPeerConnection::new_with_configuration(&configuration)?;
        let tracer = tracer.for_connection();
        tracer.with(described(ice_servers, policy)).call(
            "new RTCPeerConnection",
            detail![ice_servers.len(), " ICE servers"],
        );
        let stats = Rc::new(Stats::new(&inner, &tracer));
        let connection = Self {
            _dtls: DtlsWatch::new(&inner, &tracer),
            membership: Membership::join(&stats, &tracer),
            stats,
            inner,
            senders: RefCell::default(),
            listeners: Rc::default(),
            announced: RefCell::default(),
            tracer,
        };
        connection.trace_states();
        Ok(connection)
    }

    /// What reports about this connection.
    pub fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    /// `getStats()`; a failure is traced once, until a report comes again.
    pub async fn stats(&self) -> Result<Report, JsError> {
        self.stats.report().await
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

    #[track_caller]
    fn told<T>(&self, what: &'static str, result: Result<T, JsError>) -> Result<(), JsError> {
        if let Err(error) = &result {
            self.tracer.error(what, error);
        }
        result.map(|_| ())
    }
}

impl Drop for PeerConnection {
    fn drop(&mut self) {
        self.close();
    }
}

/// The configuration without its secrets: a trace is shown, and may be given away.
fn described(ice_servers: &[IceServer], policy: IceTransportPolicy) -> Payload {
    let urls = ice_servers
        .iter()
        .map(|server| serde_json::json!({ "urls": server.urls }));
    let mut value = serde_json::json!({
        "bundlePolicy": "max-bundle",
        "iceServers": urls.collect::<Vec<_>>(),
    });
    if policy == IceTransportPolicy::Relay {
        value["iceTransportPolicy"] = "relay".into();
    }
    Payload::Value { value }
}

/// A W3C dictionary: plain object, absent fields left out.
fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsError> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    Ok(value.serialize(&serializer)?)
}
