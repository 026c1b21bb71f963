//! The database or the way to it is lost: calls go on.

use e2e::{Link, Outcome, Proxy, Stage, ensure, expect_frames_each_second, until};

use super::{allow_lost_requests, expect_participants, pair};
use crate::people::{Person, expect_all_to_see_each_other, gather, join, pages};
use crate::screens::{expect_screen, pretend_to_have_a_screen, share};

/// What is written while the stream is cut is read when it is back, once and in its order: or the
/// negotiation of the screen would fail.
pub(super) async fn a_cut_stream_loses_and_doubles_nothing(stage: Stage) -> Outcome {
    allow_lost_requests(&stage);
    let server = stage.server()?;
    let proxy = Proxy::start(&server).await?;
    let through = format!("{}?server={}", pair(&server), proxy.address());
    let kim = Person::arrive(&stage, 0, &through).await?;
    let robin = Person::arrive(&stage, 1, &pair(&server)).await?;
    pretend_to_have_a_screen(&robin).await?;
    let mut people = Vec::new();
    join(&mut people, kim).await?;
    join(&mut people, robin).await?;
    expect_all_to_see_each_other(&people).await?;
    let [kim, robin] = &people[..] else {
        return Err("two came".into());
    };
    let before = made(&people).await?;

    proxy.cut();
    kim.expect_status("is lost").await?;
    share(robin).await?;
    expect_frames_each_second(&pages(&people), 3).await?;
    kim.expect_status("Your call goes on meanwhile").await?;

    proxy.restore();
    expect_screen(kim, "Robin’s screen").await?;
    kim.expect_status("You are connected").await?;
    expect_participants(&server, "/rooms/kitchen", 2).await?;
    expect_all_to_see_each_other(&people).await?;
    let after = made(&people).await?;
    ensure!(before == after, "connections: {before:?}, then {after:?}");
    Ok(())
}

pub(super) async fn a_restarted_database_stops_no_call(stage: Stage) -> Outcome {
    allow_lost_requests(&stage);
    stage.allow_error("WebSocket");
    let server = stage.server()?;
    let people = gather(&stage, &pair(&server), 2).await?;
    let before = made(&people).await?;
    server.kill()?;
    for person in &people {
        person.expect_status("Your call goes on meanwhile").await?;
    }
    expect_frames_each_second(&pages(&people), 2).await?;
    server.start()?;
    for person in &people {
        person.expect_status("You are connected.").await?;
    }
    expect_all_to_see_each_other(&people).await?;
    let after = made(&people).await?;
    ensure!(before == after, "connections: {before:?}, then {after:?}");
    expect_participants(&server, "/rooms/kitchen", 2).await
}

/// The numbers of all connections of each page.
async fn made(people: &[Person]) -> Outcome<Vec<Vec<usize>>> {
    let mut made = Vec::new();
    for person in people {
        let links: Vec<Link> = person.links().await?;
        made.push(links.iter().map(|link| link.number).collect());
    }
    Ok(made)
}

pub(super) async fn a_token_is_renewed_under_a_call(stage: Stage) -> Outcome {
    // On a busy machine a token this short can expire on the way; the page then asks again with a new one.
    stage.allow_error("401 (Unauthorized)");
    let server = stage.server_with(&["--rtdb-token-lifetime", "4s"])?;
    let newcomers = [
        Person::arrive(&stage, 0, &pair(&server)).await?,
        Person::arrive(&stage, 1, &pair(&server)).await?,
    ];
    let mut people = Vec::new();
    for newcomer in newcomers {
        pretend_to_have_a_screen(&newcomer).await?;
        join(&mut people, newcomer).await?;
    }
    expect_all_to_see_each_other(&people).await?;
    let [kim, robin] = &people[..] else {
        return Err("two came".into());
    };
    // Each stream begins with a token of its own.
    for person in [kim, robin] {
        until("a stream with a third token", async || {
            let streams: usize = person
                .evaluate(
                    "return [...document.querySelectorAll('.log-entries > *')].filter(
                         (entry) => entry.textContent.includes('new EventSource')).length;",
                )
                .await?;
            Ok(if streams >= 3 {
                Ok(())
            } else {
                Err(streams.to_string())
            })
        })
        .await?;
    }
    for (sharer, other) in [(kim, robin), (robin, kim)] {
        share(sharer).await?;
        expect_screen(other, &format!("{}’s screen", sharer.name)).await?;
        other.expect_status("You are connected").await?;
    }
    expect_participants(&server, "/rooms/kitchen", 2).await
}
