//! The frame of a chapter: title, text, demo, log, the way to the neighbours.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::app::{CHAPTERS, href};
use crate::components::{EventLog, InspectorDock};
use crate::hooks::PageTrace;

/// One page of a chapter. `children` are its sections.
#[component]
pub fn Page(
    /// The chapter's path, as in [`CHAPTERS`].
    path: &'static str,
    /// Where it is not the chapter's first page.
    #[prop(optional)]
    title: Option<&'static str>,
    /// What the page is about, in one or two sentences.
    lead: &'static str,
    trace: PageTrace,
    children: Children,
) -> impl IntoView {
    let index = CHAPTERS.iter().position(|chapter| chapter.path == path);
    let title = title.or_else(|| Some(CHAPTERS.get(index?)?.title));
    let title = title.unwrap_or("WebRTC Tour");
    set_title(title);
    let neighbour = |index: Option<usize>| index.and_then(|index| CHAPTERS.get(index));
    let previous = neighbour(index.and_then(|index| index.checked_sub(1)));
    let next = neighbour(index.map(|index| index + 1));
    view! {
        <article class="page">
            <header class="page-header">
                {index
                    .map(|index| {
                        view! { <p class="chapter-number">{format!("Chapter {}", index + 1)}</p> }
                    })}
                <h1>{title}</h1>
                <p class="lead">{lead}</p>
                <InspectorDock trace />
            </header>
            {children()}
            <EventLog trace />
            <footer class="page-footer">
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
        </article>
    }
}

/// Names the page in the browser's tab.
pub fn set_title(title: &str) {
    let name = "WebRTC Tour";
    document().set_title(&if title == name {
        name.to_owned()
    } else {
        format!("{title} · {name}")
    });
}
