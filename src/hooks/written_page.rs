//! The page as the build wrote it (`xtask/book`): its text is read before there is an app, and stands
//! until the app can show the same.
//!
//! Meanwhile the app is there, too, and not displayed. It then takes the page's place at once,
//! and keeps the reader's scroll position and focus.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlAnchorElement, HtmlElement};

use crate::routes::is_same_page;

/// Stands until the app takes its place; also where there is no text.
const PAGE: &str = "app-loading";

/// The text that the app could not replace.
const KEPT: &str = "kept-text";

/// The app's, not that of the page.
const APP_MAIN: &str = "#app-loading ~ main";

/// What is the same in the app, and in the same order.
const TEXT: &str = ".skip-link, .site-header a, .page h1, .page > .prose > *, \
                    .page > .prose :is(a, [tabindex]), .cards > li, .cards a, .code-section > *, \
                    .log > h2, .page-footer a";

/// Where the chapters scroll sideways.
const CHAPTERS: &str = ".site-header .chapters";

/// Whether the text of the present page was written by the build and is still read.
pub(crate) fn is_written() -> bool {
    text().is_some()
}

/// HTML before and after the demo, where the text of the present page was written by the build and is
/// still read.
pub(super) fn written_prose() -> Option<[String; 2]> {
    let sections = all(&text()?, ":scope > .prose");
    let html = |at: usize| sections.get(at).map(Element::inner_html);
    Some([html(0)?, html(1).unwrap_or_default()])
}

fn text() -> Option<Element> {
    let page = written()?;
    let link = page.query_selector(".skip-link").ok()??;
    let path = link.dyn_into::<HtmlAnchorElement>().ok()?.pathname();
    // The reader may have followed a link in the meantime.
    if !is_same_page(&path, &window().location().pathname().ok()?) {
        return None;
    }
    page.query_selector(".page").ok()?
}

/// From now on the app is displayed, as soon as the view is complete that is being made.
pub(crate) fn show_app() {
    if let Some(kept) = document().get_element_by_id(KEPT) {
        kept.remove();
    }
    queue_microtask(|| {
        if let Some(page) = written() {
            take_place_of(&page);
        }
    });
}

/// The same where the app cannot show the page: its text stays, below what the app says, until the
/// app is to be shown.
pub(crate) fn show_app_above_text() {
    let Some(page) = written() else {
        return;
    };
    let main = document().query_selector(APP_MAIN).ok().flatten();
    if let (Some(text), Some(main)) = (text(), main) {
        text.set_id(KEPT);
        // Fails for nothing that may have children.
        let _ = main.append_child(&text);
    }
    queue_microtask(move || take_place_of(&page));
}

fn written() -> Option<Element> {
    document().get_element_by_id(PAGE)
}

fn take_place_of(page: &Element) {
    let is_here = is_written();
    let written = all(page, TEXT);
    let focused = document()
        .active_element()
        .and_then(|focused| written.iter().position(|element| *element == focused));
    let read = written.iter().position(is_in_sight);
    let before = read.map_or(0.0, |read| top(&written[read]));
    let sideways = all(page, CHAPTERS).first().map(Element::scroll_left);

    page.remove();
    let Some(body) = document().body() else {
        return;
    };
    // Browsers count finer than whole pixels: what is right already is left alone.
    if let (Some(chapters), Some(left)) = (all(&body, CHAPTERS).first(), sideways)
        && chapters.scroll_left() != left
    {
        chapters.set_scroll_left(left);
    }
    let shown = all(&body, TEXT);
    // Another page, as after a click on a link, has its own place to begin.
    if !is_here || shown.len() != written.len() {
        return;
    }
    if let Some(link) = focused.and_then(|at| shown[at].dyn_ref::<HtmlElement>()) {
        // Fails for nothing that had the focus. It may scroll, which is mended below.
        let _ = link.focus();
    }
    // Demos differ in height from one system to another, and what is read is not to move for it.
    if let Some(read) = read {
        window().scroll_by_with_x_and_y(0.0, top(&shown[read]) - before);
    }
}

fn all(within: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = within.query_selector_all(selector) else {
        return Vec::new();
    };
    let nodes = (0..found.length()).filter_map(|index| found.get(index));
    nodes.filter_map(|node| node.dyn_into().ok()).collect()
}

/// The text itself: the list of the chapters stays where it is.
fn is_in_sight(element: &Element) -> bool {
    let is_text = element.closest(".page").is_ok_and(|page| page.is_some());
    let place = element.get_bounding_client_rect();
    let height = window()
        .inner_height()
        .ok()
        .and_then(|height| height.as_f64());
    is_text && place.bottom() > 0.0 && place.top() < height.unwrap_or_default()
}

fn top(element: &Element) -> f64 {
    element.get_bounding_client_rect().top()
}
