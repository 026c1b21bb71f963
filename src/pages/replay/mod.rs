//! A recording, stepped through without a network. Not a chapter: the inspector's export leads
//! here, and chapters lead to its example. What reads a recording and what shows it are loaded when
//! somebody is about to open one.

mod example;
pub(crate) mod player;
mod reading;

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use web_sys::{File, HtmlInputElement};

use crate::advice::Advice;
use crate::components::inspector::inspector;
use crate::components::{CodeDialog, CodeSection, Notice, set_title};
use crate::hooks::{provide_code_viewer, use_lazy, use_task};
use crate::recording::Recording;
use crate::routes::{self, href};
use crate::text;
use player::Player;
use reading::{read, recording_reader};

#[component]
pub fn ReplayPage() -> impl IntoView {
    set_title(text::REPLAY.title);
    let recording = RwSignal::new(None::<(String, Arc<Recording>)>);
    let advice = RwSignal::new(None::<Advice>);
    let reading = use_task();
    let (views, reader) = (use_lazy(inspector), use_lazy(recording_reader));
    // Side by side, before anything is read.
    let prepare = move || {
        views.load();
        reader.load();
    };
    let show = move |name: String, read: Result<Recording, Advice>| match read {
        Ok(read) => {
            advice.set(None);
            recording.set(Some((name, Arc::new(read))));
        }
        Err(told) => advice.set(Some(told)),
    };
    let open = move |file: File| {
        prepare();
        reading.run(async move { show(file.name(), read(&file).await) });
    };
    let open_example = move || {
        let title = example::RELAY_TITLE.to_owned();
        prepare();
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
                <h1>{text::REPLAY.title}</h1>
                <p class="lead">{text::REPLAY.lead}</p>
            </header>
            <Opening
                prepare=Callback::new(move |()| prepare())
                open=Callback::new(open)
                open_example=Callback::new(move |()| open_example())
                advice
            />
            <Show when=move || recording.with(Option::is_none)>
                <p class="empty">
                    "No recording is open. One is made in the tab Export of the Inspector, on any page that has a connection, for example a "
                    <A href=href(routes::CALL)>"call"</A> "."
                </p>
            </Show>
            {move || {
                recording.get().map(|(name, recording)| view! { <Player name recording views /> })
            }}
            {move || view! { <Code /> }}
        </article>
    }
}

/// With a viewer of its own, which the views of a recording are not to find: the lines that it
/// names are those of the page that made it.
#[component]
fn Code() -> impl IntoView {
    let viewer = provide_code_viewer();
    view! {
        <CodeSection path=routes::REPLAY />
        <CodeDialog viewer />
    }
}

/// What may be opened: the example, or a file, which may be dropped here.
#[component]
fn Opening(
    /// Somebody is about to open one.
    prepare: Callback<()>,
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
            on:pointerenter=move |_| prepare.run(())
            on:focusin=move |_| prepare.run(())
            on:dragenter=move |_| prepare.run(())
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
