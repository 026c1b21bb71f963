//! Pages with something to inspect, and how to look at it.

#![allow(unreachable_pub, reason = "`#[component]` makes what it adds public")]

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;
use webrtc_tour::components::Page;
use webrtc_tour::hooks::{PageTrace, use_pair, use_trace};
use webrtc_tour::lab::pair::{End, Pair};
use webrtc_tour::rtc::data_channel::DataChannelOptions;
use webrtc_tour::text;

use crate::support::{Mounted, mount, until};

/// The style decides what is in sight. Once there, it stays.
pub(crate) fn style() {
    const ID: &str = "style-of-the-inspector";
    if document().get_element_by_id(ID).is_some() {
        return;
    }
    let css = [
        include_str!("../../../style/tokens.css"),
        include_str!("../../../style/inspector.css"),
        // As the whole style sheet has it.
        "* { box-sizing: border-box } .visually-hidden { position: absolute; clip-path: inset(50%) }",
    ];
    let style = document().create_element("style").unwrap();
    style.set_id(ID);
    style.set_text_content(Some(&css.concat()));
    document().head().unwrap().append_child(&style).unwrap();
}

/// A page on which two peers can be connected.
#[component]
pub(crate) fn PairPage() -> impl IntoView {
    let trace = use_trace();
    let pair = use_pair(trace);
    let channel = StoredValue::new_local(None);
    let start = move |_| {
        let set_up = move |pair: &Pair| {
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
pub(crate) fn BusyPage(#[prop(default = 5_000)] count: usize) -> impl IntoView {
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

pub(crate) async fn opened<V: IntoView + 'static>(view: fn() -> V) -> Mounted {
    style();
    let page = mount(view).await;
    page.click("Inspector").await;
    until("the ladder is there", || page.has(".ladder")).await;
    page
}

pub(crate) trait Look {
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
        until("its tab is chosen, its view loaded", || {
            self.texts("[role=tab][aria-selected=true]") == [title]
                && !["", "Loading the view…"].contains(&&*self.texts("#inspector-panel")[0])
        })
        .await;
    }
}

/// The pair is connected and all of it is told.
pub(crate) async fn connected() -> Mounted {
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

pub(crate) fn focused() -> String {
    let element = document().active_element().unwrap();
    element.text_content().unwrap()
}

pub(crate) fn filter(page: &Mounted, text: &str) {
    set_input(page, "[type=search]", text);
}

pub(crate) fn set_input(page: &Mounted, selector: &str, value: &str) {
    let set = js_sys::Function::new_with_args(
        "input, value",
        "input.value = value; input.dispatchEvent(new Event('input', { bubbles: true }));",
    );
    let input: HtmlElement = page.get(selector);
    set.call2(&JsValue::NULL, &input, &JsValue::from_str(value))
        .unwrap();
}

/// Chooses the option of this value.
pub(crate) fn choose(page: &Mounted, selector: &str, value: &str) {
    let select: web_sys::HtmlSelectElement = page.get(selector);
    select.set_value(value);
    let event = web_sys::Event::new("change").unwrap();
    select.dispatch_event(&event).unwrap();
}
