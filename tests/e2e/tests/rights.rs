//! What hosts of a meeting decide.

use e2e::{Journey, Kind, Outcome, Page, Stage};
use serde_json::json;
use thirtyfour::By;

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
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox], [Kind::Firefox, Kind::Chrome]],
            people_ask_each_other_to_mute,
        ),
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox, Kind::Chrome]],
            everybody_sees_large_who_is_in_the_spotlight,
        ),
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
    host.press("Allow to unmute").await?;
    guest.expect_gone(".stage-notices .notice-warning").await?;
    guest.expect_buttons(&[("Unmute", true)]).await?;
    expect_muted(&host, false).await?;

    // A notice that is closed is closed until the next time.
    host.press("Mute for everyone").await?;
    guest.press("Close the notice").await?;
    guest.expect_gone(".stage-notices .notice-warning").await?;
    host.press("Allow to unmute").await?;
    guest.expect_buttons(&[("Unmute", true)]).await?;
    host.press("Mute for everyone").await?;
    guest
        .expect(".stage-notices", "A host has muted you")
        .await?;

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

async fn people_ask_each_other_to_mute(stage: Stage) -> Outcome {
    let [kim, robin] = two(&stage, &stage.server()?).await?;
    // Nobody has to be a host for that.
    robin.press("People").await?;
    robin.press("Ask to mute").await?;
    let request = "Robin asks you to mute your microphone.";
    kim.expect(".mute-request", request).await?;
    kim.expect("#announcements", request).await?;
    kim.press("Not now").await?;
    kim.expect_gone(".mute-request").await?;
    kim.expect_value(
        "the focus",
        "return document.activeElement.id;",
        &json!("microphone-button"),
    )
    .await?;
    kim.expect_buttons(&[("Mute", true)]).await?;
    // Once is enough for now.
    robin.expect_buttons(&[("Asked to mute", false)]).await?;

    kim.press("People").await?;
    kim.press("Ask to mute").await?;
    robin.expect(".mute-request", "Kim asks you").await?;
    robin
        .evaluate::<()>("document.querySelector('.mute-request .primary').click();")
        .await?;
    robin.expect_gone(".mute-request").await?;
    robin.expect_buttons(&[("Unmute", true)]).await?;
    // Who is muted is not asked.
    kim.expect(".person[data-person] [data-state=muted]", "muted")
        .await?;
    kim.expect_gone(".person[data-person] [aria-disabled]")
        .await
}

async fn everybody_sees_large_who_is_in_the_spotlight(stage: Stage) -> Outcome {
    let [kim, robin] = two(&stage, &stage.server()?).await?;
    kim.press("People").await?;
    robin.press("People").await?;
    press_for(&kim, "Robin", "Spotlight").await?;
    expect_large(&kim, &["Robin"]).await?;
    let mark = ".spotlight-mark";
    kim.expect(&format!("{} {mark}", seat("Robin")), "In the spotlight")
        .await?;
    robin
        .expect(&format!(".own-seat {mark}"), "In the spotlight")
        .await?;
    robin
        .expect("#announcements", "You are in the spotlight")
        .await?;

    // Somebody who comes later sees it, also when the page is loaded again, and may pin another.
    let server = robin.session().current_url().await?;
    let sam = entered(&stage, 2, server.as_str()).await?;
    expect_large(&sam, &["Robin"]).await?;
    for page in [&sam, &robin] {
        page.reload().await?;
        page.press("Rejoin").await?;
        expect_large(&sam, &["Robin"]).await?;
    }
    expect_large(&kim, &["Robin"]).await?;
    robin
        .expect(&format!(".own-seat {mark}"), "In the spotlight")
        .await?;
    let pin = "document.querySelector('[aria-label=\"Pin Kim\"]').click();";
    sam.evaluate::<()>(pin).await?;
    expect_large(&sam, &["Kim"]).await?;
    expect_large(&kim, &["Robin"]).await?;
    sam.evaluate::<()>(&pin.replace("Pin", "Unpin")).await?;

    // One at a time, and only a host decides.
    press_for(&kim, "Kim (you)", "Spotlight").await?;
    expect_large(&kim, &[]).await?;
    expect_large(&sam, &["Kim"]).await?;
    sam.press("People").await?;
    sam.expect(
        ".person[data-person] .badge[data-state=spotlight]",
        "spotlight",
    )
    .await?;
    sam.expect_value(
        "what Sam can do about the spotlight",
        "return [...document.querySelectorAll('.stage-panel button')]
             .filter((button) => /spotlight/i.test(__probe.text(button))).length;",
        &json!(0),
    )
    .await?;
    press_for(&kim, "Kim (you)", "Remove from the spotlight").await?;
    expect_large(&sam, &[]).await?;

    // It goes with the person.
    press_for(&kim, "Robin", "Spotlight").await?;
    expect_large(&sam, &["Robin"]).await?;
    robin.press("Leave").await?;
    expect_large(&sam, &[]).await?;
    robin.press("Rejoin").await?;
    expect_to_see(&sam, "Robin").await?;
    expect_large(&sam, &[]).await
}

/// Waits until these are large, and nobody else.
async fn expect_large(page: &Page, names: &[&str]) -> Outcome {
    page.expect_value(
        &format!("who is large, seen in {}", page.kind()),
        "return [...document.querySelectorAll('.seat.is-large [data-name]')]
             .map((tile) => tile.dataset.name);",
        &json!(names),
    )
    .await
}

/// Presses a button of somebody in the panel of people.
async fn press_for(page: &Page, name: &str, button: &str) -> Outcome {
    let path = format!(
        "//li[contains(@class, 'person')][p[normalize-space()='{name}']]//button[normalize-space()='{button}']"
    );
    page.expect_value(
        &format!("the button {button} of {name}"),
        &format!(
            "return document.evaluate({path:?}, document, null, XPathResult.BOOLEAN_TYPE).booleanValue;"
        ),
        &json!(true),
    )
    .await?;
    page.session().find(By::XPath(path)).await?.click().await?;
    Ok(())
}
