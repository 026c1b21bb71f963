//! Recordings of several connections, and long ones.

use wasm_bindgen_test::wasm_bindgen_test;
use webrtc_tour::pages::replay::ReplayPage;
use webrtc_tour::recording::{Recording, Sample};
use webrtc_tour::trace::{Trace, Tracer};

use crate::replay::open_file;
use crate::scene::{Look, choose};
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
    // Chosen for all views.
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
