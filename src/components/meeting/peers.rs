//! Who else is seen: participants and shared screens.

use leptos::prelude::*;
use signaling_protocol::{PeerId, RoomKind};

use super::peer_tile::{OwnScreen, PeerScreen, PeerTile};
use super::scene::Scene;
use crate::hooks::CallHook;

/// A tile for each. It stays the same element as long as its participant is there: a video that
/// is put in anew flickers.
#[component]
pub(super) fn Peers(scene: Scene) -> impl IntoView {
    let Scene { kind, call, .. } = scene;
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
                scene
                peer=Signal::derive(move || ids.with(|ids| ids.first().cloned()))
            />
        }
        .into_any(),
        RoomKind::Mesh => view! {
            <For each=move || ids.get() key=Clone::clone let(id)>
                <PeerTile scene peer=Some(id) />
            </For>
        }
        .into_any(),
    }
}

/// All shared screens, including your own.
#[component]
pub(super) fn Screens(scene: Scene) -> impl IntoView {
    let sharing = use_sharing(scene.call);
    let own = move || scene.media.screen.with(Option::is_some);
    view! {
        <div class="screens" hidden=move || sharing.with(Vec::is_empty) && !own()>
            <For each=move || sharing.get() key=Clone::clone let(id)>
                <PeerScreen class="screen" scene id />
            </For>
            <Show when=own>
                <OwnScreen class="screen own-screen" scene />
            </Show>
        </div>
    }
}

/// Who shares a screen.
pub(crate) fn use_sharing(call: CallHook) -> Memo<Vec<PeerId>> {
    Memo::new(move |_| {
        call.view.with(|view| {
            let peers = view.iter().flat_map(|view| &view.participants);
            let sharing = peers.filter(|peer| peer.screen.is_some());
            sharing.map(|peer| peer.id.clone()).collect()
        })
    })
}
