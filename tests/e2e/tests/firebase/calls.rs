//! People call, come and go; nothing of them stays behind.

use std::time::Duration;

use e2e::{Options, Outcome, Server, Stage, ensure, until_within};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{expect_participants, many, pair};
use crate::people::{Person, expect_all_to_see_each_other, gather, join, tile};

/// An entry expires after 30 seconds; it is noticed with the next heartbeat after that.
const EXPIRY: Duration = Duration::from_secs(60);

/// So that others, and not the server, have to remove who has gone without a word.
const NO_HOUSEKEEPING: [&str; 2] = ["--rtdb-housekeeping", "false"];

pub(super) async fn two_people_call_through_the_database(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let people = gather(&stage, &pair(&server), 2).await?;
    let [kim, robin] = &people[..] else {
        return Err("two came".into());
    };
    kim.expect_status("You are connected.").await?;
    kim.expect_audio().await?;
    robin.expect_audio().await?;
    expect_participants(&server, "/rooms/kitchen", 2).await?;
    for person in [kim, robin] {
        person.expect("#participants", "you").await?;
        person.expect(".database-path", "rooms/kitchen").await?;
    }

    robin.press("Hang Up").await?;
    robin.expect_status("You left the room").await?;
    kim.expect_status("The other person left.").await?;
    expect_participants(&server, "/rooms/kitchen", 1).await?;

    // Again, as the same person, and gone by closing the tab.
    robin.press("Join").await?;
    expect_all_to_see_each_other(&people).await?;
    robin.close_tab().await?;
    kim.expect_status("The other person left.").await?;
    kim.press("Hang Up").await?;
    kim.expect_status("You left the room").await?;
    expect_nothing_at(&server, "/rooms").await
}

/// A page takes its leave before it knows whether it goes.
pub(super) async fn who_was_asked_to_go_and_stays_comes_back(stage: Stage) -> Outcome {
    // So a sign of life is answered that comes after the leave.
    stage.allow_error("401 (Unauthorized)");
    let server = stage.server()?;
    let people = gather(&stage, &pair(&server), 2).await?;
    let nowhere = nowhere().await?;
    let script = format!("location.href = '{nowhere}';");
    for (asked, other) in [(0, 1), (1, 0)] {
        people[asked].evaluate::<Value>(&script).await?;
        people[other]
            .expect_status("The other person left.")
            .await?;
        expect_all_to_see_each_other(&people).await?;
        expect_participants(&server, "/rooms/kitchen", 2).await?;
    }
    Ok(())
}

/// The address of something that is not there to be shown: browsers stay where they are.
async fn nowhere() -> Outcome<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let request = stream.read(&mut [0; 4096]).await;
            if request.is_ok_and(|length| length > 0) {
                let answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
                drop(stream.write_all(answer).await);
            }
        }
    });
    Ok(address)
}

pub(super) async fn a_third_is_refused_and_leaves_nothing_behind(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let people = gather(&stage, &pair(&server), 2).await?;
    let third = Person::arrive(&stage, 2, &pair(&server)).await?;
    expect_refusal(&server, &third).await?;
    // The place of who leaves is free at once.
    people[1].press("Hang Up").await?;
    people[0].expect_status("The other person left.").await?;
    third.press("Join").await?;
    third.expect_to_see("Kim").await?;
    people[0].expect_to_see("Sam").await?;
    expect_refusal(&server, &people[1]).await
}

async fn expect_refusal(server: &Server, person: &Person) -> Outcome {
    person.press("Join").await?;
    person.expect_status("You are not in the room.").await?;
    person.expect("[role=alert]", "The room is full").await?;
    expect_participants(server, "/rooms/kitchen", 2).await
}

pub(super) async fn four_people_meet_and_leave_nothing_behind(stage: Stage) -> Outcome {
    // Nobody answers at the killed one's.
    stage.allow_error("WebRTC: ICE failed");
    let server = stage.server_with(&NO_HOUSEKEEPING)?;
    let doomed = stage.browser(stage.kind(3), Options::default()).await?;
    let mut people = Vec::new();
    for index in 0..4 {
        let newcomer = match index {
            3 => Person::arrive_in(doomed.page(), 3, &many(&server)).await?,
            _ => Person::arrive(&stage, index, &many(&server)).await?,
        };
        join(&mut people, newcomer).await?;
    }
    expect_all_to_see_each_other(&people).await?;
    expect_participants(&server, "/rooms/kitchen", 4).await?;

    doomed.crash()?;
    people.remove(3);
    for person in &people {
        person.expect_badges("Toni", &["reconnecting"]).await?;
    }
    stage.let_others_run();
    let toni = tile("Toni", "");
    for person in &people {
        until_expired("Toni is gone", async || {
            Ok(person.text(&toni).await?.map_or(Ok(()), Err))
        })
        .await?;
    }
    people[0]
        .expect_status("Toni’s connection was lost.")
        .await?;
    expect_participants(&server, "/rooms/kitchen", 3).await?;

    people[2].close_tab().await?;
    people.remove(2);
    for person in &people {
        person.expect_without("Sam").await?;
    }
    for person in &people {
        person.press("Hang Up").await?;
        person.expect_status("You left the room").await?;
    }
    expect_nothing_at(&server, "/rooms").await
}

pub(super) async fn the_server_removes_what_the_last_ones_left(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let mut browsers = Vec::new();
    let mut people = Vec::new();
    for index in 0..2 {
        let browser = stage.browser(stage.kind(index), Options::default()).await?;
        let newcomer = Person::arrive_in(browser.page(), index, &pair(&server)).await?;
        join(&mut people, newcomer).await?;
        browsers.push(browser);
    }
    expect_all_to_see_each_other(&people).await?;
    for browser in &browsers {
        browser.crash()?;
    }
    let left = server.stored("/rooms/kitchen/participants").await?;
    ensure!(!left.is_null(), "a killed browser says nothing");
    stage.let_others_run();
    expect_nothing_at(&server, "/rooms").await
}

/// Waits for as long as entries may take to expire.
async fn until_expired<F>(what: &str, look: F) -> Outcome
where
    F: AsyncFnMut() -> Outcome<Result<(), String>>,
{
    until_within(EXPIRY, what, look).await
}

async fn expect_nothing_at(server: &Server, path: &str) -> Outcome {
    until_expired(&format!("nothing at {path}"), async || {
        let found = server.stored(path).await?;
        Ok(if found.is_null() {
            Ok(())
        } else {
            Err(found.to_string())
        })
    })
    .await
}
