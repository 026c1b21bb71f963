//! The state of a connection's DTLS transport, for the trace.
//!
//! The transport is there only after the first description, and no event of the connection tells
//! of it; so each change of the signaling state is an occasion to look.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{EventTarget, RtcPeerConnection, RtcRtpSender};

use super::sys::PeerConnectionExt;
use crate::trace::Tracer;

/// Reports the state of the DTLS transport whenever it changes, until dropped.
pub(super) struct DtlsWatch {
    _look: [EventListener; 2],
}

/// The transport that is listened to.
struct Watched {
    transport: EventTarget,
    _listener: EventListener,
}

impl DtlsWatch {
    pub(super) fn new(connection: &RtcPeerConnection, tracer: &Tracer) -> Self {
        let watched = Rc::new(RefCell::new(None));
        let look = ["signalingstatechange", "connectionstatechange"].map(|event| {
            let (watched, tracer) = (watched.clone(), tracer.clone());
            let connection: RtcPeerConnection = Clone::clone(connection);
            EventListener::new(&Clone::clone(&connection), event, move |_| {
                look(&connection, &watched, &tracer);
            })
        });
        Self { _look: look }
    }
}

fn look(connection: &RtcPeerConnection, watched: &RefCell<Option<Watched>>, tracer: &Tracer) {
    let Some(transport) = transport_of(connection) else {
        return;
    };
    let known = watched.borrow();
    if known.as_ref().is_some_and(|w| w.transport == transport) {
        return;
    }
    drop(known);
    report(&transport, tracer);
    let listener = {
        let tracer = tracer.clone();
        let changed: EventTarget = Clone::clone(&transport);
        EventListener::new(&transport, "statechange", move |_| {
            report(&changed, &tracer)
        })
    };
    // This is never the callback of the listener that it takes the place of.
    *watched.borrow_mut() = Some(Watched {
        transport,
        _listener: listener,
    });
}

fn report(transport: &EventTarget, tracer: &Tracer) {
    if let Some(state) = get(transport, "state").and_then(|state| state.as_string()) {
        tracer.state("RTCDtlsTransport.state", state);
    }
}

/// With one bundle there is one transport, which every sender and the data channels share.
fn transport_of(connection: &RtcPeerConnection) -> Option<EventTarget> {
    let sctp = connection.unchecked_ref::<PeerConnectionExt>().sctp();
    let of_channels = object(sctp).and_then(|sctp| get(&sctp, "transport"));
    let of_sender = |sender: JsValue| {
        let sender: RtcRtpSender = sender.unchecked_into();
        get(&sender, "transport")
    };
    of_channels
        .or_else(|| connection.get_senders().iter().find_map(of_sender))
        .or_else(|| connection.get_receivers().iter().find_map(of_sender))
        .map(JsCast::unchecked_into)
}

/// An attribute that is neither missing, as in old browsers, nor `null`.
fn get(object: &JsValue, key: &str) -> Option<JsValue> {
    let value = Reflect::get(object, &JsValue::from_str(key)).ok()?;
    (!value.is_null() && !value.is_undefined()).then_some(value)
}

fn object(value: JsValue) -> Option<JsValue> {
    value.is_object().then_some(value)
}
