//! A network that loses much: the audio of a meeting goes on, the video waits.

use std::time::Duration;

use e2e::{Journey, Kind, Outcome, Page, Stage, until_within};
use serde_json::json;

use crate::failed_paths::lose_packets;
use crate::meet::{entered, expect_to_see, invited, seat};
use crate::screens::pretend_to_have_a_screen;

pub(crate) fn all() -> Vec<Journey> {
    vec![
        // Chromium loses packets on demand, in both directions; so Firefox has as weak a network.
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox], [Kind::Chrome, Kind::Chrome]],
            a_weak_network_pauses_the_video_and_keeps_the_audio,
        )
        .alone(),
    ]
}

/// A network is called weak or good again only after a while.
const SLOWLY: Duration = Duration::from_secs(60);

const PAUSED: &str = "Your connection is weak: video paused, audio kept.";

async fn a_weak_network_pauses_the_video_and_keeps_the_audio(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let kim = invited(&stage, 0, &address).await?;
    // Chromium has to know it of a connection from its beginning.
    lose_packets(&kim, 0).await?;
    kim.write("Your name", "Kim").await?;
    kim.press("Join").await?;
    let robin = entered(&stage, 1, &address).await?;
    expect_to_see(&kim, "Robin").await?;
    expect_to_see(&robin, "Kim").await?;
    pretend_to_have_a_screen(&kim).await?;
    kim.press("Share screen").await?;
    robin
        .expect(".screen-seat .tile-caption", "Kim’s screen")
        .await?;
    lose_packets(&kim, 30).await?;
    for page in [&kim, &robin] {
        expect_slowly(page, ".paused-notice .notice-title", PAUSED).await?;
        page.expect("#announcements", PAUSED).await?;
    }
    robin
        .expect(
            &format!("{} .video-placeholder", seat("Kim")),
            "Kim has a weak connection: video paused, audio kept.",
        )
        .await?;
    robin
        .expect("#announcements", "Kim has a weak connection")
        .await?;
    kim.expect(".own-seat .weak-mark", "Paused").await?;
    // What goes on is the screen with its audio, and the microphone.
    expect_to_send(&kim, &["audio live", "audio live", "video live"]).await?;
    expect_to_send(&robin, &["audio live"]).await?;
    robin.expect_audio_packets().await?;
    kim.expect_audio_packets().await?;

    kim.press("Send video anyway").await?;
    expect_to_send(
        &kim,
        &["audio live", "audio live", "video live", "video live"],
    )
    .await?;
    kim.expect_gone(".paused-notice").await?;
    robin
        .expect_gone(&format!("{} [data-state='video paused']", seat("Kim")))
        .await?;

    lose_packets(&kim, 0).await?;
    expect_slowly(&robin, ".own-seat .seat-marks", "").await?;
    expect_to_send(&robin, &["audio live", "video live"]).await?;
    expect_to_see(&kim, "Robin").await?;
    expect_to_see(&robin, "Kim").await
}

async fn expect_slowly(page: &Page, css: &str, expected: &str) -> Outcome {
    let what = format!("{css} of {}: {expected:?}", page.kind());
    until_within(SLOWLY, &what, async || {
        let text = page.text(css).await?;
        Ok(match text.as_deref() == Some(expected) {
            true => Ok(()),
            false => Err(format!("{text:?}")),
        })
    })
    .await
}

async fn expect_to_send(page: &Page, kinds: &[&str]) -> Outcome {
    page.expect_value(
        "what is sent",
        "return __probe.sent().sort();",
        &json!(kinds),
    )
    .await
}
