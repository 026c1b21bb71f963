//! One `RTCDataChannel`: its events and what it says about itself. What it is asked to be is in
//! `options`, how it sends in `sender`, how several are told apart in `channels`.

mod channels;
mod options;
mod sender;

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, RtcDataChannel, RtcDataChannelState};

use super::sys::DataChannelExt;
use crate::error::JsError;
use crate::states::DataChannelState;
use crate::trace::{Private, Tracer};

pub(crate) use channels::Channels;
pub(crate) use options::ChannelReport;
pub use options::{DataChannelOptions, Reliability};
use sender::Sender;
pub use sender::WaterMarks;

/// What arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    Text(String),
    Binary(Vec<u8>),
}

impl Message {
    /// Bytes on the channel; text counts as UTF-8.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
        }
    }
}

/// A data channel and its listeners; dropping it closes the channel.
pub struct DataChannel {
    inner: RtcDataChannel,
    sender: Sender,
    listeners: RefCell<Vec<EventListener>>,
    tracer: Tracer,
}

impl DataChannel {
    pub(super) fn new(inner: RtcDataChannel, tracer: Tracer) -> Self {
        inner.set_binary_type(web_sys::RtcDataChannelType::Arraybuffer);
        let channel = Self {
            sender: Sender::new(&inner, WaterMarks::BULK),
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

    pub(crate) fn label(&self) -> String {
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
        self.ready_state() == DataChannelState::Open
    }

    pub fn ready_state(&self) -> DataChannelState {
        state(&self.inner)
    }

    /// Bytes accepted by `send` and not yet handed to the network.
    pub fn buffered_amount(&self) -> u32 {
        self.inner.buffered_amount()
    }

    /// `open`, `closing`, `close`: the ready state changed.
    pub fn on_state_change(&self, f: impl Fn(DataChannelState) + 'static) {
        let f = Rc::new(f);
        for (event, state) in [
            ("open", DataChannelState::Open),
            ("closing", DataChannelState::Closing),
            ("close", DataChannelState::Closed),
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

    /// From now on the queue is full above these.
    pub fn set_water_marks(&self, marks: WaterMarks) {
        self.sender.set_water_marks(marks);
    }

    /// Whether it is open and its queue is not full, so that what can wait may be sent now.
    pub fn has_room(&self) -> bool {
        self.is_open() && self.sender.has_room()
    }

    /// Fails with `InvalidStateError` while not open, `TypeError` when the message is larger
    /// than `maxMessageSize`, `OperationError` when the queue is full.
    pub fn send_text(&self, text: &str) -> Result<(), JsError> {
        self.sender.send_text(text)
    }

    /// As [`Self::send_text`].
    pub fn send_binary(&self, bytes: &[u8]) -> Result<(), JsError> {
        self.sender.send_binary(bytes)
    }

    /// Sends, after waiting until the queue has room. Fails with `InvalidStateError` when the
    /// channel or its connection closes meanwhile.
    pub async fn send_when_room(&self, bytes: &[u8]) -> Result<(), JsError> {
        self.sender.send_when_room(bytes).await
    }

    /// Closes a channel that the other end announced, and says why.
    #[track_caller]
    pub(crate) fn refuse(self, why: &'static str) {
        self.tracer.error("datachannel", why);
    }

    pub fn close(&self) {
        self.tracer
            .call("RTCDataChannel.close", Private::Label.of(self.label()));
        self.inner.close();
    }

    fn listen(&self, event: &'static str, f: impl FnMut(&web_sys::Event) + 'static) {
        let listener = EventListener::new(&self.inner, event, f);
        self.listeners.borrow_mut().push(listener);
    }
}

fn state(channel: &RtcDataChannel) -> DataChannelState {
    match channel.ready_state() {
        RtcDataChannelState::Connecting => DataChannelState::Connecting,
        RtcDataChannelState::Open => DataChannelState::Open,
        RtcDataChannelState::Closing => DataChannelState::Closing,
        RtcDataChannelState::Closed => DataChannelState::Closed,
        _ => DataChannelState::Unknown,
    }
}

impl Drop for DataChannel {
    fn drop(&mut self) {
        self.listeners.get_mut().clear();
        self.inner.close();
    }
}
