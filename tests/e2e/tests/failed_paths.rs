//! The way between two browsers fails, and another one is found.

use e2e::{Journey, Kind, Outcome, Page, Stage, ensure};
use serde_json::json;

use crate::call::CHROME_FIREFOX;
use crate::chat::{expect_lines_of, say};
use crate::people::{Person, arrive, expect_all_to_see_each_other, join, mesh};

pub(crate) fn all() -> Vec<Journey> {
    vec![Journey::between(&[CHROME_FIREFOX], a_path_that_fails_is_found_again).alone()]
}

async fn a_path_that_fails_is_found_again(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let newcomers = arrive(&stage, &mesh(&server), 2).await?;
    let mut people = Vec::new();
    for newcomer in newcomers {
        fail(&newcomer, false).await?;
        join(&mut people, newcomer).await?;
    }
    let [kim, robin] = &people[..] else {
        return Err("two came".into());
    };
    let_offer_first(robin, kim).await?;
    expect_all_to_see_each_other(&people).await?;
    say(robin, "one").await?;
    expect_lines_of(kim, "Robin", &["one"]).await?;
    let before = kim.expect_links(1).await?[0].clone();

    fail(kim, true).await?;
    expect_interrupted(&people).await?;
    say(robin, "two").await?;
    say(robin, "three").await?;
    robin
        .expect(".chat-waiting", "2 messages wait for Kim")
        .await?;
    for person in &people {
        person.expect(".log-entries", "restartIce").await?;
    }
    fail(kim, false).await?;
    expect_all_to_see_each_other(&people).await?;
    expect_lines_of(kim, "Robin", &["one", "two", "three"]).await?;
    let after = kim.expect_links(1).await?[0].clone();
    ensure!(
        after.number == before.number && after.offers > before.offers,
        "the same connection, negotiated anew: {before:?}, then {after:?}"
    );

    // Who does not want to wait begins anew, and the other end follows.
    fail(kim, true).await?;
    expect_interrupted(&people).await?;
    say(robin, "four").await?;
    robin.press("Reconnect").await?;
    say(robin, "five").await?;
    fail(kim, false).await?;
    expect_all_to_see_each_other(&people).await?;
    for person in &people {
        let link = person.expect_links(1).await?[0].clone();
        ensure!(link.number > before.number, "the old connection: {link:?}");
    }
    say(kim, "six").await?;
    expect_lines_of(kim, "Robin", &["one", "two", "three", "four", "five"]).await?;
    expect_lines_of(robin, "Kim", &["six"]).await?;
    robin.expect_gone(".chat-waiting:not([hidden])").await
}

/// Who offers first decides who is the client of DTLS, and an ICE restart must not change that.
/// Firefox does so when it was not the client: the case that is harder for both. Chance decides it
/// anew for each page that joins.
async fn let_offer_first(robin: &Person, kim: &Person) -> Outcome {
    for _ in 0..24 {
        if robin.expect_links(1).await?[0].offered_first == Some(true) {
            return Ok(());
        }
        // Whoever has not left is the same after it.
        kim.press("Hang Up").await?;
        kim.expect_status("You left the room").await?;
        kim.reload().await?;
        robin.expect_without("Kim").await?;
        kim.press("Join").await?;
        kim.expect_links(1).await?;
    }
    Err("Robin never offered first".into())
}

async fn expect_interrupted(people: &[Person]) -> Outcome {
    for person in people {
        person.expect("figure .badge", "reconnecting").await?;
        person.expect_buttons(&[("Reconnect", true)]).await?;
    }
    Ok(())
}

/// Chromium can lose every packet between it and other browsers, and nothing else.
pub(crate) async fn fail(page: &Page, fails: bool) -> Outcome {
    if page.kind() == Kind::Firefox {
        return Ok(());
    }
    lose_packets(page, if fails { 100 } else { 0 }).await
}

/// Of each hundred packets between it and other browsers. In Chromium only.
pub(crate) async fn lose_packets(page: &Page, percent: u32) -> Outcome {
    let parameters = json!({
        "offline": false,
        "latency": 1,
        "downloadThroughput": -1,
        "uploadThroughput": -1,
        "packetLoss": percent,
    });
    page.devtools("Network.enable", json!({})).await?;
    page.devtools("Network.emulateNetworkConditions", parameters)
        .await?;
    Ok(())
}
