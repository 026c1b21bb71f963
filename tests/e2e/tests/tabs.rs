//! A call between two tabs of one browser, with nothing but files from a static host.

use e2e::{Journey, Outcome, Page, Stage, StaticHost};
use thirtyfour::WindowHandle;

use crate::call::{expect_alone, expect_connected, expect_status, visitor};

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::new(two_tabs_call_each_other),
        Journey::new(who_closes_or_loads_a_tab_anew_is_gone),
    ]
}

/// Tabs of one browser, each in a window of its own, so that all can be seen.
struct Tabs {
    page: Page,
    tabs: Vec<WindowHandle>,
}

impl Tabs {
    /// One tab on the page of a room; a page may be missing where only files are.
    async fn open(stage: &Stage) -> Outcome<Self> {
        let host = StaticHost::start(&stage.settings().dist, stage.scratch(), "/").await?;
        stage.allow_error("404 (Not Found)");
        let address = format!("{}call/kitchen?via=tab", host.address());
        let page = visitor(stage, 0, &address).await?;
        let tabs = vec![page.session().window().await?];
        Ok(Self { page, tabs })
    }

    /// One more, by the invitation of the present one.
    async fn open_another(&mut self) -> Outcome {
        let address = self.page.session().current_url().await?;
        let tab = self.page.session().new_window().await?;
        self.tabs.push(tab);
        self.look_at(self.tabs.len() - 1).await?;
        self.page.open(address.as_str()).await?;
        self.page.start_preview().await
    }

    async fn look_at(&self, tab: usize) -> Outcome {
        let tab = self.tabs[tab].clone();
        Ok(self.page.session().switch_to_window(tab).await?)
    }

    /// Closes the newest.
    async fn close(&mut self) -> Outcome {
        self.look_at(self.tabs.len() - 1).await?;
        self.page.session().close_window().await?;
        self.tabs.pop();
        self.look_at(self.tabs.len() - 1).await
    }

    /// The first two.
    async fn expect_connected(&self) -> Outcome {
        for tab in [0, 1] {
            self.look_at(tab).await?;
            expect_connected(&self.page).await?;
        }
        Ok(())
    }
}

async fn two_tabs_call_each_other(stage: Stage) -> Outcome {
    let mut tabs = Tabs::open(&stage).await?;
    let page = tabs.page.clone();
    page.press("Join").await?;
    expect_alone(&page, "The room is yours").await?;
    tabs.open_another().await?;
    page.press("Join").await?;
    tabs.expect_connected().await?;

    tabs.open_another().await?;
    page.press("Join").await?;
    page.expect("[role=alert]", "Two tabs of this browser are in the room")
        .await?;
    expect_status(&page, "You are not in the room").await?;
    tabs.close().await?;
    tabs.expect_connected().await?;

    for (leaver, other) in [(0, 1), (1, 0)] {
        tabs.look_at(leaver).await?;
        page.press("Hang Up").await?;
        expect_status(&page, "You left the room").await?;
        tabs.look_at(other).await?;
        expect_alone(&page, "The other person left").await?;
        tabs.look_at(leaver).await?;
        page.press("Join").await?;
        tabs.expect_connected().await?;
    }
    tabs.close().await
}

async fn who_closes_or_loads_a_tab_anew_is_gone(stage: Stage) -> Outcome {
    let mut tabs = Tabs::open(&stage).await?;
    let page = tabs.page.clone();
    page.press("Join").await?;
    expect_alone(&page, "The room is yours").await?;
    tabs.open_another().await?;
    page.press("Join").await?;
    tabs.expect_connected().await?;

    tabs.look_at(1).await?;
    page.reload().await?;
    tabs.look_at(0).await?;
    expect_alone(&page, "The other person left").await?;
    tabs.look_at(1).await?;
    page.press("Join").await?;
    tabs.expect_connected().await?;

    tabs.close().await?;
    expect_alone(&page, "The other person left").await
}
