//! Router, navigation, one route a page.

use leptos::prelude::*;
use leptos_router::components::{A, FlatRoutes, Route, Router};
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;

use crate::hooks::{is_written, provide_back_guard, provide_progress, use_progress};
use crate::pages::home::HomePage;
use crate::pages::lazy;
use crate::pages::not_found::NotFoundPage;
use crate::routes::{self, base_path, href, is_meeting, is_same_page, patterns};
use crate::text::CHAPTERS;

/// Adds the application to the page. It is displayed when its first page can be.
pub fn mount() {
    mount_to_body(App);
}

/// The whole application.
#[component]
pub(crate) fn App() -> impl IntoView {
    provide_progress();
    provide_back_guard();
    view! {
        <Router base=base_path()>
            <SkipLink />
            <Show when=has_header()>
                <Header />
            </Show>
            <main id="main" tabindex="-1">
                <FlatRoutes fallback=NotFoundPage>
                    <Route path=patterns::home() view=HomePage />
                    <Route path=patterns::introduction() view=lazy::introduction />
                    <Route path=patterns::media_stream() view=lazy::media_stream />
                    <Route path=patterns::browsers() view=lazy::browsers />
                    <Route path=patterns::peer_connection() view=lazy::peer_connection />
                    <Route path=patterns::data_channel() view=lazy::data_channel />
                    <Route path=patterns::call() view=lazy::call />
                    <Route path=patterns::nat() view=lazy::nat />
                    <Route path=patterns::mesh() view=lazy::mesh />
                    <Route path=patterns::firebase_mesh() view=lazy::firebase_mesh />
                    <Route path=patterns::firebase() view=lazy::firebase />
                    <Route path=patterns::sources() view=lazy::sources />
                    <Route path=patterns::glossary() view=lazy::glossary />
                    <Route path=patterns::security() view=lazy::security />
                    <Route path=patterns::replay() view=lazy::replay />
                    <Route path=patterns::meet() view=lazy::meet />
                </FlatRoutes>
            </main>
        </Router>
    }
}

/// A meeting has the window for itself.
fn has_header() -> impl Fn() -> bool + Clone + Send + Sync {
    let location = use_location();
    let is_meeting = Memo::new(move |_| location.pathname.with(|path| is_meeting(path)));
    move || !is_meeting.get()
}

#[component]
fn SkipLink() -> impl IntoView {
    // Not a navigation: with a <base> the fragment alone would lead to the first page.
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        focus_main();
    };
    view! {
        <a class="skip-link" href="#main" on:click=skip>
            "Skip to content"
        </a>
    }
}

#[component]
fn Header() -> impl IntoView {
    let progress = use_progress();
    let chapters = CHAPTERS.iter().map(|chapter| {
        let finished = move || progress.with(|progress| progress.is_finished(chapter.path));
        view! {
            <li class:finished=finished>
                <A href=href(chapter.path)>
                    {chapter.title}
                    <Show when=finished>
                        <span class="visually-hidden">" (finished)"</span>
                    </Show>
                </A>
            </li>
        }
    });
    let location = use_location();
    // Where the chapters scroll sideways, the current one is to be in sight; and whoever
    // navigates by keyboard or screen reader is to continue in the new page.
    Effect::new(move |earlier: Option<String>| {
        let path = location.pathname.get();
        // In what the build wrote it is, and the reader may have gone on.
        if earlier.is_none() && is_written() {
            return path;
        }
        if earlier.is_some_and(|earlier| !is_same_page(&earlier, &path)) {
            focus_main();
        }
        request_animation_frame(|| {
            if let Ok(Some(link)) = document().query_selector(".chapters [aria-current]") {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
                link.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
        path
    });
    view! {
        <header class="site-header">
            <A href=href(routes::HOME) exact=true attr:class="site-name">
                "WebRTC Tour"
            </A>
            <nav class="chapters" aria-label="Chapters">
                <ol>
                    {chapters.collect_view()} <li class="beside">
                        <A href=href(routes::GLOSSARY)>"Glossary"</A>
                    </li>
                </ol>
            </nav>
        </header>
    }
}

fn focus_main() {
    let main = document().get_element_by_id("main");
    if let Some(main) = main.and_then(|main| main.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails for no element that has a tabindex.
        let _ = main.focus();
    }
}
