//! What `getStats()` reports, in the parts that this application reads.
//!
//! <https://www.w3.org/TR/webrtc-stats/>

use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};

use crate::error::JsError;

/// One entry of the report; a field is present where the entry's type has it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Stat {
    pub id: String,
    /// `inbound-rtp`, `candidate-pair`, `transport`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// What an RTP stream carries: `audio` or `video`.
    #[serde(rename = "kind")]
    pub media: Option<String>,
    pub packets_received: Option<f64>,
    pub bytes_received: Option<f64>,
    pub bytes_sent: Option<f64>,
    pub frames_decoded: Option<f64>,
    pub packets_sent: Option<f64>,
    /// Transport: the pair in use. Firefox marks the pair itself instead.
    pub selected_candidate_pair_id: Option<String>,
    pub selected: Option<bool>,
    pub nominated: Option<bool>,
    pub state: Option<String>,
    pub local_candidate_id: Option<String>,
    pub remote_candidate_id: Option<String>,
    /// Candidate pair: seconds.
    pub current_round_trip_time: Option<f64>,
    pub candidate_type: Option<String>,
    pub protocol: Option<String>,
    pub address: Option<String>,
    pub port: Option<f64>,
}

/// One end of a candidate pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// `host`, `srflx`, `prflx` or `relay`
    pub candidate_type: String,
    pub protocol: String,
    /// Empty where the browser hides it.
    pub address: String,
    pub port: u16,
}

/// The two ends between which media and data travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectedPair {
    pub local: Endpoint,
    pub remote: Endpoint,
}

/// The pair in use, once there is one.
pub fn selected_pair(stats: &[Stat]) -> Option<SelectedPair> {
    let by_transport = stats
        .iter()
        .find_map(|stat| stat.selected_candidate_pair_id.as_ref())
        .and_then(|id| stats.iter().find(|stat| stat.id == *id));
    let pair = by_transport.or_else(|| {
        stats
            .iter()
            .find(|stat| stat.kind == "candidate-pair" && stat.selected == Some(true))
    })?;
    let endpoint = |id: &Option<String>| {
        let stat = stats.iter().find(|stat| Some(&stat.id) == id.as_ref())?;
        Some(Endpoint {
            candidate_type: stat.candidate_type.clone().unwrap_or_default(),
            protocol: stat.protocol.clone().unwrap_or_default(),
            address: stat.address.clone().unwrap_or_default(),
            port: stat.port.unwrap_or_default() as u16,
        })
    };
    Some(SelectedPair {
        local: endpoint(&pair.local_candidate_id)?,
        remote: endpoint(&pair.remote_candidate_id)?,
    })
}

/// The whole report as JSON, a list of its entries: one step for the browser, where converting
/// member by member takes thousands.
pub(super) fn to_json(report: &JsValue) -> Result<String, JsError> {
    let entries = report.unchecked_ref::<js_sys::Map>().values();
    let json = js_sys::JSON::stringify(&js_sys::Array::from(&entries))?;
    Ok(json.into())
}

/// Entries that do not have the standard's form are left out: browsers add their own.
pub(super) fn from_report(report: &JsValue) -> Vec<Stat> {
    let mut stats = Vec::new();
    // `RTCStatsReport` is maplike: it has the read methods of `Map`.
    report
        .unchecked_ref::<js_sys::Map>()
        .for_each(&mut |entry, _| {
            if let Ok(stat) = serde_wasm_bindgen::from_value(entry) {
                stats.push(stat);
            }
        });
    stats
}
