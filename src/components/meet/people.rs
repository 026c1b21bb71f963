//! Who is in the call, and how to invite others.

use leptos::prelude::*;
use signaling_protocol::PeerId;

use super::mute_requests::{AskToMute, AskedHook, can_be_asked};
use super::rights::{Access, HostActions, Knocks, SpotlightButton, is_host, is_spotlit};
use crate::components::StateBadge;
use crate::components::meeting::invite::Invite;
use crate::components::meeting::peer_tile::{peer_name, with_peer};
use crate::components::meeting::session::MeetingHook;
use crate::components::meeting::tile::own_name;
use crate::components::meeting::verify::Verify;
use crate::decimal::decimal;
use crate::hooks::Playback;
use crate::signaling::transport::Transport;

/// Yourself, the others, the invitation.
#[component]
pub(super) fn People(meeting: MeetingHook, playback: Playback, asked: AskedHook) -> impl IntoView {
    let scene = meeting.scene;
    let (call, media) = (scene.call, scene.media);
    // Whoever raised a hand first, first.
    let ids = Memo::new(move |_| {
        call.view.with(|view| {
            let peers = view.iter().flat_map(|view| &view.participants);
            let mut peers: Vec<_> = peers.collect();
            peers.sort_by_key(|peer| peer.hand_raised_at_ms.unwrap_or(u64::MAX));
            peers
                .into_iter()
                .map(|peer| peer.id.clone())
                .collect::<Vec<_>>()
        })
    });
    let own_id = Memo::new(move |_| call.view.with(|view| view.as_ref()?.me.clone()));
    let own_name = own_name(call, meeting.name);
    view! {
        <ul class="people" role="list">
            <li class="person">
                <p class="person-name">{own_name}</p>
                <p class="person-state">
                    <Show when=move || is_host(call)>
                        <StateBadge state="host" />
                    </Show>
                    <Show when=move || is_spotlit(call)>
                        <StateBadge state="spotlight" />
                    </Show>
                    <Show when=move || call.is_hand_raised.get()>
                        <StateBadge state="hand raised" />
                    </Show>
                    <Show when=move || !media.is_microphone_on() || !media.has_microphone()>
                        <StateBadge state="muted" />
                    </Show>
                    <Show when=move || !media.camera.get()>
                        <StateBadge state="camera off" />
                    </Show>
                </p>
                <Show when=move || is_host(call) && own_id.get().is_some()>
                    <div class="toolbar person-actions" role="group" aria-label="Actions for you">
                        <SpotlightButton
                            call
                            id=own_id
                            is_spotlit=Signal::derive(move || is_spotlit(call))
                        />
                    </div>
                </Show>
            </li>
            <For each=move || ids.get() key=Clone::clone let(id)>
                <Person meeting playback asked id />
            </For>
        </ul>
        <Knocks call />
        <Access call />
        <Show when=move || call.transport.get() != Transport::Paste>
            <Invite link=meeting.invitation hint="" />
        </Show>
        <Verify call />
    }
}

#[component]
fn Person(meeting: MeetingHook, playback: Playback, asked: AskedHook, id: PeerId) -> impl IntoView {
    let call = meeting.scene.call;
    let of = id.to_string();
    let peer = Signal::stored(Some(id.clone()));
    let id = StoredValue::new(id);
    let fact = move |f: fn(&crate::call::ParticipantView) -> bool| {
        with_peer(call, peer, f).unwrap_or(false)
    };
    let name = Memo::new(move |_| peer_name(call, peer).unwrap_or_default());
    let state = Signal::derive(move || {
        let state = with_peer(call, peer, |peer| peer.presence.as_str().to_owned());
        state.unwrap_or_default()
    });
    view! {
        <li class="person" data-person=of>
            <p class="person-name">
                <bdi>{name}</bdi>
            </p>
            <p class="person-state">
                <Show when=move || !state.get().is_empty()>
                    <StateBadge state />
                </Show>
                <Show when=move || fact(|peer| peer.host)>
                    <StateBadge state="host" />
                </Show>
                <Show when=move || fact(|peer| peer.spotlight)>
                    <StateBadge state="spotlight" />
                </Show>
                <Show when=move || fact(|peer| peer.silenced)>
                    <StateBadge state="muted by a host" />
                </Show>
                <Show when=move || fact(|peer| peer.hand_raised_at_ms.is_some())>
                    <StateBadge state="hand raised" />
                </Show>
                <Show when=move || !fact(|peer| peer.microphone_on)>
                    <StateBadge state="muted" />
                </Show>
                <Show when=move || fact(|peer| peer.is_video_paused)>
                    <StateBadge state="video paused" />
                </Show>
                <Show when=move || !fact(|peer| peer.camera_on || peer.is_video_paused)>
                    <StateBadge state="camera off" />
                </Show>
            </p>
            <label class="person-volume">
                <span>
                    "Volume"
                    <span class="visually-hidden">{move || format!(" of {}", name.get())}</span>
                </span>
                <input
                    type="range"
                    min="0"
                    max="100"
                    prop:value=move || {
                        decimal(id.with_value(|id| playback.volume(id)) * 100.0, 0).to_string()
                    }
                    on:input=move |event| {
                        let percent: f64 = event_target_value(&event).parse().unwrap_or(100.0);
                        id.with_value(|id| playback.set_volume(id, percent / 100.0));
                    }
                />
            </label>
            <Show when=move || is_host(call) || fact(can_be_asked)>
                <div
                    class="toolbar person-actions"
                    role="group"
                    aria-label=move || format!("Actions for {}", name.get())
                >
                    <Show when=move || fact(can_be_asked)>
                        <AskToMute asked id=id.get_value() />
                    </Show>
                    <Show when=move || is_host(call)>
                        <HostActions
                            call
                            id=id.get_value()
                            name
                            is_host=Signal::derive(move || fact(|peer| peer.host))
                            is_silenced=Signal::derive(move || fact(|peer| peer.silenced))
                            is_spotlit=Signal::derive(move || fact(|peer| peer.spotlight))
                        />
                    </Show>
                </div>
            </Show>
        </li>
    }
}
