//! Where everybody is seen.

use leptos::prelude::*;
use signaling_protocol::{PeerId, RoomKind};

use super::people;
use super::tile::{OwnTile, PeerTile, ScreenTile, with_peer};
use crate::advice::Advice;
use crate::hooks::{CallHook, CallMediaHook, SpeakingHook};

/// Shared screens large, then the people: two of them one above the other's corner, more of them
/// side by side. A tile stays the same element as long as its participant is there, whoever else
/// comes and goes: a video that is put in anew flickers.
#[component]
pub(crate) fn Stage(
    kind: RoomKind,
    call: CallHook,
    media: CallMediaHook,
    #[prop(into)] name: Signal<String>,
    speaking: SpeakingHook,
    error: RwSignal<Option<Advice>>,
) -> impl IntoView {
    let ids = Memo::new(move |_| {
        call.view.with(|view| {
            let peers = view.iter().flat_map(|view| &view.participants);
            peers.map(|peer| peer.id.clone()).collect::<Vec<_>>()
        })
    });
    view! {
        <Screens call media error />
        {match kind {
            RoomKind::Call => view! {
                <div class="call">
                    <PeerTile
                        id="remoteVideo"
                        class="remote"
                        kind
                        call
                        speaking
                        peer=Signal::derive(move || ids.with(|ids| ids.first().cloned()))
                        error
                    />
                    <OwnTile class="own" media speaking name error />
                </div>
            }
            .into_any(),
            RoomKind::Mesh => view! {
                <div class="tiles">
                    <OwnTile media speaking name error />
                    <For each=move || ids.get() key=Clone::clone let(id)>
                        <PeerTile kind call speaking peer=Some(id) error />
                    </For>
                </div>
            }
            .into_any(),
        }}
    }
}

#[component]
fn Screens(call: CallHook, media: CallMediaHook, error: RwSignal<Option<Advice>>) -> impl IntoView {
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
