//! What hosts of a meeting decide.

use e2e::{Journey, Kind, Outcome, Page, Stage};
use serde_json::json;

use crate::meet::{entered, expect_to_see, invited, seat, two};
use crate::screens::pretend_to_have_a_screen;

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
    guest.press("Try again").await?;
    guest.expect(".bar .leave", "Leave").await?;
    guest.press("People").await?;
    guest
        .expect(".access", "Anyone who has the link can join.")
        .await
        .map(drop)
}

async fn whoever_waits_is_admitted_or_refused(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let host = entered(&stage, 0, &address).await?;
    host.press("People").await?;
    host.switch("People wait until a host lets them in", true)
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

    guest.press("Try again").await?;
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
    host.write("Passphrase for joining", "open sesame").await?;
    host.press("Set").await?;
    host.expect_buttons(&[("Remove the passphrase", true)])
        .await?;
    let guest = invited(&stage, 1, &address).await?;
    guest.press("Join").await?;
    guest
        .expect("[role=alert]", "This meeting has a passphrase.")
        .await?;
    guest.write("Passphrase", "open barley").await?;
    guest.press("Try again").await?;
    guest
        .expect("[role=alert]", "This is not the passphrase")
        .await?;
    guest.write("Passphrase", "open sesame").await?;
    guest.press("Try again").await?;
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
    let [host, guest] = two(&stage, &server).await?;
    pretend_to_have_a_screen(&guest).await?;
    guest.press("Share screen").await?;
    host.expect(".screen-seat .tile-caption", "Robin’s screen")
        .await?;
    host.press("People").await?;
    expect_muted(&host, false).await?;
    host.press("Mute for everyone").await?;
    guest
        .expect(".stage-notices", "A host has muted you")
        .await?;
    guest.expect_buttons(&[("Muted by a host", false)]).await?;
    // Also whoever does not obey is not heard, neither from the microphone nor from a screen.
    expect_muted(&host, true).await?;
    host.press("Allow to speak").await?;
    guest.expect_gone(".stage-notices .notice-warning").await?;
    guest.expect_buttons(&[("Unmute", true)]).await?;
    expect_muted(&host, false).await?;

    // The second click of a double click is for what was there at the first.
    let () = host
        .evaluate(
            "const click = (button) => button.dispatchEvent(new MouseEvent('click', {
                 bubbles: true, cancelable: true, detail: 1, clientX: 50, clientY: 50,
             }));
             click(__probe.button('Remove'));
             const removes = new MutationObserver(() => {
                 const button = __probe.button('Remove Robin');
                 if (!button) return;
                 removes.disconnect();
                 window.__wasTaken = !click(button);
             });
             removes.observe(document.body, { childList: true, subtree: true });",
        )
        .await?;
    host.expect_value(
        "a second click that was taken away",
        "return window.__wasTaken ?? null;",
        &json!(true),
    )
    .await?;
    host.press("Remove Robin").await?;
    guest
        .expect("#call-status", "A host removed you from the call.")
        .await?;
    host.expect_gone(&seat("Robin")).await?;
    // It holds, also for a page that is loaded again, and again.
    for _ in 0..2 {
        guest.reload().await?;
        guest.press("Rejoin").await?;
        guest
            .expect(".notice", "A host removed you from this meeting.")
            .await?;
    }
    Ok(())
}

/// Waits until all that comes from the other person is muted here, or is not.
async fn expect_muted(page: &Page, muted: bool) -> Outcome {
    page.expect_value(
        "what is muted of Robin",
        &format!(
            "return [...document.querySelectorAll({:?})].map((video) => video.muted);",
            format!("{} video, .screen-seat video", seat("Robin"))
        ),
        &json!([muted, muted]),
    )
    .await
}

async fn when_the_host_leaves_another_is_host(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let host = entered(&stage, 0, &address).await?;
    let guest = entered(&stage, 1, &address).await?;
    guest.press("People").await?;
    guest
        .expect(".access", "Anyone who has the link can join.")
        .await?;
    host.press("Leave").await?;
    guest
        .expect(".access", "You are a host: you decide who comes in.")
        .await
        .map(drop)
}
