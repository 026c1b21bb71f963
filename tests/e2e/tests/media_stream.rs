//! The page about MediaStream.

use e2e::{DEVICES, Journey, Kind, Options, Outcome, Page, Stage, ensure, until};
use serde_json::json;

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::new(start_shows_the_camera_and_stop_ends_it),
        Journey::new(leaving_the_page_ends_every_track),
        Journey::new(the_microphone_moves_the_meter),
        Journey::new(the_synthetic_camera_needs_no_camera),
        Journey::new(asking_for_nothing_is_an_error_that_can_be_mended),
        Journey::only(Kind::Chrome, what_no_device_can_do_is_named),
        Journey::new(refused_devices_are_explained),
        Journey::new(a_chosen_device_and_size_are_delivered),
        Journey::new(a_snapshot_can_be_saved),
        Journey::new(the_test_tone_ends),
    ]
}

async fn open(stage: &Stage) -> Outcome<Page> {
    let server = stage.server()?;
    let page = stage.page().await?;
    page.open(&format!("{}/media-stream", server.origin()))
        .await?;
    Ok(page)
}

async fn start_shows_the_camera_and_stop_ends_it(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    page.expect_buttons(&[("Start", true), ("Stop", false)])
        .await?;
    let empty = tile_size(&page).await?;

    page.press("Start").await?;
    page.expect_moving("localVideo").await?;
    page.expect_buttons(&[("Start", true), ("Stop", true)])
        .await?;
    let full = tile_size(&page).await?;
    ensure!(
        empty == full,
        "the layout shifted: the tile was {empty:?}, now it is {full:?}"
    );
    let video_state = page.video_state("localVideo").await?;
    ensure!(
        video_state.muted,
        "one's own sound is played: {video_state:?}"
    );
    let tracks = page.tracks().await?;
    ensure!(
        tracks.len() == 1 && tracks[0].kind == "video" && tracks[0].state == "live",
        "by default there is a picture and no sound: {tracks:?}"
    );
    let settings = page.expect("#settings", "video: width").await?;
    ensure!(
        settings.contains(&video_state.width.to_string()),
        "{video_state:?}, but {settings}"
    );
    page.expect(".log-entries", "getUserMedia").await?;

    page.press("Stop").await?;
    page.expect_all_ended(1).await?;
    page.expect_no_video("localVideo").await?;
    page.expect_buttons(&[("Start", true), ("Stop", false)])
        .await?;
    page.expect_gone("#settings").await?;

    page.press("Start").await?;
    page.expect_moving("localVideo").await?;
    // Starting anew lets the earlier capture go.
    page.press("Start").await?;
    page.expect_value(
        "one live track",
        "return __probe.tracks().map((track) => track.state);",
        &json!(["ended", "ended", "live"]),
    )
    .await
}

async fn leaving_the_page_ends_every_track(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    page.switch("Microphone", true).await?;
    page.press("Start").await?;
    page.expect_moving("localVideo").await?;
    page.follow("RTCDataChannel").await?;
    page.expect("h1", "RTCDataChannel").await?;
    page.expect_all_ended(2).await?;

    page.session().back().await?;
    page.expect("h1", "MediaStream").await?;
    page.switch("Use a synthetic camera", true).await?;
    page.switch("Microphone", true).await?;
    page.press("Start").await?;
    page.expect_moving("localVideo").await?;
    page.follow("RTCDataChannel").await?;
    page.expect_all_ended(4).await
}

async fn the_microphone_moves_the_meter(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    page.switch("Camera", false).await?;
    page.switch("Microphone", true).await?;
    page.press("Start").await?;
    page.expect("#settings", "audio: ").await?;
    page.expect("#level", "").await?;
    if page.audio_runs().await? {
        expect_level(&page).await?;
    } else {
        eprintln!("NOT CHECKED, for want of a device for sound: that the meter moves");
    }
    let tracks = page.tracks().await?;
    ensure!(
        tracks.len() == 1 && tracks[0].kind == "audio",
        "only the microphone was asked for: {tracks:?}"
    );
    page.expect_buttons(&[("Take a snapshot", false)]).await?;
    page.press("Stop").await?;
    page.expect_gone("#level").await
}

async fn the_synthetic_camera_needs_no_camera(stage: Stage) -> Outcome {
    let options = Options {
        refused: &DEVICES,
        ..Options::default()
    };
    let browser = stage.browser(stage.kind(0), options).await?;
    let page = browser.page();
    page.open(&format!("{}/media-stream", stage.server()?.origin()))
        .await?;
    page.switch("Use a synthetic camera", true).await?;
    page.switch("Microphone", true).await?;
    page.press("Start").await?;
    page.expect_moving("localVideo").await?;
    page.expect_gone("[role=alert]").await?;
    let tracks = page.tracks().await?;
    ensure!(
        tracks.len() == 2,
        "a picture and a sound were asked for: {tracks:?}"
    );
    page.press("Stop").await?;
    page.expect_all_ended(2).await
}

async fn asking_for_nothing_is_an_error_that_can_be_mended(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    page.switch("Camera", false).await?;
    page.press("Start").await?;
    page.expect("[role=alert]", "TypeError").await?;
    page.expect_buttons(&[("Start", true), ("Stop", false)])
        .await?;
    page.switch("Camera", true).await?;
    page.press("Start").await?;
    page.expect_moving("localVideo").await?;
    page.expect_gone("[role=alert]").await
}

/// Firefox's fake camera takes every frame rate.
async fn what_no_device_can_do_is_named(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    page.choose("Frame rate", "1000 frames a second").await?;
    page.switch("Insist on exactly these (exact)", true).await?;
    page.press("Start").await?;
    let alert = page.expect("[role=alert]", "OverconstrainedError").await?;
    ensure!(
        alert.contains("frameRate"),
        "which constraint is not told: {alert:?}"
    );
    page.switch("Insist on exactly these (exact)", false)
        .await?;
    page.press("Start").await?;
    page.expect_moving("localVideo").await?;
    page.expect_gone("[role=alert]").await?;
    page.expect("#settings", "ideal 1000").await.map(drop)
}

async fn refused_devices_are_explained(stage: Stage) -> Outcome {
    let options = Options {
        refused: &DEVICES,
        ..Options::default()
    };
    let browser = stage.browser(stage.kind(0), options).await?;
    let page = browser.page();
    page.open(&format!("{}/media-stream", stage.server()?.origin()))
        .await?;
    for kind in ["Camera", "Microphone"] {
        page.switch("Camera", kind == "Camera").await?;
        page.switch("Microphone", kind == "Microphone").await?;
        page.press("Start").await?;
        page.expect("[role=alert]", "NotAllowedError").await?;
        page.expect_buttons(&[("Start", true), ("Stop", false)])
            .await?;
    }
    page.switch("Use a synthetic camera", true).await?;
    page.switch("Camera", true).await?;
    page.press("Start").await?;
    page.expect_moving("localVideo").await?;
    page.expect_gone("[role=alert]").await
}

async fn a_chosen_device_and_size_are_delivered(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    page.press("Start").await?;
    page.expect_moving("localVideo").await?;
    // Devices have names only once one of them may be used.
    let list = "return [...__probe.field('Camera device').options].map((o) => o.text);";
    let names: Vec<String> = page.evaluate(list).await?;
    ensure!(
        names.len() > 1 && !names[1].contains("without a name"),
        "the cameras are {names:?}"
    );
    page.choose("Camera device", &names[1]).await?;
    page.choose("Resolution", "320 × 240").await?;
    page.press("Start").await?;
    let settings = page.expect("#settings", "ideal 320").await?;
    ensure!(
        settings.contains("exact "),
        "the device was not asked for: {settings}"
    );
    page.expect_moving("localVideo").await?;
    let chosen: String = page
        .evaluate("return __probe.field('Camera device').selectedOptions[0].text;")
        .await?;
    ensure!(
        chosen == names[1],
        "now the camera {chosen:?} is shown, {:?} was chosen",
        names[1]
    );
    page.expect_value(
        "a picture 320 wide",
        "return document.getElementById('localVideo').videoWidth;",
        &json!(320),
    )
    .await
}

async fn a_snapshot_can_be_saved(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    page.expect_buttons(&[("Take a snapshot", false)]).await?;
    page.press("Start").await?;
    page.expect_moving("localVideo").await?;
    page.press("Take a snapshot").await?;
    page.expect_value(
        "a PNG as large as the video, and the same to be saved",
        "const image = document.getElementById('snapshot');
         const link = document.querySelector('a[download]');
         const video = document.getElementById('localVideo');
         return [
             image?.src.startsWith('data:image/png;base64,'),
             image?.naturalWidth === video.videoWidth,
             link?.href === image?.src,
             link?.download,
         ];",
        &json!([true, true, true, "snapshot.png"]),
    )
    .await
}

async fn the_test_tone_ends(stage: Stage) -> Outcome {
    let page = open(&stage).await?;
    page.press("Play a test tone").await?;
    page.expect_buttons(&[("Play a test tone", false)]).await?;
    page.expect_buttons(&[("Play a test tone", true)]).await?;
    page.expect_gone("[role=alert]").await
}

async fn tile_size(page: &Page) -> Outcome<[f64; 2]> {
    page.evaluate(
        "const tile = document.getElementById('localVideo').closest('figure').getBoundingClientRect();
         return [tile.width, tile.height];",
    )
    .await
}

/// Waits until the meter has shown something loud and something else.
async fn expect_level(page: &Page) -> Outcome {
    let mut seen = Vec::new();
    until("a meter that moves", async || {
        let level: Option<f64> = page
            .evaluate(
                "const meter = document.getElementById('level'); return meter && meter.value;",
            )
            .await?;
        seen.extend(level);
        let loudest = seen.iter().copied().fold(0.0, f64::max);
        let different = seen.iter().any(|&level| (level - loudest).abs() > 0.001);
        Ok(if loudest > 0.02 && different {
            Ok(())
        } else {
            Err(format!("{seen:?}"))
        })
    })
    .await
}
