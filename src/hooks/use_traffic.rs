//! What the call costs.

use leptos::prelude::*;

use crate::hooks::CallHook;

/// Measured over all connections of this page.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Traffic {
    pub sent_kbps: f64,
    pub received_kbps: f64,
    /// Videos that are encoded now.
    pub encodings: usize,
    pub decodings: usize,
}

/// Once a second; `None` outside a call.
pub fn use_traffic(_call: CallHook) -> RwSignal<Option<Traffic>> {
    RwSignal::new(None)
}
