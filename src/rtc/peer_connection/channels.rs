//! Data channels of a connection.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;

use super::PeerConnection;
use crate::error::JsError;
use crate::rtc::data_channel::{DataChannel, DataChannelOptions, Waiting};
use crate::trace::Private;

/// Those who wait for room in a channel of the connection; see [`Waiting::end`].
#[derive(Clone, Default)]
pub(super) struct WaitingList(Rc<RefCell<Vec<Weak<Waiting>>>>);

impl WaitingList {
    pub(super) fn note(&self, channel: &DataChannel) {
        let mut all = self.0.borrow_mut();
        all.retain(|waiting| waiting.strong_count() > 0);
        all.push(Rc::downgrade(channel.waiting()));
    }

    pub(super) fn end(&self) {
        let all = self.0.take();
        all.iter()
            .filter_map(Weak::upgrade)
            .for_each(|waiting| waiting.end());
    }
}

impl PeerConnection {
    /// Fails with `TypeError` when the options contradict each other, with `OperationError` when
    /// there is no free id.
    pub fn create_data_channel(
        &self,
        label: &str,
        options: &DataChannelOptions,
    ) -> Result<DataChannel, JsError> {
        self.tracer
            .with(options.describe(label))
            .call("createDataChannel", Private::Label.of(label));
        let result = self
            .ext()
            .create_data_channel(label, &options.to_js())
            .map_err(JsError::from);
        if let Err(error) = &result {
            self.tracer.error("createDataChannel", error);
        }
        let channel = DataChannel::new(result?, self.tracer.clone());
        self.waiting.note(&channel);
        Ok(channel)
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
}
