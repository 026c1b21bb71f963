//! Which devices are used, beside their switches: a part of its own, loaded when a menu is first opened.

use leptos::prelude::*;

use crate::advice::for_speaker;
use crate::components::meeting::BlurChoice;
use crate::components::{DevicePicker, NotLoaded, Notice, Switch};
use crate::hooks::{CallMediaHook, PageTrace, Part, use_lazy, use_task};
use crate::lazy::lazy;
use crate::rtc::devices::DeviceKind;
use crate::rtc::speaker;

/// What a menu is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Camera,
    Microphone,
    Speaker,
    MicrophoneAndSpeaker,
}

type Choices = fn(Choice, CallMediaHook, PageTrace) -> AnyView;

lazy!(device_choices: Choices = |choice, media, trace| match choice {
    Choice::Camera => view! { <CameraChoice media /> }.into_any(),
    Choice::Microphone => view! { <MicrophoneChoice media /> }.into_any(),
    Choice::Speaker => view! { <SpeakerChoice media trace /> }.into_any(),
    Choice::MicrophoneAndSpeaker => view! {
        <MicrophoneChoice media />
        <SpeakerChoice media trace />
    }
    .into_any(),
});

/// What can be chosen, as soon as it is loaded.
#[component]
pub(super) fn DeviceChoice(
    choice: Choice,
    media: CallMediaHook,
    trace: PageTrace,
) -> impl IntoView {
    let part = use_lazy(device_choices);
    part.load();
    move || match part.get() {
        Part::Waiting | Part::Loading => ().into_any(),
        Part::Ready(choices) => choices(choice, media, trace),
        Part::Failed => view! { <NotLoaded what="The menu" part /> }.into_any(),
    }
}

/// The camera, and whether there is a real one.
#[component]
fn CameraChoice(media: CallMediaHook) -> impl IntoView {
    view! {
        <DevicePicker
            devices=media.devices
            kind=DeviceKind::Camera
            label="Camera"
            chosen=media.camera_id
            keep=true
        />
        <Switch label="Use a synthetic camera" on=media.synthetic />
        <BlurChoice media />
    }
}

/// The microphone, and what the browser does with what it hears.
#[component]
fn MicrophoneChoice(media: CallMediaHook) -> impl IntoView {
    view! {
        <DevicePicker
            devices=media.devices
            kind=DeviceKind::Microphone
            label="Microphone"
            chosen=media.microphone_id
            keep=true
        />
        <Switch label="Suppress noise" on=media.noise_suppression />
        <Switch label="Cancel echo" on=media.echo_cancellation />
        <Switch label="Adjust the volume automatically" on=media.auto_gain_control />
    }
}

/// Where the others are heard, with a tone to try it.
#[component]
fn SpeakerChoice(media: CallMediaHook, trace: PageTrace) -> impl IntoView {
    let playing = use_task();
    let is_playing = RwSignal::new(false);
    let advice = RwSignal::new(None);
    let play = move |_| {
        is_playing.set(true);
        advice.set(None);
        let device = media.speaker_id.get_untracked();
        let tracer = trace.tracer(crate::trace::vocabulary::Part::Page);
        playing.run(async move {
            let result = speaker::play_test_tone(&device, tracer).await;
            advice.set(result.err().map(|error| for_speaker(&error)));
            is_playing.set(false);
        });
    };
    view! {
        {speaker::can_choose()
            .then(|| {
                view! {
                    <DevicePicker
                        devices=media.devices
                        kind=DeviceKind::Speaker
                        label="Speaker"
                        chosen=media.speaker_id
                        keep=true
                    />
                }
            })}
        <button type="button" on:click=play disabled=move || is_playing.get()>
            {move || if is_playing.get() { "Playing…" } else { "Play a test tone" }}
        </button>
        <Notice advice />
    }
}
