//! What happens in this call, in plain words; the inspector shows the rest.

use leptos::prelude::*;
use signaling_protocol::PeerId;

use crate::components::InspectorDock;
use crate::components::lazy_view::{LazyView, View};
use crate::components::meeting::peer_tile::{peer_name, with_connection};
use crate::components::meeting::session::MeetingHook;
use crate::hooks::{CallHook, Finding, PageTrace, use_lazy, use_report};
use crate::ice::candidates::{Tables, connection_type};
use crate::lazy::lazy;
use crate::signaling::transport::Transport;
use crate::states::ConnectionState;
use crate::statistics::Report;

// Reading statistics is much code.
lazy!(call_paths: View = || {
    let call = expect_context::<CallHook>();
    view! { <Paths call /> }.into_any()
});

/// How the others are reached, what the server sees, and the way to the inspector.
#[component]
pub(super) fn Details(meeting: MeetingHook, trace: PageTrace) -> impl IntoView {
    let call = meeting.scene.call;
    let paths = use_lazy(call_paths);
    paths.load();
    view! {
        <LazyView part=paths what="The description of the call" loading="Loading…" />
        <h3>"What the server sees"</h3>
        <p>{move || what_the_server_sees(call.transport.get())}</p>
        <h3>"Look closer"</h3>
        <p>
            "The inspector shows every call, event and signal of this page, the descriptions that were exchanged, and charts of each connection."
        </p>
        <InspectorDock trace />
    }
}

fn what_the_server_sees(transport: Transport) -> &'static str {
    match transport {
        Transport::WebSocket => {
            "The server knows the room’s name, your name and your IP address, and passes on the messages that set up the connections. Audio, video and chat do not go through it: they travel between the participants, encrypted."
        }
        Transport::Firebase => {
            "The database holds the room’s name, your name and the messages that set up the connections. Audio, video and chat do not go through it: they travel between the participants, encrypted."
        }
        Transport::Tabs | Transport::Paste => {
            "No server is involved. Audio, video and chat travel between the participants, encrypted."
        }
    }
}

#[component]
fn Paths(call: CallHook) -> impl IntoView {
    let ids = Memo::new(move |_| {
        call.view.with(|view| {
            let peers = view.iter().flat_map(|view| &view.participants);
            peers.map(|peer| peer.id.clone()).collect::<Vec<_>>()
        })
    });
    view! {
        <Show when=move || ids.with(Vec::is_empty)>
            <p>"You are alone in the room: nothing is sent."</p>
        </Show>
        <ul class="paths" role="list">
            <For each=move || ids.get() key=Clone::clone let(id)>
                <Path call id />
            </For>
        </ul>
    }
}

#[component]
fn Path(call: CallHook, id: PeerId) -> impl IntoView {
    let id = Signal::stored(Some(id));
    let name = move || peer_name(call, id).unwrap_or_default();
    let connection = move || {
        with_connection(call, id, |there| {
            let is_connected = there.states.connection == ConnectionState::Connected;
            there.peer_connection.clone().filter(|_| is_connected)
        })
        .flatten()
    };
    let path = use_report(connection, path);
    view! {
        <li>
            <h3>
                <bdi>{name}</bdi>
            </h3>
            <p>{move || path.get().unwrap_or("Not connected yet.")}</p>
        </li>
    }
}

/// A better path can take its place while the connection stands.
fn path(report: &Report) -> Finding<&'static str> {
    let meaning = connection_type(&Tables::new(report, &[]));
    Finding {
        again_ms: Some(if meaning.is_some() { 2000 } else { 200 }),
        fact: meaning.map(|meaning| meaning.text),
    }
}
