//! What is blocked, in use, missing or lost, in the lobby and on the stage: one is told what it is and what
//! to do, goes on with what there is, and has it back as soon as it is.

use e2e::{Journey, Kind, Options, Outcome, Page, Stage, ensure, expect_frames_each_second};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::failed_paths::fail;
use crate::meet::{entered, expect_to_see, invited, seat, two};
use crate::people::allow_lost_connections;

pub(crate) fn all() -> Vec<Journey> {
    let both = [[Kind::Chrome, Kind::Firefox], [Kind::Firefox, Kind::Chrome]];
    vec![
        Journey::new(whoever_blocks_one_device_is_met_with_the_other),
        Journey::new(what_cannot_be_had_is_named_and_tried_again),
        // No script ends a track in Firefox as an unplugged device does.
        Journey::between(&both[1..], an_unplugged_device_is_replaced_in_the_call),
        Journey::between(&both[..1], a_lost_network_comes_back_on_the_stage).alone(),
        Journey::between(&both, a_call_outlives_its_server),
        Journey::new(a_server_that_is_gone_before_the_call_is_waited_for),
    ]
}

async fn whoever_blocks_one_device_is_met_with_the_other(stage: Stage) -> Outcome {
    let server = stage.server()?;
    for (refused, told, left) in [
        (&["camera"], "This page may not use your camera.", "audio"),
        (
            &["microphone"],
            "This page may not use your microphone.",
            "video",
        ),
    ] {
        let options = Options {
            refused,
            ..Options::default()
        };
        let browser = stage.browser(stage.kind(0), options).await?;
        let page = browser.page();
        page.open(&format!("{}/meet/kitchen", server.origin()))
            .await?;
        page.press("Join").await?;
        page.expect(".bar .leave", "Leave").await?;
        page.expect(".stage-notices [role=alert]", told).await?;
        expect_captured(page, &[left]).await?;
        page.press("Leave").await?;
        // The lobby says the same.
        page.expect(".lobby-entry [role=alert]", told).await?;
    }
    Ok(())
}

/// Waits until these kinds of tracks are captured, and no others.
async fn expect_captured(page: &Page, kinds: &[&str]) -> Outcome {
    page.expect_value(
        "what is captured",
        "const live = __probe.tracks().filter(({ state }) => state === 'live');
         return live.map(({ kind }) => kind).sort();",
        &json!(kinds),
    )
    .await
}

/// Has the browser answer as it does without these devices; the person has decided nothing.
async fn refuse(page: &Page, errors: Value) -> Outcome {
    page.evaluate(&format!(
        "const {{ mediaDevices, permissions }} = navigator;
         if (!window.__refused) {{
             const ask = mediaDevices.getUserMedia.bind(mediaDevices);
             mediaDevices.getUserMedia = async (constraints) => {{
                 window.__asked += 1;
                 for (const kind of ['video', 'audio']) {{
                     const name = constraints[kind] && __refused[kind];
                     if (name) throw new DOMException('', name);
                 }}
                 return ask(constraints);
             }};
             permissions.query = async () => ({{ state: 'prompt' }});
         }}
         window.__asked = 0;
         window.__refused = {errors};"
    ))
    .await
}

async fn what_cannot_be_had_is_named_and_tried_again(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let page = invited(&stage, 0, &address).await?;
    let is_used = "NotReadableError";
    let is_missing = "NotFoundError";
    let is_dismissed = "NotAllowedError";
    for (errors, told, left) in [
        (
            json!({ "video": is_used }),
            "The camera is connected but does not work.",
            &["audio"][..],
        ),
        (
            json!({ "audio": is_used }),
            "The microphone is connected but does not work.",
            &["video"],
        ),
        (
            json!({ "video": is_missing, "audio": is_missing }),
            "No camera or microphone was found.",
            &[],
        ),
        // Whoever closes the question is not asked again about each device.
        (
            json!({ "video": is_dismissed, "audio": is_dismissed }),
            "This page may not use your camera and microphone.",
            &[],
        ),
    ] {
        refuse(&page, errors).await?;
        page.press("Start preview").await?;
        page.expect(".lobby-entry [role=alert]", told).await?;
        let asked: u32 = page.evaluate("return __asked;").await?;
        ensure!(
            !told.starts_with("This page") || asked == 1,
            "asked {asked} times"
        );
        page.press("Join").await?;
        page.expect(".bar .leave", "Leave").await?;
        page.expect(".stage-notices [role=alert]", told).await?;
        expect_captured(&page, left).await?;
        refuse(&page, json!({})).await?;
        page.press("Try again").await?;
        page.expect_gone(".stage-notices [role=alert]").await?;
        page.expect_moving("localVideo").await?;
        expect_captured(&page, &["audio", "video"]).await?;
        page.expect_buttons(&[("Mute", true), ("Camera off", true)])
            .await?;
        page.press("Leave").await?;
        page.expect(".join-button", "Rejoin").await?;
        page.open(&address).await?;
    }
    Ok(())
}

async fn an_unplugged_device_is_replaced_in_the_call(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let [host, guest] = two(&stage, &server).await?;
    // The host's, who is in Firefox here, stays.
    let (page, other) = match host.kind() {
        Kind::Chrome => (host, guest),
        Kind::Firefox => (guest, host),
    };
    unplug(&page, "video").await?;
    page.expect(".stage-notices [role=alert]", "The camera stopped working.")
        .await?;
    other
        .expect(
            &format!("{} .video-placeholder", seat("Robin")),
            "Robin’s camera is off.",
        )
        .await?;
    other.expect_audio_packets().await?;
    use_another(&page).await?;
    expect_to_see(&other, "Robin").await?;

    unplug(&page, "audio").await?;
    page.expect(
        ".stage-notices [role=alert]",
        "The microphone stopped working.",
    )
    .await?;
    other
        .expect(&format!("{} .badge", seat("Robin")), "muted")
        .await?;
    use_another(&page).await?;
    other.expect_audio_packets().await
}

/// Ends what comes from a device.
async fn unplug(page: &Page, kind: &str) -> Outcome {
    page.evaluate(&format!(
        "const [track] = __probe.live('{kind}');
         track.stop();
         track.dispatchEvent(new Event('ended'));"
    ))
    .await
}

/// Takes the device that is offered instead.
async fn use_another(page: &Page) -> Outcome {
    page.expect(".stage-notices .toolbar .primary", "Use “")
        .await?;
    page.evaluate::<()>("document.querySelector('.stage-notices .toolbar .primary').click();")
        .await?;
    page.expect_gone(".stage-notices [role=alert]").await
}

async fn a_lost_network_comes_back_on_the_stage(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let kim = invited(&stage, 0, &address).await?;
    // What is emulated holds for connections that are made from then on.
    fail(&kim, false).await?;
    kim.write("Your name", "Kim").await?;
    kim.press("Join").await?;
    kim.expect(".bar .leave", "Leave").await?;
    let robin = entered(&stage, 1, &address).await?;
    expect_to_see(&kim, "Robin").await?;
    fail(&kim, true).await?;
    for (page, other) in [(&kim, "Robin"), (&robin, "Kim")] {
        page.expect(&format!("{} .badge", seat(other)), "reconnecting")
            .await?;
        page.expect(
            "#call-status",
            &format!("The connection to {other} is interrupted"),
        )
        .await?;
    }
    fail(&kim, false).await?;
    for (page, other) in [(&kim, "Robin"), (&robin, "Kim")] {
        page.expect("#call-status", "You are connected").await?;
        expect_to_see(page, other).await?;
    }
    Ok(())
}

async fn a_call_outlives_its_server(stage: Stage) -> Outcome {
    allow_lost_connections(&stage);
    let server = stage.server()?;
    let [kim, robin] = two(&stage, &server).await?;
    server.kill()?;
    for page in [&kim, &robin] {
        page.expect("#call-status", "Your call goes on meanwhile")
            .await?;
    }
    // What needs no server works: the chat goes from browser to browser.
    expect_frames_each_second(&[&kim, &robin], 2).await?;
    robin.press("Chat").await?;
    robin.write("Message", "Still here").await?;
    robin.press("Send").await?;
    kim.expect("#announcements", "New message from Robin.")
        .await?;
    kim.evaluate::<()>("document.querySelector('#chat-button').click();")
        .await?;
    kim.expect(".chat-log", "Still here").await?;
    server.start()?;
    for page in [&kim, &robin] {
        page.expect("#call-status", "You are connected").await?;
    }
    expect_to_see(&kim, "Robin").await?;
    expect_to_see(&robin, "Kim").await
}

async fn a_server_that_is_gone_before_the_call_is_waited_for(stage: Stage) -> Outcome {
    allow_lost_connections(&stage);
    let server = stage.server()?;
    let page = invited(&stage, 0, &format!("{}/meet/kitchen", server.origin())).await?;
    page.expect(".network-check", "The server can be reached.")
        .await?;
    server.kill()?;
    page.press("Join").await?;
    page.expect(
        "#call-status",
        "The server cannot be reached. Trying again…",
    )
    .await?;
    page.press("Cancel").await?;
    page.expect_buttons(&[("Join", true)]).await?;
    // By a key: a click so soon at the same place is the second of a double click.
    page.button("Join").await?.send_keys(Key::Enter).await?;
    page.expect("#call-status", "The server cannot be reached.")
        .await?;
    server.start()?;
    page.expect("#call-status", "The room is yours")
        .await
        .map(drop)
}
