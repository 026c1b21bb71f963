//! Recordings of several connections, and long ones.

use signaling_protocol::{SdpType, SessionDescription};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlSelectElement;
use webrtc_tour::inspection::connections::FIRST_OF_OTHERS;
use webrtc_tour::pages::replay::ReplayPage;
use webrtc_tour::recording::{Recording, Sample};
use webrtc_tour::trace::{Payload, Side, Trace, Tracer};

use crate::inspector::replay::open_file;
use crate::inspector::scene::{Look, choose};
use crate::support::{mount, until};

fn entry_of(tracer: &Tracer, candidate: &str) {
    tracer.call("new RTCPeerConnection", "");
    if !candidate.is_empty() {
        tracer.call("addIceCandidate", candidate.to_owned());
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
    let json = Recording::new(trace.entries(), samples.into())
        .to_file()
        .json;
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

#[wasm_bindgen_test]
async fn who_chooses_somebodys_end_sees_what_this_end_measured() {
    let trace = Trace::new(|| 0.0);
    let end = |name: &str| trace.tracer(name).toward(name).for_connection();
    let set = |tracer: &Tracer, side: Side| {
        let description = SessionDescription {
            kind: SdpType::Offer,
            sdp: "v=0\r\n".to_owned(),
        };
        let payload = Payload::Description { side, description };
        tracer.with(payload).call("set", "");
    };
    entry_of(&end("Sam"), "");
    set(&end("Robin"), Side::Local);
    let theirs = trace.tracer("Robin").toward("page").for_connection();
    set(&theirs, Side::Remote);
    let mut entries = trace.entries();
    for entry in &mut entries {
        let of = entry.connection.as_mut().unwrap();
        if of.number == 3 {
            of.number = FIRST_OF_OTHERS;
        }
    }
    let samples = [1, 2].map(|connection| sample(connection, 1e3));
    let json = Recording::new(entries, samples.into()).to_file().json;
    let page = mount(ReplayPage).await;
    open_file(&page, &json);
    until("the views", || page.has("#inspector-tab-states")).await;
    let chosen = || {
        let select = ".connection-picker select";
        page.has(select)
            .then(|| page.get::<HtmlSelectElement>(select).value())
    };
    for tab in ["States", "Candidates", "Statistics"] {
        page.tab(tab).await;
        until("the first that is open", || {
            chosen().as_deref() == Some("1")
        })
        .await;
    }
    page.tab("States").await;
    let theirs = FIRST_OF_OTHERS.to_string();
    until("all", || page.texts(".connection-picker option").len() == 3).await;
    choose(&page, ".connection-picker select", &theirs);
    let note = "what the other browser measures stays there";
    for tab in ["Candidates", "Statistics"] {
        page.tab(tab).await;
        until("this end of it", || chosen().as_deref() == Some("2")).await;
        assert!(page.text().contains(note));
    }
    choose(&page, ".connection-picker select", "1");
    until("no note", || !page.text().contains(note)).await;
}
