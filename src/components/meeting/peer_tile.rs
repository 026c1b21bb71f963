//! The tiles of the others: a participant, a shared screen.

use leptos::html;
use leptos::prelude::*;
use signaling_protocol::{PeerId, RoomKind};
use web_sys::MediaStream;

use super::people;
use super::tile::Enlarging;
use crate::advice::Advice;
use crate::call::{CallView, ConnectionView, ParticipantView, Presence};
use crate::components::{StateBadge, VideoTile};
use crate::hooks::{CallHook, Playback, SpeakingHook, use_task};
use crate::rtc::speaker;

/// What a tile shows of a participant besides the picture.
#[derive(Clone, Debug, PartialEq)]
struct Facts {
    id: PeerId,
    name: String,
    presence: Presence,
    has_video: bool,
    microphone_on: bool,
    camera_on: bool,
    silenced: bool,
}

impl Facts {
    fn of(peer: &ParticipantView) -> Self {
        Self {
            id: peer.id.clone(),
            name: peer.name.trim().to_owned(),
            presence: peer.presence,
            has_video: peer.has_video,
            microphone_on: peer.microphone_on,
            camera_on: peer.camera_on,
            silenced: peer.silenced,
        }
    }
}

/// Another participant. `peer` may be `None` while there is none; the tile stays.
#[component]
pub(crate) fn PeerTile(
    kind: RoomKind,
    call: CallHook,
    speaking: SpeakingHook,
    #[prop(into)] peer: Signal<Option<PeerId>>,
    error: RwSignal<Option<Advice>>,
    #[prop(optional)] id: Option<&'static str>,
    #[prop(optional, into)] class: &'static str,
) -> impl IntoView {
    let facts = Memo::new(move |_| with_peer(call, peer, Facts::of));
    let fact = move |f: fn(&Facts) -> bool| facts.with(|facts| facts.as_ref().is_some_and(f));
    let name = Signal::derive(move || name_of(facts.get(), kind));
    // Also while it has no track: what arrives then plays at once. Without a picture it still
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
    let playback = use_context::<Playback>();
    let is_silenced = Memo::new(move |_| fact(|facts| facts.silenced));
    Effect::new(move |_| {
        let chosen = playback
            .and_then(|playback| peer.with(|peer| peer.as_ref().map(|peer| playback.volume(peer))));
        let volume = match is_silenced.get() {
            // A host has decided that nobody is to hear it.
            true => 0.0,
            false => chosen.unwrap_or(1.0),
        };
        if let Some(video) = video.get() {
            video.set_volume(volume);
        }
    });
    if let Some(playback) = playback {
        use_speaker(video, playback);
    }
    view! {
        <VideoTile
            nostrip:id=id
            class
            video_class="peer-video"
            caption=name
            stream
            has_video
            placeholder=Signal::derive(move || no_video(facts.get(), kind, call.is_audio_only.get()))
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
                <StateBadge state="camera off" />
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

/// A shared screen, of another participant or your own.
#[component]
pub(crate) fn ScreenTile(
    #[prop(into)] caption: Signal<String>,
    #[prop(into)] of: Signal<String>,
    #[prop(into)] stream: Signal<Option<MediaStream>, LocalStorage>,
    error: RwSignal<Option<Advice>>,
    #[prop(optional, into)] class: &'static str,
    /// A screen may have audio, and you must not hear your own.
    #[prop(optional)]
    muted: bool,
) -> impl IntoView {
    let video = NodeRef::<html::Video>::new();
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

/// In a call of two nobody needs a name to be told from others.
fn name_of(facts: Option<Facts>, kind: RoomKind) -> String {
    match facts {
        Some(facts) if kind != RoomKind::Call || !facts.name.is_empty() => {
            people::display_name(&facts.name, &facts.id)
        }
        _ => "The other person".to_owned(),
    }
}

fn no_video(facts: Option<Facts>, kind: RoomKind, is_audio_only: bool) -> String {
    let Some(facts) = facts else {
        return "The other person appears here.".to_owned();
    };
    let (presence, camera_on) = (facts.presence, facts.camera_on);
    let name = name_of(Some(facts), kind);
    if presence.is_coming() {
        format!("{name} is coming.")
    } else if presence.has_failed() {
        format!("There is no way to {name}.")
    } else if !camera_on {
        format!("{name}’s camera is off.")
    } else if is_audio_only {
        format!("You receive no video of {name}.")
    } else {
        format!("{name} sends no picture.")
    }
}
