//! Parts of the program that cannot be loaded when they are needed: each says so, and offers to try again
//! or does so itself.

use e2e::{Journey, Outcome, Page, Stage, StaticHost};
use thirtyfour::By;

use crate::call::expect_status;

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::new(what_is_missing_is_loaded_later),
        Journey::new(demos_say_what_is_missing),
    ]
}

/// A host that has no part of the program, until it is delivered.
async fn withholding(stage: &Stage) -> Outcome<StaticHost> {
    // What loads the files logs each failure as an object, whose text is “error” in Chromium.
    for error in ["404 (Not Found)", "WebAssembly", "MIME type", "error"] {
        stage.allow_error(error);
    }
    let host = StaticHost::start(&stage.settings().dist, stage.scratch(), "/").await?;
    host.withhold_parts()?;
    Ok(host)
}

/// Waits until the page says that a part is missing, and has it loaded again once it is there.
async fn load_again(
    host: &StaticHost,
    page: &Page,
    place: &str,
    what: &str,
    part: &str,
) -> Outcome {
    let alert = format!("{place} [role=alert]");
    page.expect(&alert, &format!("{what} could not be loaded."))
        .await?;
    host.deliver_part(part)?;
    page.press("Try again").await
}

async fn what_is_missing_is_loaded_later(stage: Stage) -> Outcome {
    let host = withholding(&stage).await?;
    let page = stage.page().await?;
    page.session()
        .goto(format!("{}call/kitchen?via=paste", host.address()))
        .await?;
    page.expect("[role=alert]", "The chapter could not be loaded.")
        .await?;
    for part in ["call", "text_call"] {
        host.deliver_part(part)?;
    }
    page.press("Try again").await?;

    load_again(&host, &page, ".meeting", "The invitation form", "exchange").await?;
    page.start_preview().await?;

    page.press("Join").await?;
    load_again(&host, &page, ".meeting", "The call view", "in_call").await?;
    expect_status(&page, "the code for calls could not be loaded").await?;
    // From here on it is tried again without being asked.
    host.deliver_part("load_driver")?;
    expect_status(&page, "the code for this transport could not be loaded").await?;
    host.deliver_part("transport_paste")?;
    expect_status(&page, "Make an invitation").await?;

    page.press("Make an invitation").await?;
    page.expect_buttons(&[("Copy invitation", true)]).await?;
    page.unfold(".exchange .disclosure").await?;
    load_again(&host, &page, ".exchange", "The QR code", "qr_code").await?;
    page.expect(".exchange .disclosure:has(svg.qr)", "").await?;

    load_again(&host, &page, ".log", "The event log", "event_log").await?;
    page.expect(".log-entries", "").await?;

    page.unfold(".code-story").await?;
    load_again(&host, &page, ".code-story", "The code", "code_call").await?;
    page.press("Whole file").await?;
    load_again(&host, &page, ".code-dialog", "The code", "code_files").await?;
    page.expect(".code-dialog .here", "").await?;
    // The dialog of the keys has a button of this name, too.
    let close = By::XPath("//dialog[@open]//button[normalize-space()='Close']");
    page.session().find(close).await?.click().await?;

    page.press("Inspector").await?;
    load_again(&host, &page, "#inspector", "The inspector", "inspector").await?;
    page.expect(".ladder-row", "").await?;
    page.press("SDP").await?;
    load_again(
        &host,
        &page,
        "#inspector-panel",
        "This view",
        "inspector_sdp",
    )
    .await?;
    page.expect("#inspector-panel h3", "Offers and answers")
        .await?;
    page.press("Close the inspector").await?;
    Ok(())
}

async fn demos_say_what_is_missing(stage: Stage) -> Outcome {
    let host = withholding(&stage).await?;
    let page = stage.page().await?;
    let open = async |path: &str| {
        let address = format!("{}{path}", host.address());
        page.session().goto(address).await?;
        page.expect_app().await
    };

    host.deliver_part("peer_connection")?;
    host.deliver_part("event_log")?;
    open("peer-connection").await?;
    page.press("Start").await?;
    page.expect_moving("localVideo").await?;
    page.press("Call").await?;
    let alert = ".demo [role=alert]";
    page.expect(alert, "The code for connections could not be loaded.")
        .await?;
    host.deliver_part("load_pair")?;
    page.press("Call").await?;
    page.expect_moving("remoteVideo").await?;
    let what = "The selected candidate pair";
    load_again(&host, &page, ".demo", what, "selected_pair").await?;
    page.expect("#selected-pair td", "host udp").await?;

    host.deliver_part("security")?;
    open("security").await?;
    page.press("Connect Alice and Bob").await?;
    page.expect(alert, "The code for connections could not be loaded.")
        .await?;
    host.deliver_part("load_scene")?;
    page.press("Connect Alice and Bob").await?;
    page.expect_buttons(&[("Send to Bob", true)]).await?;

    host.deliver_part("replay")?;
    open("replay").await?;
    let example = "Open an example: a call through a relay";
    page.press(example).await?;
    page.expect("[role=alert]", "The example could not be loaded.")
        .await?;
    host.deliver_part("example_relay")?;
    page.press(example).await?;
    let missing = "The code for reading recordings could not be loaded.";
    page.expect("[role=alert]", missing).await?;
    host.deliver_part("recording_reader")?;
    page.press(example).await?;
    load_again(
        &host,
        &page,
        ".inspector-page",
        "The inspector",
        "inspector",
    )
    .await?;
    page.expect(".ladder-row", "").await?;

    for part in [
        "mesh",
        "text_mesh",
        "in_call",
        "load_driver",
        "transport_tabs",
    ] {
        host.deliver_part(part)?;
    }
    open("mesh/kitchen?via=tabs").await?;
    page.press("Join").await?;
    load_again(&host, &page, ".cost", "The traffic meter", "traffic_meter").await?;
    page.expect_gone(".cost .not-loaded").await
}
