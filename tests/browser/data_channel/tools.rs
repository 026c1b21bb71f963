//! Waiting for conditions, a pair of joined channels, and the page under a visitor's hands.

use std::any::Any;
use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos_router::components::Router;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;
use webrtc_tour::call::links::LinkEvent;
use webrtc_tour::lab::pair::{End, Pair};
use webrtc_tour::pages::data_channel::DataChannelPage;
use webrtc_tour::rtc::data_channel::{DataChannel, DataChannelOptions, Message};
use webrtc_tour::rtc::now_ms;
use webrtc_tour::trace::Trace;

use crate::support::have_a_first_router;

const PATIENCE_MS: f64 = 20_000.0;

/// Waits until something is the case; fails, saying what was waited for.
pub(crate) async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = now_ms();
    while !is_so() {
        assert!(
            now_ms() - began < PATIENCE_MS,
            "waited in vain until {what}"
        );
        TimeoutFuture::new(10).await;
    }
}

/// Two peers, and the two ends of a channel that is open at both.
pub(crate) struct Joined {
    pub(crate) pair: Pair,
    pub(crate) trace: Trace,
    pub(crate) local: Rc<DataChannel>,
    pub(crate) remote: Rc<DataChannel>,
    /// What the remote end received since it was there.
    pub(crate) received: Rc<RefCell<Vec<Message>>>,
}

/// Joins two peers; `prepare` gets the local channel before anything is negotiated.
pub(crate) async fn joined(
    options: &DataChannelOptions,
    prepare: impl FnOnce(&Rc<DataChannel>),
) -> Joined {
    let trace = Trace::new(now_ms);
    let mut pair = Pair::new(&trace).unwrap();
    let make = |pair: &Pair, end| {
        let connection = pair.connection(end).unwrap();
        Rc::new(connection.create_data_channel("test", options).unwrap())
    };
    let local = make(&pair, End::Local);
    prepare(&local);
    let received = Rc::new(RefCell::new(Vec::new()));
    let listen = |channel: &DataChannel| {
        let received = received.clone();
        channel.on_message(move |message| received.borrow_mut().push(message));
    };
    let mut remote = options.negotiated_id.map(|_| make(&pair, End::Remote));
    if let Some(remote) = &remote {
        listen(remote);
    }
    let began = now_ms();
    while !(local.is_open() && remote.as_ref().is_some_and(|remote| remote.is_open())) {
        assert!(now_ms() - began < PATIENCE_MS, "the channel did not open");
        let next = pin!(pair.next());
        // Opening is no event of the pair.
        if let Either::Left(((End::Remote, LinkEvent::DataChannel(channel)), _)) =
            select(next, TimeoutFuture::new(10)).await
        {
            listen(&channel);
            remote = Some(Rc::new(channel));
        }
    }
    Joined {
        pair,
        trace,
        local,
        remote: remote.unwrap(),
        received,
    }
}

/// The page, mounted. Leaving it is dropping this.
pub(crate) struct Visit {
    root: HtmlElement,
    _mounted: Box<dyn Any>,
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.root.remove();
    }
}

impl Visit {
    pub(crate) fn new() -> Self {
        have_a_first_router();
        let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        document().body().unwrap().append_child(&root).unwrap();
        let mounted = mount_to(root.clone(), || {
            view! {
                <Router>
                    <DataChannelPage />
                </Router>
            }
            .into_any()
        });
        Self {
            root,
            _mounted: Box::new(mounted),
        }
    }

    /// The page with an open channel.
    pub(crate) async fn started() -> Self {
        let visit = Self::new();
        visit.start().await;
        visit
    }

    pub(crate) async fn start(&self) {
        self.press("Start");
        until("the channel is open", || self.is_enabled("Send")).await;
        let remote = "#channel-report tbody tr:first-child td:last-child";
        until("the remote end is open", || self.text(remote) == "open").await;
    }

    pub(crate) fn find(&self, selector: &str) -> Option<HtmlElement> {
        let found = self.root.query_selector(selector).unwrap();
        found.map(JsCast::unchecked_into)
    }

    pub(crate) fn element(&self, selector: &str) -> HtmlElement {
        self.find(selector)
            .unwrap_or_else(|| panic!("no {selector} on the page"))
    }

    pub(crate) fn text(&self, selector: &str) -> String {
        self.element(selector).text_content().unwrap_or_default()
    }

    /// The texts of all elements that match.
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        let all = self.root.query_selector_all(selector).unwrap();
        (0..all.length())
            .filter_map(|index| all.item(index)?.text_content())
            .collect()
    }

    fn button(&self, name: &str) -> HtmlElement {
        let all = self.root.query_selector_all("button").unwrap();
        (0..all.length())
            .filter_map(|index| all.item(index))
            .find(|button| {
                button
                    .text_content()
                    .is_some_and(|text| text.trim() == name)
            })
            .unwrap_or_else(|| panic!("no button {name}"))
            .unchecked_into()
    }

    pub(crate) fn is_enabled(&self, button: &str) -> bool {
        !is_disabled(&self.button(button))
    }

    pub(crate) fn press(&self, button: &str) {
        assert!(self.is_enabled(button), "{button} cannot be pressed");
        self.button(button).click();
    }

    pub(crate) fn is_field_enabled(&self, selector: &str) -> bool {
        !is_disabled(&self.element(selector))
    }

    pub(crate) fn value(&self, selector: &str) -> String {
        property(&self.element(selector), "value")
            .as_string()
            .unwrap()
    }

    /// Types into a field, in place of what was there.
    pub(crate) fn fill(&self, selector: &str, text: &str) {
        let field = self.element(selector);
        assert!(!is_disabled(&field), "{selector} takes no text");
        js_sys::Reflect::set(&field, &"value".into(), &text.into()).unwrap();
        let event = web_sys::Event::new("input").unwrap();
        field.dispatch_event(&event).unwrap();
    }

    /// Turns the switch with this label.
    pub(crate) fn switch(&self, label: &str) {
        let all = self.root.query_selector_all("label.switch").unwrap();
        let switch = (0..all.length())
            .filter_map(|index| all.item(index))
            .find(|item| item.text_content().is_some_and(|text| text.trim() == label))
            .unwrap_or_else(|| panic!("no switch {label}"));
        switch.unchecked_into::<HtmlElement>().click();
    }

    /// What the report says of an attribute: at localPeer and at remotePeer.
    pub(crate) fn report(&self, attribute: &str) -> (String, String) {
        let cells = self.texts("#channel-report tbody :is(th, td)");
        let row = cells.chunks(3).find(|row| row[0] == attribute).unwrap();
        (row[1].clone(), row[2].clone())
    }

    /// The message history, newest first, each row without its time.
    pub(crate) fn messages(&self) -> Vec<String> {
        let cells = self.texts("#messages tbody td");
        cells.chunks(5).map(|row| row[1..].join(" | ")).collect()
    }
}

fn property(element: &HtmlElement, name: &str) -> JsValue {
    js_sys::Reflect::get(element, &name.into()).unwrap()
}

fn is_disabled(element: &HtmlElement) -> bool {
    // Also where a fieldset around it is disabled.
    element.matches(":disabled").unwrap()
}
