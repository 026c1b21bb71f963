//! The frame of a page: title, text, demo, log, the way to the neighbours.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::{CodeDialog, CodeSection, EventLog, InspectorDock};
use crate::hooks::{PageTrace, is_written, provide_code_viewer, use_progress, use_prose};
use crate::routes::{self, href};
use crate::text::{CHAPTERS, Text};

/// One page of the tour. `children` are its demo.
#[component]
pub fn Page(
    text: Text,
    /// Where something runs that can be followed.
    #[prop(optional)]
    trace: Option<PageTrace>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    set_title(text.title);
    let index = chapter_of(text.path);
    let progress = use_progress();
    // Where the reader stopped the last time, not where they are now.
    let section = progress.with_untracked(|progress| progress.place(text.path).map(str::to_owned));
    progress.follow(text.path);
    // The router looks for the place before the page is loaded. In what the build wrote, the
    // browser has found it, and the reader may have gone on.
    if !is_written() {
        Effect::new(|_| request_animation_frame(show_place));
    }
    let viewer = provide_code_viewer();
    let prose = use_prose(text.path);
    view! {
        <article class="page">
            <header class="page-header">
                {index
                    .map(|index| {
                        view! {
                            <p class="chapter-number">
                                {format!("Chapter {}", index + 1)}
                                {section
                                    .map(|section| {
                                        view! {
                                            <A
                                                href=format!("{}#{section}", href(text.path))
                                                attr:class="continue"
                                            >
                                                "Continue where you stopped reading"
                                            </A>
                                        }
                                    })}
                            </p>
                        }
                    })}
                <h1>{text.title}</h1>
                <p class="lead">{text.lead}</p>
                {trace.map(|trace| view! { <InspectorDock trace /> })}
            </header>
            <section class="prose" inner_html=move || prose.with(|prose| prose.before.clone())></section>
            {children.map(|children| children())}
            <CodeSection path=text.path />
            {move || {
                let after = prose.with(|prose| prose.after.clone());
                (!after.is_empty())
                    .then(|| view! { <section class="prose" inner_html=after></section> })
            }}
            {trace.map(|trace| view! { <EventLog trace /> })}
            {index.map(|index| view! { <PageFooter index /> })}
            <CodeDialog viewer />
        </article>
    }
}

/// Scrolls to what the address names behind `#`.
fn show_place() {
    let hash = window().location().hash().unwrap_or_default();
    let id = js_sys::decode_uri_component(hash.trim_start_matches('#'));
    let place = id
        .ok()
        .and_then(|id| document().get_element_by_id(&String::from(id)));
    if let Some(place) = place {
        place.scroll_into_view();
    }
}

/// The chapter to which a page belongs.
fn chapter_of(path: &str) -> Option<usize> {
    CHAPTERS.iter().position(|chapter| {
        let rest = path.strip_prefix(chapter.path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// What has been read, and the way to the neighbours.
#[component]
fn PageFooter(index: usize) -> impl IntoView {
    let progress = use_progress();
    let neighbour = |index: Option<usize>| index.and_then(|index| CHAPTERS.get(index));
    let previous = neighbour(index.checked_sub(1));
    let next = neighbour(Some(index + 1));
    let path = CHAPTERS
        .get(index)
        .map_or(routes::HOME, |chapter| chapter.path);
    let finished = move || progress.with(|progress| progress.is_finished(path));
    view! {
        <footer class="page-footer">
            <label class="finish">
                <input
                    type="checkbox"
                    prop:checked=finished
                    on:change=move |event| {
                        progress.set_finished(path, event_target_checked(&event));
                    }
                />
                " I have finished this chapter"
            </label>
            <nav aria-label="Chapter order">
                {previous
                    .map(|chapter| {
                        view! {
                            <A href=href(chapter.path) attr:rel="prev">
                                "← "
                                {chapter.title}
                            </A>
                        }
                    })}
                {next
                    .map(|chapter| {
                        view! {
                            <A href=href(chapter.path) attr:rel="next">
                                {chapter.title}
                                " →"
                            </A>
                        }
                    })}
            </nav>
        </footer>
    }
}

/// Names the page in the browser's tab.
pub(crate) fn set_title(title: &str) {
    let name = "WebRTC Tour";
    document().set_title(&if title == name {
        name.to_owned()
    } else {
        format!("{title} · {name}")
    });
}
