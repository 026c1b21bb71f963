//! A meeting is recorded, and the recording plays back.

use e2e::{Journey, Kind, Outcome, Page, Stage, ensure};
use serde::Deserialize;
use serde_json::json;

use crate::meet::expect_to_see;
use crate::rights::entered;

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox], [Kind::Firefox, Kind::Chrome]],
            a_recording_is_announced_and_plays_back,
        ),
        Journey::new(a_recording_outlives_the_page_and_leaving),
    ]
}

/// What a browser finds in a recording.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Played {
    name: String,
    bytes: u64,
    /// Of the file as it says itself, in seconds.
    length: f64,
    width: u32,
    height: u32,
    /// How much of the picture differs between two moments.
    changed: f64,
    /// Root mean square of all its audio.
    loudness: Option<f64>,
}

/// Keeps what is saved next, instead of having the browser put it among its person's files.
const CATCH: &str = "window.urlOf = URL.createObjectURL.bind(URL);
     URL.createObjectURL = (blob) => ((window.caught = { blob }), urlOf(blob));
     HTMLAnchorElement.prototype.click = function () { window.caught.name = this.download; };";

/// Plays what was saved: its length, its size, two pictures of it, its audio.
const PLAY: &str = "return (async () => {
       const { blob, name } = window.caught;
       const video = document.createElement('video');
       const told = (name) => new Promise((resolve, reject) => {
         video.addEventListener(name, resolve, { once: true });
         video.addEventListener('error', () => reject(video.error.message), { once: true });
       });
       const ready = told('loadeddata');
       video.muted = true;
       video.src = urlOf(blob);
       await ready;
       const length = video.duration;
       const canvas = new OffscreenCanvas(64, 36).getContext('2d', { willReadFrequently: true });
       const picture = () => {
         canvas.drawImage(video, 0, 0, 64, 36);
         return canvas.getImageData(0, 0, 64, 36).data;
       };
       const first = picture();
       const ended = told('ended');
       await video.play();
       await ended;
       const last = picture();
       const changed = first.filter((byte, at) => Math.abs(byte - last[at]) > 8).length;
       const audio = await new OfflineAudioContext(1, 1, 48000)
         .decodeAudioData(await blob.arrayBuffer())
         .catch(() => null);
       const samples = audio?.getChannelData(0);
       const power = samples?.reduce((sum, sample) => sum + sample * sample, 0);
       return {
         name,
         bytes: blob.size,
         length,
         width: video.videoWidth,
         height: video.videoHeight,
         changed: changed / first.length,
         loudness: samples ? Math.sqrt(power / samples.length) : null,
       };
     })();";

async fn record(page: &Page) -> Outcome {
    page.press("More").await?;
    page.press("Record…").await?;
    page.expect("dialog[open] h3", "Record this call?").await?;
    page.press("Start recording").await
}

/// Saves the recording that is offered, and plays it.
async fn save_and_play(page: &Page) -> Outcome<Played> {
    page.evaluate::<()>(CATCH).await?;
    page.press("Save").await?;
    page.expect(".kept-recordings", "Then delete what is kept here")
        .await?;
    page.expect_value(
        "a saved file",
        "return !!window.caught?.name;",
        &json!(true),
    )
    .await?;
    page.evaluate(PLAY).await
}

async fn delete_saved(page: &Page) -> Outcome {
    page.press("Delete it here").await?;
    page.expect_gone(".kept-recordings li").await
}

fn expect_film(played: &Played, has_audio: bool) -> Outcome {
    let is_named = played.name.starts_with("meeting-kitchen-") && played.name.ends_with(".webm");
    ensure!(is_named, "{played:?}");
    ensure!(
        played.bytes > 1_000 && (played.width, played.height) == (1280, 720),
        "{played:?}"
    );
    ensure!(played.length >= 2.0 && played.length < 60.0, "{played:?}");
    ensure!(played.changed > 0.02, "it stands still: {played:?}");
    let is_heard = played.loudness.is_some_and(|loudness| loudness > 1e-4);
    ensure!(is_heard || !has_audio, "it is silent: {played:?}");
    Ok(())
}

async fn a_recording_is_announced_and_plays_back(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let host = entered(&stage, 0, &address).await?;
    let guest = entered(&stage, 1, &address).await?;
    expect_to_see(&host, "Robin").await?;
    // Only hosts record.
    guest.press("More").await?;
    guest.expect("#more-menu", "Full screen").await?;
    let menu = guest.text("#more-menu").await?.unwrap_or_default();
    ensure!(!menu.contains("Record"), "a guest may record: {menu}");

    record(&host).await?;
    guest
        .expect(".recording-mark", "Kim is recording this call.")
        .await?;
    host.expect(".own-recording", "Recording 0:03").await?;
    // Another device, or none: the recording goes on.
    host.press("Camera off").await?;
    guest.press("Camera off").await?;
    host.expect(".own-recording", "Recording 0:05").await?;
    host.press("Camera on").await?;
    host.expect(".own-recording", "Recording 0:07").await?;
    host.press("Stop recording").await?;
    guest
        .expect_value(
            "who records",
            "return __probe.text(document.querySelector('.recording-mark'));",
            &json!(""),
        )
        .await?;
    host.expect(".kept-recordings", "Recording of kitchen")
        .await?;
    let played = save_and_play(&host).await?;
    expect_film(&played, host.audio_runs().await?)?;
    ensure!(played.length >= 6.0, "{played:?}");
    delete_saved(&host).await
}

async fn a_recording_outlives_the_page_and_leaving(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let page = entered(&stage, 0, &address).await?;
    record(&page).await?;
    page.expect(".own-recording", "Recording 0:02").await?;
    page.press("Leave").await?;
    page.expect(".join-button", "Rejoin").await?;
    page.expect(".kept-recordings", "Recording of kitchen")
        .await?;
    page.open(&format!("{}/meet/hall", server.origin())).await?;
    page.expect(".kept-recordings", "Recording of kitchen")
        .await?;
    let played = save_and_play(&page).await?;
    expect_film(&played, page.audio_runs().await?)?;
    delete_saved(&page).await?;
    page.reload().await?;
    page.expect(".join-button", "Join").await?;
    page.expect_gone(".kept-recordings").await?;

    // What a page kept that went without a word: all but the last seconds of it.
    page.press("Join").await?;
    record(&page).await?;
    page.expect(".own-recording", "Recording 0:12").await?;
    page.open(&address).await?;
    page.expect(".kept-recordings", "Recording of hall").await?;
    page.press("Delete").await?;
    page.press("Delete it unsaved").await?;
    page.expect_gone(".kept-recordings li").await
}
