//! Either of the two that are compared: where its pages are, and what is pressed on them.

use std::sync::Arc;
use std::time::Duration;

use e2e::{Browser, Kind, Options, Outcome, Page, Server, Stage};

use crate::peers::Peers;
use crate::slow_line::SlowLine;

/// As large as the window of a laptop.
pub(crate) const WINDOW: (u32, u32) = (1280, 800);

pub(crate) enum Site {
    Ours(Server),
    Theirs(Peers),
}

impl Site {
    pub(crate) fn start(stage: &Stage, ours: bool) -> Outcome<Self> {
        Ok(match ours {
            // Pages come from the server itself, and signals may come by another way.
            true => Self::Ours(stage.server_with(&["--allowed-origins", "*"])?),
            false => Self::Theirs(Peers::start()?),
        })
    }

    fn origin(&self) -> String {
        match self {
            Self::Ours(server) => server.origin(),
            Self::Theirs(peers) => format!("http://{}", peers.address()),
        }
    }

    /// The page of the same name in both.
    pub(crate) fn page(&self, name: &str) -> String {
        format!("{}/{name}", self.origin())
    }

    /// A room for two or for many, and the line to its signaling server if that is another than the page's.
    pub(crate) fn room(&self, chapter: &str, line: Option<&SlowLine>) -> String {
        let server = line.map(|line| format!("server=ws://{}/ws", line.address()));
        let server = server.unwrap_or_default();
        self.page(&match self {
            Self::Ours(_) => format!("{chapter}/kitchen?{server}"),
            Self::Theirs(_) => format!("room?room=kitchen&{server}"),
        })
    }

    /// A line to its signaling server on which everything takes so much longer, in each direction.
    pub(crate) async fn slow_line(&self, delay: Duration) -> Outcome<SlowLine> {
        let origin = self.origin();
        SlowLine::to(origin.trim_start_matches("http://").parse()?, delay).await
    }
}

/// A site, and a new browser that shows one of its pages.
pub(crate) async fn open(
    stage: &Stage,
    kind: Kind,
    ours: bool,
    page: &str,
) -> Outcome<(Site, Arc<Browser>)> {
    let site = Site::start(stage, ours)?;
    let browser = browser(stage, kind).await?;
    browser.page().open(&site.page(page)).await?;
    Ok((site, browser))
}

/// A new browser with an empty profile.
pub(crate) async fn browser(stage: &Stage, kind: Kind) -> Outcome<Arc<Browser>> {
    let options = Options {
        full_video: true,
        ..Options::default()
    };
    let browser = stage.browser(kind, options).await?;
    browser.page().resize(WINDOW.0, WINDOW.1).await?;
    Ok(browser)
}

/// Records when a click happens and when the first remote frame arrives, both in milliseconds since the
/// document began to load.
pub(crate) async fn watch(page: &Page) -> Outcome {
    page.evaluate(
        "window.__seen = { clicked: null, frame: null };
         addEventListener('click', () => (__seen.clicked = performance.now()), true);
         addEventListener('loadeddata', ({ target }) => {
             if (target.id !== 'localVideo') __seen.frame ??= performance.now();
         }, true);",
    )
    .await
}

/// From the last click to the first remote frame, in milliseconds.
pub(crate) async fn first_frame(page: &Page) -> Outcome<f64> {
    e2e::until("a first remote frame", async || {
        let took: Option<f64> = page
            .evaluate("return __seen.frame && __seen.frame - __seen.clicked;")
            .await?;
        Ok(took.ok_or_else(|| "none".to_owned()))
    })
    .await
}
