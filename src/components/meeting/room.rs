//! The room's name: asked for, offered, put into an address.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use leptos_router::params::ParamsMap;
use signaling_protocol::RoomKind;

use crate::hooks::CallHook;
use crate::rooms::new_name;
use crate::routes::{self, ROOM, href, is_page, room_path};
use crate::rtc::random_bytes;
use crate::signaling::transport::{Transport, VIA};

/// The room's name: from the address, else a fresh one. While a call runs, the address follows
/// the room and not the other way round.
pub(super) fn use_room(call: CallHook) -> RwSignal<String> {
    let params = use_params_map();
    let given = move || {
        params
            .with(|params| params.get(ROOM))
            .filter(|name| !name.is_empty())
    };
    let room = RwSignal::new(untrack(given).unwrap_or_else(random_name));
    Effect::new(move |_| {
        if let Some(name) = given()
            && !call.is_running()
        {
            room.set(name);
        }
    });
    room
}

/// The address that leads somebody into the room by this transport; `query` as in this page's.
pub(super) fn invitation(room: &str, transport: Transport, query: ParamsMap) -> String {
    let origin = window().location().origin().unwrap_or_default();
    let path = href(&room_path(routes::MEET, room.trim()));
    format!("{origin}{path}{}", with_via(query, transport.via()))
}

/// The chapter about a room, by this transport; `query` as in this page's.
pub(super) fn lesson(room: &str, kind: RoomKind, transport: Transport, query: ParamsMap) -> String {
    let page = transport.path(kind);
    // Its path says it.
    let via = transport.via().filter(|_| transport != Transport::Firebase);
    let query = with_via(query, via);
    let room = room.trim();
    if is_page(&format!("{page}/{room}")) {
        // A room cannot have this name there.
        return href(&format!("{page}{query}"));
    }
    href(&format!("{}{query}", room_path(page, room)))
}

/// The query with this transport in place of the one in it, with its question mark.
fn with_via(mut query: ParamsMap, via: Option<&str>) -> String {
    query.remove(VIA);
    if let Some(via) = via {
        query.insert(VIA, via.to_owned());
    }
    query.to_query_string()
}

/// Asks for a room's name and offers one that nobody can guess.
#[component]
pub(crate) fn RoomField(room: RwSignal<String>, disabled: Signal<bool>) -> impl IntoView {
    view! {
        <div class="field wide">
            <label class="field-label" for="room">
                "Room"
            </label>
            <div class="beside">
                <input
                    type="text"
                    id="room"
                    aria-describedby="room-hint"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength="64"
                    prop:value=move || room.get()
                    on:input=move |event| room.set(event_target_value(&event))
                    disabled=disabled
                />
                <button
                    type="button"
                    on:click=move |_| room.set(random_name())
                    disabled=disabled
                >
                    "Another name"
                </button>
            </div>
            <small class="field-hint" id="room-hint">
                "Anyone who knows the name can join."
            </small>
        </div>
    }
}

fn random_name() -> String {
    new_name(random_bytes())
}
