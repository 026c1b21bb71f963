//! Calls through the database, and what of them is in it.

use std::time::Duration;

use e2e::{
    Journey, Kind, Link, Options, Outcome, Proxy, Server, Stage, ensure, expect_frames_each_second,
    until, until_within,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::call::{CHROME_FIREFOX, EVERY_PAIR, FIREFOX_CHROME};
use crate::people::{Person, expect_all_to_see_each_other, gather, join, pages, tile};
use crate::screens::{expect_screen, pretend_to_have_a_screen, share};

const MIXED: [Kind; 4] = [Kind::Chrome, Kind::Firefox, Kind::Chrome, Kind::Firefox];
const TRIOS: [[Kind; 3]; 2] = [
    [Kind::Chrome, Kind::Firefox, Kind::Chrome],
    [Kind::Firefox, Kind::Chrome, Kind::Firefox],
];
const SAME: [[Kind; 4]; 2] = [[Kind::Chrome; 4], [Kind::Firefox; 4]];

/// An entry expires after 30 seconds; it is noticed with the next heartbeat after that.
const EXPIRY: Duration = Duration::from_secs(60);

/// So that others, and not the server, have to remove who has gone without a word.
const NO_HOUSEKEEPING: [&str; 2] = ["--rtdb-housekeeping", "false"];

pub(crate) fn all() -> Vec<Journey> {
    let both = [CHROME_FIREFOX, FIREFOX_CHROME];
    vec![
        Journey::between(&EVERY_PAIR, two_people_call_through_the_database),
        Journey::between(&both, who_was_asked_to_go_and_stays_comes_back),
        Journey::between(&TRIOS, a_third_is_refused_and_leaves_nothing_behind),
        Journey::between(&[MIXED], four_people_meet_and_leave_nothing_behind),
        Journey::between(&both[..1], the_server_removes_what_the_last_ones_left),
        Journey::between(&both, a_cut_stream_loses_and_doubles_nothing),
        Journey::between(&both[1..], a_restarted_database_stops_no_call),
        Journey::between(&both, a_token_is_renewed_under_a_call),
        Journey::between(&both, messages_are_kept_while_that_is_asked_for),
        Journey::between(&SAME, both_ways_to_connect_to_three_are_measured),
        Journey::new(a_database_that_cannot_be_used_says_why),
    ]
}

fn pair(server: &Server) -> String {
    format!("{}/firebase/kitchen", server.origin())
}

fn many(server: &Server) -> String {
    format!("{}/firebase/mesh/kitchen", server.origin())
}

/// Browsers write down every request that fails.
fn allow_lost_requests(stage: &Stage) {
    for text in [
        "Failed to load resource",
        "/rtdb/",
        "EventSource",
        "event stream",
        "connection to the server at http://127.0.0.1:",
        "The connection to http://127.0.0.1:",
        "NetworkError",
    ] {
        stage.allow_error(text);
    }
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

/// Waits until so many participants are in the room, and no message.
async fn expect_participants(server: &Server, room: &str, count: usize) -> Outcome {
    until(
        &format!("{count} participants and nothing else"),
        async || {
            let found = server.stored(room).await?;
            let participants = found["participants"].as_object();
            let as_many = participants.map_or(0, serde_json::Map::len) == count;
            Ok(if as_many && found.get("messages").is_none() {
                Ok(())
            } else {
                Err(found.to_string())
            })
        },
    )
    .await
}

async fn two_people_call_through_the_database(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let people = gather(&stage, &pair(&server), 2).await?;
    let [kim, robin] = &people[..] else {
        return Err("two came".into());
    };
    kim.expect_status("You are connected.").await?;
    kim.expect_sound().await?;
    robin.expect_sound().await?;
    expect_participants(&server, "/rooms/call/kitchen", 2).await?;
    for person in [kim, robin] {
        person.expect("#participants", "you").await?;
        person
            .expect(".database-path", "rooms/call/kitchen")
            .await?;
    }

    robin.press("Hang Up").await?;
    robin.expect_status("You left the room").await?;
    kim.expect_status("The other person left.").await?;
    expect_participants(&server, "/rooms/call/kitchen", 1).await?;

    // Again, as the same person, and gone by closing the tab.
    robin.press("Call").await?;
    expect_all_to_see_each_other(&people).await?;
    robin.close_tab().await?;
    kim.expect_status("The other person left.").await?;
    kim.press("Hang Up").await?;
    kim.expect_status("You left the room").await?;
    expect_nothing_at(&server, "/rooms").await
}

/// A page takes its leave before it knows whether it goes.
async fn who_was_asked_to_go_and_stays_comes_back(stage: Stage) -> Outcome {
    // So a sign of life is answered that comes after the leave.
    stage.allow_error("401 (Unauthorized)");
    let server = stage.server()?;
    let people = gather(&stage, &pair(&server), 2).await?;
    let nowhere = nowhere().await?;
    let script = format!("location.href = '{nowhere}';");
    people[0].evaluate::<Value>(&script).await?;
    people[1].expect_status("The other person left.").await?;
    expect_all_to_see_each_other(&people).await?;
    expect_participants(&server, "/rooms/call/kitchen", 2).await
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

async fn a_third_is_refused_and_leaves_nothing_behind(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let people = gather(&stage, &pair(&server), 2).await?;
    let third = Person::arrive(&stage, 2, &pair(&server)).await?;
    third.press("Call").await?;
    third.expect_status("You are not in the room.").await?;
    third
        .expect("[role=alert]", "has 2 participants already")
        .await?;
    expect_participants(&server, "/rooms/call/kitchen", 2).await?;
    // The place of who leaves is free at once.
    people[1].press("Hang Up").await?;
    people[0].expect_status("The other person left.").await?;
    third.press("Call").await?;
    third.expect_to_see("Kim").await?;
    people[0].expect_to_see("Sam").await
}

async fn four_people_meet_and_leave_nothing_behind(stage: Stage) -> Outcome {
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
    expect_participants(&server, "/rooms/mesh/kitchen", 4).await?;

    doomed.crash()?;
    people.remove(3);
    for person in &people {
        person.expect_badges("Toni", &["reconnecting"]).await?;
    }
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
    expect_participants(&server, "/rooms/mesh/kitchen", 3).await?;

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

async fn the_server_removes_what_the_last_ones_left(stage: Stage) -> Outcome {
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
    let left = server.stored("/rooms/call/kitchen/participants").await?;
    ensure!(!left.is_null(), "a killed browser says nothing");
    expect_nothing_at(&server, "/rooms").await
}

/// What is written while the stream is cut is read when it is back, once and in its order: or the
/// negotiation of the screen would fail.
async fn a_cut_stream_loses_and_doubles_nothing(stage: Stage) -> Outcome {
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
    expect_participants(&server, "/rooms/call/kitchen", 2).await?;
    expect_all_to_see_each_other(&people).await?;
    let after = made(&people).await?;
    ensure!(before == after, "connections: {before:?}, then {after:?}");
    Ok(())
}

async fn a_restarted_database_stops_no_call(stage: Stage) -> Outcome {
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
    expect_participants(&server, "/rooms/call/kitchen", 2).await
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

async fn a_token_is_renewed_under_a_call(stage: Stage) -> Outcome {
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
    share(kim).await?;
    expect_screen(robin, "Kim’s screen").await?;
    robin.expect_status("You are connected").await?;
    expect_participants(&server, "/rooms/call/kitchen", 2).await
}

async fn messages_are_kept_while_that_is_asked_for(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let kim = Person::arrive(&stage, 0, &pair(&server)).await?;
    let robin = Person::arrive(&stage, 1, &pair(&server)).await?;
    kim.switch("Keep messages", true).await?;
    let mut people = Vec::new();
    join(&mut people, kim).await?;
    join(&mut people, robin).await?;
    expect_all_to_see_each_other(&people).await?;
    let [kim, robin] = &people[..] else {
        return Err("two came".into());
    };
    kim.expect("#inbox", "joined").await?;
    for kind in ["candidate", "read"] {
        kim.expect("#inbox", kind).await?;
    }
    // Those to Robin are gone as always; Robin sees that Kim's are not.
    robin.expect("#sent", "there").await?;
    robin
        .expect_value(
            "an empty inbox",
            "return document.querySelectorAll('#inbox tbody tr').length;",
            &json!(0),
        )
        .await?;
    let kept = server.stored("/rooms/call/kitchen/messages").await?;
    let inboxes = kept.as_object().map_or(0, serde_json::Map::len);
    ensure!(inboxes == 1, "only Kim keeps: {kept:#}");

    kim.switch("Keep messages", false).await?;
    expect_participants(&server, "/rooms/call/kitchen", 2).await?;
    for (person, table) in [(kim, "#inbox"), (robin, "#sent")] {
        person
            .expect_value(
                "nothing left to see",
                &format!("return document.querySelectorAll('{table} tbody tr').length;"),
                &json!(0),
            )
            .await?;
    }
    Ok(())
}

async fn both_ways_to_connect_to_three_are_measured(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let mut people = gather(&stage, &many(&server), 3).await?;
    let toni = Person::arrive(&stage, 3, &many(&server)).await?;
    toni.switch("One after the other", true).await?;
    join(&mut people, toni).await?;
    expect_all_to_see_each_other(&people).await?;
    let toni = &people[3];
    toni.expect("#contact-times", "3 contacts in").await?;
    toni.expect("#contact-times", "one after the other.")
        .await?;
    toni.press("Hang Up").await?;
    people[0].expect_without("Toni").await?;
    let toni = &people[3];
    toni.switch("All at the same time", true).await?;
    toni.press("Call").await?;
    toni.expect("#contact-times", "at the same time.").await?;
    expect_all_to_see_each_other(&people).await?;
    let measured: Value = people[3]
        .evaluate(
            "return [...document.querySelectorAll('.contacts tbody tr')].map(
                 (row) => [...row.querySelectorAll('td')].map(__probe.text));",
        )
        .await?;
    eprintln!("MEASURED: contacts and time, at once and one by one: {measured}");
    for row in measured.as_array().into_iter().flatten() {
        ensure!(row[0] == "3", "three contacts each: {measured}");
    }
    Ok(())
}

async fn a_database_that_cannot_be_used_says_why(stage: Stage) -> Outcome {
    allow_lost_requests(&stage);
    let server = stage.server()?;
    let person = Person::arrive(&stage, 0, &pair(&server)).await?;
    let config = "Your project’s configuration";
    let here = server.origin();
    let database = format!("http://{}", server.database()?);
    for (pasted, why) in [
        // Nobody signs in, and the rules want that.
        (database, "cannot be used: its rules refuse it"),
        (
            "http://127.0.0.1:9".to_owned(),
            "no answer from 127.0.0.1:9",
        ),
        (format!("{here}/pages"), "is not a Realtime Database"),
    ] {
        person.write(config, &pasted).await?;
        person.press("Use this database").await?;
        person
            .expect("#database-in-use", "In use: your own")
            .await?;
        person.press("Call").await?;
        person.expect_status(why).await?;
        person.press("Hang Up").await?;
        person.expect_status("You left the room").await?;
    }
    person.press("Back to the embedded database").await?;
    person.press("Call").await?;
    person.expect_status("Waiting for somebody").await
}
