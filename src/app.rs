//! Router, navigation, one route a page.

use leptos::prelude::*;
use leptos_router::components::{A, Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::path;
use wasm_bindgen::JsCast;

use crate::hooks::{provide_progress, use_progress};
use crate::pages::home::HomePage;
use crate::pages::lazy;
use crate::pages::not_found::NotFoundPage;
use crate::text::CHAPTERS;

/// The second page of the chapter about Firebase.
pub const FIREBASE_MESH: &str = "/firebase/mesh";

/// Replaces the loading text by the application.
pub fn mount() {
    if let Some(loading) = document().get_element_by_id("app-loading") {
        loading.remove();
    }
    mount_to_body(App);
}

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    provide_progress();
    view! {
        <Router base=base_path()>
            <SkipLink />
            <Header />
            <main id="main" tabindex="-1">
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/") view=HomePage />
                    <Route path=path!("/introduction") view=lazy::introduction />
                    <Route path=path!("/media-stream") view=lazy::media_stream />
                    <Route path=path!("/browsers") view=lazy::browsers />
                    <Route path=path!("/peer-connection") view=lazy::peer_connection />
                    <Route path=path!("/data-channel") view=lazy::data_channel />
                    <Route path=path!("/call/:room?") view=lazy::call />
                    <Route path=path!("/nat") view=lazy::nat />
                    <Route path=path!("/mesh/:room?") view=lazy::mesh />
                    <Route path=path!("/firebase/mesh/:room?") view=lazy::firebase_mesh />
                    <Route path=path!("/firebase/:room?") view=lazy::firebase />
                    <Route path=path!("/sources") view=lazy::sources />
                    <Route path=path!("/glossary") view=lazy::glossary />
                    <Route path=path!("/security") view=lazy::security />
                    <Route path=path!("/replay") view=lazy::replay />
                </Routes>
            </main>
        </Router>
    }
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
        if earlier.is_some_and(|earlier| !same_page(&earlier, &path)) {
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
            <A href=href("/") exact=true attr:class="site-name">
                "WebRTC Tour"
            </A>
            <nav class="chapters" aria-label="Chapters">
                <ol>
                    {chapters.collect_view()} <li class="beside">
                        <A href=href("/glossary")>"Glossary"</A>
                    </li>
                </ol>
            </nav>
        </header>
    }
}

/// `/call` and `/call/kitchen` are one page: naming the room must not move the focus.
fn same_page(one: &str, other: &str) -> bool {
    let base = base_path();
    let page = |path: &'_ str| page_of(path.strip_prefix(&base).unwrap_or(path)).to_owned();
    page(one) == page(other)
}

/// The page that is at this path, without the base; a room's name is not part of it.
fn page_of(path: &str) -> &str {
    let under = |page: &str| matches!(path.strip_prefix(page), Some(rest) if rest.is_empty() || rest.starts_with('/'));
    if under(FIREBASE_MESH) {
        return FIREBASE_MESH;
    }
    let segment = path.trim_start_matches('/').split('/').next();
    segment.unwrap_or_default()
}

/// Whether a page other than the chapter's own is at this path, which was made of a room's name.
pub fn is_page(path: &str) -> bool {
    path == FIREBASE_MESH
}

fn focus_main() {
    let main = document().get_element_by_id("main");
    if let Some(main) = main.and_then(|main| main.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails for no element that has a tabindex.
        let _ = main.focus();
    }
}

/// The path under which the bundle is hosted, from `<base href>`: "" or "/some/path".
pub fn base_path() -> String {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new(&base)
        .map(|url| url.pathname().trim_end_matches('/').to_owned())
        .unwrap_or_default()
}

/// A page's path as links need it: the router's `A` leaves out the base.
pub fn href(path: &str) -> String {
    base_path() + path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_on_the_page_of_its_chapter() {
        for (path, page) in [
            ("/", ""),
            ("/call", "call"),
            ("/call/kitchen", "call"),
            ("/firebase", "firebase"),
            ("/firebase/mesher", "firebase"),
            ("/firebase/kitchen", "firebase"),
            ("/firebase/mesh", FIREBASE_MESH),
            ("/firebase/mesh/kitchen", FIREBASE_MESH),
        ] {
            assert_eq!(page_of(path), page, "{path}");
        }
    }
}
