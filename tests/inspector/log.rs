//! The event log at the end of a page.

use std::cell::Cell;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;
use webrtc_tour::components::EventLog;
use webrtc_tour::hooks::use_trace;
use webrtc_tour::trace::Trace;

use crate::scene::Look;
use crate::support::{Mounted, mount, until};

thread_local! {
    static TRACE: Cell<Option<Trace>> = const { Cell::new(None) };
}

#[component]
fn LogPage() -> impl IntoView {
    let trace = use_trace();
    TRACE.set(Some(trace.get()));
    view! {
        <article>
            <h1>"Log"</h1>
            <EventLog trace />
        </article>
    }
}

async fn log() -> (Mounted, Trace) {
    let page = mount(LogPage).await;
    (page, TRACE.take().unwrap())
}

fn details(page: &Mounted) -> Vec<String> {
    page.texts(".log-entries .log-detail")
}

#[wasm_bindgen_test]
async fn the_newest_entries_are_shown_in_their_order() {
    let (page, trace) = log().await;
    assert!(page.text().contains("Nothing has happened yet."));
    let tracer = trace.tracer("localPeer");
    for number in 0..1_200 {
        tracer.event("icecandidate", number.to_string());
    }
    let newest: Vec<_> = (700..1_200).map(|number| number.to_string()).collect();
    until("the newest", || details(&page) == newest).await;
    assert!(!page.text().contains("Nothing has happened yet."));
    // What stays is not drawn anew.
    let last: HtmlElement = page.get(".log-entries li:last-child");
    tracer.state("signalingState", "stable");
    until("one more", || {
        details(&page).last().is_some_and(|last| last == "stable")
    })
    .await;
    assert_eq!(details(&page).len(), 500);
    let before: HtmlElement = page.get(".log-entries li:nth-last-child(2)");
    assert!(before.is_same_node(Some(&last)));
    let list: HtmlElement = page.get(".log-entries");
    until("it follows", || {
        list.scroll_top() + list.client_height() + 2 >= list.scroll_height()
    })
    .await;
}

/// Counts how often the list changes, and the pictures of the screen meanwhile.
fn count_changes(list: &HtmlElement) {
    let count = js_sys::Function::new_with_args(
        "list",
        "const counted = { drawn: 0, pictures: 0 };
         new MutationObserver(() => counted.drawn++).observe(list, { childList: true });
         const picture = () => { counted.pictures++; requestAnimationFrame(picture); };
         requestAnimationFrame(picture);
         window.counted = counted;",
    );
    count.call1(&JsValue::NULL, list).unwrap();
}

fn counted(what: &str) -> u32 {
    let count = js_sys::eval(&format!("window.counted.{what}")).unwrap();
    count.as_f64().unwrap() as u32
}

#[wasm_bindgen_test]
async fn a_flood_is_drawn_at_most_once_for_each_picture_of_the_screen() {
    let (page, trace) = log().await;
    count_changes(&page.get(".log-entries"));
    let tracer = trace.tracer("localPeer");
    for number in 0..200 {
        tracer.event("icecandidate", number.to_string());
        // A task of its own for each, as events have.
        TimeoutFuture::new(0).await;
    }
    until("all are there", || details(&page).len() == 200).await;
    let (drawn, pictures) = (counted("drawn"), counted("pictures"));
    assert!(drawn > 1);
    assert!(
        drawn <= pictures + 1,
        "{drawn} drawings in {pictures} pictures"
    );
}
