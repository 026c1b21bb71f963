//! Which transport the signals take: the choice among the transports.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use signaling_protocol::RoomKind;

use super::room::lesson;
use crate::advice::Advice;
use crate::hooks::CallHook;
use crate::signaling::transport::{Transport, VIA};

/// Lets the call follow the `?via=` of the page's address while no call runs; tells what is wrong
/// with it. A page whose path says it all has none.
pub(super) fn use_transport(
    call: CallHook,
    transports: &'static [Transport],
) -> Memo<Option<Advice>> {
    let fixed = call.transport.get_untracked() == Transport::Firebase;
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| Transport::from_query(query.get_str(VIA), transports))
    });
    let in_call = Memo::new(move |_| call.in_call());
    Effect::new(move |_| {
        let asked = asked.get();
        if !fixed && !in_call.get() && !call.is_running() {
            call.transport.set(asked.unwrap_or_default());
        }
    });
    Memo::new(move |_| {
        let error = asked.get().err().filter(|_| !fixed)?;
        Some(Advice::new(
            format!("{error}."),
            "This page uses the WebSocket instead; you can choose another transport here.",
        ))
    })
}

/// Links to the same room by other transports. A room is no other for it, but people who take different
/// transports do not meet.
#[component]
pub(crate) fn TransportPicker(
    call: CallHook,
    kind: RoomKind,
    room: RwSignal<String>,
) -> impl IntoView {
    let query = use_query_map();
    let link = move |transport| room.with(|room| lesson(room, kind, transport, query.get()));
    let transports = Transport::of(kind).iter().map(|&transport| {
        let current = move || (call.transport.get() == transport).then_some("page");
        view! {
            <li>
                <a href=move || link(transport) aria-current=current>
                    {transport.name()}
                </a>
            </li>
        }
    });
    view! {
        <nav class="transports" aria-label="Signaling">
            <ul>{transports.collect_view()}</ul>
            <p class="field-hint">{move || hint(call.transport.get())}</p>
        </nav>
    }
}

fn hint(transport: Transport) -> &'static str {
    match transport {
        Transport::WebSocket => "Our own server passes on the messages.",
        Transport::Firebase => "A database passes on the messages.",
        Transport::Tabs => {
            "The other person is you: open the same room in a second tab of this browser. No server is involved."
        }
        Transport::Paste => {
            "The two of you pass on the messages yourselves, as two short texts. No server is involved, so the machines must be able to reach each other directly, as on the same network."
        }
    }
}
