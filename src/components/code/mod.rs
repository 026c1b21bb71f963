//! The code that runs a page, beside its demo.

pub(crate) mod dialog;
pub(crate) mod excerpt;
pub(crate) mod tabs;

pub use dialog::CodeDialog;
use excerpt::Excerpts;
use leptos::prelude::*;
use tabs::{Tab, Tabs};

use crate::components::NotLoaded;
use crate::hooks::{LoadStory, Part, story_of, use_lazy};
use crate::source::Story;

/// The story of the page at `path`; nothing where there is none. Loaded when it is opened.
#[component]
pub(crate) fn CodeSection(path: &'static str) -> impl IntoView {
    story_of(path).map(|load| view! { <StorySection load /> })
}

#[component]
fn StorySection(load: LoadStory) -> impl IntoView {
    let story = use_lazy(load);
    view! {
        <section class="code-section" aria-labelledby="code-title">
            <h2 id="code-title">"The code that runs this page"</h2>
            <p class="code-lead">
                "The functions behind this page in the order in which they run, from the files that this page was built of; and the same steps in JavaScript."
            </p>
            <details class="code-story" on:toggle=move |_| story.load()>
                <summary>"Show the code"</summary>
                {move || match story.get() {
                    Part::Waiting => ().into_any(),
                    Part::Loading => {
                        view! { <p role="status">"Loading the code…"</p> }.into_any()
                    }
                    Part::Ready(story) => view! { <Shown story /> }.into_any(),
                    Part::Failed => view! { <NotLoaded what="The code" part=story /> }.into_any(),
                }}
            </details>
        </section>
    }
}

#[component]
fn Shown(story: &'static Story) -> impl IntoView {
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
