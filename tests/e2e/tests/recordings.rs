//! A meeting is recorded, and the recording plays back.

use e2e::{Journey, Kind, MediaFile, Outcome, Page, Stage, ensure};
use serde::Deserialize;
use serde_json::json;

use crate::accessibility::Examination;
use crate::meet::{entered, two};

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox], [Kind::Firefox, Kind::Chrome]],
            a_recording_is_announced_and_plays_back,
        ),
        Journey::new(a_recording_outlives_the_page_and_leaving),
        Journey::new(a_full_disk_ends_a_recording_and_keeps_what_is_there),
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox], [Kind::Firefox, Kind::Chrome]],
            recordings_pass_axe,
        ),
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

/// The bytes of what was saved, each as a character.
const BYTES: &str = "return window.caught.blob.arrayBuffer().then((buffer) => {
       const bytes = new Uint8Array(buffer);
       const pieces = [];
       for (let at = 0; at < bytes.length; at += 8192) {
         pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
       }
       return pieces.join('');
     });";

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

/// Waits until so many seconds are recorded. They are counted as they come to the disk, not one by one.
async fn expect_recorded(page: &Page, seconds: u32) -> Outcome {
    page.expect_value(
        &format!("{seconds} s of a recording"),
        &format!(
            "const text = __probe.text(document.querySelector('.own-recording'));
             return Number(/Recording 0:(\\d\\d)/.exec(text)?.[1] ?? 0) >= {seconds};"
        ),
        &json!(true),
    )
    .await
}

/// Saves the recording that is offered, plays it, and has it read by somebody else.
async fn save_and_play(stage: &Stage, page: &Page, is_whole: bool) -> Outcome<Played> {
    page.evaluate::<()>(CATCH).await?;
    page.press("Save").await?;
    page.expect(".kept-recordings", "then delete the copy kept here")
        .await?;
    page.expect_value(
        "a saved file",
        "return !!window.caught?.name;",
        &json!(true),
    )
    .await?;
    let played: Played = page.evaluate(PLAY).await?;
    let text: String = page.evaluate(BYTES).await?;
    let bytes: Vec<u8> = text.chars().map(u8::try_from).collect::<Result<_, _>>()?;
    let file = MediaFile::probe(stage, &played.name, &bytes)?;
    // One that a full disk has ended may end within a frame.
    let is_cut = |line: &str| !is_whole && line.contains("File ended prematurely");
    ensure!(file.complaints.lines().all(is_cut), "{file:?}");
    let mut streams: Vec<_> = file.streams.iter().map(String::as_str).collect();
    streams.sort_unstable();
    let expected: &[&str] = match page.audio_runs().await? {
        true => &["audio", "video"],
        false => &["video"],
    };
    ensure!(
        bytes.len() as u64 == played.bytes && streams == expected,
        "{file:?}, {played:?}"
    );
    // Its length is what it says, and what is in it.
    // An encoder is seconds behind on a busy machine. Who stops waits for it; a full disk does not.
    let apart = if is_whole { 1.5 } else { 4.0 };
    let is_near = |one: f64, other: f64| (one - other).abs() < apart;
    ensure!(
        is_near(file.duration, played.length) && is_near(file.duration, file.last),
        "{file:?}, {played:?}"
    );
    Ok(played)
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
    let [host, guest] = two(&stage, &server).await?;
    // Only hosts record.
    guest.press("More").await?;
    guest.expect("#more-menu", "Full screen").await?;
    let menu = guest.text("#more-menu").await?.unwrap_or_default();
    ensure!(!menu.contains("Record"), "a guest may record: {menu}");

    record(&host).await?;
    guest
        .expect(".recording-mark", "Kim is recording this call.")
        .await?;
    expect_recorded(&host, 3).await?;
    // Another device, or none: the recording goes on.
    host.press("Camera off").await?;
    guest.press("Camera off").await?;
    expect_recorded(&host, 5).await?;
    host.press("Camera on").await?;
    expect_recorded(&host, 7).await?;
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
    let played = save_and_play(&stage, &host, true).await?;
    expect_film(&played, host.audio_runs().await?)?;
    ensure!(played.length >= 6.0, "{played:?}");
    delete_saved(&host).await
}

async fn a_recording_outlives_the_page_and_leaving(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let page = entered(&stage, 0, &address).await?;
    record(&page).await?;
    expect_recorded(&page, 2).await?;
    page.press("Leave").await?;
    page.expect(".join-button", "Rejoin").await?;
    page.expect(".kept-recordings", "Recording of kitchen")
        .await?;
    page.open(&format!("{}/meet/hall", server.origin())).await?;
    page.expect(".kept-recordings", "Recording of kitchen")
        .await?;
    let played = save_and_play(&stage, &page, true).await?;
    expect_film(&played, page.audio_runs().await?)?;
    delete_saved(&page).await?;
    page.reload().await?;
    page.expect(".join-button", "Join").await?;
    page.expect_gone(".kept-recordings").await?;

    // What a page kept that went without a word: all but the last seconds of it.
    page.press("Join").await?;
    record(&page).await?;
    expect_recorded(&page, 12).await?;
    page.open(&address).await?;
    page.expect(".kept-recordings", "Recording of hall").await?;
    page.press("Delete").await?;
    page.press("Delete without saving").await?;
    page.expect_gone(".kept-recordings li").await
}

async fn a_full_disk_ends_a_recording_and_keeps_what_is_there(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let page = entered(&stage, 0, &address).await?;
    record(&page).await?;
    // As long as it takes until most of it is safe.
    expect_recorded(&page, 13).await?;
    fill_disk(&page, &server.origin()).await?;
    page.expect(
        ".notice",
        "what the browser gives this page of it, is full.",
    )
    .await?;
    page.expect_gone(".own-recording").await?;
    page.expect(".kept-recordings", "Recording of kitchen")
        .await?;
    // Whoever has saved it and made room records anew.
    let played = save_and_play(&stage, &page, false).await?;
    expect_film(&played, page.audio_runs().await?)?;
    ensure!(played.length >= 10.0, "{played:?}");
    delete_saved(&page).await?;
    empty_disk(&page, &server.origin()).await?;
    record(&page).await?;
    expect_recorded(&page, 2).await?;
    page.press("Stop recording").await?;
    page.expect(".kept-recordings", "Recording of kitchen")
        .await?;
    page.press("Delete").await?;
    page.press("Delete without saving").await?;
    page.expect_gone(".kept-recordings li").await
}

/// From now on there is no space for more. Chromium has a command for it; Firefox fails here as it does then.
async fn fill_disk(page: &Page, origin: &str) -> Outcome {
    match page.kind() {
        Kind::Chrome => {
            let used: f64 = page
                .evaluate("return navigator.storage.estimate().then(({ usage }) => usage);")
                .await?;
            let parameters = json!({ "origin": origin, "quotaSize": used + 1e5 });
            page.devtools("Storage.overrideQuotaForOrigin", parameters)
                .await
                .map(drop)
        }
        Kind::Firefox => {
            page.evaluate(
                "const { prototype } = FileSystemWritableFileStream;
                 window.__write = prototype.write;
                 prototype.write = function (data) {
                   const error = new DOMException('No space is left', 'QuotaExceededError');
                   return this.abort(error).then(() => Promise.reject(error));
                 };",
            )
            .await
        }
    }
}

async fn empty_disk(page: &Page, origin: &str) -> Outcome {
    match page.kind() {
        Kind::Chrome => page
            .devtools(
                "Storage.overrideQuotaForOrigin",
                json!({ "origin": origin }),
            )
            .await
            .map(drop),
        Kind::Firefox => {
            page.evaluate("FileSystemWritableFileStream.prototype.write = window.__write;")
                .await
        }
    }
}

async fn recordings_pass_axe(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let [host, guest] = two(&stage, &server).await?;
    let mut examination = Examination::new(&stage)?;
    host.press("More").await?;
    host.press("Record…").await?;
    host.expect("dialog[open] h3", "Record this call?").await?;
    examination
        .examine(&host, "the question whether to record", "dialog[open]")
        .await?;
    host.press("Start recording").await?;
    host.expect(".own-recording", "Recording 0:").await?;
    examination
        .examine(&host, "one's recording", "html")
        .await?;
    guest.expect(".recording-mark", "Kim is recording").await?;
    examination
        .examine(&guest, "another's recording", "html")
        .await?;
    host.press("Stop recording").await?;
    host.expect(".kept-recordings", "Recording of kitchen")
        .await?;
    examination
        .examine(&host, "a recording that is kept", "html")
        .await?;
    host.press("Delete").await?;
    host.expect_buttons(&[("Delete without saving", true)])
        .await?;
    examination.examine(&host, "its end", "html").await?;
    host.press("Keep").await?;
    host.press("Leave").await?;
    host.expect(".kept-recordings", "Recording of kitchen")
        .await?;
    examination
        .examine(&host, "a recording in the lobby", "html")
        .await?;
    host.press("Delete").await?;
    host.press("Delete without saving").await?;
    host.expect_gone(".kept-recordings li").await?;
    examination.finish()
}
