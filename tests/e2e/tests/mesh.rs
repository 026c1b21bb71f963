//! Four people, six connections.

use e2e::{Journey, Kind, Outcome, Stage, ensure, expect_frames_each_second};
use serde_json::json;

use crate::people::{Person, arrive, expect_all_to_see_each_other, gather, join, mesh, pages};

const MIXED: [Kind; 4] = [Kind::Chrome, Kind::Chrome, Kind::Firefox, Kind::Firefox];
const ALL_CHROME: [Kind; 4] = [Kind::Chrome; 4];
const ALL_FIREFOX: [Kind; 4] = [Kind::Firefox; 4];

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::between(
            &[MIXED, ALL_CHROME, ALL_FIREFOX],
            four_people_are_connected_to_each_other,
        )
        .alone(),
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox]],
            what_a_call_costs_is_measured_while_it_is_looked_at,
        ),
    ]
}

async fn four_people_are_connected_to_each_other(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let mut people = Vec::new();
    let mut clicked_at = 0.0;
    for newcomer in arrive(&stage, &mesh(&server), 4).await? {
        join(&mut people, newcomer).await?;
        clicked_at = people[people.len() - 1].clicked_at().await?;
    }
    let took = connected_at(&people).await? - clicked_at;
    eprintln!("MEASURED: all six connections after the last click: {took:.0} ms");

    expect_all_to_see_each_other(&people).await?;
    for person in &people {
        person.expect_frames_over(3).await?;
        person
            .expect_status("3 others are here. You are connected to all of them.")
            .await?;
        person
            .expect(".room-line", "Room kitchen · 4 of 8 people")
            .await?;
        expect_cost(person, [6, 3], 800).await?;
    }
    one_leaves(&mut people).await
}

async fn what_a_call_costs_is_measured_while_it_is_looked_at(stage: Stage) -> Outcome {
    let server = stage.server()?;
    for person in &gather(&stage, &mesh(&server), 2).await? {
        person.expect("[data-measure=encodings]", "–").await?;
        let _: () = person
            .evaluate("document.querySelector('.cost').scrollIntoView();")
            .await?;
        // Audio and video, to the other and from there.
        for measure in ["encodings", "decodings"] {
            person
                .expect(&format!("[data-measure={measure}]"), "2")
                .await?;
        }
    }
    Ok(())
}

async fn one_leaves(people: &mut Vec<Person>) -> Outcome {
    let leaver = people.remove(1);
    let among_four = tile_width(&people[0]).await?;
    leaver.press("Hang Up").await?;
    for person in &*people {
        person.expect_without(leaver.name).await?;
        person.expect_status("Robin left.").await?;
        person.expect_links(2).await?;
        expect_cost(person, [3, 2], 1200).await?;
    }
    let among_three = tile_width(&people[0]).await?;
    ensure!(
        among_three >= among_four,
        "a tile of three is {among_three} pixels wide, one of four {among_four}"
    );
    leaver.expect_status("You left the room").await?;
    expect_frames_each_second(&pages(people), 2).await?;
    expect_all_to_see_each_other(people).await
}

async fn tile_width(person: &Person) -> Outcome<f64> {
    let script = "return document.querySelector('.tiles > .video-tile').offsetWidth;";
    person.evaluate(script).await
}

/// When the last of all connections was connected at both its ends.
async fn connected_at(people: &[Person]) -> Outcome<f64> {
    let mut last = 0.0_f64;
    for person in people {
        for link in person.links().await? {
            last = last.max(link.connected_at.ok_or("not connected")?);
        }
    }
    Ok(last)
}

/// Connections in the room and here, and what each video may cost, in kbit/s: as the page says,
/// and as the browser was told.
async fn expect_cost(person: &Person, connections: [u32; 2], kbps: u32) -> Outcome {
    person
        .expect_value(
            &format!("{connections:?} connections in the room and here"),
            "return ['Connections in the room', 'Your connections'].map((name) => {
                 const rows = [...document.querySelectorAll('table.comparison tbody tr')];
                 const row = rows.find((row) => __probe.text(row.querySelector('th')) === name);
                 return parseInt(__probe.text(row.querySelector('td')));
             });",
            &json!(connections),
        )
        .await?;
    person.expect("#bitrate-limit", &kbps.to_string()).await?;
    let limits = vec![kbps * 1000; connections[1] as usize];
    person
        .expect_value(
            &format!("a limit of {kbps} kbit/s for each video"),
            "return __probe.limits();",
            &json!(limits),
        )
        .await
}
