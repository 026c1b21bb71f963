//! The way to the server is lost in the middle of a call, and found again: for a moment, for too
//! long, for ever.

use e2e::{Journey, Link, Options, Outcome, Proxy, Stage, ensure, expect_frames_each_second};

use crate::call::{CHROME_FIREFOX, FIREFOX_CHROME};
use crate::people::{
    Person, allow_lost_connections, expect_all_to_see_each_other, join, mesh, mesh_through, pages,
};

pub(crate) fn all() -> Vec<Journey> {
    let both = [CHROME_FIREFOX, FIREFOX_CHROME];
    vec![
        Journey::between(&both, a_cut_of_five_seconds_stops_no_frame).alone(),
        Journey::between(&both[1..], a_way_that_stalls_is_noticed_and_found_again).alone(),
        Journey::between(&both[..1], whoever_comes_back_too_late_joins_anew),
        Journey::between(&both, a_killed_browser_is_waited_for_and_gone),
    ]
}

/// Kim with a way to the server that can be cut, and Robin with one that cannot.
async fn kim_and_robin(stage: &Stage, options: &[&str]) -> Outcome<(Proxy, [Person; 2])> {
    allow_lost_connections(stage);
    let server = stage.server_with(options)?;
    let proxy = Proxy::start(&server).await?;
    let kim = Person::arrive(stage, 0, &mesh_through(&server, &proxy)).await?;
    let robin = Person::arrive(stage, 1, &mesh(&server)).await?;
    let mut people = Vec::new();
    join(&mut people, kim).await?;
    join(&mut people, robin).await?;
    expect_all_to_see_each_other(&people).await?;
    match <[Person; 2]>::try_from(people) {
        Ok(people) => Ok((proxy, people)),
        Err(_) => Err("two came".into()),
    }
}

async fn a_cut_of_five_seconds_stops_no_frame(stage: Stage) -> Outcome {
    let (proxy, people) = kim_and_robin(&stage, &[]).await?;
    let [kim, robin] = &people;
    let before = links(&people).await?;
    proxy.cut();
    kim.expect_status("is lost").await?;
    robin.expect_badges("Kim", &["reconnecting"]).await?;
    expect_frames_each_second(&pages(&people), 5).await?;
    kim.expect_status("Your call goes on meanwhile").await?;
    robin.expect_badges("Kim", &["reconnecting"]).await?;
    // Kim's own video of Robin has nothing to do with the server.
    kim.expect_to_see("Robin").await?;

    proxy.restore();
    expect_all_to_see_each_other(&people).await?;
    kim.expect_status("You are connected").await?;
    expect_the_same(&before, &links(&people).await?)
}

async fn a_way_that_stalls_is_noticed_and_found_again(stage: Stage) -> Outcome {
    // The server notices soon; the page, within two of its signs of life.
    let options = ["--ping-interval", "1s", "--ping-timeout", "1s"];
    let (proxy, people) = kim_and_robin(&stage, &options).await?;
    let [kim, robin] = &people;
    let before = links(&people).await?;
    proxy.stall();
    robin.expect_badges("Kim", &["reconnecting"]).await?;
    expect_frames_each_second(&pages(&people), 2).await?;
    kim.expect_status("is lost").await?;
    kim.expect(".log-entries", "no sign of life").await?;

    proxy.restore();
    expect_all_to_see_each_other(&people).await?;
    kim.expect_status("You are connected").await?;
    expect_the_same(&before, &links(&people).await?)
}

async fn whoever_comes_back_too_late_joins_anew(stage: Stage) -> Outcome {
    let (proxy, people) = kim_and_robin(&stage, &["--resume-grace", "3s"]).await?;
    let [kim, robin] = &people;
    proxy.cut();
    robin.expect_badges("Kim", &["reconnecting"]).await?;
    robin.expect_without("Kim").await?;
    robin.expect_status("Kim’s connection was lost.").await?;
    robin.expect_links(0).await?;

    proxy.restore();
    expect_all_to_see_each_other(&people).await?;
    for person in &people {
        person.expect_links(1).await?;
    }
    robin
        .expect_status("Kim is here. You are connected.")
        .await?;
    kim.expect_status("Robin is here. You are connected.").await
}

async fn a_killed_browser_is_waited_for_and_gone(stage: Stage) -> Outcome {
    let server = stage.server_with(&["--resume-grace", "6s"])?;
    let doomed = stage.browser(stage.kind(1), Options::default()).await?;
    let kim = Person::arrive(&stage, 0, &mesh(&server)).await?;
    let robin = Person::arrive_in(doomed.page(), 1, &mesh(&server)).await?;
    let mut people = Vec::new();
    join(&mut people, kim).await?;
    join(&mut people, robin).await?;
    expect_all_to_see_each_other(&people).await?;
    doomed.crash()?;
    let kim = &people[0];
    kim.expect_badges("Robin", &["reconnecting"]).await?;
    kim.expect_status("Robin").await?;
    kim.expect_without("Robin").await?;
    kim.expect_status("Robin’s connection was lost. Waiting for someone")
        .await?;
    kim.expect_links(0).await.map(drop)
}

async fn links(people: &[Person]) -> Outcome<Vec<Vec<Link>>> {
    let mut links = Vec::new();
    for person in people {
        links.push(person.links().await?);
    }
    Ok(links)
}

/// Whether no connection was made, closed or negotiated anew.
fn expect_the_same(before: &[Vec<Link>], after: &[Vec<Link>]) -> Outcome {
    let essence = |links: &[Vec<Link>]| -> Vec<Vec<_>> {
        let of_one = |links: &Vec<Link>| links.iter().map(|l| (l.number, l.offers)).collect();
        links.iter().map(of_one).collect()
    };
    ensure!(
        essence(before) == essence(after),
        "other connections, or other offers: {before:?}, then {after:?}"
    );
    Ok(())
}
