//! What all pages have in common. That no page writes an error to the console is checked after
//! every journey.

use e2e::{Journey, LAN_HOST, Options, Outcome, Page, Stage, StaticHost, ensure};
use serde_json::json;
use thirtyfour::Key;

/// Path, heading, title.
const PAGES: [(&str, &str, &str); 11] = [
    ("/", "Learn WebRTC by running it", "WebRTC Tour"),
    ("/media-stream", "MediaStream", "MediaStream · WebRTC Tour"),
    (
        "/browsers",
        "Browsers and their differences",
        "Browsers and their differences · WebRTC Tour",
    ),
    (
        "/peer-connection",
        "RTCPeerConnection",
        "RTCPeerConnection · WebRTC Tour",
    ),
    (
        "/data-channel",
        "RTCDataChannel",
        "RTCDataChannel · WebRTC Tour",
    ),
    (
        "/call",
        "Signaling and a call",
        "Signaling and a call · WebRTC Tour",
    ),
    (
        "/mesh",
        "Mesh: a call for up to eight",
        "Mesh: a call for up to eight · WebRTC Tour",
    ),
    (
        "/firebase",
        "Signaling with Firebase",
        "Signaling with Firebase · WebRTC Tour",
    ),
    ("/security", "Security", "Security · WebRTC Tour"),
    (
        "/firebase/mesh",
        "Firebase: a call for up to eight",
        "Firebase: a call for up to eight · WebRTC Tour",
    ),
    (
        "/nowhere",
        "There is no such page",
        "Page not found · WebRTC Tour",
    ),
];

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
    for (path, heading, title) in PAGES {
        page.open(&format!("{}{path}", server.origin())).await?;
        expect_page(&page, heading, title).await?;
        page.expect_gone("#app-loading").await?;
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
    let chapters = &PAGES[1..9];
    for (_, heading, title) in chapters {
        page.follow(heading).await?;
        expect_page(&page, heading, title).await?;
        page.expect(".chapters [aria-current=page]", heading)
            .await?;
    }
    for (_, heading, title) in chapters.iter().rev().skip(1) {
        page.follow(&format!("← {heading}")).await?;
        expect_page(&page, heading, title).await?;
    }
    for (_, heading, title) in &chapters[1..] {
        page.follow(&format!("{heading} →")).await?;
        expect_page(&page, heading, title).await?;
    }
    page.session().back().await?;
    expect_page(&page, chapters[6].1, chapters[6].2).await?;
    page.follow("WebRTC Tour").await?;
    expect_page(&page, PAGES[0].1, PAGES[0].2).await?;
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
    page.expect("h1", PAGES[0].1).await?;
    type_keys(&page, &[Key::Tab, Key::Tab, Key::Tab]).await?;
    page.expect_value(
        "the focus on the first chapter",
        focus,
        &json!("MediaStream"),
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
    expect_page(&page, "MediaStream", "MediaStream · WebRTC Tour").await?;
    page.expect_value("the focus on the new page", focus, &json!("main"))
        .await
}

async fn nothing_is_wider_than_a_phone(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = stage.page().await?;
    page.resize(390, 844).await?;
    for (path, heading, _) in PAGES {
        page.open(&format!("{}{path}", server.origin())).await?;
        page.expect("h1", heading).await?;
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
    let page = stage.page().await?;
    let controls = "a, button, input, select, textarea, video, meter, summary, [tabindex='0']";
    for (path, heading, _) in PAGES {
        page.open(&format!("{}{path}", server.origin())).await?;
        page.expect("h1", heading).await?;
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
    // The host says 404 to a deep link, and browsers write that down.
    stage.allow_error("404 (Not Found)");
    for (path, heading, title) in PAGES {
        page.open(&format!("{}{}", host.address(), &path[1..]))
            .await?;
        expect_page(&page, heading, title).await?;
    }
    page.follow("MediaStream").await?;
    expect_page(&page, "MediaStream", "MediaStream · WebRTC Tour").await?;
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

async fn expect_page(page: &Page, heading: &str, title: &str) -> Outcome {
    page.expect("h1", heading).await?;
    page.expect_value(
        "the title in the tab",
        "return document.title;",
        &json!(title),
    )
    .await
}

async fn type_keys(page: &Page, keys: &[Key]) -> Outcome {
    let mut actions = page.session().action_chain();
    for key in keys {
        actions = actions.send_keys(key.clone());
    }
    actions.perform().await?;
    Ok(())
}
