//! What all pages have in common. That no page writes an error to the console is checked after
//! every journey.

use e2e::{Journey, LAN_HOST, Options, Outcome, Page, Stage, StaticHost, ensure};
use serde_json::json;
use thirtyfour::Key;

use crate::sights::sights;

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::new(every_page_opens_by_its_address),
        Journey::new(every_page_is_reached_by_links),
        Journey::new(the_keyboard_is_enough),
        Journey::new(nothing_is_wider_than_a_phone),
        Journey::new(every_control_has_a_name),
        Journey::new(a_static_host_below_a_path_is_enough),
        Journey::new(without_a_secure_context_the_page_says_so),
    ]
}

async fn every_page_opens_by_its_address(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = stage.page().await?;
    // What has no page is said to be missing, and browsers write that down.
    stage.allow_error("404 (Not Found)");
    for sight in sights()? {
        page.open(&format!("{}{}", server.origin(), sight.path))
            .await?;
        sight.expect(&page).await?;
        sight.expect_status(&page).await?;
    }
    for path in ["/call", "/mesh", "/firebase", "/firebase/mesh"] {
        page.open(&format!("{}{path}/kitchen", server.origin()))
            .await?;
        let room = page.value("Room").await?;
        ensure!(
            room == "kitchen",
            "the room of the address is not filled in: {room:?}"
        );
    }
    Ok(())
}

async fn every_page_is_reached_by_links(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = stage.page().await?;
    page.open(&server.origin()).await?;
    // A page that is loaded anew would forget this.
    let _: () = page.evaluate("window.__here = true;").await?;
    let mut chapters = sights()?;
    chapters.retain(|sight| sight.is_chapter);
    for chapter in &chapters {
        page.follow(&chapter.heading).await?;
        chapter.expect(&page).await?;
        page.expect(".chapters [aria-current=page]", &chapter.heading)
            .await?;
    }
    for chapter in chapters.iter().rev().skip(1) {
        page.follow(&format!("← {}", chapter.heading)).await?;
        chapter.expect(&page).await?;
    }
    for chapter in &chapters[1..] {
        page.follow(&format!("{} →", chapter.heading)).await?;
        chapter.expect(&page).await?;
    }
    page.session().back().await?;
    chapters[chapters.len() - 2].expect(&page).await?;
    page.follow("WebRTC Tour").await?;
    sights()?[0].expect(&page).await?;
    let same: bool = page.evaluate("return window.__here === true;").await?;
    ensure!(same, "a link loaded the app anew");
    Ok(())
}

async fn the_keyboard_is_enough(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = stage.page().await?;
    page.open(&server.origin()).await?;
    let focus = "const e = document.activeElement; return e.id || __probe.text(e);";

    type_keys(&page, &[Key::Tab]).await?;
    page.expect_value(
        "the focus on the skip link",
        focus,
        &json!("Skip to content"),
    )
    .await?;
    type_keys(&page, &[Key::Enter]).await?;
    page.expect_value("the focus on the content", focus, &json!("main"))
        .await?;

    page.session().refresh().await?;
    let first = &sights()?[1];
    page.expect("h1", "Learn WebRTC by running it").await?;
    type_keys(&page, &[Key::Tab, Key::Tab, Key::Tab]).await?;
    page.expect_value(
        "the focus on the first chapter",
        focus,
        &json!(first.heading),
    )
    .await?;
    let outline: bool = page
        .evaluate(
            "return document.activeElement.matches(':focus-visible') &&
             getComputedStyle(document.activeElement).outlineStyle !== 'none';",
        )
        .await?;
    ensure!(outline, "the focus cannot be seen");
    type_keys(&page, &[Key::Enter]).await?;
    first.expect(&page).await?;
    page.expect_value("the focus on the new page", focus, &json!("main"))
        .await
}

async fn nothing_is_wider_than_a_phone(stage: Stage) -> Outcome {
    let server = stage.server()?;
    stage.allow_error("404 (Not Found)");
    let page = stage.page().await?;
    page.resize(390, 844).await?;
    for sight in sights()? {
        let path = sight.path;
        page.open(&format!("{}{path}", server.origin())).await?;
        sight.expect(&page).await?;
        let widths: [u32; 2] = page
            .evaluate("const root = document.documentElement; return [root.clientWidth, root.scrollWidth];")
            .await?;
        ensure!(
            widths[1] <= widths[0],
            "{path}: [window, content] are {widths:?} wide"
        );
    }
    Ok(())
}

async fn every_control_has_a_name(stage: Stage) -> Outcome {
    let server = stage.server()?;
    stage.allow_error("404 (Not Found)");
    let page = stage.page().await?;
    let controls = "a, button, input, select, textarea, video, meter, summary, [tabindex='0']";
    for sight in sights()? {
        let path = sight.path;
        page.open(&format!("{}{path}", server.origin())).await?;
        sight.expect(&page).await?;
        page.expect_value(
            "what the page shows later",
            "const has = (css) => document.querySelector(css) !== null;
             return (!has('.log') || has('.log-entries')) && (!has('.meeting') || has('.trace-sharing'));",
            &json!(true),
        )
        .await?;
        let nameless = page.nameless(controls).await?;
        ensure!(
            nameless.is_empty(),
            "{path}: without accessible name: {nameless:?}"
        );
    }
    Ok(())
}

async fn a_static_host_below_a_path_is_enough(stage: Stage) -> Outcome {
    let dist = &stage.settings().dist;
    let host = StaticHost::start(dist, stage.scratch(), "/some/path/").await?;
    let page = stage.page().await?;
    stage.allow_error("404 (Not Found)");
    for sight in sights()? {
        page.open(&format!("{}{}", host.address(), &sight.path[1..]))
            .await?;
        sight.expect(&page).await?;
        sight.expect_status(&page).await?;
    }
    page.open(host.address()).await?;
    page.follow("MediaStream").await?;
    page.expect("h1", "MediaStream").await?;
    let address = page.session().current_url().await?;
    ensure!(
        address.path() == "/some/path/media-stream",
        "the link led to {address}"
    );
    page.press("Start").await?;
    page.expect_moving("localVideo").await
}

async fn without_a_secure_context_the_page_says_so(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let options = Options {
        lan_host: true,
        ..Options::default()
    };
    let browser = stage.browser(stage.kind(0), options).await?;
    let page = browser.page();
    let origin = server.origin().replace("127.0.0.1", LAN_HOST);
    for path in ["/media-stream", "/peer-connection", "/call", "/mesh"] {
        page.open(&format!("{origin}{path}")).await?;
        let notice = page.expect(".notice", "not in a secure context").await?;
        for remedy in ["http://localhost", "--tls", "synthetic camera"] {
            ensure!(
                notice.contains(remedy),
                "{path}: {remedy} is missing in {notice:?}"
            );
        }
    }
    page.open(&format!("{origin}/media-stream")).await?;
    page.press("Start").await?;
    page.expect("[role=alert]", "NotSupportedError").await?;
    page.switch("Use a synthetic camera", true).await?;
    page.press("Start").await?;
    page.expect_moving("localVideo").await?;
    page.expect_gone("[role=alert]").await
}

async fn type_keys(page: &Page, keys: &[Key]) -> Outcome {
    let mut actions = page.session().action_chain();
    for key in keys {
        actions = actions.send_keys(key.clone());
    }
    actions.perform().await?;
    Ok(())
}
