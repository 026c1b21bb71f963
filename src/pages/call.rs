//! Signaling, and a call between two people over the network.

use leptos::prelude::*;
use signaling_protocol::RoomKind;

use crate::components::{Meeting, Page};
use crate::hooks::{use_call, use_call_media, use_trace};
use crate::routes;
use crate::signaling::transport::Transport;
use crate::text;

#[component]
pub fn CallPage() -> impl IntoView {
    let trace = use_trace();
    let media = use_call_media(trace);
    let call = use_call(trace, RoomKind::Call, media, Transport::WebSocket);
    view! {
        <Page text=text::CALL trace>
            <Meeting title="Call somebody" path=routes::CALL kind=RoomKind::Call call media />
        </Page>
    }
}
