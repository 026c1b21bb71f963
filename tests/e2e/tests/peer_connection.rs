//! The page about RTCPeerConnection.

use e2e::{Journey, Kind, Outcome, Page, Stage, ensure, until};
use serde::Deserialize;
use serde_json::json;

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::new(video_goes_through_two_peers),
        Journey::new(audio_goes_through_two_peers),
        Journey::new(calling_again_leaves_nothing_behind),
        Journey::new(hanging_up_at_once_harms_nothing),
        Journey::new(a_start_that_failed_can_be_tried_again),
        Journey::new(leaving_the_page_closes_everything),
    ]
}

async fn open(stage: &Stage) -> Outcome<Page> {
    let server = stage.server()?;
    let page = stage.page().await?;
    page.open(&format!("{}/peer-connection", server.origin()))
        .await?;
    Ok(page)
}

async fn expect_buttons(page: &Page, start: bool, call: bool, hang_up: bool) -> Outcome {
    page.expect_buttons(&[("Start", start), ("Call", call), ("Hang Up", hang_up)])
        .await
}

async fn video_goes_through_two_peers(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    expect_buttons(&page, true, false, false).await?;
    page.press("Start").await?;
    page.expect_moving("localVideo").await?;
    expect_buttons(&page, true, true, false).await?;

    page.press("Call").await?;
    page.expect_moving("remoteVideo").await?;
    expect_buttons(&page, false, false, true).await?;
    for (peer, kind) in [("localPeer", "Offer"), ("remotePeer", "Answer")] {
        expect_states(&page, peer, "stable", "connected").await?;
        let history = page
            .text(&format!("#{peer} .history"))
            .await?
            .unwrap_or_default();
        ensure!(
            history.contains("new → connecting →"),
            "states of {peer} before: {history:?}"
        );
        page.expect(&format!("#{peer} summary"), &format!("{kind} (SDP)"))
            .await?;
        page.expect(&format!("#{peer} .sdp"), "m=video").await?;
        page.expect(&format!("#{peer} .candidates li"), "typ host")
            .await?;
    }
    page.expect("#selected-pair td", "host udp").await?;
    page.expect("#first-frame", "ms from Call to the first remote frame")
        .await?;

    page.press("Hang Up").await?;
    page.expect_no_video("remoteVideo").await?;
    expect_buttons(&page, true, true, false).await?;
    for peer in ["localPeer", "remotePeer"] {
        expect_states(&page, peer, "closed", "closed").await?;
    }
    page.expect_gone("#selected-pair").await?;
    // The camera goes on: only the call is over.
    page.expect_moving("localVideo").await
}

async fn audio_goes_through_two_peers(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    page.switch("Microphone", true).await?;
    page.press("Start").await?;
    page.press("Call").await?;
    page.expect_audio_packets().await?;
    for video in ["localVideo", "remoteVideo"] {
        let video_state = page.video_state(video).await?;
        ensure!(video_state.muted, "{video} would howl: {video_state:?}");
    }
    Ok(())
}

/// Objects of the probe.
#[derive(Debug, PartialEq, Deserialize)]
struct Connections {
    made: usize,
    alive: usize,
    open: usize,
}

async fn connections(page: &Page) -> Outcome<Connections> {
    page.evaluate("return __probe.connections();").await
}

async fn calling_again_leaves_nothing_behind(stage: Stage) -> Outcome {
    const ROUNDS: usize = 6;
    let page = open(&stage).await?;
    page.press("Start").await?;
    let mut listeners = Vec::new();
    for round in 1..=ROUNDS {
        page.press("Call").await?;
        page.expect_moving("remoteVideo").await?;
        let now = connections(&page).await?;
        ensure!(
            now.made == 2 * round && now.open == 2,
            "in call {round}: {now:?}"
        );
        page.press("Hang Up").await?;
        expect_buttons(&page, true, true, false).await?;
        let now = connections(&page).await?;
        ensure!(now.open == 0, "after call {round}: {now:?}");
        listeners.push(listeners_after_collection(&page).await?);
    }
    if page.kind() == Kind::Chrome {
        // The last two may still be shown.
        until("closed connections are collected", async || {
            page.devtools("HeapProfiler.collectGarbage", json!({}))
                .await?;
            let now = connections(&page).await?;
            Ok(if now.alive <= 2 {
                Ok(())
            } else {
                Err(format!("{now:?}"))
            })
        })
        .await?;
        // The first calls may make what is made once.
        ensure!(
            listeners[ROUNDS - 1] <= listeners[1],
            "event listeners after each call: {listeners:?}"
        );
    }
    Ok(())
}

/// Only Chromium tells.
async fn listeners_after_collection(page: &Page) -> Outcome<u64> {
    if page.kind() != Kind::Chrome {
        return Ok(0);
    }
    page.devtools("HeapProfiler.collectGarbage", json!({}))
        .await?;
    let counters = page.devtools("Memory.getDOMCounters", json!({})).await?;
    Ok(counters["jsEventListeners"].as_u64().unwrap_or_default())
}

async fn hanging_up_at_once_harms_nothing(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    page.press("Start").await?;
    for _ in 0..3 {
        page.press("Call").await?;
        page.press("Hang Up").await?;
    }
    expect_buttons(&page, true, true, false).await?;
    page.expect_gone("[role=alert]").await?;
    page.press("Call").await?;
    page.expect_moving("remoteVideo").await
}

async fn a_start_that_failed_can_be_tried_again(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    page.switch("Camera", false).await?;
    page.press("Start").await?;
    page.expect("[role=alert]", "TypeError").await?;
    expect_buttons(&page, true, false, false).await?;
    page.switch("Use a synthetic camera", true).await?;
    page.press("Start").await?;
    page.expect("[role=alert]", "TypeError").await?;
    page.switch("Camera", true).await?;
    page.press("Start").await?;
    page.expect_gone("[role=alert]").await?;
    page.press("Call").await?;
    page.expect_moving("remoteVideo").await
}

async fn leaving_the_page_closes_everything(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    page.press("Start").await?;
    page.press("Call").await?;
    page.expect_moving("remoteVideo").await?;
    page.follow("MediaStream").await?;
    page.expect("h1", "MediaStream").await?;
    page.expect_all_ended(1).await?;
    until("no open connection", async || {
        let now = connections(&page).await?;
        Ok(if now.open == 0 {
            Ok(())
        } else {
            Err(format!("{now:?}"))
        })
    })
    .await
}

/// Waits until a peer shows these as its signaling and its connection state.
async fn expect_states(page: &Page, peer: &str, signaling: &str, connection: &str) -> Outcome {
    page.expect_value(
        &format!("{peer}: signaling {signaling}, connection {connection}"),
        &format!(
            "const rows = [...document.querySelectorAll('#{peer} .states > div')];
             return ['signaling', 'connection'].map((name) =>
                 rows.find((row) => __probe.text(row.querySelector('dt')) === name)
                     .querySelector('.badge').dataset.state);"
        ),
        &json!([signaling, connection]),
    )
    .await
}
