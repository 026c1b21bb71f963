//! The tour as somebody reads it: links in the text, what has been finished, where one stopped.

use e2e::{Journey, Outcome, Page, Stage, StaticHost, ensure, until};
use serde_json::json;

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::new(links_in_the_text_stay_in_the_page),
        Journey::new(a_chapter_leads_to_a_call_through_a_relay),
        Journey::new(what_was_finished_is_remembered),
        Journey::new(reading_goes_on_where_it_stopped),
    ]
}

/// Below a path, and without loading the app anew: or a call would end with a look at a term.
async fn links_in_the_text_stay_in_the_page(stage: Stage) -> Outcome {
    let dist = &stage.settings().dist;
    let host = StaticHost::start(dist, stage.scratch(), "/some/path/").await?;
    let page = stage.page().await?;
    page.open(host.address()).await?;
    let _: () = page.evaluate("window.__here = true;").await?;
    page.follow("MediaStream").await?;
    page.expect("h1", "MediaStream").await?;
    let _: () = page
        .evaluate("document.querySelector('.prose dfn a').click();")
        .await?;
    page.expect("h1", "Glossary").await?;
    let address = page.session().current_url().await?;
    ensure!(
        address.path() == "/some/path/glossary" && address.fragment().is_some(),
        "the term led to {address}"
    );
    let entry = address.fragment().unwrap_or_default();
    expect_in_sight(&page, &format!("document.getElementById('{entry}')")).await?;
    let same: bool = page.evaluate("return window.__here === true;").await?;
    ensure!(same, "a link in the text loaded the app anew");
    Ok(())
}

/// The recording is a file of the bundle, which a host of static files serves below its path.
async fn a_chapter_leads_to_a_call_through_a_relay(stage: Stage) -> Outcome {
    let dist = &stage.settings().dist;
    let host = StaticHost::start(dist, stage.scratch(), "/some/path/").await?;
    let page = stage.page().await?;
    page.open(host.address()).await?;
    page.follow("NAT, ICE, STUN and TURN").await?;
    page.expect("h1", "NAT").await?;
    page.follow("the example").await?;
    page.expect("h1", "Replay").await?;
    page.expect(".replay-player", "A call through a relay")
        .await?;
    page.press("Candidates").await?;
    page.expect(".connection-type", "Connection type: Relay.")
        .await?;
    page.expect(".connection-type", "no answer has come")
        .await
        .map(drop)
}

async fn what_was_finished_is_remembered(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = stage.page().await?;
    page.open(&server.origin()).await?;
    page.expect(".page .button", "Begin: ").await?;
    page.open(&format!("{}/introduction", server.origin()))
        .await?;
    page.switch("I have finished this chapter", true).await?;
    page.expect(".chapters .finished", "(finished)").await?;
    page.reload().await?;
    page.expect(".chapters .finished", "(finished)").await?;
    page.open(&server.origin()).await?;
    page.expect(".page .button", "Go on: ").await?;
    page.expect(".card", "finished").await?;

    page.open(&format!("{}/introduction", server.origin()))
        .await?;
    page.switch("I have finished this chapter", false).await?;
    page.expect_gone(".chapters .finished").await
}

async fn reading_goes_on_where_it_stopped(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = stage.page().await?;
    page.open(&format!("{}/nat", server.origin())).await?;
    page.expect_gone(".continue").await?;
    let heading = "[...document.querySelectorAll('.prose h2[id]')].at(-1)";
    let section: String = page
        .evaluate(&format!(
            "const h = {heading}; h.scrollIntoView(); return h.id;"
        ))
        .await?;
    // The page notes it when it lies still.
    page.expect_value(
        "the section that is read",
        "return (localStorage.getItem('progress') ?? '').split('\\n')[0];",
        &json!(format!("at /nat {section}")),
    )
    .await?;

    page.open(&server.origin()).await?;
    page.expect(".page .button", "Continue: ").await?;
    page.open(&format!("{}/nat", server.origin())).await?;
    page.follow("Continue where you stopped reading").await?;
    expect_in_sight(&page, heading).await
}

/// Waits until an element's top is in the window.
async fn expect_in_sight(page: &Page, element: &str) -> Outcome {
    until("an element in sight", async || {
        let top: f64 = page
            .evaluate(&format!(
                "return ({element})?.getBoundingClientRect().top ?? -1;"
            ))
            .await?;
        let height: f64 = page.evaluate("return window.innerHeight;").await?;
        Ok(if (-1.0..height).contains(&top) {
            Ok(())
        } else {
            Err(format!("its top is at {top} of {height}"))
        })
    })
    .await
}
