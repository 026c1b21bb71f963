//! A page that is opened with nothing in the cache.

use e2e::{Kind, Options, Outcome, Page, Stage};
use serde_json::json;

use super::Conditions;
use crate::site::{Site, WINDOW};

/// Writes down when there is a first paragraph of the chapter's text, and when a button Join can be pressed;
/// both since the navigation began, in milliseconds.
const WATCH: &str = "
    window.__loaded = { text: null, join: null };
    const look = () => {
        const text = document.querySelector('.prose p');
        if (text && text.getBoundingClientRect().height > 0) __loaded.text ??= performance.now();
        const join = [...document.querySelectorAll('button')]
            .find((button) => button.textContent.trim() === 'Join');
        if (join && !join.disabled && join.getAttribute('aria-disabled') !== 'true') {
            __loaded.join ??= performance.now();
        }
        if (__loaded.text === null || __loaded.join === null) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);";

/// When the text can be read, and when Join can be pressed, in the chapter and in the lobby of a meeting.
pub(super) async fn measure(stage: &Stage, conditions: Conditions) -> Outcome<Vec<f64>> {
    let text = open(stage, conditions, "call", "text").await?;
    let join = open(stage, conditions, "call/x", "join").await?;
    let meet = open(stage, conditions, "meet/x", "join").await?;
    Ok(vec![text, join, meet])
}

async fn open(stage: &Stage, conditions: Conditions, path: &str, what: &str) -> Outcome<f64> {
    let site = Site::start(stage, true)?;
    let options = Options {
        unwatched: true,
        ..Options::default()
    };
    let browser = stage.browser(Kind::Chrome, options).await?;
    let page = browser.page();
    let (width, height) = WINDOW;
    let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    page.devtools("Emulation.setDeviceMetricsOverride", size)
        .await?;
    let source = json!({ "source": WATCH });
    page.devtools("Page.addScriptToEvaluateOnNewDocument", source)
        .await?;
    if conditions == Conditions::Slow {
        throttle(page).await?;
    }
    // Without the probe: it is not there.
    page.session().goto(site.page(path)).await?;
    // Asked once: each question takes time on the main thread that the page needs.
    page.evaluate(&format!(
        "return new Promise((resolve) => {{
             const look = () => __loaded.{what} === null
                 ? requestAnimationFrame(look) : resolve(__loaded.{what});
             look();
         }});"
    ))
    .await
}

async fn throttle(page: &Page) -> Outcome {
    page.devtools("Network.enable", json!({})).await?;
    let bytes_per_second = 1_600_000 / 8;
    let line = json!({
        "offline": false,
        "latency": 150,
        "downloadThroughput": bytes_per_second,
        "uploadThroughput": bytes_per_second,
    });
    page.devtools("Network.emulateNetworkConditions", line)
        .await?;
    page.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": 4 }))
        .await?;
    Ok(())
}
