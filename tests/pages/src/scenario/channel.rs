//! A data channel within one page.

use e2e::{Kind, Outcome, Stage};

use crate::site;

/// MiB a second.
pub(super) async fn measure(stage: &Stage, kind: Kind, ours: bool) -> Outcome<f64> {
    let (_site, browser) = site::open(stage, kind, ours, "data-channel").await?;
    let page = browser.page();
    page.press("Start").await?;
    if ours {
        page.write("MiB to send", "32").await?;
    }
    page.press("Measure throughput").await?;
    let told = page.expect("#throughput-result", "MiB/s").await?;
    let rate = told.split_whitespace().next().unwrap_or_default();
    Ok(rate.parse()?)
}
