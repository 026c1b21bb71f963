//! A description of one's own.

use leptos::html;
use leptos::prelude::*;
use signaling_protocol::SdpType;

use super::SdpParts;
use crate::sdp::Problem;
use crate::sdp::input::{self, Input, PasteError};
use crate::sdp::presentation::present;

/// Explains what is pasted into it. Nothing of it leaves the page.
#[component]
pub fn SdpPaste() -> impl IntoView {
    let field = NodeRef::<html::Textarea>::new();
    let read = RwSignal::new(None::<Result<Input, PasteError>>);
    let explain = move |_| {
        if let Some(field) = field.get_untracked() {
            read.set(Some(input::read(&field.value())));
        }
    };
    let clear = move |_| {
        if let Some(field) = field.get_untracked() {
            field.set_value("");
        }
        read.set(None);
    };
    let error = move || {
        read.with(|read| match read {
            Some(Err(error)) => error.to_string(),
            _ => String::new(),
        })
    };
    let failed = move || read.with(|read| matches!(read, Some(Err(_))));
    view! {
        <details class="disclosure sdp-paste">
            <summary>"Paste your own SDP"</summary>
            <div class="sdp-paste-body">
                <div class="field">
                    <label class="field-label" for="sdp-paste">
                        "An offer or an answer, as text or as JSON"
                    </label>
                    <textarea
                        class="machine-text"
                        id="sdp-paste"
                        aria-describedby="sdp-paste-hint sdp-paste-error"
                        node_ref=field
                        rows="8"
                        spellcheck="false"
                        autocapitalize="off"
                        autocomplete="off"
                        placeholder="v=0"
                        aria-invalid=move || failed().to_string()
                    ></textarea>
                    <span class="field-hint" id="sdp-paste-hint">"It stays in this page."</span>
                    <span class="field-error" id="sdp-paste-error" role="alert">
                        {error}
                    </span>
                </div>
                <div class="toolbar">
                    <button type="button" on:click=explain>
                        "Explain"
                    </button>
                    <button type="button" on:click=clear>
                        "Clear"
                    </button>
                </div>
                {move || {
                    let input = read.get()?.ok()?;
                    let kind = input.kind;
                    let parts = present(&input.description, kind, None);
                    Some(
                        view! {
                            <p role="status">{format!("Read as {}.", in_words(kind))}</p>
                            <Problems problems=input.problems />
                            <SdpParts parts there="" />
                        },
                    )
                }}
            </div>
        </details>
    }
}

/// What is wrong, line by line; nothing if nothing is.
#[component]
pub(crate) fn Problems(problems: Vec<Problem>) -> impl IntoView {
    (!problems.is_empty()).then(|| {
        let count = problems.len();
        let title = match count {
            1 => "One line is not as it should be.".to_owned(),
            count => format!("{count} things are not as they should be."),
        };
        // Whoever pasted a novel is helped by the first of them.
        let shown = problems.into_iter().take(50).map(|problem| {
            view! { <li>{format!("Line {}: {}", problem.line, problem.text)}</li> }
        });
        view! {
            <div class="notice notice-warning sdp-problems" role="status">
                <p class="notice-title">{title}</p>
                <ul>{shown.collect_view()}</ul>
                {(count > 50).then(|| view! { <p>{format!("And {} more.", count - 50)}</p> })}
            </div>
        }
    })
}

fn in_words(kind: SdpType) -> &'static str {
    match kind {
        SdpType::Offer => "an offer",
        SdpType::Answer => "an answer",
        SdpType::Pranswer => "a provisional answer",
        SdpType::Rollback => "a rollback, of which only the type counts",
    }
}
