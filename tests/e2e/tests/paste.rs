//! A call that two people introduce each other to, with nothing but files from a static host.

use std::time::Duration;

use e2e::{Journey, Kind, Outcome, Page, Stage, StaticHost, ensure, until_within};

use crate::call::{CHROME_FIREFOX, FIREFOX_CHROME, expect_connected, expect_status, visitor};
use crate::screens::{expect_no_screen, expect_screen, pretend_to_have_a_screen, share};

/// Time itself is the input here, for there is no state to wait for: both browsers answer checks
/// before they have the answer, and then `connectionState`, `iceConnectionState` and candidate
/// pairs of both ends stay as they are until it is put in, seen for 45 s. Only then Chromium may
/// say, for a moment, that it had given up.
const ON_ITS_WAY: Duration = Duration::from_secs(45);

/// Chromium as the DTLS client asks again after pauses that double, at about 51 s and then at 102 s,
/// and Firefox as the inviter is not connected in between.
const ASKED_AGAIN: Duration = Duration::from_secs(80);

const GIVEN: &str = "Text from the other person";

pub(crate) fn all() -> Vec<Journey> {
    let pairs = [
        [Kind::Chrome, Kind::Chrome],
        [Kind::Firefox, Kind::Firefox],
        CHROME_FIREFOX,
        FIREFOX_CHROME,
    ];
    vec![
        Journey::between(&pairs, two_texts_make_a_call),
        Journey::between(&[CHROME_FIREFOX], a_call_of_texts_goes_on_by_itself),
        Journey::between(&pairs, an_answer_may_take_its_time).waiting(),
        Journey::new(texts_of_no_use_are_explained),
    ]
}

/// Somebody who has joined, with nobody else there yet.
async fn arrived(stage: &Stage, host: &StaticHost, index: usize) -> Outcome<Page> {
    let address = format!("{}call/kitchen?via=paste", host.address());
    let page = visitor(stage, index, &address).await?;
    join(&page).await?;
    Ok(page)
}

async fn join(page: &Page) -> Outcome {
    page.press("Join").await?;
    expect_status(page, "Make an invitation").await
}

async fn host(stage: &Stage) -> Outcome<StaticHost> {
    // The host says 404 to a deep link.
    stage.allow_error("404 (Not Found)");
    StaticHost::start(&stage.settings().dist, stage.scratch(), "/").await
}

async fn invite(page: &Page) -> Outcome<String> {
    page.press("Make an invitation").await?;
    page.expect_buttons(&[("Copy invitation", true)]).await?;
    page.value("Your invitation").await
}

async fn put_in(page: &Page, text: &str) -> Outcome {
    page.write(GIVEN, text).await?;
    page.press("Use this text").await
}

async fn answer(page: &Page) -> Outcome<String> {
    page.expect_buttons(&[("Copy answer", true)]).await?;
    page.value("Your answer").await
}

async fn introduce(inviter: &Page, guest: &Page) -> Outcome {
    let invitation = invite(inviter).await?;
    put_in(guest, &invitation).await?;
    let answer = answer(guest).await?;
    put_in(inviter, &answer).await?;
    for page in [inviter, guest] {
        expect_connected(page).await?;
        page.expect_gone(".exchange").await?;
    }
    Ok(())
}

async fn two_texts_make_a_call(stage: Stage) -> Outcome {
    let host = host(&stage).await?;
    let first = arrived(&stage, &host, 0).await?;
    let invitation = invite(&first).await?;
    first.unfold(".exchange .disclosure").await?;
    first
        .expect(".exchange .disclosure:has(svg.qr)", "")
        .await?;

    // As whoever reads the code with a camera.
    let link = format!("{}call/kitchen?via=paste#{invitation}", host.address());
    ensure!(
        invitation.len() < 1200,
        "{} characters is not short",
        invitation.len()
    );
    let second = visitor(&stage, 1, &link).await?;
    join(&second).await?;
    let given = second.value(GIVEN).await?;
    ensure!(given == invitation, "{given:?} is filled in");
    second.press("Use this text").await?;
    let answer = answer(&second).await?;
    put_in(&first, &answer).await?;
    for page in [&first, &second] {
        expect_connected(page).await?;
        page.expect_gone(".exchange").await?;
        page.expect_audio().await?;
    }
    Ok(())
}

async fn a_call_of_texts_goes_on_by_itself(stage: Stage) -> Outcome {
    let host = host(&stage).await?;
    let first = arrived(&stage, &host, 0).await?;
    let second = arrived(&stage, &host, 1).await?;
    introduce(&first, &second).await?;
    for (sharer, other) in [(&first, &second), (&second, &first)] {
        pretend_to_have_a_screen(sharer).await?;
        share(sharer).await?;
        expect_screen(other, "screen").await?;
        sharer.press("Stop sharing").await?;
        expect_no_screen(other).await?;
    }

    second.press("Hang Up").await?;
    expect_status(&first, "The other person left").await?;
    join(&second).await?;
    introduce(&second, &first).await?;
    first.close_tab().await?;
    expect_status(&second, "The other person left").await?;
    second.expect_buttons(&[("Make an invitation", true)]).await
}

/// Texts that people carry are on their way for longer than browsers look for each other.
async fn an_answer_may_take_its_time(stage: Stage) -> Outcome {
    let host = host(&stage).await?;
    let first = arrived(&stage, &host, 0).await?;
    let second = arrived(&stage, &host, 1).await?;
    let invitation = invite(&first).await?;
    put_in(&second, &invitation).await?;
    let answer = answer(&second).await?;
    stage.let_others_run();
    tokio::time::sleep(ON_ITS_WAY).await;
    put_in(&first, &answer).await?;
    let connected = "You are connected";
    until_within(ASKED_AGAIN, connected, async || {
        let status = first.text("#call-status").await?.unwrap_or_default();
        Ok(match status.contains(connected) {
            true => Ok(()),
            false => Err(status),
        })
    })
    .await?;
    expect_connected(&first).await?;
    expect_connected(&second).await
}

async fn texts_of_no_use_are_explained(stage: Stage) -> Outcome {
    let host = host(&stage).await?;
    let first = arrived(&stage, &host, 0).await?;
    let second = arrived(&stage, &host, 1).await?;
    let old = invite(&first).await?;
    put_in(&second, &old).await?;
    let old_answer = answer(&second).await?;
    first.press("Start over").await?;
    put_in(&first, &old_answer).await?;
    first.expect("[role=alert]", "no invitation waits").await?;
    let invitation = invite(&first).await?;
    let cut_off = &invitation[..invitation.len() - 9];
    let altered = invitation.replacen("wt1.A", "wt1.B", 1);
    for (text, failure) in [
        ("Hello", "neither an invitation nor an answer"),
        (cut_off, "incomplete"),
        (&altered, "incomplete"),
        (&invitation, "your own invitation"),
        (&old_answer, "another invitation"),
    ] {
        put_in(&first, text).await?;
        first.expect("[role=alert]", failure).await?;
    }
    second.press("Start over").await?;
    put_in(&second, &invitation).await?;
    let answer = answer(&second).await?;
    put_in(&first, &answer).await?;
    expect_connected(&first).await?;
    expect_connected(&second).await
}
