//! A call of many, in which everybody sends to everybody, and what that costs.

pub(crate) mod cost;
mod topology;

use leptos::prelude::*;
use signaling_protocol::RoomKind;

use crate::components::{ConnectionTimesPanel, Meeting, Page};
use crate::hooks::{use_call, use_call_media, use_trace};
use crate::routes;
use crate::signaling::transport::Transport;
use crate::text;
use cost::Cost;

#[component]
pub(crate) fn MeshPage() -> impl IntoView {
    let trace = use_trace();
    let media = use_call_media(trace);
    let call = use_call(trace, RoomKind::Mesh, media, Transport::WebSocket);
    view! {
        <Page text=text::MESH trace>
            <Meeting title="Meet each other" path=routes::MESH kind=RoomKind::Mesh call media />
            <ConnectionTimesPanel call remembered="mesh-contacts" />
            <Cost call />
        </Page>
    }
}
