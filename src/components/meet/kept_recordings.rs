//! Recordings that this browser keeps until they are deleted.

use leptos::prelude::*;

use crate::components::{AskedTwice, Notice};
use crate::hooks::{KeptHook, RecorderHook, use_kept};
use crate::recorder::{kept_from, megabytes};
use crate::rtc::recorder::kept::Kept;

#[component]
pub(super) fn KeptRecordings(recorder: RecorderHook) -> impl IntoView {
    let hook = use_kept(recorder);
    view! {
        <ul class="kept-recordings" role="list" aria-label="Recordings">
            <For
                each=move || hook.all.get()
                key=|kept| kept.name.clone()
                let(kept)
            >
                <Recording hook kept />
            </For>
        </ul>
        <Notice advice=hook.advice />
    }
}

#[component]
fn Recording(hook: KeptHook, kept: Kept) -> impl IntoView {
    let text = format!("{} ({})", kept_from(&kept.name), megabytes(kept.bytes));
    let name = StoredValue::new(kept.name);
    let is_saved = RwSignal::new(false);
    let save = move |_| {
        is_saved.set(true);
        hook.save(name.get_value());
    };
    let delete = move || hook.delete(name.get_value());
    let what = move || match is_saved.get() {
        true => {
            "Check that the file is where your browser saves files, then delete the copy kept here."
        }
        false => "It is only in this browser yet.",
    };
    view! {
        <li>
            <div class="notice" role="status">
                <p class="notice-title">
                    "Recording of "
                    <bdi>{text}</bdi>
                </p>
                <p>{what}</p>
                <div class="toolbar">
                    <button type="button" class:primary=move || !is_saved.get() on:click=save>
                        {move || if is_saved.get() { "Save again" } else { "Save" }}
                    </button>
                    <Show
                        when=move || is_saved.get()
                        fallback=move || {
                            view! { <AskedTwice label="Delete" confirm="Delete without saving" confirmed=delete /> }
                        }
                    >
                        <button type="button" on:click=move |_| delete()>
                            "Delete it here"
                        </button>
                    </Show>
                </div>
            </div>
        </li>
    }
}
