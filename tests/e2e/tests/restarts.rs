//! The server goes away under a call of three, and comes back without any memory of it.

use e2e::{Journey, Kind, Outcome, Server, Stage, ensure, expect_frames_each_second};

use crate::call::visitor;
use crate::people::{
    Person, allow_lost_connections, expect_all_to_see_each_other, gather, join, mesh, pages,
};

const MIXED: [Kind; 4] = [Kind::Chrome, Kind::Firefox, Kind::Firefox, Kind::Chrome];

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::between(&[MIXED], a_killed_server_comes_back_to_a_call_of_three).alone(),
        Journey::between(&[MIXED], a_stopped_server_comes_back_to_a_call_of_three).alone(),
        Journey::new(a_server_that_restarts_before_join_is_reached_again),
    ]
}

async fn a_killed_server_comes_back_to_a_call_of_three(stage: Stage) -> Outcome {
    restart(stage, Server::kill).await
}

async fn a_stopped_server_comes_back_to_a_call_of_three(stage: Stage) -> Outcome {
    restart(stage, Server::stop).await
}

async fn restart(stage: Stage, end: impl Fn(&Server) -> Outcome) -> Outcome {
    allow_lost_connections(&stage);
    let server = stage.server()?;
    let mut people = gather(&stage, &mesh(&server), 3).await?;
    let before = made_and_captured(&people).await?;
    end(&server)?;
    for person in &people {
        person.expect_status("Your call goes on meanwhile").await?;
    }
    expect_frames_each_second(&pages(&people), 2).await?;
    server.start()?;
    expect_frames_each_second(&pages(&people), 2).await?;
    for person in &people {
        person
            .expect_status("2 others are here. You are connected to all of them.")
            .await?;
    }
    expect_all_to_see_each_other(&people).await?;
    let after = made_and_captured(&people).await?;
    ensure!(
        before == after,
        "connections made and captures of each: {before:?}, then {after:?}"
    );

    // The new server knows them as the old one did: whoever comes now finds all of them.
    let newcomer = Person::arrive(&stage, 3, &mesh(&server)).await?;
    join(&mut people, newcomer).await?;
    expect_all_to_see_each_other(&people).await
}

/// The connections that there are, of all that each page made, and how often each page asked for
/// camera and microphone.
async fn made_and_captured(people: &[Person]) -> Outcome<Vec<(Vec<usize>, u32)>> {
    let mut all = Vec::new();
    for person in people {
        let links = person.links().await?;
        let numbers = links.iter().map(|link| link.number).collect();
        all.push((numbers, person.captures().await?));
    }
    Ok(all)
}

/// The page connects as soon as Join is in sight.
async fn a_server_that_restarts_before_join_is_reached_again(stage: Stage) -> Outcome {
    allow_lost_connections(&stage);
    let server = stage.server()?;
    let address = format!("{}/call/kitchen", server.origin());
    let page = visitor(&stage, 0, &address).await?;
    page.bring_into_sight("Join").await?;
    page.expect(".log-entries", "signaling open").await?;
    server.kill()?;
    page.expect(".log-entries", "signaling close").await?;
    server.start()?;
    page.press("Join").await?;
    let log = page.expect(".log-entries", "created as").await?;
    let asked = log.matches("join kitchen").count();
    ensure!(asked == 1, "asked to join {asked} times:\n{log}");
    Ok(())
}
