//! The trace as a sequence diagram.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;
use webrtc_tour::trace::Trace;

use crate::inspector::scene::{BusyPage, Look, connected, filter, opened};
use crate::support::until;

#[wasm_bindgen_test]
async fn the_ladder_shows_offer_and_answer_and_what_they_say() {
    let page = connected().await;
    assert_eq!(
        page.texts(".ladder-heads span"),
        ["localPeer", "remotePeer"]
    );
    filter(&page, "offer to");
    let offer = "signal from localPeer to remotePeer: send offer to remotePeer";
    until("the offer crosses", || page.row(offer).is_some()).await;
    filter(&page, "answer to");
    let answer = "signal from remotePeer to localPeer: send answer to localPeer";
    until("the answer crosses", || page.row(answer).is_some()).await;
    filter(&page, "setRemoteDescription");
    until("only these", || page.texts(".ladder-row").len() == 2).await;
    page.row("call on remotePeer: setRemoteDescription offer")
        .unwrap()
        .click();
    until("it is shown", || page.has(".ladder-detail")).await;
    assert!(page.texts(".ladder-detail pre")[0].starts_with("v=0 o="));
    let source = page.texts(".ladder-source").concat();
    let line = source
        .strip_prefix("src/rtc/peer_connection/descriptions.rs line ")
        .unwrap();
    // The line that says so in the file itself.
    let text = include_str!("../../../src/rtc/peer_connection/descriptions.rs");
    let line = text
        .lines()
        .nth(line.parse::<usize>().unwrap() - 1)
        .unwrap();
    assert!(line.contains(".call(\"setRemoteDescription\""), "{line}");
}

#[wasm_bindgen_test]
async fn the_keyboard_goes_from_entry_to_entry_and_kinds_can_be_left_out() {
    let page = connected().await;
    page.press(".ladder-rows", "Home");
    let active = || {
        page.get::<HtmlElement>(".ladder-rows")
            .get_attribute("aria-activedescendant")
    };
    until("the first is active", || {
        active().as_deref() == Some("ladder-0")
    })
    .await;
    page.press(".ladder-rows", "ArrowDown");
    until("the next is active", || {
        active().as_deref() == Some("ladder-1")
    })
    .await;
    assert!(!page.has(".ladder-detail"));
    page.press(".ladder-rows", "Enter");
    until("it is shown", || page.has(".ladder-detail")).await;
    page.button("events").click();
    until("no event is left", || {
        page.texts(".ladder-row[data-kind=event]").is_empty()
    })
    .await;
    assert_eq!(
        page.button("events")
            .get_attribute("aria-pressed")
            .as_deref(),
        Some("false")
    );
    assert!(!page.texts(".ladder-row[data-kind=call]").is_empty());
}

#[wasm_bindgen_test]
async fn of_thousands_of_entries_only_those_in_sight_are_in_the_document() {
    let page = opened(|| view! { <BusyPage /> }).await;
    until("the newest is in sight", || {
        page.row("candidate 4999").is_some()
    })
    .await;
    let rows = || page.texts(".ladder-row").len();
    assert!(rows() < 100, "{} rows", rows());
    assert_eq!(page.texts(".ladder-count"), ["5000 entries"]);
    page.click("More").await;
    until("it follows", || {
        page.texts(".ladder-count") == ["5010 entries"]
    })
    .await;
    until("the newest is in sight", || {
        page.row("candidate 9").is_some()
    })
    .await;
    // Also where the window becomes lower, as when a phone is turned.
    let scroller: HtmlElement = page.get(".ladder-rows");
    let lower = format!("max-block-size: {}px", scroller.client_height() - 100);
    scroller.set_attribute("style", &lower).unwrap();
    let below = || scroller.scroll_height() - scroller.client_height() - scroller.scroll_top();
    assert!(below() > 50, "{} pixels below", below());
    let resize = web_sys::Event::new("resize").unwrap();
    web_sys::window().unwrap().dispatch_event(&resize).unwrap();
    assert_eq!(below(), 0);
    // Whoever looks at something earlier is left there.
    scroller.set_scroll_top(32 * 2_000);
    until("an earlier one is in sight", || {
        page.row("candidate 2001").is_some()
    })
    .await;
    page.click("More").await;
    until("there is more", || {
        page.texts(".ladder-count") == ["5020 entries"]
    })
    .await;
    assert_eq!(scroller.scroll_top(), 32 * 2_000);
    assert!(rows() < 100, "{} rows", rows());
}

#[wasm_bindgen_test]
async fn when_a_full_trace_forgets_the_oldest_nobody_who_reads_notices() {
    let page = opened(|| view! { <BusyPage count=Trace::CAPACITY /> }).await;
    until("the newest is in sight", || {
        page.row("candidate 9999").is_some()
    })
    .await;
    let scroller: HtmlElement = page.get(".ladder-rows");
    scroller.set_scroll_top(32 * 2_000);
    until("an earlier one is in sight", || {
        page.row("candidate 2005").is_some()
    })
    .await;
    let row = page.row("candidate 2005").unwrap();
    let text = row.text_content();
    let top = row.get_bounding_client_rect().top();
    page.click("More").await;
    until("the oldest are gone", || {
        row.get_attribute("aria-setsize").as_deref() == Some("10010")
    })
    .await;
    until("it is where it was", || {
        (row.get_bounding_client_rect().top() - top).abs() < 1.0
    })
    .await;
    assert!(row.is_connected(), "it was made anew");
    assert_eq!(row.text_content(), text);
    assert_eq!(scroller.scroll_top(), 32 * 1_990);
    assert_eq!(page.texts(".ladder-count"), ["10000 entries"]);
}

#[wasm_bindgen_test]
async fn only_a_row_that_is_in_the_document_is_named_active() {
    let page = opened(|| view! { <BusyPage /> }).await;
    page.press(".ladder-rows", "End");
    let scroller: HtmlElement = page.get(".ladder-rows");
    let active = || scroller.get_attribute("aria-activedescendant");
    until("the last is active", || {
        active().as_deref() == Some("ladder-4999")
    })
    .await;
    scroller.set_scroll_top(0);
    until("it is out of sight", || {
        page.row("candidate 4999").is_none()
    })
    .await;
    assert_eq!(active(), None);
    page.press(".ladder-rows", "ArrowUp");
    until("the one before is in sight", || {
        active().as_deref() == Some("ladder-4998")
    })
    .await;
    assert!(page.row("candidate 4998").is_some());
}
