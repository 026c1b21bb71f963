//! People in a room: each in a browser, each with a name.

use std::ops::Deref;

use e2e::{Options, Outcome, Page, Proxy, Server, Stage};
use futures_util::future::try_join_all;
use serde_json::json;

/// In the order of their coming.
pub(crate) const NAMES: [&str; 4] = ["Kim", "Robin", "Sam", "Toni"];

/// Somebody at a page of a room.
pub(crate) struct Person {
    pub(crate) name: &'static str,
    page: Page,
}

impl Deref for Person {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}

impl Person {
    /// At the room's page, with name and video, and not in the room yet. `index` says in which of
    /// the journey's browsers.
    pub(crate) async fn arrive(stage: &Stage, index: usize, address: &str) -> Outcome<Self> {
        let browser = stage.browser(stage.kind(index), Options::default()).await?;
        Self::arrive_in(browser.page(), index, address).await
    }

    pub(crate) async fn arrive_in(page: &Page, index: usize, address: &str) -> Outcome<Self> {
        let (name, page) = (NAMES[index], page.clone());
        page.open(address).await?;
        page.write("Name", name).await?;
        page.start_preview().await?;
        Ok(Self { name, page })
    }

    /// Waits for what the tile of `other` says beside the name.
    pub(crate) async fn expect_badges(&self, other: &str, badges: &[&str]) -> Outcome {
        self.expect_value(
            &format!("on the tile of {other}, seen by {}: {badges:?}", self.name),
            &format!(
                "return [...document.querySelectorAll({:?})].map(__probe.text);",
                tile(other, " .badge")
            ),
            &json!(badges),
        )
        .await
    }

    /// Waits until `other` is connected and seen.
    pub(crate) async fn expect_to_see(&self, other: &str) -> Outcome {
        self.expect_badges(other, &["connected"]).await?;
        self.expect_moving(&tile(other, " video")).await?;
        expect_uncovered_captions(self).await
    }

    /// Waits until the tile of `other` is gone.
    pub(crate) async fn expect_without(&self, other: &str) -> Outcome {
        self.expect_gone(&tile(other, "")).await
    }

    /// Waits until the status contains the text.
    pub(crate) async fn expect_status(&self, text: &str) -> Outcome {
        self.expect("#call-status", text).await.map(drop)
    }
}

/// Waits until no caption is under a video or under another tile: buttons may be there, too.
pub(crate) async fn expect_uncovered_captions(page: &Page) -> Outcome {
    page.expect_value(
        "what covers captions",
        "const tiles = [...document.querySelectorAll('.video-tile')];
         const covers = (one, caption) => {
             const [a, b] = [one, caption].map((element) => element.getBoundingClientRect());
             return Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1
                 && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1;
         };
         return tiles.flatMap((tile) => {
             const caption = tile.querySelector(':scope > figcaption');
             // The own tile may lie on another, not under it.
             const own = tile.classList.contains('own');
             const others = own ? [] : tiles.filter((other) => other !== tile);
             const over = [...tile.querySelectorAll(':scope > video'), ...others]
                 .filter((one) => caption && covers(one, caption));
             return over.map((one) => `${one.id || one.className} over ${__probe.text(caption)}`);
         });",
        &json!([]),
    )
    .await
}

/// A selector of something in the tile of somebody.
pub(crate) fn tile(name: &str, inside: &str) -> String {
    format!("figure[data-name='{name}']{inside}")
}

/// Browsers write down every connection that fails.
pub(crate) fn allow_lost_connections(stage: &Stage) {
    stage.allow_error("WebSocket connection to 'ws://127.0.0.1:");
    stage.allow_error("establish a connection to the server at ws://127.0.0.1:");
    stage.allow_error("The connection to ws://127.0.0.1:");
}

/// The address of the room in which many meet.
pub(crate) fn mesh(server: &Server) -> String {
    format!("{}/mesh/kitchen", server.origin())
}

/// The same room, with a proxy on the way to the server.
pub(crate) fn mesh_through(server: &Server, proxy: &Proxy) -> String {
    format!("{}?server={}", mesh(server), proxy.address())
}

/// Lets the next one in, and waits until it is connected to all who are there.
pub(crate) async fn join(people: &mut Vec<Person>, newcomer: Person) -> Outcome {
    newcomer.press("Join").await?;
    people.push(newcomer);
    for person in &*people {
        person.expect_links(people.len() - 1).await?;
    }
    Ok(())
}

/// So many people at the page of the room at `address`.
pub(crate) async fn arrive(stage: &Stage, address: &str, count: usize) -> Outcome<Vec<Person>> {
    try_join_all((0..count).map(|index| Person::arrive(stage, index, address))).await
}

/// So many people in the room at `address`, all connected to each other.
pub(crate) async fn gather(stage: &Stage, address: &str, count: usize) -> Outcome<Vec<Person>> {
    let mut people = Vec::new();
    for newcomer in arrive(stage, address, count).await? {
        join(&mut people, newcomer).await?;
    }
    expect_all_to_see_each_other(&people).await?;
    Ok(people)
}

pub(crate) async fn expect_all_to_see_each_other(people: &[Person]) -> Outcome {
    try_join_all(people.iter().map(|person| see_the_others(person, people))).await?;
    Ok(())
}

async fn see_the_others(person: &Person, people: &[Person]) -> Outcome {
    for other in people.iter().filter(|other| other.name != person.name) {
        person.expect_to_see(other.name).await?;
    }
    Ok(())
}

/// For [`expect_frames_each_second`](e2e::expect_frames_each_second).
pub(crate) fn pages(people: &[Person]) -> Vec<&Page> {
    people.iter().map(|person| &**person).collect()
}
