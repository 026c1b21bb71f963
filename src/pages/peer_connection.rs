//! RTCPeerConnection: the own picture through two real peer connections in one page.

pub(crate) mod selected_pair;

use leptos::html;
use leptos::prelude::*;
use web_sys::MediaStream;

use crate::call::links::LinkEvent;
use crate::components::{DeviceSwitches, Notice, Page, SecureContextNotice, StateRow, VideoTile};
use crate::decimal::decimal;
use crate::hooks::{EndHook, use_local_media, use_pair, use_trace};
use crate::lab::pair::End;
use crate::rtc::now_ms;
use crate::rtc::video::NextFrame;
use crate::text;
use selected_pair::SelectedPair;

#[component]
pub fn PeerConnectionPage() -> impl IntoView {
    let trace = use_trace();
    let media = use_local_media(trace, false);
    let pair = use_pair(trace);
    let received = RwSignal::new_local(None::<MediaStream>);
    let first_frame_ms = RwSignal::new(None::<f64>);
    let remote_video = NodeRef::<html::Video>::new();
    let waiting_for_frame = StoredValue::new_local(None::<NextFrame>);

    let hang_up = move || {
        pair.stop();
        waiting_for_frame.set_value(None);
        received.set(None);
    };
    let start = move |_| {
        hang_up();
        media.start();
    };
    let call = move |_| {
        let Some(stream) = media.stream.get_untracked() else {
            return;
        };
        hang_up();
        first_frame_ms.set(None);
        let called_at = now_ms();
        if let Some(video) = remote_video.get_untracked() {
            let frame = NextFrame::new(&video, move || {
                first_frame_ms.set(Some(now_ms() - called_at));
            });
            waiting_for_frame.set_value(Some(frame));
        }
        pair.start(
            move |pair| {
                let Some(local_peer) = pair.connection(End::Local) else {
                    return Ok(());
                };
                for track in stream.get_tracks().iter() {
                    local_peer.add_track(wasm_bindgen::JsCast::unchecked_ref(&track), &stream)?;
                }
                Ok(())
            },
            move |end, event| {
                if let (End::Remote, LinkEvent::Track { track, .. }) = (end, event) {
                    show_track(received, &track);
                }
            },
        );
    };
    on_cleanup(move || {
        waiting_for_frame.try_update_value(|frame| *frame = None);
    });

    let capturing = move || media.stream.with(Option::is_some);
    view! {
        <Page text=text::PEER_CONNECTION trace>
            <section class="demo" aria-labelledby="demo-title">
                <h2 id="demo-title">"Try it"</h2>
                <SecureContextNotice />
                <div class="toolbar" role="group" aria-label="Connection">
                    <button
                        type="button"
                        class:primary=move || !capturing()
                        on:click=start
                        disabled=move || media.starting.get() || pair.running.get()
                    >
                        "Start"
                    </button>
                    <button
                        type="button"
                        class="primary"
                        on:click=call
                        disabled=move || !capturing() || pair.running.get()
                    >
                        "Call"
                    </button>
                    <button
                        type="button"
                        class="danger"
                        on:click=move |_| hang_up()
                        disabled=move || !pair.running.get()
                    >
                        "Hang Up"
                    </button>
                </div>
                <Notice advice=media.advice />
                <Notice advice=pair.advice />
                <div class="fields">
                    <DeviceSwitches camera=media.video microphone=media.audio synthetic=media.synthetic />
                </div>
                <div class="videos">
                    <VideoTile
                        id="localVideo"
                        caption="localVideo"
                        stream=media.stream
                        placeholder="Press Start to see your camera."
                        muted=true
                    />
                    <VideoTile
                        id="remoteVideo"
                        caption="remoteVideo"
                        stream=received
                        placeholder="Press Call to see it arrive here."
                        // The same room: its loudspeaker would feed its microphone.
                        muted=true
                        video=remote_video
                    />
                </div>
                <p class="measure" role="status" id="first-frame">
                    {move || {
                        first_frame_ms
                            .get()
                            .map(|ms| {
                                view! {
                                    <span class="measure-value">{format!("{} ms", decimal(ms, 0))}</span>
                                    " from Call to the first remote frame"
                                }
                            })
                    }}
                </p>
                <SelectedPair pair />
                <div class="peers">
                    {End::BOTH.map(|end| view! { <Peer end hook=pair.end(end) /> }).collect_view()}
                </div>
            </section>
        </Page>
    }
}

/// Adds a track to what is shown, in a new stream object so that the view notices.
fn show_track(
    shown: RwSignal<Option<MediaStream>, LocalStorage>,
    track: &web_sys::MediaStreamTrack,
) {
    let stream = match shown.get_untracked() {
        Some(stream) => MediaStream::new_with_stream(&stream),
        None => MediaStream::new(),
    };
    // Making an empty stream fails in no browser that got as far as a track.
    if let Ok(stream) = stream {
        stream.add_track(track);
        shown.set(Some(stream));
    }
}

#[component]
fn Peer(end: End, hook: EndHook) -> impl IntoView {
    let kind = move || {
        hook.description.with(|d| {
            d.as_ref().map_or("Description", |(kind, _)| match kind {
                signaling_protocol::SdpType::Offer => "Offer",
                _ => "Answer",
            })
        })
    };
    let sdp = move || {
        hook.description
            .with(|d| d.as_ref().map_or_else(String::new, |(_, sdp)| sdp.clone()))
    };
    view! {
        <section class="peer" id=end.name() aria-labelledby=format!("{}-title", end.name())>
            <h3 id=format!("{}-title", end.name())>
                <code>{end.name()}</code>
            </h3>
            <dl class="states">
                <StateRow name="signaling" history=hook.signaling />
                <StateRow name="ICE gathering" history=hook.ice_gathering />
                <StateRow name="ICE connection" history=hook.ice_connection />
                <StateRow name="connection" history=hook.connection />
            </dl>
            <details class="disclosure">
                <summary>{kind} " (SDP)"</summary>
                <pre class="sdp" tabindex="0" aria-label=move || format!("{} of {}", kind(), end.name())>
                    <code>{sdp}</code>
                </pre>
            </details>
            <details class="disclosure">
                <summary>
                    {move || hook.candidates.with(Vec::len)} " candidates gathered"
                </summary>
                <ol class="candidates" tabindex="0" aria-label=format!("Candidates of {}", end.name())>
                    {move || {
                        hook.candidates
                            .get()
                            .into_iter()
                            .map(|candidate| view! { <li><code>{candidate}</code></li> })
                            .collect_view()
                    }}
                </ol>
            </details>
        </section>
    }
}
