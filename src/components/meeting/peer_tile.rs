//! The tiles of the others: a participant, a shared screen.

use leptos::html;
use leptos::prelude::*;
use signaling_protocol::PeerId;
use web_sys::MediaStream;

use super::people;
use super::scene::Scene;
use super::tile::Enlarging;
use crate::advice::Advice;
use crate::call::{CallView, ConnectionView, ParticipantView, Presence};
use crate::components::{StateBadge, VideoTile};
use crate::hooks::{CallHook, Playback, use_task};
use crate::rtc::speaker;
use crate::signaling::transport::Transport;

/// What a tile shows of a participant besides the video.
#[derive(Clone, Debug, PartialEq)]
struct Facts {
    name: String,
    presence: Presence,
    has_video: bool,
    microphone_on: bool,
    camera_on: bool,
    is_video_paused: bool,
}

impl Facts {
    fn of(peer: &ParticipantView) -> Self {
        Self {
            name: people::display_name(&peer.name, &peer.id),
            presence: peer.presence,
            has_video: peer.has_video,
            microphone_on: peer.microphone_on,
            camera_on: peer.camera_on,
            is_video_paused: peer.is_video_paused,
        }
    }
}

/// Another participant. `peer` may be `None` while there is none; the tile stays.
#[component]
pub(crate) fn PeerTile(
    scene: Scene,
    #[prop(into)] peer: Signal<Option<PeerId>>,
    #[prop(optional)] id: Option<&'static str>,
    #[prop(optional, into)] class: &'static str,
) -> impl IntoView {
    let Scene {
        call,
        speaking,
        failed: error,
        ..
    } = scene;
    let facts = Memo::new(move |_| {
        // Where people carry the texts, nobody comes before somebody has the invitation.
        let may_come = call.transport.get() != Transport::Paste;
        let facts = with_peer(call, peer, Facts::of);
        facts.filter(|facts| may_come || !facts.presence.is_coming())
    });
    let fact = move |f: fn(&Facts) -> bool| facts.with(|facts| facts.as_ref().is_some_and(f));
    let name = Signal::derive(move || {
        let name = facts.with(|facts| facts.as_ref().map(|facts| facts.name.clone()));
        name.unwrap_or_else(|| "The other person".to_owned())
    });
    // Also while it has no track: what arrives then plays at once. Without video it still
    // plays, behind the placeholder.
    let stream =
        Signal::derive_local(move || with_peer(call, peer, |peer| Clone::clone(&peer.camera)));
    let state = Signal::derive(move || {
        facts.with(|facts| {
            let state = facts.as_ref().map_or("", |facts| facts.presence.as_str());
            state.to_owned()
        })
    });
    let has_video = Signal::derive(move || fact(|facts| facts.has_video));
    let needs_reconnect = move || fact(|facts| facts.presence.needs_reconnect());
    let speaks = move || peer.with(|peer| peer.as_ref().is_some_and(|peer| speaking.peer(peer)));
    let reconnect = move |_| {
        if let Some(peer) = peer.get_untracked() {
            call.reconnect(peer);
        }
    };
    let video = NodeRef::<html::Video>::new();
    let muted = use_audio(call, peer, video);
    view! {
        <VideoTile
            nostrip:id=id
            class
            video_class="peer-video"
            caption=name
            stream
            has_video
            placeholder=Signal::derive(move || facts.with(|facts| no_video(facts.as_ref(), call)))
            muted
            video
            state
            attr:data-peer=move || peer.get().map(|peer| peer.to_string())
            attr:data-name=move || peer.get().map(|_| name.get())
            attr:data-speaking=move || speaks().then_some("true")
        >
            <Show when=move || fact(|facts| !facts.microphone_on)>
                <StateBadge state="muted" />
            </Show>
            <Show when=move || fact(|facts| !facts.camera_on)>
                <StateBadge state=Signal::derive(move || {
                    let is_paused = fact(|facts| facts.is_video_paused);
                    if is_paused { "video paused" } else { "camera off" }.to_owned()
                }) />
            </Show>
            <Show when=needs_reconnect>
                <button type="button" on:click=reconnect>
                    "Reconnect"
                </button>
            </Show>
            <Enlarging name video has_video error />
        </VideoTile>
    }
}

/// Plays what a participant sends, from a camera or a screen, as loud as chosen and over the chosen
/// speaker. Returns whether it is not to be heard at all.
fn use_audio(
    call: CallHook,
    peer: Signal<Option<PeerId>>,
    video: NodeRef<html::Video>,
) -> Signal<bool> {
    let playback = use_context::<Playback>();
    let volume = Memo::new(move |_| {
        let chosen = playback
            .and_then(|playback| peer.with(|peer| peer.as_ref().map(|peer| playback.volume(peer))));
        chosen.unwrap_or(1.0)
    });
    Effect::new(move |_| {
        if let Some(video) = video.get() {
            video.set_volume(volume.get());
        }
    });
    if let Some(playback) = playback {
        use_speaker(video, playback);
    }
    // Browsers on iOS ignore the volume that a page sets.
    Signal::derive(move || {
        volume.get() == 0.0 || with_peer(call, peer, |peer| peer.silenced).unwrap_or(false)
    })
}

/// Plays a video over the chosen speaker.
fn use_speaker(video: NodeRef<html::Video>, playback: Playback) {
    let choosing = use_task();
    Effect::new(move |earlier: Option<()>| {
        let (video, speaker) = (video.get(), playback.speaker_id.get());
        // A video plays over the default from the start.
        if let Some(video) = video
            && (earlier.is_some() || !speaker.is_empty())
        {
            choosing.run(async move {
                // Where it fails, the person is heard over the default.
                drop(speaker::choose(&video, &speaker).await);
            });
        }
    });
}

/// The screen that you share.
#[component]
pub(crate) fn OwnScreen(
    scene: Scene,
    #[prop(optional, into)] class: &'static str,
) -> impl IntoView {
    let of = Signal::derive(move || {
        scene.call.view.with(|view| {
            let me = view.as_ref().and_then(|view| view.me.as_ref());
            me.map_or_else(String::new, PeerId::to_string)
        })
    });
    let video = NodeRef::<html::Video>::new();
    view! {
        <ScreenTile
            class
            caption="Your screen"
            of
            stream=scene.media.screen
            // It may have audio, and you must not hear your own.
            muted=true
            video
            error=scene.failed
        />
    }
}

/// The screen that a participant shares.
#[component]
pub(crate) fn PeerScreen(
    scene: Scene,
    id: PeerId,
    #[prop(optional, into)] class: &'static str,
) -> impl IntoView {
    let call = scene.call;
    let of = id.to_string();
    let caption = screen_caption(call, &id);
    let id = Signal::stored(Some(id));
    let stream =
        Signal::derive_local(move || with_peer(call, id, |peer| peer.screen.clone()).flatten());
    let video = NodeRef::<html::Video>::new();
    let muted = use_audio(call, id, video);
    view! { <ScreenTile class caption of stream muted video error=scene.failed /> }
}

/// What the screen is called that a participant shares.
pub(crate) fn screen_caption(call: CallHook, id: &PeerId) -> Signal<String> {
    let id = Signal::stored(Some(id.clone()));
    Signal::derive(move || {
        peer_name(call, id).map_or_else(String::new, |name| format!("{name}’s screen"))
    })
}

#[component]
fn ScreenTile(
    #[prop(into)] caption: Signal<String>,
    #[prop(into)] of: Signal<String>,
    #[prop(into)] stream: Signal<Option<MediaStream>, LocalStorage>,
    #[prop(into)] muted: Signal<bool>,
    video: NodeRef<html::Video>,
    error: RwSignal<Option<Advice>>,
    class: &'static str,
) -> impl IntoView {
    view! {
        <VideoTile
            class
            caption
            stream
            placeholder="The screen appears here."
            muted
            video
            attr:data-screen-of=move || of.get()
        >
            <Enlarging
                name=caption
                video
                has_video=Signal::derive(move || stream.with(Option::is_some))
                error
            />
        </VideoTile>
    }
}

/// What the participant is called, while it is in the room; reactive.
pub(crate) fn peer_name(call: CallHook, peer: Signal<Option<PeerId>>) -> Option<String> {
    with_peer(call, peer, |peer| {
        people::display_name(&peer.name, &peer.id)
    })
}

/// `f` of the participant, while it is in the room; reactive.
pub(crate) fn with_peer<T>(
    call: CallHook,
    peer: Signal<Option<PeerId>>,
    f: impl FnOnce(&ParticipantView) -> T,
) -> Option<T> {
    with_view(call, peer, |_, peer| f(peer))
}

/// `f` of the connection over which the participant is reached; reactive.
pub(crate) fn with_connection<T>(
    call: CallHook,
    peer: Signal<Option<PeerId>>,
    f: impl FnOnce(&ConnectionView) -> T,
) -> Option<T> {
    with_view(call, peer, |view, peer| view.connection_of(peer).map(f)).flatten()
}

fn with_view<T>(
    call: CallHook,
    peer: Signal<Option<PeerId>>,
    f: impl FnOnce(&CallView, &ParticipantView) -> T,
) -> Option<T> {
    peer.with(|id| {
        let id = id.as_ref()?;
        call.view.with(|view| {
            let view = view.as_ref()?;
            Some(f(view, view.participant(id)?))
        })
    })
}

/// What stands in the place of a video; reactive.
fn no_video(facts: Option<&Facts>, call: CallHook) -> String {
    let Some(facts) = facts else {
        return "The other person appears here.".to_owned();
    };
    let name = &facts.name;
    if facts.presence.is_coming() {
        format!("{name} is coming.")
    } else if facts.presence.has_failed() {
        format!("No connection to {name}.")
    } else if facts.is_video_paused {
        format!("{name} has a weak connection: video paused, audio kept.")
    } else if !facts.camera_on {
        format!("{name}’s camera is off.")
    } else if call.is_audio_only.get() {
        format!("Low-bandwidth mode: you receive no video of {name}.")
    } else {
        format!("No video from {name}.")
    }
}
