//! A recording, stepped through without a network. Not a chapter: the inspector's export leads
//! here, and chapters lead to its example.

mod example;

use std::sync::Arc;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use web_sys::{File, HtmlInputElement};

use crate::advice::Advice;
use crate::app::href;
use crate::components::inspector::InspectorTabs;
use crate::components::{Notice, set_title};
use crate::hooks::{Inspected, use_task};
use crate::recording::{ImportError, Recording};
use crate::rtc::files;

/// Nobody watches a pause that is longer.
const LONGEST_PAUSE_MS: f64 = 1_000.0;

#[component]
pub fn ReplayPage() -> impl IntoView {
    set_title("Replay");
    let recording = RwSignal::new(None::<(String, Arc<Recording>)>);
    let advice = RwSignal::new(None::<Advice>);
    let reading = use_task();
    let show = move |name: String, read: Result<Recording, Advice>| match read {
        Ok(read) => {
            advice.set(None);
            recording.set(Some((name, Arc::new(read))));
        }
        Err(told) => advice.set(Some(told)),
    };
    let open = move |file: File| {
        reading.run(async move { show(file.name(), read(&file).await) });
    };
    let open_example = move || {
        let title = example::RELAY_TITLE.to_owned();
        reading.run(async move { show(title, example::relay().await) });
    };
    let query = use_query_map();
    Effect::new(
        move || match query.with(|query| query.get("example")).as_deref() {
            None => {}
            Some(example::RELAY) => open_example(),
            Some(_) => advice.set(Some(Advice::new(
                "There is no such example.",
                "Open the one below, or a file.",
            ))),
        },
    );
    view! {
        <article class="page replay">
            <header class="page-header">
                <h1>"Replay"</h1>
                <p class="lead">
                    "Open a recording that the Inspector exported, and step through what happened. The file stays on this device."
                </p>
            </header>
            <Opening open=Callback::new(open) open_example=Callback::new(move |()| open_example()) advice />
            <Show when=move || recording.with(Option::is_none)>
                <p class="empty">
                    "No recording is open. One is made in the tab Export of the Inspector, on any page that has a connection, for example a "
                    <A href=href("/call")>"call"</A> "."
                </p>
            </Show>
            {move || {
                recording.get().map(|(name, recording)| view! { <Player name recording /> })
            }}
        </article>
    }
}

/// What may be opened: the example, or a file, which may be dropped here.
#[component]
fn Opening(
    open: Callback<File>,
    open_example: Callback<()>,
    advice: RwSignal<Option<Advice>>,
) -> impl IntoView {
    let over = RwSignal::new(false);
    let on_file = move |event: leptos::ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            open.run(file);
        }
        // So that the same file can be chosen again.
        input.set_value("");
    };
    let on_drop = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        let files = event.data_transfer().and_then(|dropped| dropped.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            open.run(file);
        }
    };
    view! {
        <section
            class="replay-open"
            class:is-over=move || over.get()
            aria-label="Open a recording"
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=on_drop
        >
            <div class="field">
                <label class="field-label" for="replay-file">
                    "Recording"
                </label>
                <input type="file" id="replay-file" accept=".json,application/json" aria-describedby="replay-hint" on:change=on_file />
                <p class="field-hint" id="replay-hint">
                    "A JSON file. It may also be dropped here."
                </p>
            </div>
            <div class="toolbar">
                <button type="button" on:click=move |_| open_example.run(())>
                    "Open an example: a call through a relay"
                </button>
            </div>
            <Notice advice=advice />
        </section>
    }
}

async fn read(file: &File) -> Result<Recording, Advice> {
    let refused = |error: ImportError| Advice::new("This file was not opened.", error.to_string());
    let bytes = file.size() as usize;
    if bytes > Recording::MAX_BYTES {
        return Err(refused(ImportError::TooLarge { bytes }));
    }
    let text = files::read_text(file).await.map_err(|error| {
        let what = format!("The file could not be read ({error}).");
        Advice::new(what, "It may have been moved or changed. Choose it again.")
    })?;
    Recording::from_json(&text).map_err(refused)
}

/// The recording at one step, and how to go to another.
#[component]
fn Player(name: String, recording: Arc<Recording>) -> impl IntoView {
    let times: Vec<f64> = recording.entries().iter().map(|e| e.at_ms).collect();
    let count = times.len();
    let times = StoredValue::new(times);
    let redacted = recording.is_redacted();
    let samples = recording.samples().len();
    let left_out = recording.left_out();
    let step = RwSignal::new(count);
    let playing = RwSignal::new(false);
    let ticking = use_task();
    let inspected = Inspected::recorded(recording, step.into());
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
            Some(ms) => format!("entry {now} of {count}, {:.3} s", ms / 1000.0),
            None => format!("before the first of {count} entries"),
        }
    };
    let on_slide = move |event: leptos::ev::Event| {
        go(event_target_value(&event).parse().unwrap_or(count));
    };
    view! {
        <section class="replay-player" aria-labelledby="replay-title">
            <h2 class="visually-hidden" id="replay-title">"Recording"</h2>
            <p>
                <b>{name}</b>
                {format!(
                    ": {count} entries, {samples} samples of statistics{}",
                    if redacted { "; addresses and fingerprints are replaced" } else { "" },
                )}
            </p>
            {(!left_out.is_nothing())
                .then(|| {
                    view! {
                        <p class="field-hint">{format!("Not in this recording: {left_out}.")}</p>
                    }
                })}
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
            <div class="inspector-page">
                <InspectorTabs inspected />
            </div>
        </section>
    }
}

/// How long it takes until the next entry, in milliseconds.
fn gap(times: &[f64], step: usize) -> f64 {
    let at = |index: usize| times.get(index).copied().unwrap_or_default();
    let before = step.checked_sub(1).map_or_else(|| at(0), at);
    (at(step) - before).clamp(0.0, LONGEST_PAUSE_MS)
}
