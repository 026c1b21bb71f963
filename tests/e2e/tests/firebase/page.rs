//! What the page shows of the database, and lets one choose.

use e2e::{Outcome, Stage, ensure};
use serde_json::{Value, json};

use super::{allow_lost_requests, expect_participants, many, pair};
use crate::people::{Person, expect_all_to_see_each_other, gather, join};

pub(super) async fn messages_are_kept_while_that_is_asked_for(stage: Stage) -> Outcome {
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
    let kept = server.stored("/rooms/kitchen/messages").await?;
    let inboxes = kept.as_object().map_or(0, serde_json::Map::len);
    ensure!(inboxes == 1, "only Kim keeps: {kept:#}");

    kim.switch("Keep messages", false).await?;
    expect_participants(&server, "/rooms/kitchen", 2).await?;
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

pub(super) async fn both_ways_to_connect_to_three_are_measured(stage: Stage) -> Outcome {
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
    toni.press("Join").await?;
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

pub(super) async fn a_database_that_cannot_be_used_says_why(stage: Stage) -> Outcome {
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
        person.press("Join").await?;
        person.expect_status(why).await?;
        person.press("Hang Up").await?;
        person.expect_status("You left the room").await?;
    }
    person.press("Back to the embedded database").await?;
    person.press("Join").await?;
    person.expect_status("Waiting for someone").await
}
