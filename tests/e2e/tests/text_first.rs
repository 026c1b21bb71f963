//! The text is there before the program, and stays where it is when the program comes.

use e2e::{Journey, Kind, Options, Outcome, Page, Stage, StaticHost, ensure};
use serde::Deserialize;
use serde_json::json;
use thirtyfour::By;

use crate::sights::sights;

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::new(the_text_is_read_before_the_program),
        Journey::new(nothing_moves_when_the_app_takes_the_place),
        Journey::new(who_reads_on_stays_there),
        Journey::new(the_text_stays_where_a_part_is_missing),
        Journey::new(without_scripts_there_is_all_text),
    ]
}

/// In a browser whose host keeps the program back.
async fn withheld(stage: &Stage) -> Outcome<(StaticHost, Page)> {
    let dist = &stage.settings().dist;
    let host = StaticHost::start(dist, stage.scratch(), "/some/path/").await?;
    host.send_program(false);
    let options = Options {
        eager: true,
        ..Options::default()
    };
    let browser = stage.browser(stage.kind(0), options).await?;
    Ok((host, browser.page().clone()))
}

/// Leaves the page first: what that still waits for would take connections from the next.
async fn withhold(host: &StaticHost, page: &Page) -> Outcome {
    page.session().goto("about:blank").await?;
    host.send_program(false);
    Ok(())
}

async fn the_text_is_read_before_the_program(stage: Stage) -> Outcome {
    let (host, page) = withheld(&stage).await?;
    for sight in sights()?.iter().filter(|sight| sight.has_page) {
        let address = format!("{}{}", host.address(), &sight.path[1..]);
        page.session().goto(address).await?;
        sight.expect(&page).await?;
        sight.expect_status(&page).await?;
        // The browser may still read the rest of the page.
        let lead = page.expect(".lead", "").await?;
        let description: String = page
            .evaluate("return document.querySelector('meta[name=description]').content;")
            .await?;
        ensure!(
            !lead.is_empty() && !description.is_empty(),
            "{}: lead {lead:?}, description {description:?}",
            sight.path
        );
        page.expect("#app-loading main", "").await?;
        host.send_program(true);
        page.expect_app().await?;
        withhold(&host, &page).await?;
    }
    // Its links work without the app, too.
    page.session().goto(host.address()).await?;
    page.follow("Glossary").await?;
    page.expect("h1", "Glossary").await?;
    page.expect("#app-loading .prose", "Introduced in").await?;
    host.send_program(true);
    page.expect_app().await
}

/// Where something is that the build and the app both show.
#[derive(Debug, Deserialize)]
struct Block {
    name: String,
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

const BELOW_DEMO: &str = "H2 The code that runs this page";
const MOST_LOWER: f64 = 400.0;

const STYLES: &str = "document.querySelector('link[rel=stylesheet]')";

/// All text of the page, of which only one version is displayed.
const BLOCKS: &str = "return [...document.querySelectorAll(
        `header a, h1, .lead, .chapter-number, .inspector-button, .prose > *, .cards > li, .go-on,
         .page:not(.replay) > .code-section > *, .log > h2, .page-footer, .page-footer a, .finish`)]
    .filter((element) => element.checkVisibility())
    .map((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const name = `${element.tagName} ${element.innerText.slice(0, 60)}`;
        return { name, left: left + scrollX, top: top + scrollY, width, height };
    });";

async fn nothing_moves_when_the_app_takes_the_place(stage: Stage) -> Outcome {
    let (host, page) = withheld(&stage).await?;
    let mut moved = Vec::new();
    for (width, height) in [(1280, 900), (390, 844)] {
        page.resize(width, height).await?;
        for sight in sights()?.iter().filter(|sight| sight.has_page) {
            withhold(&host, &page).await?;
            let address = format!("{}{}", host.address(), &sight.path[1..]);
            page.session().goto(address).await?;
            // Of the styles, the page itself has what it needs.
            let before: Vec<Block> = page
                .evaluate(&format!("{STYLES}.disabled = true; {BLOCKS}"))
                .await?;
            let _: () = page
                .evaluate(&format!("{STYLES}.disabled = false;"))
                .await?;
            host.send_program(true);
            page.expect_app().await?;
            let after: Vec<Block> = page.evaluate(BLOCKS).await?;
            let place = format!("{} at {width} px", sight.path);
            let here = compared(&before, &after).into_iter();
            moved.extend(here.map(|what| format!("{place}: {what}")));
            if stage.kind(0) == Kind::Chrome {
                let shift: f64 = page.evaluate_async(LAYOUT_SHIFT).await?;
                ensure!(shift == 0.0, "{place}: the layout shift is {shift}");
            }
        }
    }
    ensure!(moved.is_empty(), "{}", moved.join("\n"));
    Ok(())
}

/// The sum of all shifts that the browser has seen since the page was opened.
const LAYOUT_SHIFT: &str = "const done = arguments[0];
    let sum = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) sum += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));";

/// What of the page has moved. The demo has another height on each system: what is below it may be
/// lower, all of it alike, and who reads there sees none of it.
fn compared(before: &[Block], after: &[Block]) -> Vec<String> {
    if before.len() != after.len() {
        let name = |blocks: &[Block], at: usize| blocks.get(at).map(|block| block.name.clone());
        let first = (0..).find(|&at| name(before, at) != name(after, at));
        let first = first.map(|at| (name(before, at), name(after, at)));
        return vec![format!("there is other text: {first:?}")];
    }
    let below = before.iter().position(|block| block.name == BELOW_DEMO);
    let below = below.unwrap_or(before.len());
    let lower = match (before.get(below), after.get(below)) {
        (Some(before), Some(after)) => after.top - before.top,
        _ => 0.0,
    };
    let far = |one: f64, other: f64| (one - other).abs() > 0.5;
    let pairs = before.iter().zip(after).enumerate();
    let moved = pairs.filter(|(at, (before, after))| {
        let lower = if *at < below { 0.0 } else { lower };
        before.name != after.name
            || far(before.left, after.left)
            || far(before.top + lower, after.top)
            || far(before.width, after.width)
            || far(before.height, after.height)
    });
    let mut moved: Vec<_> = moved
        .map(|(_, (before, after))| format!("{before:?} is {after:?}"))
        .collect();
    // Of the room that was left, which is some thousand pixels.
    if lower.abs() > MOST_LOWER {
        moved.push(format!("the demo is {lower} px higher than in its text"));
    }
    moved
}

/// Where no demo has exactly the height that was left for it.
async fn who_reads_on_stays_there(stage: Stage) -> Outcome {
    let (host, page) = withheld(&stage).await?;
    page.resize(840, 700).await?;
    let place = "return [...document.querySelectorAll('.page > .prose > h2')]
        .filter((element) => element.checkVisibility()).at(-1).getBoundingClientRect().top;";
    for (path, fragment) in [("nat", ""), ("mesh", ""), ("call", "#rooms")] {
        withhold(&host, &page).await?;
        page.session()
            .goto(format!("{}{path}/{fragment}", host.address()))
            .await?;
        let link: String = page
            .evaluate(
                "const heading = [...document.querySelectorAll('.page > .prose > h2')].at(-1);
                 heading.scrollIntoView();
                 scrollBy(0, -120);
                 const link = heading.parentElement.querySelector('a');
                 link.focus({ preventScroll: true });
                 return link.href;",
            )
            .await?;
        let before: f64 = page.evaluate(place).await?;
        host.send_program(true);
        page.expect_app().await?;
        let after: f64 = page.evaluate(place).await?;
        // Browsers scroll by whole pixels: then, and when the demo grows.
        ensure!(
            (after - before).abs() < 2.0,
            "{path}: what was read at {before} is at {after}"
        );
        page.expect_value(
            "the focus on the same link",
            "return document.activeElement.href;",
            &json!(link),
        )
        .await?;
        page.press("Inspector").await?;
        page.press("Close the inspector").await?;
    }
    Ok(())
}

async fn the_text_stays_where_a_part_is_missing(stage: Stage) -> Outcome {
    // What loads the files writes each failure down as an object, which Chromium tells as “error”.
    for error in ["404 (Not Found)", "WebAssembly", "MIME type", "error"] {
        stage.allow_error(error);
    }
    let host = StaticHost::start(&stage.settings().dist, stage.scratch(), "/").await?;
    host.withhold_parts()?;
    let page = stage.page().await?;
    page.open(&format!("{}nat", host.address())).await?;
    page.expect("[role=alert]", "The chapter could not be loaded.")
        .await?;
    page.expect(".prose", "TURN").await?;
    for part in ["nat", "text_nat"] {
        host.deliver_part(part)?;
    }
    page.press("Try again").await?;
    page.expect_buttons(&[("Gather candidates", true)]).await
}

async fn without_scripts_there_is_all_text(stage: Stage) -> Outcome {
    let host = StaticHost::start(&stage.settings().dist, stage.scratch(), "/some/path/").await?;
    let options = Options {
        without_scripts: true,
        ..Options::default()
    };
    let browser = stage.browser(stage.kind(0), options).await?;
    let session = browser.page().session();
    let text = async |css: &str| -> Outcome<String> {
        Ok(session.find(By::Css(css)).await?.text().await?)
    };
    session.goto(format!("{}nat", host.address())).await?;
    let all = text("main").await?;
    for expected in [
        "NAT, ICE, STUN and TURN",
        "This demo needs JavaScript",
        "Calls of many →",
    ] {
        ensure!(all.contains(expected), "{expected} is missing in {all}");
    }
    for unexpected in ["Event log", "Loading", "finished"] {
        ensure!(!all.contains(unexpected), "{unexpected} is in {all}");
    }
    let link = session.find(By::Css(".prose dfn a")).await?;
    link.click().await?;
    let all = text("main").await?;
    ensure!(all.contains("Introduced in"), "the term led to {all}");
    let address = session.current_url().await?;
    ensure!(
        address.path() == "/some/path/glossary/" && address.fragment().is_some(),
        "the term led to {address}"
    );
    Ok(())
}
