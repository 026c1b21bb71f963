//! Which server the meeting takes, and whether this browser reaches it, before anybody joins.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use signaling_protocol::RoomId;

use crate::advice::Advice;
use crate::components::meeting::session::MeetingHook;
use crate::components::{Notice, NoticeKind};
use crate::hooks::{SERVER, ServerCheck};
use crate::signaling::transport::Transport;

/// One line, and a way to look again; above it the server, where the link names another than the page's.
#[component]
pub(super) fn NetworkCheck(meeting: MeetingHook) -> impl IntoView {
    let call = meeting.scene.call;
    let has_server = move || call.transport.get() == Transport::WebSocket;
    let query = use_query_map();
    let is_named = move || query.with(|query| query.get(SERVER).is_some());
    let own_host = window().location().host().unwrap_or_default();
    let foreign = Signal::derive(move || {
        let address = call.server.get_value().ok()?;
        // As the browser will read it, or a user's name before `@` could pass for the host.
        let host = web_sys::Url::new(&address).ok()?.host();
        let is_foreign = host != own_host && is_named() && has_server();
        is_foreign.then(|| {
            Advice::new(
                format!("This link leads to the server {host}, not to the one that this page is from."),
                "Whoever runs it learns your name and your IP address when you join. Join only if you trust the person who sent you the link.",
            )
        })
    });
    let text = move || match call.server_check.get() {
        _ if !has_server() => "",
        ServerCheck::NotBegun => "",
        ServerCheck::Waiting => "Checking the network…",
        ServerCheck::Reached => "The server can be reached.",
        ServerCheck::Failed => {
            "The server does not answer. Check your network connection; a firewall may also be blocking it."
        }
    };
    let again = move |_| {
        if let Ok(room) = RoomId::new(&meeting.room.get_untracked()) {
            call.check_server(&room);
        }
    };
    view! {
        <Notice advice=foreign kind=NoticeKind::Warning />
        <p class="network-check" role="status">
            {text}
            <Show when=move || has_server() && call.server_check.get() == ServerCheck::Failed>
                " "
                <button type="button" class="link-button" on:click=again>
                    "Check again"
                </button>
            </Show>
        </p>
    }
}
