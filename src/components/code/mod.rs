//! The code that runs a page, beside its demo.

pub(crate) mod dialog;
pub(crate) mod excerpt;
mod lazy;
pub(crate) mod tabs;

pub use dialog::CodeDialog;
use excerpt::Excerpts;
use leptos::prelude::*;
use tabs::{Tab, Tabs};

use crate::components::lazy_view::LazyView;
use crate::hooks::use_lazy;
use crate::source::Story;

/// The story of the page at `path`; nothing where there is none. Loaded when it is opened, or
/// when the pointer or the focus is on it.
#[component]
pub(crate) fn CodeSection(path: &'static str) -> impl IntoView {
    lazy::story_of(path).map(|load| {
        let story = use_lazy(load);
        view! {
            <section class="code-section" aria-labelledby="code-title">
                <h2 id="code-title">"The code that runs this page"</h2>
                <p class="code-lead">
                    "The functions behind this page in the order in which they run, from the files that this page was built of; and the same steps in JavaScript."
                </p>
                <details class="code-story" on:toggle=move |_| story.load()>
                    <summary
                        on:pointerenter=move |_| story.load()
                        on:focus=move |_| story.load()
                    >
                        "Show the code"
                    </summary>
                    <LazyView part=story what="The code" loading="Loading the code…" />
                </details>
            </section>
        }
    })
}

/// What a story's part shows.
#[component]
fn StoryView(story: &'static Story) -> impl IntoView {
    let tabs = vec![
        Tab {
            id: "code-rust",
            name: "Rust",
            panel: view! { <Excerpts excerpts=story.rust /> }.into_any(),
        },
        Tab {
            id: "code-script",
            name: "JavaScript",
            panel: view! { <Excerpts excerpts=story.script /> }.into_any(),
        },
    ];
    view! { <Tabs label="Language" tabs /> }
}
