//! RTCDataChannel.
use crate::components::Page;
use crate::hooks::use_trace;
use leptos::prelude::*;
#[component]
pub fn DataChannelPage() -> impl IntoView {
    let trace = use_trace();
    view! { <Page path="/data-channel" lead="" trace>""</Page> }
}
