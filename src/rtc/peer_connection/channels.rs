//! Data channels of a connection.

use wasm_bindgen::JsValue;

use super::PeerConnection;
use crate::error::JsError;
use crate::rtc::data_channel::{DataChannel, DataChannelOptions};
use crate::trace::Private;

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
}
