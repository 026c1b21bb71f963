//! Whether everybody can use a call while it runs, with all that can be opened in it, and what a
//! page says when there is none.

use e2e::{DEVICES, Journey, Kind, Options, Outcome, Page, Stage, StaticHost};

use crate::accessibility::Examination;
use crate::call::{CHROME_FIREFOX, connected, expect_status, visitor};
use crate::chat::say;
use crate::people::{allow_lost_connections, gather, mesh};
use crate::screens::{expect_screen, pretend_to_have_a_screen, share};

pub(crate) fn all() -> Vec<Journey> {
    let three = [Kind::Chrome, Kind::Firefox, Kind::Chrome];
    vec![
        Journey::between(&[CHROME_FIREFOX], a_call_passes_axe),
        Journey::between(&[three], a_call_of_many_passes_axe),
        Journey::between(&[CHROME_FIREFOX], a_call_through_the_database_passes_axe),
        Journey::new(two_texts_pass_axe),
        Journey::new(what_went_wrong_passes_axe),
    ]
}

async fn a_call_passes_axe(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let [first, second] = connected(&stage, &server).await?;
    let mut examination = Examination::new(&stage)?;
    for page in [&first, &second] {
        open_all(page).await?;
        examination.examine(page, "/call", "html").await?;
    }
    first.press("Mute").await?;
    first.press("Camera off").await?;
    second.press("Hang Up").await?;
    expect_status(&first, "The other person left").await?;
    for page in [&first, &second] {
        examination
            .examine(page, "/call, the other gone", ".meeting")
            .await?;
        page.press("Shortcuts").await?;
        page.expect("dialog.keys[open]", "Use these shortcuts")
            .await?;
        examination
            .examine(page, "/call, keys", "dialog.keys")
            .await?;
    }
    examination.finish()
}

/// Everything that people can open while they talk.
async fn open_all(page: &Page) -> Outcome {
    let line = format!("See https://www.w3.org/TR/webrtc/ in {}", page.kind());
    say(page, &line).await?;
    page.expect(".chat-log", &line).await?;
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
    sam.press("Camera off").await?;
    for (person, screen) in [(kim, "Robin’s screen"), (robin, "Kim’s screen")] {
        expect_screen(person, screen).await?;
        person
            .expect_badges("Sam", &["connected", "camera off"])
            .await?;
        open_all(person).await?;
        examination.examine(person, "/mesh", "html").await?;
    }
    examination.finish()
}

async fn a_call_through_the_database_passes_axe(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let mut examination = Examination::new(&stage)?;
    for path in ["/firebase", "/firebase/mesh"] {
        let people = gather(&stage, &format!("{}{path}/kitchen", server.origin()), 2).await?;
        for person in &people {
            person.switch("Keep messages", true).await?;
            person.expect("#participants", "you").await?;
            examination.examine(person, path, "main").await?;
        }
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
        refused: &DEVICES,
        ..Options::default()
    };
    let browser = stage.browser(stage.kind(0), options).await?;
    let page = browser.page();
    let mut examination = Examination::new(&stage)?;
    page.open(&format!("{}/call", server.origin())).await?;
    page.press("Start preview").await?;
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
