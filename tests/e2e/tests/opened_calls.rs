//! Whether everybody can use a call while it runs, with all that can be opened in it, and what a
//! page says when there is none.

use e2e::{Journey, Options, Outcome, Page, Stage, StaticHost};

use crate::accessibility::Examination;
use crate::call::{CHROME_FIREFOX, FIREFOX_CHROME, connected, expect_status, visitor};
use crate::chat::{expect_lines_of, say};
use crate::people::{allow_lost_connections, gather, mesh};
use crate::screens::{expect_screen, pretend_to_have_a_screen, share};

pub(crate) fn all() -> Vec<Journey> {
    let pairs = [CHROME_FIREFOX, FIREFOX_CHROME];
    vec![
        Journey::between(&pairs, a_call_passes_axe),
        Journey::between(&pairs, a_call_of_many_passes_axe),
        Journey::between(&pairs, a_call_through_the_database_passes_axe),
        Journey::new(two_texts_pass_axe),
        Journey::new(what_went_wrong_passes_axe),
    ]
}

async fn a_call_passes_axe(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let [page, other] = connected(&stage, &server).await?;
    let mut examination = Examination::new(&stage)?;
    open_all(&page, &other).await?;
    examination.examine(&page, "/call", "html").await?;

    page.press("Mute").await?;
    page.press("Camera off").await?;
    other.press("Hang Up").await?;
    expect_status(&page, "The other person left").await?;
    examination
        .examine(&page, "/call, alone, without camera", ".meeting")
        .await?;

    page.press("Keys").await?;
    page.expect("dialog.keys[open]", "Use these keys").await?;
    examination
        .examine(&page, "/call, keys", "dialog.keys")
        .await?;
    examination.finish()
}

/// Everything that two people can open while they talk.
async fn open_all(page: &Page, other: &Page) -> Outcome {
    say(page, "See https://www.w3.org/TR/webrtc/ about it").await?;
    say(other, "I did").await?;
    page.expect(".chat-log", "I did").await?;
    page.unfold(".verify").await?;
    page.expect(".verify .code", "").await?;
    page.expect(".verify .negotiated", "DTLS 1.").await?;
    page.unfold(".invite .disclosure").await?;
    page.expect(".invite .disclosure:has(svg.qr)", "").await?;
    Ok(())
}

/// Three in a room, of whom two share a screen and one has no camera.
async fn a_call_of_many_passes_axe(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let people = gather(&stage, &mesh(&server), 3).await?;
    let [kim, robin, sam] = &people[..] else {
        return Err("three came".into());
    };
    let mut examination = Examination::new(&stage)?;
    for person in [kim, robin] {
        pretend_to_have_a_screen(person).await?;
        share(person).await?;
    }
    expect_screen(kim, "Robin’s screen").await?;
    sam.press("Camera off").await?;
    kim.expect_badges("Sam", &["connected", "camera off"])
        .await?;
    open_all(kim, robin).await?;
    examination.examine(kim, "/mesh", "html").await?;
    examination.finish()
}

async fn a_call_through_the_database_passes_axe(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let mut examination = Examination::new(&stage)?;
    for path in ["/firebase", "/firebase/mesh"] {
        let address = format!("{}{path}/kitchen", server.origin());
        let people = gather(&stage, &address, 2).await?;
        let [kim, robin] = &people[..] else {
            return Err("two came".into());
        };
        kim.switch("Keep messages", true).await?;
        say(robin, "Hello").await?;
        expect_lines_of(kim, "Robin", &["Hello"]).await?;
        kim.expect("#participants", "you").await?;
        examination.examine(kim, path, "main").await?;
        for person in &people {
            person.press("Hang Up").await?;
            person.expect_status("You left the room").await?;
        }
    }
    examination.finish()
}

async fn two_texts_pass_axe(stage: Stage) -> Outcome {
    stage.allow_error("404 (Not Found)");
    let host = StaticHost::start(&stage.settings().dist, stage.scratch(), "/").await?;
    let address = format!("{}call/kitchen?via=paste", host.address());
    let page = visitor(&stage, 0, &address).await?;
    let mut examination = Examination::new(&stage)?;
    page.press("Join").await?;
    expect_status(&page, "Make an invitation").await?;
    page.press("Make an invitation").await?;
    page.expect_buttons(&[("Copy invitation", true)]).await?;
    page.unfold(".exchange .disclosure").await?;
    page.expect(".exchange .disclosure:has(svg.qr)", "").await?;
    page.write("Text from the other person", "wt1.nothing")
        .await?;
    page.press("Use this text").await?;
    page.expect(".exchange [role=alert]", "").await?;
    examination.examine(&page, "two texts", ".meeting").await?;
    examination.finish()
}

async fn what_went_wrong_passes_axe(stage: Stage) -> Outcome {
    allow_lost_connections(&stage);
    let server = stage.server()?;
    let options = Options {
        refuse_devices: true,
        ..Options::default()
    };
    let browser = stage.browser(stage.kind(0), options).await?;
    let page = browser.page();
    let mut examination = Examination::new(&stage)?;
    page.open(&format!("{}/call", server.origin())).await?;
    page.expect("[role=alert]", "NotAllowedError").await?;
    page.write("Room", " ").await?;
    page.press("Join").await?;
    page.expect("[role=alert]", "not a room’s name").await?;
    examination
        .examine(page, "camera refused, no room", ".meeting")
        .await?;

    let nowhere = "server=ws%3A%2F%2F127.0.0.1%3A9%2Fws";
    page.open(&format!("{}/call/kitchen?{nowhere}", server.origin()))
        .await?;
    page.press("Join").await?;
    page.expect("[role=alert], #call-status", "127.0.0.1:9")
        .await?;
    examination
        .examine(page, "no server there", ".meeting")
        .await?;

    page.open(&format!("{}/firebase/kitchen", server.origin()))
        .await?;
    page.write("Your project’s configuration", "nothing of the kind")
        .await?;
    page.press("Use this database").await?;
    page.expect("#firebase-config-error", " ").await?;
    examination.examine(page, "no database", "main").await?;
    examination.finish()
}
