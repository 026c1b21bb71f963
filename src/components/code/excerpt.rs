//! Functions one after the other, each with its sentence and the place where it is.

use leptos::html;
use leptos::prelude::*;

use crate::components::copy_row::copy;
use crate::hooks::{use_code_viewer, use_task};
use crate::source::Excerpt;

#[component]
pub(crate) fn Excerpts(excerpts: &'static [Excerpt]) -> impl IntoView {
    let steps = excerpts.iter().map(|excerpt| {
        view! {
            <li>
                <Step excerpt />
            </li>
        }
    });
    view! { <ol class="code-steps">{steps.collect_view()}</ol> }
}

#[component]
fn Step(excerpt: &'static Excerpt) -> impl IntoView {
    let Excerpt {
        path,
        name,
        first,
        last,
        sentence,
        code,
    } = excerpt;
    let viewer = use_code_viewer();
    let shown = NodeRef::<html::Code>::new();
    let copying = use_task();
    let said = RwSignal::new("");
    let copy_code = move |_| {
        let text = shown.get_untracked().and_then(|code| code.text_content());
        copying.run(async move {
            said.set(match copy(&text.unwrap_or_default()).await {
                true => "Copied.",
                false => "The browser does not allow it here: mark the code and copy it.",
            });
        });
    };
    let lines = match first == last {
        true => format!("line {first}"),
        false => format!("lines {first}–{last}"),
    };
    view! {
        <h3>
            <code>{*name}</code>
        </h3>
        <p class="code-sentence" inner_html=*sentence></p>
        <div class="code-frame">
            <div class="code-head">
                <p>
                    <span class="code-path">{*path}</span>
                    ", "
                    {lines}
                </p>
                <span role="status">{move || said.get()}</span>
                <button type="button" aria-label=format!("Copy {name}") on:click=copy_code>
                    "Copy"
                </button>
                {viewer
                    .map(|viewer| {
                        view! {
                            <button
                                type="button"
                                aria-label=format!("Whole file of {name}")
                                aria-haspopup="dialog"
                                on:click=move |_| viewer.show(path, *first)
                            >
                                "Whole file"
                            </button>
                        }
                    })}
            </div>
            <pre
                class="code"
                tabindex="0"
                role="group"
                aria-label=format!("Code of {name}")
                style:counter-reset=format!("line {}", first - 1)
            >
                <code node_ref=shown inner_html=*code></code>
            </pre>
        </div>
    }
}
