//! Microphone and camera, muted, switched off and changed in the middle of a call.

use e2e::{Journey, Kind, Outcome, Page, Stage, ensure, until};
use serde_json::json;

use crate::call::{CHROME_FIREFOX, FIREFOX_CHROME, connected, visitor};

pub(crate) fn all() -> Vec<Journey> {
    let both = [CHROME_FIREFOX, FIREFOX_CHROME];
    vec![
        Journey::between(&both, mute_and_camera_off_reach_the_other),
        Journey::between(&both, another_device_takes_the_place_of_the_first),
        Journey::between(&[CHROME_FIREFOX], whoever_joins_muted_is_muted),
    ]
}

async fn mute_and_camera_off_reach_the_other(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let [first, second] = connected(&stage, &server).await?;
    second.expect_audio().await?;
    let offers = offers(&first).await?;

    first.press("Mute").await?;
    first.expect_buttons(&[("Unmute", true)]).await?;
    expect_badges(&second, "remoteVideo", &["connected", "muted"]).await?;
    expect_badges(&first, "localVideo", &["muted"]).await?;
    second.expect_silence().await?;
    first.press("Unmute").await?;
    expect_badges(&second, "remoteVideo", &["connected"]).await?;
    second.expect_audio().await?;

    first.press("Camera off").await?;
    expect_badges(&second, "remoteVideo", &["connected", "camera off"]).await?;
    second
        .expect("figure.remote.is-empty .video-placeholder", "camera is off")
        .await?;
    expect_live(&first, &["audio"]).await?;
    // Another device is no way to be seen against one's will.
    first.switch("Use a synthetic camera", true).await?;
    expect_tracks(&first, "audio", &["ended", "live"]).await?;
    if first.audio_runs().await? {
        second.expect_audio().await?;
    }
    expect_live(&first, &["audio"]).await?;
    first.press("Camera on").await?;
    expect_badges(&second, "remoteVideo", &["connected"]).await?;
    second.expect_gone("figure.remote.is-empty").await?;
    expect_video_between(&first, &second).await?;
    second.expect_audio_packets().await?;
    expect_no_offer_after(&first, offers).await
}

async fn another_device_takes_the_place_of_the_first(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let [first, second] = connected(&stage, &server).await?;
    let offers = offers(&first).await?;
    // Firefox has but one camera to pretend. Chromium has more, of which the second one measures
    // depth, in a format that no codec takes.
    match first.kind() {
        Kind::Chrome => first.choose("Camera device", "fake_device_2").await?,
        Kind::Firefox => first.switch("Use a synthetic camera", true).await?,
    }
    expect_tracks(&first, "video", &["ended", "live"]).await?;
    first.expect_moving("localVideo").await?;
    expect_video_between(&first, &second).await?;
    expect_no_offer_after(&first, offers).await
}

async fn whoever_joins_muted_is_muted(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/call/kitchen", server.origin());
    let first = visitor(&stage, 0, &address).await?;
    first.press("Join").await?;
    let second = visitor(&stage, 1, &address).await?;
    second.write("Name", "Robin").await?;
    second.press("Mute").await?;
    second.press("Camera off").await?;
    expect_live(&second, &["audio"]).await?;
    second.press("Join").await?;
    let badges = ["connected", "muted", "camera off"];
    expect_badges(&first, "remoteVideo", &badges).await?;
    first.expect("figure.remote .tile-caption", "Robin").await?;
    first.expect_silence().await?;
    second.expect_moving("remoteVideo").await?;

    // Who reloads the page need not write the name again, is still muted, and is away until it joins.
    second.reload().await?;
    let name = second.value("Name").await?;
    ensure!(name == "Robin", "after reloading, the name is {name:?}");
    second
        .expect_buttons(&[("Join", true), ("Unmute", true), ("Camera on", true)])
        .await?;
    first
        .expect("#call-status", "connection to the server is lost")
        .await?;
    Ok(())
}

/// Waits until what is sent is live, and video of it moves at the other end: from a camera that
/// is gone Firefox goes on to send the last frame, or black.
async fn expect_video_between(sender: &Page, receiver: &Page) -> Outcome {
    let live = json!(["audio live", "video live"]);
    sender
        .expect_value("live tracks sent", "return __probe.sent();", &live)
        .await?;
    until(&format!("a picture in {}", receiver.kind()), async || {
        let light = receiver.brightness("remoteVideo").await?;
        Ok(match light {
            Some(light) if light > 20.0 => Ok(()),
            _ => Err(format!("brightness {light:?} of 255")),
        })
    })
    .await?;
    receiver.expect_moving("remoteVideo").await
}

/// Waits for what a tile says beside the name.
async fn expect_badges(page: &Page, video: &str, badges: &[&str]) -> Outcome {
    page.expect_value(
        &format!("{badges:?} below {video}"),
        &format!(
            "return [...document.querySelectorAll('#{video} ~ figcaption .badge')]
                 .map(__probe.text);"
        ),
        &json!(badges),
    )
    .await
}

/// Waits until the tracks of a kind that the page ever captured are in these states.
async fn expect_tracks(page: &Page, kind: &str, states: &[&str]) -> Outcome {
    page.expect_value(
        &format!("tracks of {kind}"),
        &format!(
            "return __probe.tracks().filter((track) => track.kind === '{kind}')
                 .map((track) => track.state);"
        ),
        &json!(states),
    )
    .await
}

/// Waits until tracks of these kinds are live, and no others: the camera's light is on or off.
async fn expect_live(page: &Page, kinds: &[&str]) -> Outcome {
    page.expect_value(
        &format!("live tracks of the kinds {kinds:?}"),
        "return __probe.tracks().filter((track) => track.state === 'live')
             .map((track) => track.kind);",
        &json!(kinds),
    )
    .await
}

/// How many offers the page made or took on its one connection.
async fn offers(page: &Page) -> Outcome<u32> {
    Ok(page.expect_links(1).await?[0].offers)
}

async fn expect_no_offer_after(page: &Page, before: u32) -> Outcome {
    let after = offers(page).await?;
    ensure!(
        after == before,
        "it was negotiated anew: {before} offers before, {after} after"
    );
    Ok(())
}
