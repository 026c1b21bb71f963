//! `getStats()`. What it says is read by [`crate::statistics`].
//!
//! <https://www.w3.org/TR/webrtc-stats/>

use wasm_bindgen::{JsCast, JsValue};
use web_sys::RtcPeerConnection;

use super::settled;
use crate::error::JsError;
use crate::statistics::Report;

/// The whole report, by way of JSON: one step for the browser, where converting member by member
/// takes thousands.
pub(super) async fn report(connection: &RtcPeerConnection) -> Result<Report, JsError> {
    let report = settled(Ok(connection.get_stats())).await?;
    let json = to_json(&report)?;
    Report::from_json(&json).map_err(|error| JsError::new("DataError", error.to_string()))
}

/// `RTCStatsReport` is maplike: it has the read methods of `Map`.
fn to_json(report: &JsValue) -> Result<String, JsError> {
    let entries = report.unchecked_ref::<js_sys::Map>().values();
    let json = js_sys::JSON::stringify(&js_sys::Array::from(&entries))?;
    Ok(json.into())
}
