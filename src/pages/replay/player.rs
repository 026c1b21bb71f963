//! A recording at one step, and how to go to another.

use std::sync::Arc;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;

use crate::components::inspector::InspectorViews;
use crate::components::lazy_view::View;
use crate::decimal::decimal;
use crate::hooks::{InspectedTrace, LazyHook, use_task};
use crate::recording::{Recording, counted};

/// Nobody watches a pause that is longer.
const LONGEST_PAUSE_MS: f64 = 1_000.0;

/// What it is, and its first entries, as many as there are steps, in the inspector's `views`.
#[component]
pub(crate) fn Player(
    name: String,
    recording: Arc<Recording>,
    views: LazyHook<View>,
) -> impl IntoView {
    let times: Vec<f64> = recording.entries().iter().map(|e| e.at_ms).collect();
    let count = times.len();
    let redacted = recording.is_redacted();
    let samples = recording.samples().len();
    let left_out = recording.left_out();
    let step = RwSignal::new(count);
    let inspected = InspectedTrace::recorded(recording, step.into());
    view! {
        <section class="replay-player" aria-labelledby="replay-title">
            <h2 class="visually-hidden" id="replay-title">"Recording"</h2>
            <p>
                <b>{name}</b>
                {format!(
                    ": {}{}",
                    counted(count, samples),
                    if redacted { "; its file says that addresses and fingerprints are replaced" } else { "" },
                )}
            </p>
            {(!left_out.is_nothing())
                .then(|| {
                    view! {
                        <p class="field-hint">{format!("Not in this recording, for want of room: {left_out}.")}</p>
                    }
                })}
            <Stepper times step />
            <div class="inspector-page">
                <InspectorViews part=views inspected />
            </div>
        </section>
    }
}

/// Goes to any step, or through all of them in the time that they took.
#[component]
fn Stepper(times: Vec<f64>, step: RwSignal<usize>) -> impl IntoView {
    let count = times.len();
    let times = StoredValue::new(times);
    let playing = RwSignal::new(false);
    let ticking = use_task();
    let pause = move || {
        ticking.cancel();
        playing.set(false);
    };
    let go = move |to: usize| {
        pause();
        step.set(to.min(count));
    };
    let play = move || {
        if step.get_untracked() >= count {
            step.set(0);
        }
        playing.set(true);
        ticking.run(async move {
            while let Some(now) = step.try_get_untracked().filter(|now| *now < count) {
                let wait = times.try_with_value(|times| gap(times, now)).unwrap_or(0.0);
                TimeoutFuture::new(wait as u32).await;
                step.set(now + 1);
            }
            playing.set(false);
        });
    };
    let at = move || {
        let now = step.get();
        let ms = times.with_value(|times| now.checked_sub(1).and_then(|i| times.get(i).copied()));
        match ms {
            Some(ms) => format!("entry {now} of {count}, {} s", decimal(ms / 1000.0, 3)),
            None => format!("before the first of {count} entries"),
        }
    };
    let on_slide = move |event: leptos::ev::Event| {
        go(event_target_value(&event).parse().unwrap_or(count));
    };
    view! {
        <div class="replay-controls" role="group" aria-label="Step">
            <button
                type="button"
                on:click=move |_| go(step.get_untracked().saturating_sub(1))
                disabled=move || step.get() == 0
            >
                "Previous"
            </button>
            <button
                type="button"
                class="primary"
                disabled=count == 0
                on:click=move |_| if playing.get_untracked() { pause() } else { play() }
            >
                {move || if playing.get() { "Pause" } else { "Play" }}
            </button>
            <button
                type="button"
                on:click=move |_| go(step.get_untracked() + 1)
                disabled=move || { step.get() >= count }>
                "Next"
            </button>
            <input
                type="range"
                id="replay-step"
                aria-label="Step"
                aria-valuetext=at
                min="0"
                max=count
                prop:value=move || step.get().to_string()
                on:input=on_slide
            />
            // While it plays, nobody could listen to every step.
            <output aria-live="off">{at}</output>
        </div>
    }
}

/// How long it takes until the next entry, in milliseconds.
fn gap(times: &[f64], step: usize) -> f64 {
    let at = |index: usize| times.get(index).copied().unwrap_or_default();
    let before = step.checked_sub(1).map_or_else(|| at(0), at);
    (at(step) - before).clamp(0.0, LONGEST_PAUSE_MS)
}
