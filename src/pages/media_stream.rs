//! MediaStream: ask for camera and microphone, and see what was granted.

use gloo_timers::callback::Interval;
use leptos::html;
use leptos::prelude::*;

use crate::advice::{Advice, for_speaker};
use crate::components::{
    DevicePicker, DeviceSwitches, Notice, Page, SecureContextNotice, Switch, TableHead,
    TableScroll, VideoTile,
};
use crate::hooks::{LocalMediaHook, PageTrace, Resolution, use_local_media, use_task, use_trace};
use crate::rtc::constraints::Constrain;
use crate::rtc::devices::DeviceKind;
use crate::rtc::level::LevelMeter;
use crate::rtc::{speaker, video};
use crate::text;
use crate::trace::vocabulary::Part;

#[component]
pub fn MediaStreamPage() -> impl IntoView {
    let trace = use_trace();
    let media = use_local_media(trace, false);
    let video = NodeRef::<html::Video>::new();
    let capturing = move || media.stream.with(Option::is_some);
    let placeholder = Signal::derive(move || {
        let waiting = media.starting.get();
        let text = if waiting {
            "Waiting for your answer to the browser’s question."
        } else {
            "Press Start to see your camera."
        };
        text.to_owned()
    });
    view! {
        <Page text=text::MEDIA_STREAM trace>
            <section class="demo" aria-labelledby="demo-title">
                <h2 id="demo-title">"Try it"</h2>
                <SecureContextNotice />
                <div class="toolbar" role="group" aria-label="Capture">
                    <button
                        type="button"
                        class="primary"
                        on:click=move |_| media.start()
                        disabled=move || media.starting.get()
                    >
                        "Start"
                    </button>
                    <button
                        type="button"
                        on:click=move |_| media.stop()
                        disabled=move || !capturing() && !media.starting.get()
                    >
                        "Stop"
                    </button>
                </div>
                <Notice advice=media.advice />
                <div class="fields">
                    <DeviceSwitches camera=media.video microphone=media.audio synthetic=media.synthetic />
                    <DevicePicker devices=media.devices kind=DeviceKind::Camera label="Camera device" chosen=media.camera />
                    <DevicePicker devices=media.devices kind=DeviceKind::Microphone label="Microphone device" chosen=media.microphone />
                    <ResolutionPicker media />
                    <FrameRatePicker media />
                </div>
                <div class="videos">
                    <VideoTile
                        id="localVideo"
                        caption="You"
                        stream=media.stream
                        placeholder
                        muted=true
                        video
                    />
                </div>
                <Level media />
                <Snapshot media video />
                <SpeakerTest media trace />
                <AskedAndDelivered media />
            </section>
        </Page>
    }
}

const RESOLUTIONS: [(&str, Resolution); 5] = [
    ("Browser’s choice", None),
    ("320 × 240", Some((320, 240))),
    ("640 × 480", Some((640, 480))),
    ("1280 × 720", Some((1280, 720))),
    ("1920 × 1080", Some((1920, 1080))),
];

#[component]
fn ResolutionPicker(media: LocalMediaHook) -> impl IntoView {
    let choose = move |event| {
        let index: usize = event_target_value(&event).parse().unwrap_or_default();
        media
            .resolution
            .set(RESOLUTIONS.get(index).and_then(|(_, size)| *size));
    };
    let options = RESOLUTIONS.iter().enumerate().map(|(index, (name, _))| {
        view! { <option value=index.to_string()>{*name}</option> }
    });
    view! {
        <label class="field">
            <span class="field-label">"Resolution"</span>
            <select on:change=choose>{options.collect_view()}</select>
        </label>
    }
}

#[component]
fn FrameRatePicker(media: LocalMediaHook) -> impl IntoView {
    let choose = move |event| {
        media
            .frame_rate
            .set(event_target_value(&event).parse().ok())
    };
    let options = [10, 15, 30, 60, 1000].map(|rate| {
        view! { <option value=rate.to_string()>{format!("{rate} frames a second")}</option> }
    });
    view! {
        <label class="field">
            <span class="field-label">"Frame rate"</span>
            <select on:change=choose>
                <option value="">"Browser’s choice"</option>
                {options.collect_view()}
            </select>
        </label>
        <Switch label="Insist on exactly these (exact)" on=media.exact />
    }
}

#[component]
fn Level(media: LocalMediaHook) -> impl IntoView {
    let level = RwSignal::new(0.0);
    let measuring = StoredValue::new_local(None);
    Effect::new(move |_| {
        measuring.set_value(None);
        level.set(0.0);
        let stream = media.stream.get();
        let Some(stream) = stream.filter(|_| media.has("audio")) else {
            return;
        };
        // Without audio processing there is no meter, and nothing else is lost.
        let Ok(meter) = LevelMeter::new(&stream) else {
            return;
        };
        measuring.set_value(Some(Interval::new(100, move || level.set(meter.level()))));
    });
    on_cleanup(move || {
        measuring.try_update_value(|measuring| *measuring = None);
    });
    view! {
        <Show when=move || media.has("audio")>
            <label class="field">
                <span class="field-label">"Microphone level"</span>
                <meter
                    class="level"
                    id="level"
                    min="0"
                    max="1"
                    // The ear is logarithmic; speech is around a tenth of full scale.
                    prop:value=move || level.get().sqrt()
                ></meter>
            </label>
        </Show>
    }
}

#[component]
fn Snapshot(media: LocalMediaHook, video: NodeRef<html::Video>) -> impl IntoView {
    let snapshot = RwSignal::new(None::<String>);
    let advice = RwSignal::new(None);
    let take = move |_| {
        let Some(video) = video.get_untracked() else {
            return;
        };
        match video::snapshot(&video) {
            Ok(url) => {
                advice.set(None);
                snapshot.set(Some(url));
            }
            Err(error) => advice.set(Some(Advice::new(
                error.message,
                "Wait until the camera shows a picture, then try again.",
            ))),
        }
    };
    view! {
        <div class="toolbar" role="group" aria-label="Snapshot">
            <button type="button" on:click=take disabled=move || !media.has("video")>
                "Take a snapshot"
            </button>
            {move || {
                snapshot
                    .get()
                    .map(|url| {
                        view! {
                            <a class="button" download="snapshot.png" href=url.clone()>
                                "Save picture"
                            </a>
                        }
                    })
            }}
        </div>
        <Notice advice />
        {move || {
            snapshot
                .get()
                .map(|url| view! { <img id="snapshot" src=url alt="The snapshot" width="160" /> })
        }}
    }
}

#[component]
fn SpeakerTest(media: LocalMediaHook, trace: PageTrace) -> impl IntoView {
    let chosen = RwSignal::new(String::new());
    let advice = RwSignal::new(None);
    let playing = RwSignal::new(false);
    let task = use_task();
    let play = move |_| {
        playing.set(true);
        advice.set(None);
        task.run(async move {
            let result =
                speaker::play_test_tone(&chosen.get_untracked(), trace.tracer(Part::Speaker)).await;
            playing.set(false);
            if let Err(error) = result {
                advice.set(Some(for_speaker(&error)));
            }
        });
    };
    view! {
        <div class="fields">
            {speaker::can_choose()
                .then(|| {
                    view! {
                        <DevicePicker devices=media.devices kind=DeviceKind::Speaker label="Speaker" chosen />
                    }
                })}
            <div class="field">
                // Level with the picker, whatever stands below that one.
                <span class="field-label" aria-hidden="true">"\u{a0}"</span>
                <button type="button" on:click=play disabled=move || playing.get()>
                    "Play a test tone"
                </button>
            </div>
        </div>
        <Notice advice />
    }
}

/// What was asked beside what the tracks deliver.
#[component]
fn AskedAndDelivered(media: LocalMediaHook) -> impl IntoView {
    let rows = move || {
        let asked = asked(media);
        let mut rows = Vec::new();
        for kind in ["video", "audio"] {
            for (name, delivered) in media.settings(kind) {
                let wish = asked
                    .iter()
                    .find(|(of, constraint, _)| *of == kind && *constraint == name)
                    .map_or("—".to_owned(), |(_, _, wish)| wish.clone());
                rows.push((kind, name, wish, delivered));
            }
        }
        // What was asked for and is not reported is worth a row, too.
        for (kind, name, wish) in asked {
            let reported = |(of, setting, ..): &(&str, String, String, String)| {
                *of == kind && setting.as_str() == name
            };
            if !rows.iter().any(reported) {
                rows.push((kind, name.to_owned(), wish, "—".to_owned()));
            }
        }
        rows
    };
    view! {
        <Show when=move || media.stream.with(Option::is_some)>
            <TableScroll label="Asked and delivered">
                <table class="facts" id="settings">
                    <TableHead columns=&["Setting", "Asked", "Delivered"] />
                    <tbody>
                        {move || {
                            rows()
                                .into_iter()
                                .map(|(kind, name, wish, delivered)| {
                                    view! {
                                        <tr>
                                            <th scope="row">{format!("{kind}: {name}")}</th>
                                            <td>{wish}</td>
                                            <td>{delivered}</td>
                                        </tr>
                                    }
                                })
                                .collect_view()
                        }}
                    </tbody>
                </table>
            </TableScroll>
        </Show>
    }
}

/// The constraints of the last start: kind, name, and the wish in words.
fn asked(media: LocalMediaHook) -> Vec<(&'static str, &'static str, String)> {
    fn words<T: std::fmt::Display>(wish: &Constrain<T>) -> String {
        match wish {
            Constrain::Ideal(value) => format!("ideal {value}"),
            Constrain::Exact(value) => format!("exact {value}"),
        }
    }
    let Some(request) = media.asked.get() else {
        return Vec::new();
    };
    let mut asked = Vec::new();
    if let Some(video) = &request.video {
        asked.extend(video.width.as_ref().map(|w| ("video", "width", words(w))));
        asked.extend(video.height.as_ref().map(|h| ("video", "height", words(h))));
        asked.extend(
            video
                .frame_rate
                .as_ref()
                .map(|r| ("video", "frameRate", words(r))),
        );
        asked.extend(
            video
                .device_id
                .as_ref()
                .map(|d| ("video", "deviceId", words(d))),
        );
    }
    if let Some(audio) = &request.audio {
        asked.extend(
            audio
                .device_id
                .as_ref()
                .map(|d| ("audio", "deviceId", words(d))),
        );
    }
    asked
}
