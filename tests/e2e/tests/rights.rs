//! What hosts of a meeting decide.

use e2e::{Journey, Kind, Outcome, Page, Stage};
use serde_json::json;

use crate::meet::{expect_to_see, invited, seat};
use crate::people::NAMES;

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::new(a_locked_meeting_lets_nobody_in),
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox]],
            whoever_waits_is_admitted_or_refused,
        ),
        Journey::new(a_passphrase_is_asked_for),
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox]],
            whoever_is_muted_or_removed_is_told,
        ),
        Journey::new(when_the_host_leaves_another_is_host),
    ]
}

/// In the call, under one of the [`NAMES`].
pub(crate) async fn entered(stage: &Stage, index: usize, address: &str) -> Outcome<Page> {
    let page = invited(stage, index, address).await?;
    page.write("Your name", NAMES[index]).await?;
    page.press("Join").await?;
    page.expect(".bar .leave", "Leave").await?;
    Ok(page)
}

async fn a_locked_meeting_lets_nobody_in(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let host = entered(&stage, 0, &address).await?;
    host.press("People").await?;
    host.switch("Lock the meeting: nobody else can join", true)
        .await?;
    let guest = invited(&stage, 1, &address).await?;
    guest.press("Join").await?;
    guest
        .expect("[role=alert]", "This meeting is locked.")
        .await?;
    host.switch("Lock the meeting: nobody else can join", false)
        .await?;
    guest.press("Join").await?;
    guest.expect(".bar .leave", "Leave").await?;
    guest.press("People").await?;
    guest
        .expect(".access", "Everybody who has the link can join.")
        .await
        .map(drop)
}

async fn whoever_waits_is_admitted_or_refused(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let host = entered(&stage, 0, &address).await?;
    host.press("People").await?;
    host.switch("Whoever joins waits to be admitted", true)
        .await?;
    let guest = invited(&stage, 1, &address).await?;
    guest.write("Your name", "Robin").await?;
    guest.press("Join").await?;
    guest
        .expect("#call-status", "Waiting for a host to let you in.")
        .await?;
    host.expect(".knock", "Robin wants to join").await?;
    host.press("Refuse").await?;
    guest.expect("[role=alert]", "You were not let in.").await?;
    host.expect_gone(".knock").await?;

    guest.press("Join").await?;
    host.expect(".knock", "Robin wants to join").await?;
    // Whoever waits may think better of it.
    guest.press("Cancel").await?;
    host.expect_gone(".knock").await?;
    guest.press("Join").await?;
    host.expect(".knock", "Robin wants to join").await?;
    host.press("Admit").await?;
    expect_to_see(&guest, "Kim").await?;
    expect_to_see(&host, "Robin").await
}

async fn a_passphrase_is_asked_for(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let host = entered(&stage, 0, &address).await?;
    host.press("People").await?;
    host.write("Passphrase for whoever joins", "open sesame")
        .await?;
    host.press("Set").await?;
    host.expect_buttons(&[("Remove the passphrase", true)])
        .await?;
    let guest = invited(&stage, 1, &address).await?;
    guest.press("Join").await?;
    guest
        .expect("[role=alert]", "This meeting has a passphrase.")
        .await?;
    guest.write("Passphrase", "open barley").await?;
    guest.press("Join").await?;
    guest
        .expect("[role=alert]", "This is not the passphrase")
        .await?;
    guest.write("Passphrase", "open sesame").await?;
    guest.press("Join").await?;
    guest.expect(".bar .leave", "Leave").await?;
    // It is in no address.
    let address = guest.session().current_url().await?;
    e2e::ensure!(
        address.path() == "/meet/kitchen" && address.query().is_none(),
        "{address}"
    );
    Ok(())
}

async fn whoever_is_muted_or_removed_is_told(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let host = entered(&stage, 0, &address).await?;
    let guest = entered(&stage, 1, &address).await?;
    expect_to_see(&host, "Robin").await?;
    host.press("People").await?;
    host.press("Mute for everybody").await?;
    guest
        .expect(".stage-notices", "A host has muted you")
        .await?;
    guest.expect_buttons(&[("Unmute", true)]).await?;
    // Also whoever does not obey is not heard.
    guest.press("Unmute").await?;
    host.expect_value(
        "how loud Robin is",
        &format!(
            "return document.querySelector({:?}).volume;",
            format!("{} video", seat("Robin"))
        ),
        &json!(0),
    )
    .await?;
    host.press("Allow to speak").await?;
    guest.expect_gone(".stage-notices .notice-warning").await?;

    host.press("Remove").await?;
    host.press("Remove Robin").await?;
    guest
        .expect("#call-status", "A host removed you from the call.")
        .await?;
    host.expect_gone(&seat("Robin")).await
}

async fn when_the_host_leaves_another_is_host(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let host = entered(&stage, 0, &address).await?;
    let guest = entered(&stage, 1, &address).await?;
    guest.press("People").await?;
    guest
        .expect(".access", "Everybody who has the link can join.")
        .await?;
    host.press("Leave").await?;
    guest
        .expect(".access", "You are a host: you decide who comes in.")
        .await
        .map(drop)
}
