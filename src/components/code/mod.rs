//! The code that runs a page, beside its demo.

pub(crate) mod dialog;
pub(crate) mod excerpt;
pub(crate) mod tabs;

pub use dialog::CodeDialog;
use excerpt::Excerpts;
use leptos::prelude::*;
use tabs::{Tab, Tabs};

use crate::advice::Advice;
use crate::components::Notice;
use crate::hooks::{LoadStory, story_of, use_task};
use crate::source::Story;

/// What loading came to.
#[derive(Clone, Copy)]
pub(super) enum Loading<T> {
    /// Nobody wanted it yet.
    Waiting,
    Running,
    Ready(T),
    Failed,
}

/// The story of the page at `path`; nothing where there is none. Loaded when it is opened.
#[component]
pub(crate) fn CodeSection(path: &'static str) -> impl IntoView {
    story_of(path).map(|load| view! { <StorySection load /> })
}

#[component]
fn StorySection(load: LoadStory) -> impl IntoView {
    let story = RwSignal::new(Loading::Waiting);
    let task = use_task();
    let start = move || {
        story.set(Loading::Running);
        task.run(async move {
            story.set(load().await.map_or(Loading::Failed, Loading::Ready));
        });
    };
    let open = move |_| {
        // It is told later, when the page may be gone.
        if matches!(story.try_get_untracked(), Some(Loading::Waiting)) {
            start();
        }
    };
    view! {
        <section class="code-section" aria-labelledby="code-title">
            <h2 id="code-title">"The code that runs this page"</h2>
            <p class="code-lead">
                "The functions behind this page in the order in which they run, from the files that this page was built of; and the same steps in JavaScript."
            </p>
            <details class="code-story" on:toggle=open>
                <summary>"Show the code"</summary>
                {move || match story.get() {
                    Loading::Waiting => ().into_any(),
                    Loading::Running => {
                        view! { <p role="status">"Loading the code…"</p> }.into_any()
                    }
                    Loading::Ready(story) => view! { <Shown story /> }.into_any(),
                    Loading::Failed => view! { <NotLoaded again=start /> }.into_any(),
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

/// Says so, and offers to try `again`.
#[component]
pub(crate) fn NotLoaded(again: impl Fn() + 'static) -> impl IntoView {
    let advice = Advice::new(
        "The code could not be loaded.",
        "Check the network and try again. If that does not help, reload the page: there may be a newer version of it.",
    );
    view! {
        <Notice advice=Some(advice) />
        <div class="toolbar">
            <button type="button" on:click=move |_| again()>
                "Try again"
            </button>
        </div>
    }
}
