//! Two peers in one page.

use e2e::{Kind, Outcome, Stage};

use crate::site;

/// From Call to the first remote frame, in milliseconds.
pub(super) async fn measure(stage: &Stage, kind: Kind, ours: bool) -> Outcome<f64> {
    let (_site, browser) = site::open(stage, kind, ours, "peer-connection").await?;
    let page = browser.page();
    page.press("Start").await?;
    page.expect_moving("localVideo").await?;
    site::watch(page).await?;
    page.press("Call").await?;
    site::first_frame(page).await
}
