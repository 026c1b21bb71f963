//! The inspector in a real browser: the drawer, its ladder, its state machines, the file that it
//! exports, and the page that replays it.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use leptos::prelude::*;
use support::{Mounted, mount, until};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlElement;
use webrtc_tour::call::pair::{End, Pair};
use webrtc_tour::components::Page;
use webrtc_tour::hooks::{PageTrace, use_pair, use_trace};
use webrtc_tour::pages::replay::ReplayPage;
use webrtc_tour::recording::Recording;
use webrtc_tour::rtc::data_channel::DataChannelOptions;
use webrtc_tour::text;
use webrtc_tour::trace::Trace;

wasm_bindgen_test_configure!(run_in_browser);

/// The style decides what is in sight.
fn style() {
    let css = [
        include_str!("../style/tokens.css"),
        include_str!("../style/inspector.css"),
        // As the whole style sheet has it.
        "* { box-sizing: border-box } .visually-hidden { position: absolute; clip-path: inset(50%) }",
    ];
    let style = document().create_element("style").unwrap();
    style.set_text_content(Some(&css.concat()));
    document().head().unwrap().append_child(&style).unwrap();
}

/// A page on which two peers can be connected.
#[component]
fn PairPage() -> impl IntoView {
    let trace = use_trace();
    let pair = use_pair(trace);
    let channel = StoredValue::new_local(None);
    let start = move |_| {
        let set_up = |pair: &Pair| {
            let local = pair.connection(End::Local).unwrap();
            let made = local.create_data_channel("chat", &DataChannelOptions::default())?;
            channel.set_value(Some(made));
            Ok(())
        };
        pair.start(set_up, |_, _| {});
    };
    view! {
        <Page text=text::PEER_CONNECTION trace>
            <button on:click=start>"Connect"</button>
            <button on:click=move |_| pair.stop()>"Stop"</button>
        </Page>
    }
}

/// A page on which much has happened.
#[component]
fn BusyPage(#[prop(default = 5_000)] count: usize) -> impl IntoView {
    let trace = use_trace();
    many(trace, count);
    view! {
        <Page text=text::PEER_CONNECTION trace>
            <button on:click=move |_| many(trace, 10)>"More"</button>
        </Page>
    }
}

fn many(trace: PageTrace, count: usize) {
    let tracers = ["localPeer", "remotePeer"].map(|peer| trace.tracer(peer));
    for number in 0..count {
        tracers[number % 2].event("icecandidate", format!("candidate {number}"));
    }
}

async fn opened<V: IntoView + 'static>(view: fn() -> V) -> Mounted {
    style();
    let page = mount(view).await;
    page.click("Inspector").await;
    until("the ladder is there", || page.has(".ladder")).await;
    page
}

trait Look {
    fn has(&self, selector: &str) -> bool;
    fn texts(&self, selector: &str) -> Vec<String>;
    fn press(&self, selector: &str, key: &str);
    fn row(&self, words: &str) -> Option<HtmlElement>;
    async fn tab(&self, title: &str);
}

impl Look for Mounted {
    fn has(&self, selector: &str) -> bool {
        self.find::<HtmlElement>(selector).is_some()
    }

    fn texts(&self, selector: &str) -> Vec<String> {
        let page: HtmlElement = self.get("article");
        let found = page.query_selector_all(selector).unwrap();
        let texts = (0..found.length()).map(|index| found.get(index).unwrap().text_content());
        texts
            .map(|text| {
                text.unwrap()
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect()
    }

    fn press(&self, selector: &str, key: &str) {
        let press = js_sys::Function::new_with_args(
            "element, key",
            "element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))",
        );
        let element: HtmlElement = self.get(selector);
        press
            .call2(&JsValue::NULL, &element, &JsValue::from_str(key))
            .unwrap();
    }

    fn row(&self, words: &str) -> Option<HtmlElement> {
        let page: HtmlElement = self.get("article");
        let rows = page.query_selector_all(".ladder-row").unwrap();
        (0..rows.length())
            .map(|index| rows.get(index).unwrap().unchecked_into::<HtmlElement>())
            .find(|row| row.text_content().unwrap().contains(words))
    }

    async fn tab(&self, title: &str) {
        self.click(title).await;
        until("its tab is chosen", || {
            self.texts("[role=tab][aria-selected=true]") == [title]
        })
        .await;
    }
}

/// The pair is connected and all of it is told.
async fn connected() -> Mounted {
    let page = opened(PairPage).await;
    page.click("Connect").await;
    until("both ends are connected", || {
        let log = page.texts(".log-entries li");
        let told = |peer: &str| {
            log.iter()
                .any(|line| line.contains(peer) && line.ends_with("connectionState connected"))
        };
        told("localPeer") && told("remotePeer")
    })
    .await;
    page
}

fn focused() -> String {
    let element = document().active_element().unwrap();
    element.text_content().unwrap()
}

#[wasm_bindgen_test]
async fn the_drawer_opens_closes_and_gives_the_focus_back() {
    style();
    let page = mount(PairPage).await;
    assert!(!page.has("#inspector"), "closed, it costs nothing");
    let button = page.button("Inspector");
    assert_eq!(
        button.get_attribute("aria-expanded").as_deref(),
        Some("false")
    );
    button.click();
    until("it is open", || page.has(".ladder")).await;
    assert_eq!(
        button.get_attribute("aria-expanded").as_deref(),
        Some("true")
    );
    page.get::<HtmlElement>("[role=tab]").focus().unwrap();
    page.press("[role=tab]", "Escape");
    until("it is closed", || !page.has("#inspector")).await;
    assert_eq!(focused(), "Inspector");
}

#[wasm_bindgen_test]
async fn tabs_and_height_follow_the_keyboard() {
    let page = opened(PairPage).await;
    let titles = page.texts("[role=tab]");
    assert_eq!(page.texts("[role=tab][aria-selected=true]"), ["Ladder"]);
    for (key, expected) in [
        ("ArrowLeft", titles.last().unwrap()),
        ("ArrowRight", &titles[0]),
        ("ArrowRight", &titles[1]),
        ("Home", &titles[0]),
        ("End", titles.last().unwrap()),
    ] {
        page.press("[role=tab][aria-selected=true]", key);
        until("another is chosen", || {
            page.texts("[role=tab][aria-selected=true]") == [expected.clone()]
        })
        .await;
        assert_eq!(focused(), *expected);
    }
    let height = || {
        page.get::<HtmlElement>(".inspector-handle")
            .get_attribute("aria-valuenow")
    };
    let first: u32 = height().unwrap().parse().unwrap();
    page.press(".inspector-handle", "ArrowUp");
    until("it is higher", || height() == Some((first + 5).to_string())).await;
    page.press(".inspector-handle", "Home");
    until("it is low", || height().as_deref() == Some("20")).await;
}

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
        .strip_prefix("src/rtc/peer_connection.rs line ")
        .unwrap();
    // The line that says so in the file itself.
    let text = include_str!("../src/rtc/peer_connection.rs");
    let line = text
        .lines()
        .nth(line.parse::<usize>().unwrap() - 1)
        .unwrap();
    assert!(line.contains(".call(\"setRemoteDescription\""), "{line}");
}

fn filter(page: &Mounted, text: &str) {
    set_input(page, "[type=search]", text);
}

fn set_input(page: &Mounted, selector: &str, value: &str) {
    let set = js_sys::Function::new_with_args(
        "input, value",
        "input.value = value; input.dispatchEvent(new Event('input', { bubbles: true }));",
    );
    let input: HtmlElement = page.get(selector);
    set.call2(&JsValue::NULL, &input, &JsValue::from_str(value))
        .unwrap();
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
    // Whoever looks at something earlier is left there.
    let scroller: HtmlElement = page.get(".ladder-rows");
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

#[wasm_bindgen_test]
async fn the_state_machines_show_the_state_and_the_way() {
    let page = connected().await;
    page.tab("States").await;
    until("there are five", || page.texts(".machine").len() == 5).await;
    let options = page.texts(".machine-choice option");
    assert_eq!(
        options,
        ["1: localPeer to remotePeer", "2: remotePeer to localPeer"]
    );
    let now = |machine: &str| {
        page.texts(&format!("#machine-{machine} .machine-now"))
            .concat()
    };
    until("it is connected", || now("connectionState") == "connected").await;
    assert_eq!(now("signalingState"), "stable");
    assert_eq!(
        page.texts("#machine-connectionState .is-now text"),
        ["connected"]
    );
    // Of the answerer, which is the newer connection.
    let way = page.texts("#machine-signalingState .machine-path b");
    assert_eq!(way, ["stable", "have-remote-offer", "stable"]);
    let taken = page.texts("#machine-signalingState .machine-way.is-taken title");
    assert_eq!(taken.len(), 2, "{taken:?}");
    until("DTLS is told, too", || {
        now("RTCDtlsTransport-state") == "connected"
    })
    .await;
    page.click("Stop").await;
    until("closing fires no event, but is seen", || {
        now("connectionState") == "closed"
    })
    .await;
}

/// Keeps what is downloaded.
fn catch_downloads() {
    js_sys::eval(
        "if (!window.caught) {
            window.caught = [];
            const make = URL.createObjectURL.bind(URL);
            URL.createObjectURL = (blob) => { window.caught.push(blob); return make(blob); };
            HTMLAnchorElement.prototype.click = function () {};
        } else { window.caught.length = 0; }",
    )
    .unwrap();
}

async fn caught() -> String {
    let text: js_sys::Promise = js_sys::eval("window.caught.at(-1).text()")
        .unwrap()
        .unchecked_into();
    JsFuture::from(text).await.unwrap().as_string().unwrap()
}

fn open_file(page: &Mounted, text: &str) {
    let give = js_sys::Function::new_with_args(
        "input, text",
        "const given = new DataTransfer();
         given.items.add(new File([text], 'test.json', { type: 'application/json' }));
         input.files = given.files;
         input.dispatchEvent(new Event('change', { bubbles: true }));",
    );
    let input: HtmlElement = page.get("#replay-file");
    give.call2(&JsValue::NULL, &input, &JsValue::from_str(text))
        .unwrap();
}

#[wasm_bindgen_test]
async fn what_is_exported_is_replayed_step_by_step() {
    catch_downloads();
    let page = connected().await;
    // Closed connections report nothing more.
    page.click("Stop").await;
    filter(&page, "Description");
    let rows = || page.texts(".ladder-row .ladder-text");
    until("both descriptions of both ends", || rows().len() == 6).await;
    let shown = rows();
    page.tab("Export").await;
    page.click("Download JSON").await;
    let json = caught().await;
    let redacted = Recording::from_json(&json).unwrap();
    assert!(redacted.is_redacted());
    page.switch("Keep addresses and fingerprints");
    page.click("Download JSON").await;
    let json = caught().await;
    let whole = Recording::from_json(&json).unwrap();
    assert!(!whole.is_redacted());
    assert_eq!(whole.entries().len(), redacted.entries().len());
    let fingerprint = json
        .split("sha-256 ")
        .nth(1)
        .unwrap()
        .split('\\')
        .next()
        .unwrap();
    assert_eq!(fingerprint.len(), 95);
    assert!(!redacted.to_json().contains(fingerprint));
    drop(page);

    let page = mount(ReplayPage).await;
    open_file(&page, "{}");
    until("it is refused", || {
        page.text().contains("no recording of WebRTC Tour")
    })
    .await;
    open_file(&page, &json);
    until("it is open", || page.has(".ladder")).await;
    assert!(!page.text().contains("no recording of WebRTC Tour"));
    assert!(!page.texts("[role=tab]").contains(&"Export".to_owned()));
    filter(&page, "Description");
    until("the same ladder", || {
        page.texts(".ladder-row .ladder-text") == shown
    })
    .await;
    // Back to before anything happened, and one on.
    set_input(&page, "#replay-step", "0");
    until("nothing has happened", || {
        page.texts(".ladder-row").is_empty()
    })
    .await;
    assert!(!page.is_enabled("Previous"));
    page.click("Next").await;
    filter(&page, "");
    until("one thing happened", || {
        page.texts(".ladder-row").len() == 1
    })
    .await;
    page.tab("States").await;
    until("its states", || {
        page.texts("#machine-signalingState .machine-now") == ["stable"]
    })
    .await;
    page.click("Play").await;
    until("it plays to the end", || {
        page.texts("#machine-connectionState .machine-now") == ["closed"]
    })
    .await;
}

#[wasm_bindgen_test]
async fn what_was_measured_after_the_last_event_is_replayed() {
    catch_downloads();
    let page = connected().await;
    page.tab("Statistics").await;
    until("two samples make a line", || page.has(".chart path[d]")).await;
    page.tab("Export").await;
    page.click("Download JSON").await;
    let json = caught().await;
    assert!(Recording::from_json(&json).unwrap().samples().len() >= 2);
    drop(page);

    let page = mount(ReplayPage).await;
    open_file(&page, &json);
    until("the views", || page.has("#inspector-tab-statistics")).await;
    page.tab("Statistics").await;
    until("the same charts", || page.has(".chart path[d]")).await;
    page.tab("Candidates").await;
    until("the selected pair", || page.has("tr[data-selected=true]")).await;
}
