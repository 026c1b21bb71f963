//! What a meeting does, however it is shown: who one is and where to, how to enter, whom to invite.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};
use leptos_router::location::State;
use signaling_protocol::{RoomId, RoomKind};

use super::leaving::entry_state;
use super::room::{invitation, lesson, use_room};
use super::scene::Scene;
use super::transport_picker::use_transport;
use crate::advice::{Advice, for_connection, for_refusal};
use crate::call::roster::Phase;
use crate::hooks::{CallHook, CallMediaHook, SERVER, use_speaking, use_stored};
use crate::routes::{is_page, room_path};
use crate::signaling::transport::Transport;

/// One meeting of a page.
#[derive(Clone, Copy)]
pub(crate) struct MeetingHook {
    pub(crate) scene: Scene,
    /// The room’s name, as it is written.
    pub(crate) room: RwSignal<String>,
    /// What the others call this person; may be empty.
    pub(crate) name: RwSignal<String>,
    pub(crate) join: Callback<()>,
    /// Whether a key pressed what enters the room, not a pointer.
    pub(crate) enters_by_key: StoredValue<bool>,
    /// The pointer or the focus is on what enters the room.
    pub(crate) about_to_join: Callback<()>,
    /// What enters the room is in the window.
    pub(crate) seen: Callback<()>,
    /// The address that leads others into the room.
    pub(crate) invitation: Signal<String>,
    /// The address of the chapter about this room.
    pub(crate) lesson: Signal<String>,
    /// What was behind `#` in the address that was opened, until it is used: perhaps an invitation by
    /// text.
    pub(crate) hash: StoredValue<Option<String>>,
    /// What is wrong with the address’s `?via=`.
    pub(crate) unknown_transport: Memo<Option<Advice>>,
    /// What is wrong with the call, if anything.
    pub(crate) advice: Signal<Option<Advice>>,
}

/// A meeting in the rooms below `path`, by one of `transports`. `prepare` loads what is seen in a call;
/// it may be called again.
pub(crate) fn use_meeting(
    path: &'static str,
    kind: RoomKind,
    transports: &'static [Transport],
    call: CallHook,
    media: CallMediaHook,
    prepare: Callback<()>,
) -> MeetingHook {
    let room = use_room(call);
    let name = use_stored("name");
    // What went wrong where no hook tells it: a bad room's name, a picture that does not open.
    let failed = RwSignal::new(None::<Advice>);
    let unknown_transport = use_transport(call, transports);

    // An invitation by text. Joining changes the address.
    let hash = use_location().hash.get_untracked();
    let hash = StoredValue::new(Some(hash.trim_start_matches('#').to_owned()));
    let navigate = use_navigate();
    let query = use_query_map();
    let join = Callback::new(move |()| match RoomId::new(&room.get_untracked()) {
        Err(error) => failed.set(Some(Advice::new(
            format!("This is not a room’s name: {error}."),
            "Enter another one.",
        ))),
        // Its address would lead elsewhere.
        Ok(id) if is_page(&format!("{path}/{id}")) => failed.set(Some(Advice::new(
            format!("A room cannot be named “{id}” here: {path}/{id} is a page of its own."),
            "Enter another name.",
        ))),
        Ok(id) => {
            failed.set(None);
            prepare.run(());
            media.begin();
            room.set(id.to_string());
            call.join(id.clone(), name.get_untracked().trim().to_owned());
            // The address becomes the invitation; `?server=` belongs to it. The call comes first.
            let query = query.with_untracked(|query| query.to_query_string());
            let address = format!("{}{query}", room_path(path, id.as_str()));
            let navigate = navigate.clone();
            let replace = move || {
                let options = NavigateOptions {
                    replace: true,
                    scroll: false,
                    // The entry may be the one that guards the call.
                    state: State::new(Some(entry_state())),
                    ..NavigateOptions::default()
                };
                navigate(&address, options);
            };
            set_timeout(replace, Duration::ZERO);
        }
    });
    let about_to_join = Callback::new(move |()| {
        // Loads again what could not be loaded before.
        prepare.run(());
        if let Ok(id) = RoomId::new(&room.get_untracked()) {
            call.connect_early(&id);
        }
    });
    // A link alone must not connect a reader to another server.
    let is_own_server = query.with_untracked(|query| query.get(SERVER).is_none());
    let seen = Callback::new(move |()| {
        if is_own_server {
            about_to_join.run(());
        }
    });
    MeetingHook {
        scene: Scene {
            kind,
            call,
            media,
            speaking: use_speaking(call, media),
            failed,
        },
        room,
        name,
        join,
        enters_by_key: StoredValue::new(false),
        about_to_join,
        seen,
        invitation: Signal::derive(move || {
            invitation(&room.get(), call.transport.get(), query.get())
        }),
        lesson: Signal::derive(move || {
            let transport = call.transport.get();
            lesson(
                &room.get(),
                transport.largest_kind(),
                transport,
                query.get(),
            )
        }),
        hash,
        unknown_transport,
        advice: Signal::derive(move || failed.get().or_else(|| failure(call))),
    }
}

/// What is wrong with the call, if anything; reactive.
fn failure(call: CallHook) -> Option<Advice> {
    if let Err(error) = call.server.get_value()
        && call.transport.get() == Transport::WebSocket
    {
        return Some(Advice::new(
            error.to_string(),
            "Correct ?server= in the page’s address, or leave it out.",
        ));
    }
    call.view.with(|view| {
        let view = view.as_ref()?;
        match &view.phase {
            Phase::Refused(error) => Some(for_refusal(error)),
            Phase::InRoom { .. } if view.refusal.is_some() => {
                view.refusal.as_ref().map(for_refusal)
            }
            _ => view.failure.as_ref().map(for_connection),
        }
    })
}
