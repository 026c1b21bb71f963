//! The page as a visitor sees it.

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::data_channel::tools::{Visit, until};

const SEND: &str = "#dataChannelSend";
const RECEIVE: &str = "#dataChannelReceive";

#[wasm_bindgen_test]
async fn what_is_typed_on_the_left_arrives_on_the_right() {
    let page = Visit::new();
    assert!(!page.is_enabled("Send") && !page.is_enabled("Stop"));
    assert!(!page.is_field_enabled(SEND));
    let placeholder = page.element(SEND).get_attribute("placeholder");
    assert_eq!(
        placeholder.as_deref(),
        Some("Press Start, enter some text, then press Send.")
    );
    page.start().await;
    assert!(page.is_field_enabled(SEND) && !page.is_enabled("Start"));
    page.fill(SEND, "Hello, remotePeer");
    page.press("Send");
    until("it arrives", || page.value(RECEIVE) == "Hello, remotePeer").await;
    assert_eq!(
        page.messages(),
        [
            "remotePeer received | text | 17 bytes | Hello, remotePeer",
            "localPeer sent | text | 17 bytes | Hello, remotePeer",
        ]
    );
}

#[wasm_bindgen_test]
async fn stop_clears_and_closes_and_start_begins_anew_any_number_of_times() {
    let page = Visit::new();
    for round in 0..3 {
        page.start().await;
        assert!(page.messages().is_empty());
        let text = format!("round {round}");
        page.fill(SEND, &text);
        page.press("Send");
        until("it arrives", || page.value(RECEIVE) == text).await;
        page.press("Stop");
        until("Start is there again", || page.is_enabled("Start")).await;
        assert_eq!((page.value(SEND), page.value(RECEIVE)), Default::default());
        assert!(!page.is_field_enabled(SEND));
        assert!(!page.is_enabled("Send") && !page.is_enabled("Stop"));
        assert_eq!(
            page.report("readyState"),
            ("closed".into(), "closed".into())
        );
    }
}

#[wasm_bindgen_test]
async fn of_the_two_limits_only_one_can_be_given_and_the_page_says_why() {
    let page = Visit::new();
    for (one, other, name) in [
        (
            "#max-retransmits",
            "#max-packet-life-time",
            "maxRetransmits",
        ),
        (
            "#max-packet-life-time",
            "#max-retransmits",
            "maxPacketLifeTime",
        ),
    ] {
        page.fill(one, "5");
        until("the other is off", || !page.is_field_enabled(other)).await;
        let why = page.text(&format!("{other}-hint"));
        assert!(why.contains(&format!("because {name} is set")), "{why}");
        let link = page
            .element(&format!("{other}-hint a"))
            .get_attribute("href");
        assert!(link.unwrap().starts_with("https://www.w3.org/TR/webrtc/"));
        page.fill(one, "");
        until("the other is on", || page.is_field_enabled(other)).await;
    }
}

#[wasm_bindgen_test]
async fn numbers_that_cannot_be_are_refused_with_the_range() {
    let page = Visit::new();
    for (field, bad, message) in [
        (
            "#max-retransmits",
            "-1",
            "maxRetransmits must be a whole number from 0 to 65535.",
        ),
        (
            "#max-packet-life-time",
            "65536",
            "maxPacketLifeTime must be a whole number from 0 to 65535.",
        ),
        (
            "#channel-id",
            "65535",
            "id must be a whole number from 0 to 65534.",
        ),
        (
            "#channel-id",
            "",
            "id must be a whole number from 0 to 65534.",
        ),
    ] {
        if field == "#channel-id" && !page.is_field_enabled(field) {
            page.switch("negotiated");
            until("the id can be typed", || page.is_field_enabled(field)).await;
        }
        page.fill(field, bad);
        page.press("Start");
        until("it is refused", || page.find(".notice-error").is_some()).await;
        let notice = page.text(".notice-error");
        assert!(notice.contains(message), "{notice}");
        assert!(page.is_enabled("Start") && !page.is_enabled("Stop"));
        assert_eq!(
            page.element(field).get_attribute("aria-invalid").as_deref(),
            Some("true")
        );
        page.fill(field, if field == "#channel-id" { "12" } else { "" });
        page.start().await;
        assert!(page.find(".notice-error").is_none());
        page.press("Stop");
        until("Start is there again", || page.is_enabled("Start")).await;
    }
}

#[wasm_bindgen_test]
async fn the_report_shows_the_options_at_both_ends() {
    let page = Visit::new();
    page.switch("ordered");
    page.switch("negotiated");
    until("the id can be typed", || {
        page.is_field_enabled("#channel-id")
    })
    .await;
    page.fill("#channel-id", "42");
    page.fill("#max-packet-life-time", "500");
    page.fill("#channel-protocol", "chess");
    until("the summary follows", || {
        page.text("#channel-options summary")
            == "Options: unordered, at most 500 ms, negotiated as 42"
    })
    .await;
    page.start().await;
    for (attribute, value) in [
        ("label", "sendDataChannel"),
        ("id", "42"),
        ("ordered", "false"),
        ("maxRetransmits", "null"),
        ("maxPacketLifeTime", "500"),
        ("protocol", "“chess”"),
        ("negotiated", "true"),
        ("readyState", "open"),
    ] {
        assert_eq!(
            page.report(attribute),
            (value.into(), value.into()),
            "{attribute}"
        );
    }
    assert!(!page.is_field_enabled("#channel-protocol"));
    let events = || page.texts(".log-entries .log-name");
    // The log comes after what it tells.
    until("the log tells of the channel", || {
        events().contains(&"open".to_owned())
    })
    .await;
    let events = events();
    assert!(!events.contains(&"datachannel".to_owned()), "{events:?}");
}

#[wasm_bindgen_test]
async fn without_negotiated_the_other_end_hears_of_the_channel_in_an_event() {
    let page = Visit::started().await;
    until("the event is in the log", || {
        let events = page.texts(".log-entries .log-name");
        events.contains(&"datachannel".to_owned())
    })
    .await;
    assert_eq!(page.report("negotiated"), ("false".into(), "false".into()));
}

#[wasm_bindgen_test]
async fn bytes_are_shown_by_size_and_beginning() {
    let page = Visit::started().await;
    page.switch("Send as binary");
    page.fill(SEND, "é!");
    page.press("Send");
    let received = "remotePeer received | binary | 3 bytes | c3 a9 21";
    until("they arrive", || {
        page.messages().first().is_some_and(|m| m == received)
    })
    .await;
    assert_eq!(
        page.text("#last-received"),
        "remotePeer received 3 bytes (binary): c3 a9 21"
    );
    assert_eq!(page.value(RECEIVE), "");

    page.fill("#byte-count", "300");
    page.press("Send bytes");
    let received = "remotePeer received | binary | 300 bytes | 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f …";
    until("they arrive", || {
        page.messages().first().is_some_and(|m| m == received)
    })
    .await;
}

#[wasm_bindgen_test]
async fn the_history_keeps_the_newest_hundred() {
    let page = Visit::started().await;
    for index in 1..=60 {
        page.fill(SEND, &format!("message {index}"));
        page.press("Send");
    }
    until("the last arrives", || page.value(RECEIVE) == "message 60").await;
    until("the table follows", || {
        page.messages()[0].ends_with("message 60")
    })
    .await;
    assert_eq!(page.messages().len(), 100);
}

#[wasm_bindgen_test]
async fn a_message_over_the_limit_is_refused_and_nothing_breaks() {
    let page = Visit::started().await;
    let hint = page.text("#byte-count-hint");
    let limit = hint
        .split(' ')
        .find_map(|word| word.parse::<u64>().ok())
        .unwrap();
    let size = limit + 1;
    page.fill("#byte-count", &size.to_string());
    page.press("Send bytes");
    until("it is refused", || page.find(".notice-error").is_some()).await;
    let notice = page.text(".notice-error");
    assert!(
        notice.contains(&size.to_string()) && notice.contains(&limit.to_string()),
        "{notice}"
    );
    assert!(notice.contains("maxMessageSize"), "{notice}");

    // Firefox, whose limit is far higher, sends none of more than 8 MiB.
    let too_long = limit.min(8 * 1024 * 1024) as usize + 1;
    page.fill(SEND, &"x".repeat(too_long));
    page.press("Send");
    until("text is refused, too", || {
        page.texts(".notice-error").len() == 2
    })
    .await;
    let notice = page.text(".notice-error");
    assert!(notice.contains(&too_long.to_string()), "{notice}");
    page.fill("#byte-count", &too_long.to_string());
    page.press("Send bytes");
    until("and so are bytes", || {
        page.texts(".notice-error")
            .iter()
            .all(|notice| notice.contains(&too_long.to_string()))
    })
    .await;
    assert!(page.messages().is_empty());

    assert_eq!(page.report("readyState"), ("open".into(), "open".into()));
    page.fill("#byte-count", &(too_long - 1).to_string());
    page.press("Send bytes");
    until("one of the right size arrives", || {
        page.messages().len() == 2
    })
    .await;
    until("the notice is gone", || {
        page.texts(".notice-error").len() < 2
    })
    .await;
    page.fill(SEND, "still here");
    page.press("Send");
    until("text arrives", || page.value(RECEIVE) == "still here").await;
    assert!(page.find(".notice-error").is_none());
}

#[wasm_bindgen_test]
async fn numbers_of_bytes_and_mib_that_cannot_be_are_said_to_be() {
    let page = Visit::started().await;
    for bad in ["", "-5", "many"] {
        page.fill("#byte-count", bad);
        page.press("Send bytes");
        until("it is refused", || {
            page.find(".notice-error")
                .is_some_and(|notice| notice.text_content().unwrap().contains("whole number"))
        })
        .await;
    }
    for bad in ["0", "257", "x"] {
        page.fill("#throughput-size", bad);
        until("it is refused", || !page.is_enabled("Measure throughput")).await;
        let hint = page.text("#throughput-size-hint");
        assert!(hint.contains("from 1 to 256"), "{hint}");
        page.fill("#throughput-size", "1");
        until("it is taken", || page.is_enabled("Measure throughput")).await;
    }
}

#[wasm_bindgen_test]
async fn a_throughput_run_reports_its_rate_and_leaves_the_channel_usable() {
    let page = Visit::started().await;
    page.fill("#throughput-size", "6");
    page.press("Measure throughput");
    until("it runs", || !page.is_enabled("Measure throughput")).await;
    let queued = || {
        let shown = page.report("bufferedAmount").0;
        shown
            .trim_end_matches(" bytes")
            .parse::<u32>()
            .unwrap_or_default()
    };
    until("the queue is seen to grow", || queued() > 0).await;
    until("there is a result", || {
        page.text("#throughput-result").contains("MiB/s")
    })
    .await;
    let result = page.text("#throughput-result");
    assert!(
        result.contains("6.0 of 6 MiB arrived (100.0 %)"),
        "{result}"
    );
    assert!(result.contains("Nothing was lost"), "{result}");
    until("the queue is empty", || {
        page.report("bufferedAmount").0 == "0 bytes"
    })
    .await;
    assert!(
        page.messages().is_empty(),
        "the run's messages are not listed"
    );
    page.fill(SEND, "after");
    page.press("Send");
    until("text arrives", || page.value(RECEIVE) == "after").await;
    assert!(page.is_enabled("Measure throughput"));
    // 96 messages went. The log is drawn a little later.
    page.press("Stop");
    let named = |name: &str| {
        let names = page.texts(".log-entries .log-name");
        names.iter().filter(|one| *one == name).count()
    };
    until("the log has what came last", || {
        named("RTCDataChannel.close") > 0
    })
    .await;
    for name in page.texts(".log-entries .log-name") {
        let logged = named(&name);
        assert!(logged < 48, "{logged} entries {name} are in the log");
    }
}

#[wasm_bindgen_test]
async fn stop_ends_a_throughput_run() {
    let page = Visit::started().await;
    page.fill("#throughput-size", "256");
    page.press("Measure throughput");
    until("something arrives", || {
        page.text("#throughput-progress-text").contains("arrived")
    })
    .await;
    page.press("Stop");
    until("it says so", || {
        page.text("#throughput-result").contains("Stopped")
    })
    .await;
    assert!(!page.is_enabled("Measure throughput"));
    page.start().await;
    assert_eq!(page.text("#throughput-result"), "");
    assert!(page.is_enabled("Measure throughput"));
}

#[wasm_bindgen_test]
async fn a_run_over_an_unreliable_channel_comes_to_an_end() {
    let page = Visit::new();
    page.switch("ordered");
    page.fill("#max-packet-life-time", "1");
    page.start().await;
    page.fill("#throughput-size", "4");
    page.press("Measure throughput");
    until("there is a result", || {
        page.text("#throughput-result").contains("MiB/s")
    })
    .await;
    let result = page.text("#throughput-result");
    let complete = result.contains("(100.0 %)") && result.contains("Nothing was lost");
    assert!(complete || result.contains("gave up the rest"), "{result}");
}

/// Records every peer connection that is made from here on.
const RECORD: &str = "
    const Original = window.RTCPeerConnection;
    const made = [];
    window.RTCPeerConnection = class extends Original {
        constructor(...configuration) { super(...configuration); made.push(this); }
    };
    return () => {
        window.RTCPeerConnection = Original;
        return made.map((connection) => connection.signalingState).join();
    };
";

#[wasm_bindgen_test]
async fn leaving_the_page_closes_both_peers_even_during_a_run() {
    let record = js_sys::Function::new_no_args(RECORD);
    let states: js_sys::Function = record.call0(&JsValue::NULL).unwrap().into();
    let page = Visit::started().await;
    page.press("Measure throughput");
    until("it runs", || !page.is_enabled("Measure throughput")).await;
    drop(page);
    let states = || states.call0(&JsValue::NULL).unwrap().as_string();
    until("both are closed", || {
        states().as_deref() == Some("closed,closed")
    })
    .await;
}
