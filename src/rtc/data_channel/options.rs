//! What a channel is asked to be, and what it says it is.

use wasm_bindgen::JsValue;
use web_sys::RtcDataChannelInit;

use crate::trace::Payload;

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
    pub(in crate::rtc) fn describe(&self, label: &str) -> Payload {
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

    pub(in crate::rtc) fn to_js(&self) -> JsValue {
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
    pub(crate) id: Option<u16>,
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
