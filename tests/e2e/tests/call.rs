//! Two people in two browsers, and the server between them.

use e2e::{Journey, Kind, Options, Outcome, Page, Server, Stage, ensure};
use serde_json::json;

use crate::people::expect_uncovered_captions;

pub(crate) const CHROME_FIREFOX: [Kind; 2] = [Kind::Chrome, Kind::Firefox];
pub(crate) const FIREFOX_CHROME: [Kind; 2] = [Kind::Firefox, Kind::Chrome];
pub(crate) const EVERY_PAIR: [[Kind; 2]; 4] = [
    [Kind::Chrome, Kind::Chrome],
    [Kind::Firefox, Kind::Firefox],
    CHROME_FIREFOX,
    FIREFOX_CHROME,
];

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::new(a_room_is_offered_or_chosen),
        Journey::between(&EVERY_PAIR, two_people_see_and_hear_each_other),
        Journey::between(&[CHROME_FIREFOX], no_caption_is_covered_whatever_the_window),
        Journey::between(&[CHROME_FIREFOX], whoever_left_may_come_back),
        Journey::between(&[CHROME_FIREFOX], somebody_without_devices_sees_the_other),
        Journey::between(&[CHROME_FIREFOX], a_full_room_refuses_and_lets_in_later),
        Journey::between(&EVERY_PAIR[2..], whoever_vanishes_is_noticed_and_replaced),
    ]
}

/// A browser on the page of a room, with its preview running.
pub(crate) async fn visitor(stage: &Stage, index: usize, address: &str) -> Outcome<Page> {
    let browser = stage.browser(stage.kind(index), Options::default()).await?;
    let page = browser.page().clone();
    page.open(address).await?;
    page.start_preview().await?;
    Ok(page)
}

/// Two people in one room, connected.
pub(crate) async fn connected(stage: &Stage, server: &Server) -> Outcome<[Page; 2]> {
    let address = format!("{}/call/kitchen", server.origin());
    let first = visitor(stage, 0, &address).await?;
    let second = visitor(stage, 1, &address).await?;
    first.press("Join").await?;
    second.press("Join").await?;
    expect_connected(&first).await?;
    expect_connected(&second).await?;
    Ok([first, second])
}

pub(crate) async fn expect_connected(page: &Page) -> Outcome {
    page.expect("#call-status", "You are connected").await?;
    page.expect("#remoteVideo ~ figcaption .badge", "connected")
        .await?;
    page.expect_moving("remoteVideo").await
}

pub(crate) async fn expect_status(page: &Page, text: &str) -> Outcome {
    page.expect("#call-status", text).await.map(drop)
}

pub(crate) async fn expect_alone(page: &Page, why: &str) -> Outcome {
    expect_status(page, why).await?;
    expect_status(page, "Waiting for someone").await?;
    page.expect_no_video("remoteVideo").await
}

async fn a_room_is_offered_or_chosen(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = visitor(&stage, 0, &format!("{}/call", server.origin())).await?;
    let offered = page.value("Room").await?;
    ensure!(
        offered.len() >= 16,
        "anybody can guess the room {offered:?}"
    );
    page.press("Another name").await?;
    let other = page.value("Room").await?;
    ensure!(
        other != offered && other.len() >= 16,
        "{offered:?}, then {other:?} was offered"
    );

    page.write("Room", " ").await?;
    page.press("Join").await?;
    page.expect("[role=alert]", "not a room’s name").await?;

    page.write("Room", "My kitchen/1").await?;
    let link = format!("{}/meet/My%20kitchen%2F1", server.origin());
    page.expect_value(
        "the link to this room",
        "return __probe.field('Invite link').value;",
        &json!(link),
    )
    .await?;
    page.press("Copy link").await?;
    page.expect(".copy-row [role=status]", "Copied.").await?;

    page.expect_buttons(&[("Join", true), ("Hang Up", false)])
        .await?;
    page.press("Join").await?;
    expect_alone(&page, "The room is yours").await?;
    page.expect_gone("[role=alert]").await?;
    page.expect_buttons(&[("Join", false), ("Hang Up", true)])
        .await?;
    let address = page.session().current_url().await?;
    let expected = format!("{}/call/My%20kitchen%2F1", server.origin());
    ensure!(address.as_str() == expected, "the address is {address}");
    page.press("Hang Up").await?;
    page.expect_buttons(&[("Join", true), ("Hang Up", false)])
        .await
}

async fn two_people_see_and_hear_each_other(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let first = visitor(&stage, 0, &format!("{}/call", server.origin())).await?;
    first.press("Join").await?;
    expect_alone(&first, "The room is yours").await?;

    let address = first.session().current_url().await?;
    let second = visitor(&stage, 1, address.as_str()).await?;
    let rooms = [first.value("Room").await?, second.value("Room").await?];
    ensure!(
        rooms[0] == rooms[1],
        "the address leads elsewhere: {rooms:?}"
    );
    second.press("Join").await?;
    for page in [&first, &second] {
        expect_connected(page).await?;
        page.expect_audio().await?;
        let own = page.video_state("localVideo").await?;
        let other = page.video_state("remoteVideo").await?;
        ensure!(own.muted && !other.muted, "own: {own:?}, other: {other:?}");
        page.expect_buttons(&[("Join", false), ("Hang Up", true)])
            .await?;
    }
    Ok(())
}

async fn no_caption_is_covered_whatever_the_window(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let people = connected(&stage, &server).await?;
    for width in [1366, 780, 390, 320] {
        for page in &people {
            page.resize(width, 800).await?;
            expect_uncovered_captions(page).await?;
        }
    }
    // What one has to say of oneself takes several lines.
    for page in &people {
        page.press("Mute").await?;
        page.press("Camera off").await?;
    }
    for page in &people {
        page.expect(".own .badge[data-state=muted]", "muted")
            .await?;
        expect_uncovered_captions(page).await?;
    }
    Ok(())
}

async fn whoever_left_may_come_back(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let [first, second] = connected(&stage, &server).await?;
    for (leaver, other) in [(&first, &second), (&second, &first)] {
        leaver.press("Hang Up").await?;
        expect_alone(other, "The other person left").await?;
        expect_status(leaver, "You left the room").await?;
        leaver.expect_no_video("remoteVideo").await?;
        for page in [leaver, other] {
            page.expect_value(
                "no open connection",
                "return __probe.connections().open;",
                &json!(0),
            )
            .await?;
        }
        leaver.press("Join").await?;
        expect_connected(leaver).await?;
        expect_connected(other).await?;
    }
    // Whoever loads the page again is awaited, and when the page is left the camera's light goes off.
    let address = second.session().current_url().await?;
    for (leaver, other) in [(&second, &first), (&first, &second)] {
        leaver.reload().await?;
        expect_status(other, "Waiting for it to come back").await?;
        leaver.start_preview().await?;
        leaver.follow("MediaStream").await?;
        leaver
            .expect_value(
                "no live track",
                "return __probe.tracks().filter((track) => track.state === 'live').length;",
                &json!(0),
            )
            .await?;
        leaver.open(address.as_str()).await?;
        leaver.start_preview().await?;
        leaver.press("Join").await?;
        expect_connected(leaver).await?;
        expect_connected(other).await?;
    }
    Ok(())
}

async fn somebody_without_devices_sees_the_other(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/call/kitchen", server.origin());
    let first = visitor(&stage, 0, &address).await?;
    first.press("Join").await?;
    let second = visitor(&stage, 1, &address).await?;
    second.switch("Camera", false).await?;
    second.switch("Microphone", false).await?;
    second.expect_no_video("localVideo").await?;
    second.press("Join").await?;
    expect_connected(&second).await?;
    second.expect_audio().await?;
    expect_status(&first, "You are connected").await?;
    // A camera that is switched on later is seen without hanging up.
    second.switch("Camera", true).await?;
    first.expect_moving("remoteVideo").await
}

async fn a_full_room_refuses_and_lets_in_later(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let [first, second] = connected(&stage, &server).await?;
    let third = visitor(&stage, 2, &format!("{}/call/kitchen", server.origin())).await?;
    expect_refusal(&third).await?;
    expect_connected(&first).await?;
    expect_connected(&second).await?;

    second.press("Hang Up").await?;
    expect_alone(&first, "The other person left").await?;
    third.press("Join").await?;
    expect_connected(&third).await?;
    expect_connected(&first).await?;
    third.expect_gone("[role=alert]").await?;
    expect_refusal(&second).await
}

async fn expect_refusal(page: &Page) -> Outcome {
    page.press("Join").await?;
    page.expect("[role=alert]", "is full").await?;
    expect_status(page, "You are not in the room").await?;
    page.expect_buttons(&[("Join", true), ("Hang Up", false)])
        .await
}

async fn whoever_vanishes_is_noticed_and_replaced(stage: Stage) -> Outcome {
    let server = stage.server_with(&["--resume-grace", "4s"])?;
    let address = format!("{}/call/kitchen", server.origin());
    let first = visitor(&stage, 0, &address).await?;
    first.press("Join").await?;
    let vanishing = stage.browser(stage.kind(1), Options::default()).await?;
    let second = vanishing.page();
    for end in ["tab", "browser"] {
        second.open(&address).await?;
        second.press("Join").await?;
        expect_connected(second).await?;
        expect_connected(&first).await?;
        if end == "tab" {
            second.close_tab().await?;
        } else {
            vanishing.crash()?;
        }
        // It may come back.
        first
            .expect("#remoteVideo ~ figcaption .badge", "reconnecting")
            .await?;
        expect_alone(&first, "The other person’s connection was lost").await?;
    }
    let newcomer = visitor(&stage, 1, &address).await?;
    newcomer.press("Join").await?;
    expect_connected(&newcomer).await?;
    expect_connected(&first).await
}
