//! Router, navigation, one route a page.

use leptos::prelude::*;
use leptos_router::components::{A, Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::path;
use wasm_bindgen::JsCast;

use crate::pages::home::HomePage;
use crate::pages::lazy;
use crate::pages::not_found::NotFoundPage;

/// One page of the tour.
pub struct Chapter {
    pub path: &'static str,
    pub title: &'static str,
    /// One sentence for the overview.
    pub summary: &'static str,
}

/// The chapters in the order of reading.
pub const CHAPTERS: [Chapter; 6] = [
    Chapter {
        path: "/media-stream",
        title: "MediaStream",
        summary: "Ask for camera and microphone, choose devices, see what was granted.",
    },
    Chapter {
        path: "/peer-connection",
        title: "RTCPeerConnection",
        summary: "Send your own picture through two real peer connections in one page.",
    },
    Chapter {
        path: "/data-channel",
        title: "RTCDataChannel",
        summary: "Send text and bytes from peer to peer, as reliably as you choose.",
    },
    Chapter {
        path: "/call",
        title: "Signaling and a call",
        summary: "Call another person over the network: the same code, a real conversation.",
    },
    Chapter {
        path: "/mesh",
        title: "Mesh: a call for up to eight",
        summary: "Connect everybody to everybody, and see what that costs each of them.",
    },
    Chapter {
        path: "/firebase",
        title: "Signaling with Firebase",
        summary: "The same calls without a signaling server of one’s own: a database carries the signals.",
    },
];

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
    view! {
        <Router base=base_path()>
            <SkipLink />
            <Header />
            <main id="main" tabindex="-1">
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/") view=HomePage />
                    <Route path=path!("/media-stream") view=lazy::media_stream />
                    <Route path=path!("/peer-connection") view=lazy::peer_connection />
                    <Route path=path!("/data-channel") view=lazy::data_channel />
                    <Route path=path!("/call/:room?") view=lazy::call />
                    <Route path=path!("/mesh/:room?") view=lazy::mesh />
                    <Route path=path!("/firebase/mesh/:room?") view=lazy::firebase_mesh />
                    <Route path=path!("/firebase/:room?") view=lazy::firebase />
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
    let chapters = CHAPTERS.iter().map(|chapter| {
        view! {
            <li>
                <A href=href(chapter.path)>{chapter.title}</A>
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
                <ol>{chapters.collect_view()}</ol>
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
