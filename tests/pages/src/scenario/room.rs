//! People who meet in a room.

use std::sync::Arc;
use std::time::Duration;

use e2e::{Browser, Kind, Outcome, Page, Stage};
use futures_util::future::try_join_all;
use serde_json::json;

use crate::site::{self, Site};

const SETTLING: Duration = Duration::from_secs(3);

/// Not a wait for anything: how long people look before they press.
const SEEN_BEFORE: Duration = Duration::from_secs(1);

/// Not a wait for anything: the work in this time is what is measured.
const MEASURED: Duration = Duration::from_secs(10);

/// From Join, with one other participant in the room, to the first remote frame, in milliseconds.
pub(super) async fn two(stage: &Stage, kind: Kind, delay: Duration, ours: bool) -> Outcome<f64> {
    let site = Site::start(stage, ours)?;
    let line = match delay.is_zero() {
        true => None,
        false => Some(site.slow_line(delay).await?),
    };
    let people = arrive(stage, kind, ours, &site.room("call", line.as_ref()), 2).await?;
    enter(&people, 1).await?;
    let newcomer = people[1].page();
    site::watch(newcomer).await?;
    look_at_join(newcomer).await?;
    newcomer.press("Join").await?;
    site::first_frame(newcomer).await
}

/// From the last Join of four to the moment at which the last of six connections is connected at both
/// its ends, in milliseconds.
pub(super) async fn four(stage: &Stage, ours: bool) -> Outcome<f64> {
    let site = Site::start(stage, ours)?;
    let people = arrive(stage, Kind::Chrome, ours, &site.room("mesh", None), 4).await?;
    enter(&people, 3).await?;
    look_at_join(people[3].page()).await?;
    enter_as(&people, 4).await?;
    let clicked = people[3].page().clicked_at().await?;
    let mut last = clicked;
    for person in &people {
        for link in person.page().links().await? {
            last = last.max(link.connected_at.ok_or("not connected")?);
        }
    }
    Ok(last - clicked)
}

/// What the main thread of the third has to do, in milliseconds: from before its Join until two others
/// are connected and seen; in ten seconds after that; in ten seconds of a call of two.
pub(super) async fn work(stage: &Stage, ours: bool) -> Outcome<Vec<f64>> {
    let site = Site::start(stage, ours)?;
    let people = arrive(stage, Kind::Chrome, ours, &site.room("mesh", None), 3).await?;
    enter(&people, 2).await?;
    let newcomer = people[2].page();
    newcomer.devtools("Performance.enable", json!({})).await?;
    let before = task_time(newcomer).await?;
    newcomer.press("Join").await?;
    expect_connected(&people, 3).await?;
    newcomer.expect_frames_over(2).await?;
    let joined = task_time(newcomer).await?;
    let of_three = steady(newcomer).await?;
    people[0].page().close_tab().await?;
    newcomer.expect_links(1).await?;
    let of_two = steady(newcomer).await?;
    Ok(vec![joined - before, of_three, of_two])
}

/// So many people at the page of a room, each with camera and microphone.
async fn arrive(
    stage: &Stage,
    kind: Kind,
    ours: bool,
    address: &str,
    count: usize,
) -> Outcome<Vec<Arc<Browser>>> {
    try_join_all((0..count).map(|_| async {
        let browser = site::browser(stage, kind).await?;
        browser.page().open(address).await?;
        // The page it is measured beside captures at once.
        match ours {
            true => browser.page().start_preview().await?,
            false => browser.page().expect_moving("localVideo").await?,
        }
        Ok(browser)
    }))
    .await
}

/// Lets the first so many in, one after the other.
async fn enter(people: &[Arc<Browser>], count: usize) -> Outcome {
    for there in 1..=count {
        enter_as(people, there).await?;
    }
    Ok(())
}

/// Lets one in as the one with this number, counted from 1.
async fn enter_as(people: &[Arc<Browser>], number: usize) -> Outcome {
    people[number - 1].page().press("Join").await?;
    expect_connected(people, number).await
}

/// People see the button for a while before they press it.
async fn look_at_join(page: &Page) -> Outcome {
    page.bring_into_sight("Join").await?;
    tokio::time::sleep(SEEN_BEFORE).await;
    Ok(())
}

/// Waits until the first so many are connected to each other.
async fn expect_connected(people: &[Arc<Browser>], count: usize) -> Outcome {
    for person in &people[..count] {
        person.page().expect_links(count - 1).await?;
    }
    Ok(())
}

/// In ten seconds in which nothing happens, once what came before has settled.
async fn steady(page: &Page) -> Outcome<f64> {
    // Neither page says when it has settled, so both get the same time for it.
    tokio::time::sleep(SETTLING).await;
    let before = task_time(page).await?;
    tokio::time::sleep(MEASURED).await;
    Ok(task_time(page).await? - before)
}

/// `TaskDuration` so far, in milliseconds:
/// <https://chromedevtools.github.io/devtools-protocol/tot/Performance/#method-getMetrics>
async fn task_time(page: &Page) -> Outcome<f64> {
    let answer = page.devtools("Performance.getMetrics", json!({})).await?;
    let metrics = answer["metrics"].as_array().map_or(&[][..], Vec::as_slice);
    let metric = metrics
        .iter()
        .find(|metric| metric["name"] == "TaskDuration");
    let seconds = metric.and_then(|metric| metric["value"].as_f64());
    Ok(seconds.ok_or("no TaskDuration")? * 1000.0)
}
