//! Who else is seen: participants and shared screens.

use leptos::prelude::*;
use signaling_protocol::{PeerId, RoomKind};

use super::peer_tile::{PeerTile, ScreenTile, with_peer};
use super::people;
use super::scene::Scene;
use crate::advice::Advice;
use crate::hooks::CallHook;

/// A tile for each. It stays the same element as long as its participant is there: a video that
/// is put in anew flickers.
#[component]
pub(super) fn Peers(scene: Scene) -> impl IntoView {
    let Scene {
        kind,
        call,
        speaking,
        failed: error,
        ..
    } = scene;
    let ids = Memo::new(move |_| {
        call.view.with(|view| {
            let peers = view.iter().flat_map(|view| &view.participants);
            peers.map(|peer| peer.id.clone()).collect::<Vec<_>>()
        })
    });
    match kind {
        RoomKind::Call => view! {
            <PeerTile
                id="remoteVideo"
                class="remote"
                kind
                call
                speaking
                peer=Signal::derive(move || ids.with(|ids| ids.first().cloned()))
                error
            />
        }
        .into_any(),
        RoomKind::Mesh => view! {
            <For each=move || ids.get() key=Clone::clone let(id)>
                <PeerTile kind call speaking peer=Some(id) error />
            </For>
        }
        .into_any(),
    }
}

/// All shared screens, including your own.
#[component]
pub(super) fn Screens(scene: Scene) -> impl IntoView {
    let Scene {
        call,
        media,
        failed: error,
        ..
    } = scene;
    let sharing = Memo::new(move |_| {
        call.view.with(|view| {
            let peers = view.iter().flat_map(|view| &view.participants);
            let sharing = peers.filter(|peer| peer.screen.is_some());
            sharing.map(|peer| peer.id.clone()).collect::<Vec<_>>()
        })
    });
    let own = move || media.screen.with(Option::is_some);
    let me = Signal::derive(move || {
        call.view.with(|view| {
            let me = view.as_ref().and_then(|view| view.me.as_ref());
            me.map_or_else(String::new, PeerId::to_string)
        })
    });
    view! {
        <div class="screens" hidden=move || sharing.with(Vec::is_empty) && !own()>
            <For each=move || sharing.get() key=Clone::clone let(id)>
                <PeerScreen call id error />
            </For>
            <Show when=own>
                <ScreenTile
                    class="screen own-screen"
                    caption="Your screen"
                    of=me
                    stream=media.screen
                    muted=true
                    error
                />
            </Show>
        </div>
    }
}

#[component]
fn PeerScreen(call: CallHook, id: PeerId, error: RwSignal<Option<Advice>>) -> impl IntoView {
    let of = id.to_string();
    let id = Signal::stored(Some(id));
    let stream = Signal::derive_local(move || {
        let screen = with_peer(call, id, |peer| peer.screen.clone());
        screen.flatten()
    });
    let caption = Signal::derive(move || {
        let name = with_peer(call, id, |peer| people::display_name(&peer.name, &peer.id));
        name.map_or_else(String::new, |name| format!("{name}’s screen"))
    });
    view! { <ScreenTile class="screen" caption of stream error /> }
}
