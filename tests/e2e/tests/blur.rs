//! The background of a camera's video is blurred for all who see it, and what blurs it is loaded only then.

use e2e::{Journey, Kind, Outcome, Page, Stage, StaticHost, until};
use serde_json::json;

use crate::meet::{invited, seat};

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox], [Kind::Firefox, Kind::Chrome]],
            others_see_what_the_preview_shows,
        ),
        Journey::new(nobody_is_seen_unblurred_who_wants_blur),
    ]
}

/// What was downloaded of what blurs.
const DOWNLOADED: &str = "return performance.getEntriesByType('resource')
     .filter(({ name }) => name.includes('/segmentation-')).length;";

/// Waits until a video has edges, as those of the writing in a synthetic camera's, or has none.
async fn expect_edges(page: &Page, video: &str, are_there: bool) -> Outcome {
    let script = format!(
        "const video = document.querySelector({video:?});
         const {{ videoWidth: width, videoHeight: height }} = video ?? {{}};
         if (!width) return null;
         const canvas = new OffscreenCanvas(width, height).getContext('2d');
         canvas.drawImage(video, 0, 0);
         const {{ data }} = canvas.getImageData(0, 0, width, height);
         let edges = 0;
         // Three pixels: a bit of compression is no blur.
         for (let at = 12; at < data.length; at += 4) {{
             if (Math.abs(data[at] - data[at - 12]) > 64) edges += 1;
         }}
         return edges;"
    );
    let what = format!("edges in {video} of {}: {are_there}", page.kind());
    until(&what, async || {
        let edges: Option<u32> = page.evaluate(&script).await?;
        Ok(match edges {
            Some(edges) if (edges > 500) == are_there => Ok(()),
            other => Err(format!("{other:?} of them")),
        })
    })
    .await
}

async fn open_camera_menu(page: &Page) -> Outcome {
    page.evaluate::<()>("document.querySelector('[popovertarget=camera-menu]').click();")
        .await?;
    page.expect("#camera-menu", "Use a synthetic camera")
        .await
        .map(drop)
}

async fn close_camera_menu(page: &Page) -> Outcome {
    page.evaluate("document.querySelector('#camera-menu').hidePopover();")
        .await
}

async fn expect_downloads(page: &Page, count: u32) -> Outcome {
    page.expect_value("downloads of what blurs", DOWNLOADED, &json!(count))
        .await
}

async fn others_see_what_the_preview_shows(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let ada = invited(&stage, 0, &address).await?;
    ada.write("Your name", "Ada").await?;
    open_camera_menu(&ada).await?;
    ada.expect("#camera-menu", "Downloads 0.2 MB").await?;
    ada.switch("Use a synthetic camera", true).await?;
    close_camera_menu(&ada).await?;
    ada.press("Start preview").await?;
    expect_edges(&ada, "#localVideo", true).await?;
    expect_downloads(&ada, 0).await?;
    open_camera_menu(&ada).await?;
    ada.switch("Blur the background", true).await?;
    expect_edges(&ada, "#localVideo", false).await?;
    ada.expect("#camera-menu", "Others see what your preview shows")
        .await?;
    expect_downloads(&ada, 1).await?;
    close_camera_menu(&ada).await?;

    let ben = invited(&stage, 1, &address).await?;
    ben.press("Join").await?;
    ada.press("Join").await?;
    let seen = format!("{} video", seat("Ada"));
    ben.expect(&format!("{} .tile-caption", seat("Ada")), "Ada")
        .await?;
    ben.expect_moving(&seen).await?;
    expect_edges(&ben, &seen, false).await?;

    // Another camera is blurred, too.
    open_camera_menu(&ada).await?;
    ada.switch("Use a synthetic camera", false).await?;
    ada.expect_moving("localVideo").await?;
    ada.switch("Use a synthetic camera", true).await?;
    ada.expect_moving("localVideo").await?;
    expect_edges(&ben, &seen, false).await?;
    ben.expect_moving(&seen).await?;

    ada.switch("Blur the background", false).await?;
    expect_edges(&ben, &seen, true).await?;
    expect_downloads(&ada, 1).await?;
    expect_downloads(&ben, 0).await
}

async fn nobody_is_seen_unblurred_who_wants_blur(stage: Stage) -> Outcome {
    for error in ["404 (Not Found)", "WebAssembly", "MIME type", "error"] {
        stage.allow_error(error);
    }
    let host = StaticHost::start(&stage.settings().dist, stage.scratch(), "/").await?;
    host.withhold("segmentation")?;
    let page = stage.page().await?;
    let address = format!("{}meet/kitchen?via=tab", host.address());
    page.session().goto(&address).await?;
    page.start_preview().await?;
    open_camera_menu(&page).await?;
    page.switch("Blur the background", true).await?;
    let alert = "[role=alert]";
    page.expect(alert, "The background blur could not be loaded.")
        .await?;
    // Whoever was seen already knows it.
    page.expect_moving("localVideo").await?;

    page.session().refresh().await?;
    page.press("Start preview").await?;
    page.expect(alert, "The background blur could not be loaded.")
        .await?;
    page.expect_no_video("localVideo").await?;
    page.expect(".own-tile", "not shown until its background is blurred")
        .await?;
    host.deliver_part("segmentation")?;
    page.press("Try again").await?;
    page.expect_moving("localVideo").await?;
    page.expect_gone(alert).await?;

    // A camera that is switched off lets everything go.
    page.press("Camera").await?;
    page.expect_no_video("localVideo").await?;
    page.expect_value(
        "live video",
        "return __probe.tracks().filter(({ kind, state }) => kind === 'video' && state === 'live').length;",
        &json!(0),
    )
    .await
}
