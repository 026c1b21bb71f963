//! Recordings of several connections, and long ones.

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use webrtc_tour::pages::replay::ReplayPage;
use webrtc_tour::recording::{Recording, Sample};
use webrtc_tour::trace::{Trace, Tracer};

use crate::replay::open_file;
use crate::scene::{Look, choose, set_input};
use crate::support::{mount, until};

fn entry_of(tracer: &Tracer, candidate: &str) {
    tracer.call("new RTCPeerConnection", "");
    if !candidate.is_empty() {
        tracer.call("addIceCandidate", candidate);
    }
}

fn sample(connection: u32, at_ms: f64) -> Sample {
    Sample {
        at_ms,
        connection,
        stats: serde_json::json!([
            { "id": "D", "type": "data-channel", "timestamp": at_ms, "messagesSent": at_ms },
            {
                "id": "R", "type": "remote-candidate", "candidateType": "host",
                "port": 46154, "priority": 2113937151,
            },
        ]),
    }
}

#[wasm_bindgen_test]
async fn a_recording_names_its_connections_and_knows_their_candidates() {
    let trace = Trace::new(|| 0.0);
    let end = |name: &str| trace.tracer(name).toward(name).for_connection();
    entry_of(&end("Robin"), "");
    entry_of(
        &end("Sam"),
        "candidate:1 1 udp 2113937151 203.0.113.7 46154 typ host",
    );
    // Sam again, of whom nothing was told yet.
    entry_of(&end("Sam"), "");
    let samples = [(1, 1e3), (1, 2e3), (2, 1e3), (3, 1e3)];
    let samples = samples.map(|(connection, at_ms)| sample(connection, at_ms));
    let json = Recording::new(trace.entries(), samples.into()).to_json();
    let page = mount(ReplayPage).await;
    open_file(&page, &json);
    until("the views", || page.has("#inspector-tab-statistics")).await;
    page.tab("Statistics").await;
    let titles = ["1: to Robin", "2: to Sam", "3: to Sam"];
    until("the connections", || {
        page.texts(".connection-picker option") == titles
    })
    .await;
    until("a rate of two", || page.has(".chart path[d]")).await;
    choose(&page, ".connection-picker select", "2");
    until("no rate of one", || {
        page.text().contains("There is only one measurement")
    })
    .await;
    page.tab("Candidates").await;
    let address = || page.texts(".candidate-table td code").concat();
    until("the choice", || page.has(".connection-picker")).await;
    choose(&page, ".connection-picker select", "2");
    until("the text of the trace", || {
        address().contains("203.0.113.7:46154")
    })
    .await;
    choose(&page, ".connection-picker select", "3");
    until("none of another connection", || {
        address().contains("–:46154")
    })
    .await;
}

#[wasm_bindgen_test]
async fn stepping_through_a_long_recording_reads_it_once() {
    let trace = Trace::new(webrtc_tour::rtc::now_ms);
    let ends = ["a", "b", "c"].map(|name| trace.tracer(name).for_connection());
    for number in 0..9_000 {
        ends[number % 3].event("icecandidate", format!("candidate {number}"));
    }
    let stats: Vec<_> = (0..50)
        .map(|id| {
            let mut stat = serde_json::json!({ "id": format!("S{id}"), "type": "codec" });
            for member in 0..20 {
                stat[format!("member{member}")] = member.into();
            }
            stat
        })
        .collect();
    let samples: Vec<_> = (0..300)
        .map(|number| Sample {
            at_ms: f64::from(number),
            connection: 1 + number % 3,
            stats: stats.clone().into(),
        })
        .collect();
    let json = Recording::new(trace.entries(), samples).to_json();
    let page = mount(ReplayPage).await;
    open_file(&page, &json);
    until("the views", || page.has("#inspector-tab-statistics")).await;
    page.tab("Statistics").await;
    until("they are read", || page.has(".connection-picker")).await;
    let began = webrtc_tour::rtc::now_ms();
    for step in 0..20 {
        let to = 8_000 - step * 100;
        set_input(&page, "#replay-step", &to.to_string());
        until("it is there", || {
            page.texts("output")[0].starts_with(&format!("entry {to} of"))
        })
        .await;
    }
    let took = webrtc_tour::rtc::now_ms() - began;
    web_sys::console::log_1(&JsValue::from_str(&format!("20 steps: {took:.0} ms")));
    // Unoptimized, on a busy machine; whoever reads all samples at each step needs a minute.
    assert!(took < 8_000.0, "{took} ms");
}
