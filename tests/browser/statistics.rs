//! Live connections, their sampling, and the views of what they measure.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::support::{Mounted, mount, trace, until};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, HtmlElement, HtmlInputElement, HtmlSelectElement};
use webrtc_tour::lab::pair::Pair;
use webrtc_tour::pages::peer_connection::PeerConnectionPage;
use webrtc_tour::rtc::live;
use webrtc_tour::rtc::peer_connection::PeerConnection;
use webrtc_tour::rtc::sampler::{self, Change};
use webrtc_tour::trace::Kind;

/// Counts the calls of `getStats` and the intervals that run, from now on.
fn count_work() {
    js_sys::eval(
        "if (!window.work) {
            const work = window.work = { calls: 0, intervals: new Set() };
            const ask = RTCPeerConnection.prototype.getStats;
            RTCPeerConnection.prototype.getStats = function (...args) {
                work.calls += 1;
                return ask.apply(this, args);
            };
            const begin = window.setInterval, end = window.clearInterval;
            window.setInterval = (...args) => {
                const id = begin(...args);
                if (args[1] === 1000) work.intervals.add(id);
                return id;
            };
            window.clearInterval = (id) => { work.intervals.delete(id); end(id); };
        }
        window.work.calls = 0;",
    )
    .unwrap();
}

fn number(script: &str) -> f64 {
    js_sys::eval(script).unwrap().as_f64().unwrap()
}

fn calls() -> f64 {
    number("window.work.calls")
}

fn intervals() -> f64 {
    number("window.work.intervals.size")
}

fn labels() -> Vec<String> {
    let live = live::connections();
    live.iter().map(|live| live.label.to_string()).collect()
}

/// A page that was left ends its connections a moment later.
async fn alone_here() {
    until("earlier connections are gone", || {
        live::connections().is_empty()
    })
    .await;
}

#[wasm_bindgen_test]
async fn connections_join_when_they_are_made_and_leave_when_they_end() {
    alone_here().await;
    let told = Rc::new(RefCell::new(Vec::new()));
    let log = told.clone();
    let watch = live::watch(move || log.borrow_mut().push(live::connections().len()));
    let pair = Pair::new(&trace()).unwrap();
    let alone = PeerConnection::new(&[], trace().tracer("alone")).unwrap();
    assert_eq!(labels(), ["localPeer", "remotePeer", "alone"]);
    alone.close();
    assert_eq!(labels(), ["localPeer", "remotePeer"]);
    drop(alone);
    drop(pair);
    assert!(labels().is_empty());
    assert_eq!(*told.borrow(), [1, 2, 3, 2, 1, 0]);
    drop(watch);
    drop(PeerConnection::new(&[], trace().tracer("alone")).unwrap());
    assert_eq!(told.borrow().len(), 6, "nobody is told any more");
}

#[wasm_bindgen_test]
async fn all_who_watch_share_one_sampling() {
    alone_here().await;
    count_work();
    let page = trace();
    let _connection = PeerConnection::new(&[], page.tracer("sampled")).unwrap();
    let samples = Rc::new(Cell::new(0.0));
    let counter = samples.clone();
    let first = sampler::watch(move |change| {
        if let Change::Sample(_) = change {
            counter.set(counter.get() + 1.0);
        }
    });
    let second = sampler::watch(|_| {});
    until("three samples", || samples.get() >= 3.0).await;
    assert!(calls() - samples.get() <= 1.0, "{} calls", calls());
    assert_eq!(intervals(), 1.0);
    drop(first);
    assert_eq!(intervals(), 1.0, "the other still watches");
    let sampled = sampler::connections();
    assert_eq!(sampled.len(), 1);
    let kept = sampler::with_timeline(sampled[0].number, |timeline| timeline.samples().len());
    assert!(kept.unwrap() >= 3);
    drop(second);
    assert_eq!(intervals(), 0.0);
}

#[wasm_bindgen_test]
async fn a_failed_report_is_traced_once_until_there_is_one_again() {
    alone_here().await;
    let fail = || {
        js_sys::eval(
            "window.mend = ((ask) => () => { RTCPeerConnection.prototype.getStats = ask; })(
            RTCPeerConnection.prototype.getStats
        );
        RTCPeerConnection.prototype.getStats = async () => {
            throw new DOMException('no numbers', 'OperationError');
        };",
        )
        .unwrap()
    };
    let mend = || js_sys::eval("window.mend()").unwrap();
    let page = trace();
    let connection = PeerConnection::new(&[], page.tracer("failing")).unwrap();
    let errors = || {
        let mut errors = page.entries();
        errors.retain(|entry| entry.kind == Kind::Error);
        let errors = errors
            .iter()
            .map(|e| format!("{} {} {}", e.peer, e.name, e.detail));
        errors.collect::<Vec<_>>()
    };
    let error = "failing getStats OperationError: no numbers";
    fail();
    assert_eq!(connection.stats().await.unwrap_err().name, "OperationError");
    assert_eq!(errors(), [error]);
    // The sampling asks the same way.
    let asked = Rc::new(Cell::new(0));
    let counter = asked.clone();
    let watch = sampler::watch(move |change| {
        if let Change::Sample(_) = change {
            counter.set(counter.get() + 1);
        }
    });
    until("it was asked twice", || asked.get() >= 2).await;
    drop(watch);
    assert_eq!(errors(), [error], "once");
    mend();
    connection.stats().await.unwrap();
    fail();
    connection.stats().await.unwrap_err();
    assert_eq!(errors(), [error, error], "it failed anew");
    mend();
    connection.stats().await.unwrap();
    fail();
    connection.close();
    connection.stats().await.unwrap_err();
    mend();
    assert_eq!(errors().len(), 2, "one that is closed need not answer");
}

#[wasm_bindgen_test]
async fn what_a_closed_connection_measured_stays_though_nobody_looks_and_its_name_is_taken() {
    alone_here().await;
    let page = trace();
    let robin = || PeerConnection::new(&[], page.tracer("Robin").toward("Robin")).unwrap();
    let samples = |of: usize| {
        let sampled = &sampler::connections_of(&page)[of];
        sampler::with_timeline(sampled.number, |timeline| timeline.samples().len()).unwrap()
    };
    let states = || {
        let sampled = sampler::connections_of(&page);
        sampled.iter().map(|of| of.open).collect::<Vec<_>>()
    };
    let first = robin();
    let watch = sampler::watch(|_| {});
    until("it is sampled", || samples(0) >= 2).await;
    first.close();
    assert_eq!(states(), [false]);
    let second = robin();
    assert_eq!(states(), [false, true], "both, under one name");
    until("the other, too", || samples(1) >= 1).await;
    let never_asked = {
        drop(watch);
        // Nobody sees these: one ends, one comes and goes.
        second.close();
        robin()
    };
    drop(never_asked);
    let watch = sampler::watch(|_| {});
    assert_eq!(states(), [false, false]);
    assert!(samples(0) >= 2 && samples(1) >= 1);
    let numbers: Vec<_> = sampler::connections_of(&page)
        .into_iter()
        .map(|sampled| sampled.traced.unwrap().number)
        .collect();
    assert_eq!(numbers, [1, 2]);
    assert!(sampler::connections_of(&trace()).is_empty());
    // The page is left, and what was of it is forgotten.
    drop((first, second, watch, page));
    let watch = sampler::watch(|_| {});
    assert!(sampler::connections().is_empty());
    drop(watch);
}

async fn called() -> Mounted {
    alone_here().await;
    let page = mount(PeerConnectionPage).await;
    page.switch("Use a synthetic camera");
    page.click("Start").await;
    page.plays("localVideo").await;
    page.click("Call").await;
    page.plays("remoteVideo").await;
    page
}

/// Opens the inspector at one of its views.
async fn inspect(page: &Mounted, view: &str) {
    page.click("Inspector").await;
    let tab = format!("#inspector-tab-{view}");
    until("the views", || page.find::<HtmlElement>(&tab).is_some()).await;
    page.get::<HtmlElement>(&tab).click();
}

/// The number that a chart shows as its present value, in the chart's unit.
fn shown(page: &Mounted, direction: &str, measure: &str) -> Option<f64> {
    let selector =
        format!(".statistics-direction[aria-label={direction}] .chart[data-measure={measure}]");
    // The first stream is all together, which has a bitrate only.
    let value = page.find::<HtmlElement>(&format!("{selector} .chart-value"))?;
    let text = value.text_content()?;
    text.split_whitespace().next()?.parse().ok()
}

fn has_line(page: &Mounted, measure: &str) -> bool {
    let path = page.find::<HtmlElement>(&format!(".chart[data-measure={measure}] path"));
    path.and_then(|path| path.get_attribute("d"))
        .is_some_and(|d| d.contains('L'))
}

#[wasm_bindgen_test]
async fn charts_show_what_the_stream_really_does() {
    count_work();
    let page = called().await;
    assert_eq!(intervals(), 0.0, "closed, it costs nothing");
    inspect(&page, "statistics").await;
    for (peer, direction) in [("localPeer", "Sent"), ("remotePeer", "Received")] {
        until("the choice", || {
            page.find::<HtmlElement>("#inspector-panel .connection-picker select")
                .is_some()
        })
        .await;
        let select: HtmlSelectElement = page.get("#inspector-panel .connection-picker select");
        let options = select.text_content().unwrap();
        assert_eq!(
            options,
            "1: localPeer to remotePeer2: remotePeer to localPeer"
        );
        let index = i32::from(peer == "remotePeer");
        select.set_selected_index(index);
        select
            .dispatch_event(&Event::new("change").unwrap())
            .unwrap();
        until("a bitrate", || {
            shown(&page, direction, "Bitrate").is_some_and(|rate| rate > 0.0)
        })
        .await;
        until("a frame rate", || {
            shown(&page, direction, "FrameRate").is_some_and(|rate| rate > 1.0 && rate < 70.0)
        })
        .await;
        until("lines", || {
            has_line(&page, "Bitrate") && has_line(&page, "FrameRate")
        })
        .await;
        // A browser may send a smaller video than the camera's; it arrives as it is sent.
        until("the size of the picture", || {
            let video = page.video("remoteVideo");
            let size = format!("{} × {}", video.video_width(), video.video_height());
            let chart = page.find::<HtmlElement>(".chart[data-measure=FrameHeight] .chart-value");
            chart.is_some_and(|value| value.text_content().unwrap() == size)
        })
        .await;
    }
    page.click("Inspector").await;
    until("the sampling ended", || intervals() == 0.0).await;
    page.click("Hang Up").await;
    until("nothing is live", || live::connections().is_empty()).await;
}

/// The pointer at the newest end of a chart.
fn point(chart: &HtmlElement, kind: &str) {
    let point = js_sys::eval(
        "(chart, kind) => {
            const plot = chart.querySelector('.chart-plot');
            const { right, top } = plot.getBoundingClientRect();
            plot.dispatchEvent(new PointerEvent(kind, { clientX: right - 1, clientY: top + 5 }));
        }",
    );
    let point: js_sys::Function = point.unwrap().unchecked_into();
    point.call2(&JsValue::NULL, chart, &kind.into()).unwrap();
}

#[wasm_bindgen_test]
async fn keys_and_pointer_lead_back_through_the_values() {
    let page = called().await;
    inspect(&page, "statistics").await;
    until("a line", || has_line(&page, "Bitrate")).await;
    let chart: HtmlElement = page.get(".chart[data-measure=FrameRate]");
    let says = || chart.get_attribute("aria-valuetext").unwrap();
    assert_eq!(says(), "now");
    chart.focus().unwrap();
    until("the newest is said", || says().contains("frames/s, ")).await;
    let newest = says();
    let init = web_sys::KeyboardEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    let press = |key: &str| {
        init.set_key(key);
        let event = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init);
        let left_to_the_browser = chart.dispatch_event(&event.unwrap()).unwrap();
        assert_eq!(left_to_the_browser, !matches!(key, "Home"), "{key}");
    };
    press("Tab");
    assert_eq!(says(), newest);
    press("Home");
    until("the first is said", || says() != newest).await;
    assert!(says().starts_with("no value"), "{}", says());
    assert!(page.find::<HtmlElement>(".chart-cursor").is_some());
    press("Escape");
    until("now again", || says() == "now").await;
    let pointed = || page.find::<HtmlElement>(".chart-cursor").is_some();
    until("the line is gone", || !pointed()).await;
    point(&chart, "pointermove");
    until("what was pointed at", || pointed() && says() != "now").await;
    point(&chart, "pointerleave");
    until("the line is gone again", || !pointed()).await;
}

#[wasm_bindgen_test]
async fn the_raw_report_can_be_searched() {
    let page = called().await;
    inspect(&page, "statistics").await;
    until("the raw report", || {
        page.find::<HtmlElement>(".raw-report summary").is_some()
    })
    .await;
    page.get::<HtmlElement>(".raw-report summary").click();
    let rows = || {
        let text = page
            .find::<HtmlElement>(".raw-rows tbody")
            .map(|body| body.inner_text());
        text.unwrap_or_default()
    };
    until("rows", || {
        rows().contains("transport") || rows().contains("outbound-rtp")
    })
    .await;
    let search: HtmlInputElement = page.get(".raw-rows input");
    search.set_value("OUTBOUND totalEncodeTime");
    search
        .dispatch_event(&Event::new("input").unwrap())
        .unwrap();
    until("one row", || page.text().contains("1 member.")).await;
    let count = || {
        rows()
            .split_whitespace()
            .last()
            .and_then(|word| word.parse::<f64>().ok())
    };
    let then = count().unwrap();
    until("it grows", || count().is_some_and(|count| count > then)).await;
}

#[wasm_bindgen_test]
async fn the_selected_pair_is_marked_and_explained() {
    let page = called().await;
    inspect(&page, "candidates").await;
    until("the pair", || {
        page.find::<HtmlElement>("tr[data-selected=true]").is_some()
    })
    .await;
    let marked: HtmlElement = page.get("tr[data-selected=true]");
    assert!(
        marked.inner_text().contains("succeeded"),
        "{}",
        marked.inner_text()
    );
    assert!(marked.inner_text().contains("selected"));
    let why: HtmlElement = page.get(".connection-type");
    until("who chose", || why.inner_text().contains("controls ICE")).await;
    assert!(why.inner_text().contains("Connection type: "));
    let text: HtmlElement = page.get(".candidate-table");
    // From the trace where the browser hides it: an address, or a name that stands for one.
    let address = text.query_selector("td code").unwrap().unwrap();
    let address = address.unchecked_into::<HtmlElement>().inner_text();
    assert!(
        address.contains(':') && !address.starts_with('–'),
        "{address}"
    );
    assert!(text.inner_text().contains("type 126, interface "));
}
