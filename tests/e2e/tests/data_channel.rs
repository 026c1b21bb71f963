//! The page about RTCDataChannel.

use e2e::{Journey, Outcome, Page, Stage, ensure};
use serde_json::json;

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::new(a_text_goes_from_peer_to_peer),
        Journey::new(bytes_go_from_peer_to_peer),
        Journey::new(a_message_that_is_too_large_is_refused),
        Journey::new(the_channel_has_the_options_that_were_chosen),
        Journey::new(two_limits_at_once_are_prevented),
        Journey::new(throughput_is_measured).alone(),
        Journey::new(starting_again_leaves_no_connection_open),
    ]
}

async fn open(stage: &Stage) -> Outcome<Page> {
    let server = stage.server()?;
    let page = stage.page().await?;
    page.open(&format!("{}/data-channel", server.origin()))
        .await?;
    Ok(page)
}

async fn start(page: &Page) -> Outcome {
    page.press("Start").await?;
    page.expect("#channel-status", "The channel is open")
        .await?;
    expect_buttons(page, false, true, true).await
}

async fn expect_buttons(page: &Page, start: bool, send: bool, stop: bool) -> Outcome {
    page.expect_buttons(&[("Start", start), ("Send", send), ("Stop", stop)])
        .await
}

async fn a_text_goes_from_peer_to_peer(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    expect_buttons(&page, true, false, false).await?;
    let area = "const area = document.getElementById('dataChannelSend');
                return [area.placeholder, area.disabled];";
    page.expect_value(
        "what to do, in an area that waits",
        area,
        &json!(["Press Start, enter some text, then press Send.", true]),
    )
    .await?;

    start(&page).await?;
    for text in ["Grüße, 世界 🌍", "and once more"] {
        page.write("Send from localPeer", text).await?;
        page.press("Send").await?;
        page.expect_value(
            "the text at the other end",
            "return document.getElementById('dataChannelReceive').value;",
            &json!(text),
        )
        .await?;
        page.expect("#last-received", text).await?;
    }
    // In UTF-8.
    let history = page.expect("#messages td", "20 bytes").await?;
    for words in [
        "localPeer sent text",
        "remotePeer received text",
        "13 bytes",
    ] {
        ensure!(
            history.contains(words),
            "{words:?} is missing in {history:?}"
        );
    }

    page.press("Stop").await?;
    expect_buttons(&page, true, false, false).await?;
    page.expect_value(
        "both areas empty",
        "return ['Send', 'Receive'].map((name) =>
             document.getElementById(`dataChannel${name}`).value);",
        &json!(["", ""]),
    )
    .await
}

async fn bytes_go_from_peer_to_peer(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    start(&page).await?;
    page.switch("Send as binary", true).await?;
    page.write("Send from localPeer", "hi").await?;
    page.press("Send").await?;
    page.expect("#last-received", "2 bytes (binary): 68 69")
        .await?;
    page.write("Number of bytes", "200000").await?;
    page.press("Send bytes").await?;
    page.expect("#last-received", "200000 bytes (binary): 00 01 02")
        .await?;
    page.expect("#buffered-amount", "0 bytes").await.map(drop)
}

async fn a_message_that_is_too_large_is_refused(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    start(&page).await?;
    // More than either browser takes.
    page.write("Number of bytes", "4000000000").await?;
    page.press("Send bytes").await?;
    let alert = page.expect("[role=alert]", "4000000000").await?;
    ensure!(
        alert.contains("at most"),
        "how much is allowed is not told: {alert:?}"
    );
    page.write("Number of bytes", "3").await?;
    page.press("Send bytes").await?;
    page.expect("#last-received", "3 bytes (binary): 00 01 02")
        .await?;
    page.expect_gone("[role=alert]").await
}

async fn the_channel_has_the_options_that_were_chosen(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    page.unfold("#channel-options").await?;
    page.switch("ordered", false).await?;
    page.write("maxRetransmits", "3").await?;
    page.switch("negotiated", true).await?;
    page.write("id", "7").await?;
    page.write("protocol", "tour.example").await?;
    start(&page).await?;
    page.expect_value(
        "the options in what both ends report",
        "return [...document.querySelectorAll('#channel-report tbody tr')]
             .map((row) => [...row.cells].map(__probe.text))
             .filter((row) => row[0] !== 'bufferedAmount');",
        &json!([
            ["readyState", "open", "open"],
            ["label", "sendDataChannel", "sendDataChannel"],
            ["id", "7", "7"],
            ["ordered", "false", "false"],
            ["maxRetransmits", "3", "3"],
            ["maxPacketLifeTime", "null", "null"],
            ["protocol", "“tour.example”", "“tour.example”"],
            ["negotiated", "true", "true"],
        ]),
    )
    .await?;
    page.write("Send from localPeer", "over a negotiated channel")
        .await?;
    page.press("Send").await?;
    page.expect("#last-received", "over a negotiated channel")
        .await?;

    page.press("Stop").await?;
    page.write("maxRetransmits", "").await?;
    page.write("maxPacketLifeTime", "500").await?;
    page.switch("negotiated", false).await?;
    start(&page).await?;
    page.expect("#channel-report", "maxPacketLifeTime500500")
        .await
        .map(drop)
}

async fn two_limits_at_once_are_prevented(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    page.unfold("#channel-options").await?;
    page.write("maxRetransmits", "3").await?;
    let other = "return __probe.field('maxPacketLifeTime').disabled;";
    page.expect_value("the other limit disabled", other, &json!(true))
        .await?;
    page.expect("#channel-options", "throws a TypeError")
        .await?;
    page.write("maxRetransmits", "many").await?;
    page.press("Start").await?;
    page.expect("[role=alert]", "maxRetransmits").await?;
    page.write("maxRetransmits", "").await?;
    page.expect_value("the other limit enabled", other, &json!(false))
        .await?;
    start(&page).await?;
    page.expect_gone("[role=alert]").await
}

async fn throughput_is_measured(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    page.expect_buttons(&[("Measure throughput", false)])
        .await?;
    start(&page).await?;
    page.write("MiB to send", "2").await?;
    page.press("Measure throughput").await?;
    let result = page.expect("#throughput-result", "MiB/s").await?;
    ensure!(
        result.contains("2.0 of 2 MiB arrived (100.0 %)") && result.contains("Nothing was lost"),
        "the run ended with {result:?}"
    );
    // The channel is as good as before.
    page.write("Send from localPeer", "still there").await?;
    page.press("Send").await?;
    page.expect("#last-received", "still there").await.map(drop)
}

async fn starting_again_leaves_no_connection_open(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    for _ in 0..3 {
        start(&page).await?;
        page.press("Stop").await?;
        expect_buttons(&page, true, false, false).await?;
    }
    let connections = "return __probe.connections().open;";
    page.expect_value("no open connection", connections, &json!(0))
        .await?;
    start(&page).await?;
    page.expect_value("two open connections", connections, &json!(2))
        .await?;
    page.follow("MediaStream").await?;
    page.expect_value("no open connection", connections, &json!(0))
        .await
}
