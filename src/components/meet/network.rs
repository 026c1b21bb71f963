//! Whether this browser reaches the server, before anybody joins.

use leptos::prelude::*;

use crate::components::meeting::session::MeetingHook;
use crate::signaling::transport::Transport;

/// One line, and a way to look again.
#[component]
pub(super) fn NetworkCheck(meeting: MeetingHook) -> impl IntoView {
    let call = meeting.scene.call;
    let reached = move || call.is_server_reached.get();
    let has_server = move || call.transport.get() == Transport::WebSocket;
    let text = move || match reached() {
        _ if !has_server() => "",
        None => "Checking the network…",
        Some(true) => "The server can be reached.",
        Some(false) => "The server cannot be reached. Check your network.",
    };
    let again = move |_| {
        call.is_server_reached.set(None);
        meeting.about_to_join.run(());
    };
    view! {
        <p class="network-check" role="status">
            {text}
            <Show when=move || has_server() && reached() == Some(false)>
                " "
                <button type="button" class="link-button" on:click=again>
                    "Check again"
                </button>
            </Show>
        </p>
    }
}
