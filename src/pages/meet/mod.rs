//! A meeting, for people who want to talk: where to, the lobby, the call. The lessons about it are
//! [`super::call`] and [`super::mesh`].

mod start;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use signaling_protocol::RoomKind;

use crate::components::lazy_view::{LazyView, View};
use crate::components::meet::{Lobby, stage};
use crate::components::meeting::people::display_name;
use crate::components::meeting::session::use_meeting;
use crate::components::set_title;
use crate::hooks::{
    remember_room, use_call, use_call_media, use_double_clicks, use_lazy, use_recent_rooms,
    use_recorder, use_trace,
};
use crate::lazy::lazy;
use crate::rooms::{Destination, destination};
use crate::routes::{self, ROOM};
use crate::signaling::transport::Transport;
use start::Start;

// Who follows an invitation never sees it.
lazy!(meet_start: View = || view! { <Start /> }.into_any());

/// No other page loads it; the stage has one of its own.
const STYLE: &str = include_str!("../../../style/lobby.css");

#[component]
pub(crate) fn MeetPage() -> impl IntoView {
    let params = use_params_map();
    let has_room = Memo::new(move |_| {
        params.with(|params| params.get_str(ROOM).is_some_and(|r| !r.is_empty()))
    });
    let content = move || match has_room.get() {
        true => view! { <Room /> }.into_any(),
        false => {
            let part = use_lazy(meet_start);
            part.load();
            view! { <LazyView part what="The page" loading="Loading…" /> }.into_any()
        }
    };
    view! {
        <style>{STYLE}</style>
        {content}
    }
}

/// One room.
#[component]
fn Room() -> impl IntoView {
    let trace = use_trace();
    let media = use_call_media(trace);
    let call = use_call(trace, RoomKind::Mesh, media, Transport::WebSocket);
    use_double_clicks();
    let part = use_lazy(stage);
    part.load_when_idle();
    let prepare = Callback::new(move |()| part.load());
    let meeting = use_meeting(
        routes::MEET,
        RoomKind::Mesh,
        Transport::ALL,
        call,
        media,
        prepare,
    );
    Effect::new(move |_| call.kind.set_value(call.transport.get().largest_kind()));
    // The stage finds them.
    provide_context(trace);
    provide_context(meeting);
    let recorder = use_recorder(call, media, meeting.room, meeting.name, display_name);
    provide_context(recorder);
    let in_call = Memo::new(move |_| call.is_in_room());
    let recent = use_recent_rooms();
    Effect::new(move |_| {
        let invitation = meeting.invitation.get_untracked();
        if in_call.get()
            && let Some(Destination::Link(link)) = destination(&invitation)
        {
            remember_room(recent, link);
        }
    });
    Effect::new(move |_| {
        if !in_call.get() {
            set_title(&meeting.room.get());
        }
    });
    move || match in_call.get() {
        true => view! { <LazyView part what="The call" loading="Joining…" /> }.into_any(),
        false => view! { <Lobby meeting trace /> }.into_any(),
    }
}
