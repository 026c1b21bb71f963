//! Parts of the program that cannot be loaded when they are needed: each says so, and offers to try again
//! or does so itself.

use e2e::{Journey, Outcome, Stage, StaticHost};

use crate::call::expect_status;

pub(crate) fn all() -> Vec<Journey> {
    vec![Journey::new(what_is_missing_is_loaded_later)]
}

async fn what_is_missing_is_loaded_later(stage: Stage) -> Outcome {
    for error in ["404 (Not Found)", "WebAssembly", "MIME type"] {
        stage.allow_error(error);
    }
    let host = StaticHost::start(&stage.settings().dist, stage.scratch(), "/").await?;
    host.withhold_parts()?;
    let page = stage.page().await?;
    page.session()
        .goto(format!("{}call/kitchen?via=paste", host.address()))
        .await?;
    page.expect("[role=alert]", "The chapter could not be loaded.")
        .await?;
    host.deliver_part("call")?;
    page.press("Try again").await?;
    page.expect("h1", "").await?;

    page.press("Inspector").await?;
    page.expect(
        "#inspector [role=alert]",
        "The inspector could not be loaded.",
    )
    .await?;
    host.deliver_part("inspector")?;
    page.press("Try again").await?;
    page.expect(".ladder-row", "").await?;
    page.press("Close the inspector").await?;

    page.expect_moving("localVideo").await?;
    page.press("Join").await?;
    expect_status(&page, "a part of this page could not be loaded").await?;
    host.deliver_part("load_driver")?;
    // The driver tries again by itself, and so does it with what carries the signals.
    expect_status(&page, "Trying again").await?;
    host.deliver_part("transport_paste")?;
    expect_status(&page, "Make an invitation").await?;

    page.press("Make an invitation").await?;
    page.expect_buttons(&[("Copy invitation", true)]).await?;
    page.unfold(".exchange .disclosure").await?;
    page.expect(".exchange [role=alert]", "The QR code could not be loaded.")
        .await?;
    host.deliver_part("qr_code")?;
    page.press("Try again").await?;
    page.expect(".exchange .disclosure:has(svg.qr)", "").await?;
    Ok(())
}
