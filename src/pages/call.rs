//! Signaling, and a call between two people over the network.

use leptos::prelude::*;
use signaling_protocol::RoomKind;

use crate::components::{Meeting, Page, Prose};
use crate::hooks::{use_call, use_call_media, use_trace};
use crate::signaling::transport::Transport;

#[component]
pub fn CallPage() -> impl IntoView {
    let trace = use_trace();
    let media = use_call_media(trace);
    let call = use_call(trace, RoomKind::Call, media, Transport::WebSocket);
    view! {
        <Page
            path="/call"
            lead="Two browsers that want to connect need somebody to introduce them: a server, a database, the browser, or you yourself. After that, picture and sound travel between the two."
            trace
        >
            <Prose html=include_str!("text/call.html") />
            <Meeting title="Call somebody" path="/call" kind=RoomKind::Call call media />
        </Page>
    }
}
