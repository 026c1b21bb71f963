//! `getStats()`: the one place where it is called. What it says is read by [`crate::statistics`].
//!
//! <https://www.w3.org/TR/webrtc-stats/>

use std::cell::Cell;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{RtcPeerConnection, RtcSignalingState};

use super::settled;
use crate::error::JsError;
use crate::statistics::Report;
use crate::trace::Tracer;

/// Asks one connection, on behalf of all who want to know.
pub(super) struct Stats {
    connection: RtcPeerConnection,
    tracer: Tracer,
    /// Whether the newest answer was an error.
    is_failing: Cell<bool>,
}

impl Stats {
    pub(super) fn new(connection: &RtcPeerConnection, tracer: &Tracer) -> Self {
        Self {
            connection: connection.clone(),
            tracer: tracer.clone(),
            is_failing: Cell::new(false),
        }
    }

    /// The whole report. A failure is traced; those that follow it are not, until a report comes
    /// again. That of a connection that was closed meanwhile is none.
    pub(super) async fn report(&self) -> Result<Report, JsError> {
        let result = report(&self.connection).await;
        let was_failing = self.is_failing.replace(result.is_err());
        if let Err(error) = &result
            && !was_failing
            && self.connection.signaling_state() != RtcSignalingState::Closed
        {
            self.tracer.error("getStats", error);
        }
        result
    }
}

/// By way of JSON: one step for the browser, where converting member by member takes thousands.
async fn report(connection: &RtcPeerConnection) -> Result<Report, JsError> {
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
