//! One `RTCDataChannel`: options, sending with backpressure, events.

use std::cell::RefCell;

use futures_channel::mpsc;
use futures_util::StreamExt;
use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, RtcDataChannel, RtcDataChannelInit, RtcDataChannelState};

use super::sys::DataChannelExt;
use crate::error::JsError;
use crate::trace::{Payload, Private, Tracer};

/// How much the channel tries for a message that was lost. The standard allows one of the two
/// limits, not both (<https://www.w3.org/TR/webrtc/#dom-peerconnection-createdatachannel>);
/// this type cannot hold both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reliability {
    /// Until it arrives.
    #[default]
    Reliable,
    /// At most so many retransmissions.
    MaxRetransmits(u16),
    /// At most so many milliseconds.
    MaxPacketLifeTime(u16),
}

/// `RTCDataChannelInit`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataChannelOptions {
    pub ordered: bool,
    pub reliability: Reliability,
    /// Both sides make the channel themselves, under this id, instead of one announcing it.
    pub negotiated_id: Option<u16>,
    /// The subprotocol; empty for none.
    pub protocol: String,
}

impl Default for DataChannelOptions {
    fn default() -> Self {
        Self {
            ordered: true,
            reliability: Reliability::Reliable,
            negotiated_id: None,
            protocol: String::new(),
        }
    }
}

impl DataChannelOptions {
    /// What `createDataChannel` was called with, for the trace.
    pub(super) fn describe(&self, label: &str) -> Payload {
        let mut options = serde_json::json!({ "ordered": self.ordered });
        match self.reliability {
            Reliability::Reliable => {}
            Reliability::MaxRetransmits(times) => options["maxRetransmits"] = times.into(),
            Reliability::MaxPacketLifeTime(ms) => options["maxPacketLifeTime"] = ms.into(),
        }
        if let Some(id) = self.negotiated_id {
            options["negotiated"] = true.into();
            options["id"] = id.into();
        }
        if !self.protocol.is_empty() {
            options["protocol"] = self.protocol.as_str().into();
        }
        Payload::Value {
            value: serde_json::json!({ "label": label, "options": options }),
        }
    }

    pub(super) fn to_js(&self) -> JsValue {
        let init = RtcDataChannelInit::new();
        init.set_ordered(self.ordered);
        match self.reliability {
            Reliability::Reliable => {}
            Reliability::MaxRetransmits(times) => init.set_max_retransmits(times),
            Reliability::MaxPacketLifeTime(ms) => init.set_max_packet_life_time(ms),
        }
        if let Some(id) = self.negotiated_id {
            init.set_negotiated(true);
            init.set_id(id);
        }
        init.set_protocol(&self.protocol);
        init.into()
    }
}

/// What a channel says about itself. The browser gives the id no later than on opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelReport {
    pub label: String,
    pub id: Option<u16>,
    pub ordered: bool,
    pub max_retransmits: Option<u16>,
    pub max_packet_life_time: Option<u16>,
    pub protocol: String,
    pub negotiated: bool,
}

impl From<ChannelReport> for Payload {
    fn from(report: ChannelReport) -> Self {
        Self::Value {
            value: serde_json::json!({
                "label": report.label,
                "id": report.id,
                "ordered": report.ordered,
                "maxRetransmits": report.max_retransmits,
                "maxPacketLifeTime": report.max_packet_life_time,
                "protocol": report.protocol,
                "negotiated": report.negotiated,
            }),
        }
    }
}

impl ChannelReport {
    /// Whether a message may be given up.
    pub fn is_lossy(&self) -> bool {
        self.max_retransmits.is_some() || self.max_packet_life_time.is_some()
    }
}

/// What arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    Text(String),
    Binary(Vec<u8>),
}

impl Message {
    /// Bytes on the channel; text counts as UTF-8.
    pub fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
        }
    }
}

/// A data channel and its listeners; dropping it closes the channel.
pub struct DataChannel {
    inner: RtcDataChannel,
    listeners: RefCell<Vec<EventListener>>,
    tracer: Tracer,
}

impl DataChannel {
    /// [`Self::send_when_room`] waits while more than this many bytes are queued.
    pub const HIGH_WATER_MARK: u32 = 4 * 1024 * 1024;
    /// … until no more than this many are.
    pub const LOW_WATER_MARK: u32 = 1024 * 1024;

    pub(super) fn new(inner: RtcDataChannel, tracer: Tracer) -> Self {
        inner.set_binary_type(web_sys::RtcDataChannelType::Arraybuffer);
        inner.set_buffered_amount_low_threshold(Self::LOW_WATER_MARK);
        let channel = Self {
            inner,
            listeners: RefCell::default(),
            tracer,
        };
        for event in ["open", "closing", "close"] {
            let (tracer, label) = (channel.tracer.clone(), channel.label());
            channel.listen(event, move |_| {
                tracer.event(event, Private::Label.of(&label))
            });
        }
        let tracer = channel.tracer.clone();
        channel.listen("error", move |event| {
            let error = js_sys::Reflect::get(event, &JsValue::from_str("error"));
            tracer.error("error", &JsError::from(error.unwrap_or_default()));
        });
        channel
    }

    pub fn label(&self) -> String {
        self.inner.label()
    }

    pub fn id(&self) -> Option<u16> {
        self.inner.id()
    }

    pub fn report(&self) -> ChannelReport {
        let ext: &DataChannelExt = self.inner.unchecked_ref();
        ChannelReport {
            label: self.label(),
            id: self.id(),
            ordered: ext.ordered(),
            max_retransmits: self.inner.max_retransmits(),
            max_packet_life_time: self.inner.max_packet_life_time(),
            protocol: ext.protocol(),
            negotiated: ext.negotiated(),
        }
    }

    pub fn is_open(&self) -> bool {
        self.inner.ready_state() == RtcDataChannelState::Open
    }

    /// `connecting`, `open`, `closing` or `closed`
    pub fn ready_state(&self) -> &'static str {
        match self.inner.ready_state() {
            RtcDataChannelState::Connecting => "connecting",
            RtcDataChannelState::Open => "open",
            RtcDataChannelState::Closing => "closing",
            _ => "closed",
        }
    }

    /// Bytes accepted by `send` and not yet handed to the network.
    pub fn buffered_amount(&self) -> u32 {
        self.inner.buffered_amount()
    }

    /// `open`, `closing`, `close`: the ready state changed.
    pub fn on_state_change(&self, f: impl Fn(&'static str) + 'static) {
        let f = std::rc::Rc::new(f);
        for (event, state) in [
            ("open", "open"),
            ("closing", "closing"),
            ("close", "closed"),
        ] {
            let f = f.clone();
            self.listen(event, move |_| f(state));
        }
    }

    pub fn on_message(&self, mut f: impl FnMut(Message) + 'static) {
        self.listen("message", move |event| {
            let data = event.unchecked_ref::<MessageEvent>().data();
            f(match data.as_string() {
                Some(text) => Message::Text(text),
                None => Message::Binary(js_sys::Uint8Array::new(&data).to_vec()),
            });
        });
    }

    /// `bufferedamountlow`
    pub fn on_buffered_amount_low(&self, mut f: impl FnMut() + 'static) {
        self.listen("bufferedamountlow", move |_| f());
    }

    /// Fails with `InvalidStateError` while not open, `TypeError` when the message is larger
    /// than `maxMessageSize`, `OperationError` when the queue is full.
    pub fn send_text(&self, text: &str) -> Result<(), JsError> {
        self.must_be_open()?;
        Ok(self.inner.send_with_str(text)?)
    }

    /// As [`Self::send_text`].
    pub fn send_binary(&self, bytes: &[u8]) -> Result<(), JsError> {
        self.must_be_open()?;
        Ok(self.inner.send_with_u8_array(bytes)?)
    }

    /// Sends, after waiting until the queue has room. Fails with `InvalidStateError` when the
    /// channel closes meanwhile.
    pub async fn send_when_room(&self, bytes: &[u8]) -> Result<(), JsError> {
        if self.buffered_amount() > Self::HIGH_WATER_MARK {
            let (wake, mut woken) = mpsc::unbounded::<()>();
            let _listeners = ["bufferedamountlow", "closing", "close"].map(|event| {
                let wake = wake.clone();
                EventListener::new(&self.inner, event, move |_| {
                    // The receiver lives as long as this listener.
                    let _ = wake.unbounded_send(());
                })
            });
            // The event may have been fired between the look and the listening.
            if self.is_open() && self.buffered_amount() > Self::LOW_WATER_MARK {
                woken.next().await;
            }
        }
        self.send_binary(bytes)
    }

    pub fn close(&self) {
        self.tracer
            .call("RTCDataChannel.close", Private::Label.of(self.label()));
        self.inner.close();
    }

    /// Firefox takes messages for a closing channel and drops them without a word.
    fn must_be_open(&self) -> Result<(), JsError> {
        if self.is_open() {
            return Ok(());
        }
        let state = self.ready_state();
        Err(JsError::new(
            "InvalidStateError",
            format!("the channel is {state}, not open"),
        ))
    }

    fn listen(&self, event: &'static str, f: impl FnMut(&web_sys::Event) + 'static) {
        let listener = EventListener::new(&self.inner, event, f);
        self.listeners.borrow_mut().push(listener);
    }
}

impl Drop for DataChannel {
    fn drop(&mut self) {
        self.listeners.get_mut().clear();
        self.inner.close();
    }
}
