//! The tiles of the stage, each at its place.

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use leptos::html;
use leptos::prelude::*;
use signaling_protocol::PeerId;
use wasm_bindgen::JsCast;
use web_sys::HtmlVideoElement;

use super::floating::{FloatingHook, use_floating};
use super::panel::MORE;
use super::quality::{PausedMark, WeakMark};
use super::reactions::Shown;
use super::rights::is_spotlit;
use super::use_stage::StageHook;
use crate::components::icon::{self, Icon};
use crate::components::meeting::focus::focus_on;
use crate::components::meeting::peer_tile::{
    OwnScreen, PeerScreen, PeerTile, peer_name, screen_caption, with_peer,
};
use crate::components::meeting::peers::use_sharing;
use crate::components::meeting::scene::Scene;
use crate::components::meeting::tile::OwnTile;
use crate::hooks::{CallHook, QualityHook};
use crate::stage::Tile;

/// Everybody, and what is shared.
#[component]
pub(super) fn Seats(
    scene: Scene,
    stage: StageHook,
    quality: QualityHook,
    name: RwSignal<String>,
) -> impl IntoView {
    let Scene { call, media, .. } = scene;
    let people = Memo::new(move |_| stage.people());
    let sharing = use_sharing(call);
    let shares = Memo::new(move |_| media.screen.with(Option::is_some));
    view! {
        <For each=move || people.get() key=Clone::clone let(id)>
            <Seat stage tile=Tile::Person(id.clone()) name=name_of(scene, &id)>
                <PeerTile scene peer=Some(id.clone()) />
                <div class="seat-marks">
                    <Shown call person=Some(id.clone()) />
                    <SpotlightMark call person=Some(id.clone()) />
                    <WeakMark quality person=id />
                </div>
            </Seat>
        </For>
        <For each=move || sharing.get() key=Clone::clone let(id)>
            <Seat stage tile=Tile::Screen(id.clone()) name=screen_caption(call, &id)>
                <PeerScreen scene id />
            </Seat>
        </For>
        <Show when=move || shares.get()>
            <Seat stage tile=Tile::OwnScreen name="Your screen">
                <OwnScreen scene />
            </Seat>
        </Show>
        <OwnSeat scene stage quality name />
    }
}

fn name_of(scene: Scene, id: &PeerId) -> Signal<String> {
    let id = Signal::stored(Some(id.clone()));
    Signal::derive(move || peer_name(scene.call, id).unwrap_or_default())
}

/// Over the tile that everybody is to see large; `person` is `None` for oneself.
#[component]
fn SpotlightMark(call: CallHook, person: Option<PeerId>) -> impl IntoView {
    let peer = Signal::stored(person);
    let is_in_it = Memo::new(move |_| match peer.with(Option::is_none) {
        true => is_spotlit(call),
        false => with_peer(call, peer, |peer| peer.spotlight).unwrap_or(false),
    });
    view! {
        <Show when=move || is_in_it.get()>
            <span class="spotlight-mark">
                <span aria-hidden="true">"★"</span>
                <span class="spotlight-text">"In the spotlight"</span>
            </span>
        </Show>
    }
}

/// A tile at its place. It can be pinned.
#[component]
fn Seat(
    stage: StageHook,
    tile: Tile,
    #[prop(into)] name: Signal<String>,
    children: Children,
) -> impl IntoView {
    let is_screen = tile.is_screen();
    let tile = StoredValue::new(tile);
    let seat = NodeRef::<html::Div>::new();
    use_aspect(seat, move |aspect| {
        tile.with_value(|tile| stage.set_aspect(tile, aspect))
    });
    let is_large = move || tile.with_value(|tile| stage.is_large(tile));
    view! {
        <div
            class="seat"
            class:screen-seat=is_screen
            class:is-large=is_large
            style=move || tile.with_value(|tile| stage.style(tile))
            node_ref=seat
        >
            {children()}
            <PinButton stage tile name />
        </div>
    }
}

#[component]
fn PinButton(stage: StageHook, tile: StoredValue<Tile>, name: Signal<String>) -> impl IntoView {
    let is_pinned = move || {
        tile.with_value(|tile| {
            stage
                .wishes
                .with(|wishes| wishes.pinned.as_ref() == Some(tile))
        })
    };
    let label = move || match is_pinned() {
        true => format!("Unpin {}", name.get()),
        false => format!("Pin {}", name.get()),
    };
    view! {
        <button
            type="button"
            class="icon-button pin-button"
            class:is-on=is_pinned
            title=move || if is_pinned() { "Unpin" } else { "Pin" }
            aria-label=label
            on:click=move |_| tile.with_value(|tile| stage.toggle_pin(tile))
        >
            <Icon path=icon::PIN />
        </button>
    }
}

/// Yourself: alone on the stage, among the others, or in a corner.
#[component]
fn OwnSeat(
    scene: Scene,
    stage: StageHook,
    quality: QualityHook,
    name: RwSignal<String>,
) -> impl IntoView {
    let seat = NodeRef::<html::Div>::new();
    use_aspect(seat, move |aspect| stage.set_aspect(&Tile::Own, aspect));
    let floats = Memo::new(move |_| {
        let is_alone = stage.people().is_empty();
        !is_alone && !stage.wishes.with(|wishes| wishes.is_own_among_others)
    });
    let floating = use_floating(seat, floats.into());
    let FloatingHook { corner, .. } = floating;
    let style = move || match floats.get() {
        true => String::new(),
        false => stage.style(&Tile::Own),
    };
    view! {
        <div
            class="seat own-seat"
            class:floating=move || floats.get()
            class:hidden-self=move || floats.get() && stage.is_own_hidden.get()
            data-corner=move || corner.get().as_str()
            style=style
            node_ref=seat
            tabindex=move || floats.get().then_some("0")
            role="group"
            aria-label=move || if floats.get() { "Your video. Arrow keys move it." } else { "Your video" }
            on:keydown=move |event| floating.handle_key(&event)
            on:pointerdown=move |event| floating.begin(&event)
            on:pointermove=move |event| floating.drag(&event)
            on:pointerup=move |_| floating.end()
            on:pointercancel=move |_| floating.end()
        >
            <OwnTile class="own-tile" scene name />
            <div class="seat-marks">
                <Shown call=scene.call person=None />
                <SpotlightMark call=scene.call person=None />
                <PausedMark scene quality />
            </div>
            <Show when=move || floats.get()>
                <button
                    type="button"
                    class="icon-button pin-button"
                    title="Hide your video from yourself"
                    aria-label="Hide your video from yourself"
                    on:click=move |_| {
                        stage.is_own_hidden.set(true);
                        // There it can be shown again.
                        focus_on(MORE);
                    }
                >
                    <Icon path=icon::HIDE />
                </button>
            </Show>
        </div>
    }
}

/// Calls `f` with the shape of the video inside whenever that changes.
fn use_aspect(seat: NodeRef<html::Div>, f: impl Fn(f64) + Clone + 'static) {
    let listeners = StoredValue::new_local(Vec::new());
    Effect::new(move |_| {
        let Some(seat) = seat.get() else { return };
        // Events of media do not bubble.
        let options = EventListenerOptions {
            phase: EventListenerPhase::Capture,
            passive: true,
        };
        let listen = |name: &'static str| {
            let f = f.clone();
            EventListener::new_with_options(&seat, name, options, move |event| {
                let video = event
                    .target()
                    .and_then(|it| it.dyn_into::<HtmlVideoElement>().ok());
                if let Some(video) = video
                    && video.video_height() > 0
                {
                    f(f64::from(video.video_width()) / f64::from(video.video_height()));
                }
            })
        };
        listeners.set_value(vec![listen("resize"), listen("loadedmetadata")]);
    });
    on_cleanup(move || {
        listeners.try_update_value(Vec::clear);
    });
}
