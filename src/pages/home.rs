//! The overview.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::set_title;
use crate::hooks::{show_app, use_progress};
use crate::routes::{self, href};
use crate::text::{self, CHAPTERS, Chapter};

#[component]
pub(crate) fn HomePage() -> impl IntoView {
    set_title("WebRTC Tour");
    show_app();
    let progress = use_progress();
    let cards = CHAPTERS.iter().enumerate().map(|(index, chapter)| {
        let finished = move || progress.with(|progress| progress.is_finished(chapter.path));
        view! {
            <li>
                <A href=href(chapter.path) attr:class="card">
                    <p class="chapter-number">
                        {index + 1}
                        <Show when=finished>" · finished"</Show>
                    </p>
                    <h2>{chapter.title}</h2>
                    <p>{chapter.summary}</p>
                </A>
            </li>
        }
    });
    view! {
        <article class="page">
            <header class="page-header">
                <h1>{text::HOME.title}</h1>
                <p class="lead">{text::HOME.lead}</p>
            </header>
            <section class="prose" inner_html=text::prose::HOME.before></section>
            <p class="toolbar go-on">
                {move || {
                    let (label, chapter) = progress.with(|progress| next_to_read(|path| progress.is_finished(path), progress.last()))?;
                    Some(view! {
                        <A href=href(chapter.path) attr:class="button primary">
                            {format!("{label}: {}", chapter.title)}
                        </A>
                    })
                }} <A href=href(routes::MEET) attr:class="button">
                    "Start a meeting"
                </A>
            </p>
            <ul class="cards">{cards.collect_view()}</ul>
        </article>
    }
}

/// Where whoever comes now goes on, and in which words; nowhere after the last chapter.
fn next_to_read(
    is_finished: impl Fn(&str) -> bool,
    last: Option<&str>,
) -> Option<(&'static str, &'static Chapter)> {
    let chapter_at = |path: &str| CHAPTERS.iter().find(|chapter| chapter.path == path);
    let begun = last
        .and_then(chapter_at)
        .filter(|chapter| !is_finished(chapter.path));
    if let Some(chapter) = begun {
        return Some(("Continue", chapter));
    }
    let unread = CHAPTERS.iter().find(|chapter| !is_finished(chapter.path))?;
    let label = if is_finished(CHAPTERS[0].path) {
        "Go on"
    } else {
        "Begin"
    };
    Some((label, unread))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(finished: &[&str], last: Option<&str>) -> Option<(&'static str, &'static str)> {
        let next = next_to_read(|path| finished.contains(&path), last);
        next.map(|(label, chapter)| (label, chapter.path))
    }

    #[test]
    fn who_is_new_begins_at_the_beginning() {
        assert_eq!(next(&[], None), Some(("Begin", "/introduction")));
    }

    #[test]
    fn an_unfinished_chapter_is_continued() {
        let finished = ["/introduction"];
        assert_eq!(next(&finished, Some("/call")), Some(("Continue", "/call")));
        assert_eq!(
            next(&["/call", "/introduction"], Some("/call")).map(|(label, _)| label),
            Some("Go on")
        );
    }

    #[test]
    fn who_has_read_all_is_sent_nowhere() {
        let all: Vec<_> = CHAPTERS.iter().map(|chapter| chapter.path).collect();
        assert_eq!(next(&all, Some("/sources")), None);
    }
}
