//! A whole file, at one of its lines.

use leptos::html;
use leptos::prelude::*;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

use crate::components::lazy_view::{LazyView, View};
use crate::hooks::{CodeLocation, CodeViewer, use_code_viewer, use_lazy, use_modal};
use crate::lazy::lazy;
use crate::source;

// All files that can be shown as a whole.
lazy!(code_files: View = || view! { <WholeFile /> }.into_any());

/// Shows what the viewer is asked for. The files are loaded when it is the first time.
#[component]
pub fn CodeDialog(viewer: CodeViewer) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let files = use_lazy(code_files);
    let wanted = Memo::new(move |_| viewer.place().is_some());
    use_modal(dialog, move || wanted.get());
    Effect::new(move |_| {
        if wanted.get() {
            files.load();
        }
    });
    // Browsers tell of it a moment later: by then it may have been opened again.
    let on_close = move |_| {
        if dialog.get_untracked().is_none_or(|dialog| !dialog.open()) {
            viewer.close();
        }
    };
    let title = move || {
        let place = viewer.place()?;
        Some(view! {
            <span class="code-path">{place.file}</span>
            {format!(", line {}", place.line)}
        })
    };
    view! {
        <dialog
            class="code-dialog"
            aria-labelledby="code-dialog-title"
            node_ref=dialog
            on:close=on_close
        >
            <div class="code-head">
                <h2 id="code-dialog-title">{title}</h2>
                <button type="button" on:click=move |_| viewer.close()>
                    "Close"
                </button>
            </div>
            <LazyView part=files what="The code" loading="Loading the code…" />
        </dialog>
    }
}

/// The file that the viewer is asked for.
#[component]
fn WholeFile() -> impl IntoView {
    let viewer = use_code_viewer();
    move || {
        let place = viewer?.place()?;
        Some(view! { <File place /> })
    }
}

#[component]
fn File(place: CodeLocation) -> impl IntoView {
    let Some(html) = source::whole(&place.file) else {
        return view! {
            <p role="status">"This file is not among those that the page can show."</p>
        }
        .into_any();
    };
    let code = NodeRef::<html::Code>::new();
    Effect::new(move |_| {
        let line = code.get().and_then(|code| {
            let line = format!(":scope > :nth-child({})", place.line);
            code.query_selector(&line).ok().flatten()
        });
        let Some(line) = line else { return };
        // Fails for no name of this kind.
        let _ = line.set_attribute("class", "here");
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Center);
        options.set_inline(ScrollLogicalPosition::Nearest);
        line.scroll_into_view_with_scroll_into_view_options(&options);
    });
    view! {
        <pre class="code" tabindex="0" role="group" aria-labelledby="code-dialog-title">
            <code node_ref=code inner_html=html></code>
        </pre>
    }
    .into_any()
}
