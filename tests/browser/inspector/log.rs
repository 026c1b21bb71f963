//! The event log at the end of a page.

use std::cell::Cell;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, HtmlElement};
use webrtc_tour::components::EventLog;
use webrtc_tour::hooks::use_trace;
use webrtc_tour::trace::Trace;

use crate::inspector::scene::Look;
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
    until("there is a list", || page.has(".log-entries")).await;
    // As the style sheet has it.
    let style = list(&page).style();
    style.set_css_text("height: 12rem; overflow-y: auto; margin: 0");
    // The browser tells with a frame what is in sight.
    some_frames().await;
    (page, TRACE.take().unwrap())
}

fn list(page: &Mounted) -> HtmlElement {
    page.get(".log-entries")
}

fn rows(page: &Mounted) -> Vec<HtmlElement> {
    let rows = list(page).children();
    let rows = (0..rows.length()).filter_map(|index| rows.item(index));
    rows.map(JsCast::unchecked_into).collect()
}

fn is_at_end(list: &HtmlElement) -> bool {
    list.scroll_top() + list.client_height() + 2 >= list.scroll_height()
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
    assert!(list(&page).scroll_top() > 0);
    assert!(is_at_end(&list(&page)));
}

#[wasm_bindgen_test]
async fn nobody_is_called_by_an_id() {
    let (page, trace) = log().await;
    for peer in ["remotePeer", "5f3a8e0c41d7b2965f3a8e0c41d7b296"] {
        trace.tracer(peer).state("signalingState", "stable");
    }
    let peers = || page.texts(".log-entries .log-peer");
    until("both", || peers() == ["remotePeer", "Guest 5f3a"]).await;
}

/// Until the browser has told what a frame tells: where things are, that they were scrolled.
async fn some_frames() {
    for _ in 0..3 {
        let frame = js_sys::eval("new Promise(requestAnimationFrame)").unwrap();
        let frame: js_sys::Promise = frame.unchecked_into();
        JsFuture::from(frame).await.unwrap();
    }
}

/// Notes when rows are drawn, in milliseconds, and how many frames were painted.
fn note_drawings(list: &HtmlElement) {
    let note = js_sys::Function::new_with_args(
        "list",
        "const noted = window.noted = { drawn: [], pictures: 0 };
         new MutationObserver(() => noted.drawn.push(performance.now()))
             .observe(list, { childList: true });
         const picture = () => { noted.pictures++; requestAnimationFrame(picture); };
         requestAnimationFrame(picture);",
    );
    note.call1(&JsValue::NULL, list).unwrap();
}

fn noted(what: &str) -> f64 {
    let value = js_sys::eval(&format!("window.noted.{what}")).unwrap();
    value.as_f64().unwrap()
}

#[wasm_bindgen_test]
async fn a_flood_is_drawn_some_times_a_second_and_one_entry_at_once() {
    let (page, trace) = log().await;
    note_drawings(&list(&page));
    let began_ms = js_sys::eval("performance.now()").unwrap().as_f64().unwrap();
    let tracer = trace.tracer("localPeer");
    for number in 0..200 {
        tracer.event("icecandidate", number.to_string());
        // A task of its own for each, as events have.
        TimeoutFuture::new(0).await;
    }
    until("all are there", || details(&page).len() == 200).await;
    // Each begins 200 ms after the one before, or later, however long it takes.
    let drawings = noted("drawn.length");
    let took_ms = noted("drawn.at(-1)") - began_ms;
    assert!(drawings > 1.0);
    assert!(
        drawings <= 1.0 + took_ms / 200.0,
        "{drawings} drawings in {took_ms} ms"
    );

    // Long after the last, nothing waits for more.
    until("a rest", || {
        noted("drawn.length && performance.now() - window.noted.drawn.at(-1)") > 400.0
    })
    .await;
    let before = noted("pictures");
    tracer.event("icecandidate", "alone");
    while details(&page).len() == 200 {
        assert!(noted("pictures") - before < 4.0, "it waits");
        TimeoutFuture::new(0).await;
    }
}

#[wasm_bindgen_test]
async fn the_end_of_a_burst_is_in_sight_all_the_time() {
    let (page, trace) = log().await;
    let tracer = trace.tracer("localPeer");
    let list = list(&page);
    // So that the first rows are forgotten, too.
    for number in 0..160 {
        for part in 0..5 {
            tracer.event("icecandidate", format!("{number}.{part}"));
        }
        TimeoutFuture::new(0).await;
        // One of them comes between any drawing and what happens next.
        list.dispatch_event(&Event::new("scroll").unwrap()).unwrap();
        assert!(
            is_at_end(&list),
            "entry {number}: {} + {} of {}",
            list.scroll_top(),
            list.client_height(),
            list.scroll_height()
        );
    }
    until("the last", || {
        details(&page).last().is_some_and(|last| last == "159.4")
    })
    .await;
    assert!(list.scroll_top() > 1_000);
    assert!(is_at_end(&list));
}

#[wasm_bindgen_test]
async fn who_scrolled_back_stays_there_and_who_returns_follows_again() {
    let (page, trace) = log().await;
    let tracer = trace.tracer("localPeer");
    let list = list(&page);
    let add = async |count: usize| {
        let all = details(&page).len() + count;
        for _ in 0..count {
            tracer.event(
                "icecandidate",
                "of some length, so that it may need another line",
            );
        }
        until("they are drawn", || details(&page).len() == all).await;
    };
    add(100).await;
    assert!(is_at_end(&list));
    some_frames().await;
    list.set_scroll_top(200);
    some_frames().await;
    for _ in 0..2 {
        add(20).await;
        assert_eq!(list.scroll_top(), 200);
    }
    list.set_scroll_top(list.scroll_height());
    some_frames().await;
    for _ in 0..2 {
        add(20).await;
        assert!(is_at_end(&list));
    }
}

#[wasm_bindgen_test]
async fn who_reads_further_up_keeps_the_row_in_sight_while_older_ones_go() {
    let (page, trace) = log().await;
    let tracer = trace.tracer("localPeer");
    let list = list(&page);
    let row = |number: usize| {
        let rows = rows(&page);
        rows.into_iter().find(|row| {
            let detail = row.query_selector(".log-detail").unwrap().unwrap();
            detail.text_content() == Some(number.to_string())
        })
    };
    let top = |number| {
        let (row, list) = (row(number).unwrap(), &list);
        row.get_bounding_client_rect().top() - list.get_bounding_client_rect().top()
    };
    let mut number = 0;
    for more in [600, 20, 20] {
        for _ in 0..more {
            tracer.event("icecandidate", number.to_string());
            number += 1;
        }
        until("they are drawn", || row(number - 1).is_some()).await;
        if more == 600 {
            assert!(is_at_end(&list));
            some_frames().await;
            list.set_scroll_top(list.scroll_top() + top(400) as i32);
            some_frames().await;
        }
        let off = top(400);
        assert!(off.abs() < 2.0, "{number}: {off} px");
    }
    assert!(row(139).is_none() && row(140).is_some());
}

#[wasm_bindgen_test]
async fn who_follows_goes_on_where_the_window_becomes_narrower() {
    let (page, trace) = log().await;
    let tracer = trace.tracer("localPeer");
    let list = list(&page);
    for _ in 0..100 {
        tracer.event(
            "icecandidate",
            "of some length, so that it may need another line",
        );
    }
    until("they are drawn", || details(&page).len() == 100).await;
    let before = list.scroll_height();
    list.style().set_property("width", "8rem").unwrap();
    assert!(list.scroll_height() > before + 500);
    // The browser may correct the position.
    some_frames().await;
    tracer.event("icecandidate", "one more");
    until("it is drawn", || details(&page).len() == 101).await;
    assert!(is_at_end(&list));
}

#[wasm_bindgen_test]
async fn who_follows_goes_on_where_the_window_becomes_higher_for_a_while() {
    let (page, trace) = log().await;
    let tracer = trace.tracer("localPeer");
    let list = list(&page);
    for number in 0..100 {
        tracer.event("icecandidate", number.to_string());
    }
    until("they are drawn", || details(&page).len() == 100).await;
    let top = list.scroll_top();
    list.style().set_property("height", "30rem").unwrap();
    assert!(list.scroll_top() < top - 200, "the browser moved it");
    some_frames().await;
    list.style().set_property("height", "12rem").unwrap();
    assert!(!is_at_end(&list));
    tracer.event("icecandidate", "one more");
    until("it is drawn", || details(&page).len() == 101).await;
    assert!(is_at_end(&list));
}
