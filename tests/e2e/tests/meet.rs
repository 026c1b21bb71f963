//! A meeting that fills the window: from the invitation into the call, on windows of every size.

use e2e::{Journey, Kind, Options, Outcome, Page, Server, Stage, ensure};
use serde_json::json;
use thirtyfour::{Key, TypingData};

use crate::call::visitor;
use crate::people::NAMES;
use crate::screens::pretend_to_have_a_screen;

pub(crate) const WINDOWS: [(u32, u32); 3] = [(1280, 800), (390, 844), (844, 390)];

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox], [Kind::Firefox, Kind::Chrome]],
            one_click_leads_from_the_invitation_into_the_call,
        ),
        Journey::new(a_new_meeting_has_a_name_that_nobody_can_guess),
        Journey::new(the_keyboard_leads_into_the_call_and_out_of_it),
        Journey::new(going_back_asks_first),
        Journey::between(
            &[[Kind::Chrome, Kind::Chrome, Kind::Firefox, Kind::Chrome]],
            four_people_raise_hands_react_and_pin,
        ),
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox], [Kind::Firefox, Kind::Chrome]],
            guests_are_called_the_same_by_everybody,
        ),
        Journey::new(what_was_off_stays_off),
        Journey::new(the_browser_keeps_the_bundle_but_no_page),
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox], [Kind::Firefox, Kind::Chrome]],
            a_small_window_shows_the_call,
        ),
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox], [Kind::Firefox, Kind::Chrome]],
            a_small_window_for_one_video_shows_the_speaker,
        ),
        Journey::new(no_small_window_is_offered_where_there_is_none),
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox], [Kind::Firefox, Kind::Chrome]],
            low_bandwidth_mode_keeps_the_audio_and_stops_the_video,
        ),
    ]
}

/// Somebody in the lobby of a meeting.
pub(crate) async fn invited(stage: &Stage, index: usize, address: &str) -> Outcome<Page> {
    let browser = stage.browser(stage.kind(index), Options::default()).await?;
    let page = browser.page().clone();
    page.open(address).await?;
    page.expect(".join-button", "Join").await?;
    Ok(page)
}

/// In the call, under one of the [`NAMES`].
pub(crate) async fn entered(stage: &Stage, index: usize, address: &str) -> Outcome<Page> {
    let page = invited(stage, index, address).await?;
    page.write("Your name", NAMES[index]).await?;
    page.press("Join").await?;
    page.expect(".bar .leave", "Leave").await?;
    Ok(page)
}

/// The first two of the [`NAMES`], who see each other.
pub(crate) async fn two(stage: &Stage, server: &Server) -> Outcome<[Page; 2]> {
    let address = format!("{}/meet/kitchen", server.origin());
    let kim = entered(stage, 0, &address).await?;
    let robin = entered(stage, 1, &address).await?;
    expect_to_see(&kim, "Robin").await?;
    expect_to_see(&robin, "Kim").await?;
    Ok([kim, robin])
}

/// Waits until everything is in the window.
async fn expect_no_scrolling(page: &Page) -> Outcome {
    page.expect_value(
        "how far the page scrolls",
        "const { scrollHeight, scrollWidth } = document.documentElement;
         return [scrollWidth > innerWidth, scrollHeight > innerHeight];",
        &json!([false, false]),
    )
    .await
}

/// Waits until somebody is seen on the stage.
pub(crate) async fn expect_to_see(page: &Page, name: &str) -> Outcome {
    page.expect(&format!("{} .tile-caption", seat(name)), name)
        .await?;
    page.expect_moving(&format!("{} video", seat(name))).await
}

pub(crate) fn seat(name: &str) -> String {
    format!(".seat:has([data-name='{name}'])")
}

async fn one_click_leads_from_the_invitation_into_the_call(stage: Stage) -> Outcome {
    let server = stage.server()?;
    // From the lesson: it is the same room.
    let host = visitor(&stage, 0, &format!("{}/call/kitchen", server.origin())).await?;
    host.write("Name", "Kim").await?;
    host.press("Join").await?;
    host.expect("#call-status", "The room is yours").await?;
    let invitation = host.value("Invite link").await?;
    ensure!(
        invitation == format!("{}/meet/kitchen", server.origin()),
        "the invitation is {invitation}"
    );
    for (width, height) in WINDOWS {
        let guest = invited(&stage, 1, &invitation).await?;
        guest.resize(width, height).await?;
        expect_no_scrolling(&guest).await?;
        let asked: u32 = guest.evaluate("return __probe.captures();").await?;
        ensure!(
            asked == 0,
            "a page that is only looked at asked for a camera"
        );
        guest.press("Join").await?;
        expect_to_see(&guest, "Kim").await?;
        host.expect("#call-status", "You are connected").await?;
        host.expect_moving("remoteVideo").await?;
        expect_no_scrolling(&guest).await?;
        if width == 1280 {
            expect_filled(&guest).await?;
        }
        guest.press("Leave").await?;
        guest.expect(".join-button", "Rejoin").await?;
        host.expect("#call-status", "The other person left").await?;
    }
    Ok(())
}

/// Waits until the other person takes up most of the room between the bars.
async fn expect_filled(page: &Page) -> Outcome {
    page.expect_value(
        "a window filled by the other person",
        "const box = (css) => document.querySelector(css).getBoundingClientRect();
         const [area, seat] = [box('.stage-area'), box('.seat:has([data-name])')];
         return seat.width * seat.height >= 0.8 * area.width * area.height;",
        &json!(true),
    )
    .await
}

async fn a_new_meeting_has_a_name_that_nobody_can_guess(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = stage.page().await?;
    page.open(&format!("{}/meet", server.origin())).await?;
    page.press("New meeting").await?;
    page.expect(".join-button", "Join").await?;
    let name = page.text("h1").await?.unwrap_or_default();
    let address = page.session().current_url().await?;
    ensure!(
        name.len() >= 20 && address.path() == format!("/meet/{name}"),
        "{name} at {address}"
    );
    page.press("Join").await?;
    page.expect("#call-status", "The room is yours").await?;
    page.press("Leave").await?;
    page.expect(".join-button", "Rejoin").await?;

    // This browser remembers where it was, until it is told to forget that.
    page.open(&format!("{}/meet", server.origin())).await?;
    page.expect(".recent", &name).await?;
    page.press("Clear list").await?;
    page.expect_gone(".recent").await?;
    page.press("Enter").await?;
    page.expect("#meeting-hint", "Enter the name of a meeting")
        .await?;
    Ok(())
}

async fn the_keyboard_leads_into_the_call_and_out_of_it(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = invited(&stage, 0, &format!("{}/meet/kitchen", server.origin())).await?;
    let field = page.field("Your name").await?;
    field.send_keys("Kim").await?;
    field.send_keys(Key::Enter).await?;
    expect_focus(&page, "Mute").await?;
    type_keys(&page, "p").await?;
    page.expect(".stage-panel h2", "People").await?;
    page.expect(".person-name", "Kim (you)").await?;
    type_keys(&page, "c").await?;
    expect_focus_on(&page, "#chat-message").await?;
    type_keys(&page, "Hello").await?;
    type_keys(&page, Key::Escape).await?;
    page.expect_gone(".stage-panel").await?;
    // What opened it has the focus again, and what was being written is still there.
    expect_focus_on(&page, "#chat-button").await?;
    type_keys(&page, "c").await?;
    expect_focus_on(&page, "#chat-message").await?;
    let draft = page.value("Message").await?;
    ensure!(draft == "Hello", "the draft is {draft:?}");
    type_keys(&page, Key::Escape).await?;
    page.expect_gone(".stage-panel").await?;
    let leave = page.button("Leave").await?;
    leave.send_keys(Key::Enter).await?;
    expect_focus(&page, "Rejoin").await
}

pub(crate) async fn type_keys(page: &Page, keys: impl Into<TypingData>) -> Outcome {
    page.session()
        .action_chain()
        .send_keys(keys)
        .perform()
        .await?;
    Ok(())
}

async fn expect_focus(page: &Page, button: &str) -> Outcome {
    page.expect_value(
        "the button with the focus",
        "return __probe.text(document.activeElement);",
        &json!(button),
    )
    .await
}

async fn expect_focus_on(page: &Page, css: &str) -> Outcome {
    page.expect_value(
        &format!("the focus on {css}"),
        &format!("return document.activeElement.matches({css:?});"),
        &json!(true),
    )
    .await
}

async fn going_back_asks_first(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = stage.page().await?;
    page.open(&format!("{}/meet", server.origin())).await?;
    page.write("Name or link of a meeting", "kitchen").await?;
    page.press("Enter").await?;
    page.press("Join").await?;
    page.expect("#call-status", "The room is yours").await?;
    page.session().back().await?;
    page.expect("dialog[open] h3", "Leave the call?").await?;
    page.press("Stay").await?;
    page.expect_gone("dialog[open]").await?;
    page.expect("#call-status", "The room is yours").await?;
    // Several entries at once are no way round the question.
    page.evaluate::<()>("history.go(-2);").await?;
    page.expect("dialog[open] h3", "Leave the call?").await?;
    expect_path(&page, "/meet/kitchen").await?;
    page.evaluate::<()>("document.querySelector('dialog[open] .danger').click();")
        .await?;
    page.expect(".join-button", "Rejoin").await?;
    // The entry that guarded the call went with it.
    page.expect_value(
        "the entry of the meeting",
        "return history.state;",
        &json!(null),
    )
    .await?;
    expect_path(&page, "/meet/kitchen").await?;
    page.session().back().await?;
    page.expect("h1", "Meet").await?;
    expect_path(&page, "/meet").await
}

async fn expect_path(page: &Page, path: &str) -> Outcome {
    let script = "return location.pathname;";
    page.expect_value("the path", script, &json!(path)).await
}

async fn four_people_raise_hands_react_and_pin(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let mut people = Vec::new();
    for index in 0..NAMES.len() {
        people.push(entered(&stage, index, &address).await?);
    }
    for (page, own) in people.iter().zip(NAMES) {
        for other in NAMES.iter().filter(|other| **other != own) {
            expect_to_see(page, other).await?;
        }
    }
    let [kim, robin, _, toni] = &people[..] else {
        return Err("four came".into());
    };
    toni.press("Raise hand").await?;
    kim.expect(&format!("{} .raised-hand", seat("Toni")), "Hand raised")
        .await?;
    kim.press("People").await?;
    // Whoever raised a hand stands above those who have not.
    kim.expect_value(
        "the people in their order",
        "return __probe.text(document.querySelectorAll('.person-name')[1]);",
        &json!("Toni"),
    )
    .await?;
    toni.press("Lower hand").await?;
    kim.expect_gone(".raised-hand").await?;

    robin.press("React").await?;
    robin
        .evaluate::<()>("document.querySelector('[aria-label=Applause]').click();")
        .await?;
    kim.expect_value(
        "what Robin reacts with",
        &format!(
            "return document.querySelector({:?})?.ariaLabel ?? null;",
            format!("{} .reaction", seat("Robin"))
        ),
        &json!("Applause"),
    )
    .await?;
    kim.expect_gone(".reaction").await?;

    let pin = "document.querySelector('[aria-label=\"Pin Sam\"]').click();";
    kim.evaluate::<()>(pin).await?;
    kim.expect_value(
        "who is large",
        "return [...document.querySelectorAll('.seat.is-large [data-name]')]
             .map((tile) => tile.dataset.name);",
        &json!(["Sam"]),
    )
    .await?;
    expect_to_see(kim, "Sam").await
}

async fn guests_are_called_the_same_by_everybody(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let mut guests = Vec::new();
    for index in 0..2 {
        let page = invited(&stage, index, &address).await?;
        page.press("Join").await?;
        page.expect(".bar .leave", "Leave").await?;
        guests.push(page);
    }
    let [one, other] = &guests[..] else {
        return Err("two came".into());
    };
    let caption = one.expect(".own-tile .tile-caption", "Guest ").await?;
    let name = caption.strip_suffix(" (you)").ok_or(caption.clone())?;
    expect_to_see(other, name).await?;
    one.press("People").await?;
    one.expect(".person-name", &caption).await?;
    one.press("Chat").await?;
    one.write("Message", "Hello").await?;
    one.press("Send").await?;
    other
        .expect("#announcements", &format!("New message from {name}."))
        .await?;
    // Its name says that there is a message.
    other
        .evaluate::<()>("document.querySelector('#chat-button').click();")
        .await?;
    other.expect(".chat-author", name).await.map(drop)
}

async fn what_was_off_stays_off(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = invited(&stage, 0, &format!("{}/meet/kitchen", server.origin())).await?;
    page.write("Your name", "Kim").await?;
    page.press("Camera").await?;
    page.press("Microphone").await?;
    page.reload().await?;
    page.expect(".join-button", "Join").await?;
    page.expect_value(
        "what is off",
        "return [...document.querySelectorAll('.lobby-switches [aria-pressed]')]
             .map((button) => button.ariaPressed);",
        &json!(["false", "false"]),
    )
    .await?;
    let name = page.value("Your name").await?;
    ensure!(name == "Kim", "the name is {name:?}");
    page.press("Join").await?;
    page.expect("#call-status", "The room is yours").await?;
    let asked: Vec<serde_json::Value> = page
        .evaluate("return __probe.tracks().filter(({ kind }) => kind === 'video');")
        .await?;
    ensure!(asked.is_empty(), "the camera was switched on: {asked:?}");
    Ok(())
}

async fn low_bandwidth_mode_keeps_the_audio_and_stops_the_video(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let [kim, robin] = two(&stage, &server).await?;
    let sends = async |kinds: &[&str]| {
        let sent = "return __probe.sent().sort();";
        robin
            .expect_value("what Robin sends", sent, &json!(kinds))
            .await
    };
    sends(&["audio live", "video live"]).await?;
    kim.press("More").await?;
    kim.press("Low-bandwidth mode").await?;
    let placeholder = format!("{} .video-placeholder", seat("Robin"));
    kim.expect(
        &placeholder,
        "Low-bandwidth mode: you receive no video of Robin.",
    )
    .await?;
    kim.expect_value(
        "the text over Robin's tile",
        &format!(
            "const text = document.querySelector({placeholder:?});
             const [inner, outer] = [text, text.closest('.seat')].map((it) => it.getBoundingClientRect());
             return inner.height > 0 && inner.top >= outer.top && inner.bottom <= outer.bottom;"
        ),
        &json!(true),
    )
    .await?;
    sends(&["audio live"]).await?;
    kim.expect_audio_packets().await?;
    expect_to_see(&robin, "Kim").await?;

    kim.press("More").await?;
    kim.press("Receive video again").await?;
    sends(&["audio live", "video live"]).await?;
    expect_to_see(&kim, "Robin").await
}

async fn the_browser_keeps_the_bundle_but_no_page(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let browser = stage.browser(stage.kind(0), Options::default()).await?;
    let page = browser.page();
    page.open(&format!("{}/meet", server.origin())).await?;
    page.expect("h1", "Meet").await?;
    let icons: Vec<String> = page
        .evaluate(
            "const { href } = document.querySelector('link[rel=manifest]');
             const load = async () => {
               const manifest = await (await fetch(href)).json();
               const icons = manifest.icons.map(({ src }) => new URL(src, href).href);
               const found = await Promise.all(icons.map((icon) => fetch(icon)));
               return found.map(({ status, headers }) => `${status} ${headers.get('content-type')}`);
             };
             return load();",
        )
        .await?;
    ensure!(
        !icons.is_empty() && icons.iter().all(|icon| icon == "200 image/png"),
        "the icons are {icons:?}"
    );
    page.evaluate::<()>("return navigator.serviceWorker.ready.then(() => null);")
        .await?;
    // A page that is opened, not one that is loaded again: Firefox does not ask the worker for that.
    page.open(&format!("{}/meet", server.origin())).await?;
    page.expect("h1", "Meet").await?;
    page.expect_value(
        "what the browser keeps",
        "const kept = caches.open('bundle').then((cache) => cache.keys());
         const names = kept.then((kept) => kept.map(({ url }) => new URL(url).pathname));
         return names.then((names) => [
           navigator.serviceWorker.controller !== null,
           names.some((name) => name.endsWith('_bg.wasm')),
           names.filter((name) => !/-[0-9a-f]+(_bg)?\\.(css|js|wasm)$/.test(name)),
         ]);",
        &json!([true, true, []]),
    )
    .await
}

async fn a_small_window_shows_the_call(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let [kim, _robin] = two(&stage, &server).await?;
    kim.press("More").await?;
    kim.press("Open a small window").await?;
    kim.expect_value(
        "the video in the small window",
        "const there = documentPictureInPicture.window?.document;
         const video = there?.querySelector('[data-name=Robin] video');
         return [video?.videoWidth > 0, video?.paused, video?.muted];",
        &json!([true, false, true]),
    )
    .await?;
    kim.evaluate::<()>("documentPictureInPicture.window.document.querySelector('.leave').click();")
        .await?;
    kim.expect(".join-button", "Rejoin").await?;
    kim.expect_value(
        "whether the small window is gone",
        "return documentPictureInPicture.window === null;",
        &json!(true),
    )
    .await
}

async fn a_small_window_for_one_video_shows_the_speaker(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let mut people = Vec::new();
    for (index, name) in NAMES.iter().take(2).enumerate() {
        let page = invited(&stage, index, &address).await?;
        page.write("Your name", name).await?;
        page.press("Join").await?;
        people.push(page);
    }
    let [kim, robin] = &people[..] else {
        return Err("two came".into());
    };
    expect_to_see(kim, "Robin").await?;
    // As in browsers that know such windows for one video only.
    kim.evaluate::<()>("delete window.documentPictureInPicture;")
        .await?;
    kim.press("More").await?;
    kim.press("Open a small window").await?;
    expect_in_small_window(kim, &format!("{} video", seat("Robin"))).await?;
    // Whoever speaks shares a screen: that is what there is to see.
    pretend_to_have_a_screen(robin).await?;
    robin.press("Share screen").await?;
    expect_in_small_window(kim, ".screen-seat video").await?;
    robin.press("Stop sharing").await?;
    expect_in_small_window(kim, &format!("{} video", seat("Robin"))).await?;

    kim.press("More").await?;
    kim.press("Close the small window").await?;
    expect_no_small_window(kim).await?;
    kim.press("More").await?;
    kim.press("Open a small window").await?;
    expect_in_small_window(kim, &format!("{} video", seat("Robin"))).await?;
    kim.press("Leave").await?;
    kim.expect(".join-button", "Rejoin").await?;
    expect_no_small_window(kim).await
}

/// Waits until the small window shows what this video shows.
async fn expect_in_small_window(page: &Page, video: &str) -> Outcome {
    page.expect_value(
        &format!("the video in the small window: that of {video}"),
        &format!(
            "const small = document.pictureInPictureElement;
             const large = document.querySelector({video:?});
             return [small?.videoWidth > 0, small?.paused, small?.muted,
                     small?.srcObject === large?.srcObject];"
        ),
        &json!([true, false, true, true]),
    )
    .await
}

async fn expect_no_small_window(page: &Page) -> Outcome {
    page.expect_value(
        "whether the small window and its video are gone",
        "return [document.pictureInPictureElement === null,
                 document.querySelector('body > video') === null];",
        &json!([true, true]),
    )
    .await
}

async fn no_small_window_is_offered_where_there_is_none(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = invited(&stage, 0, &format!("{}/meet/kitchen", server.origin())).await?;
    page.evaluate::<()>(
        "delete window.documentPictureInPicture;
         Object.defineProperty(document, 'pictureInPictureEnabled', { value: false });",
    )
    .await?;
    page.press("Join").await?;
    page.press("More").await?;
    page.expect_buttons(&[("Full screen", true)]).await?;
    let offered = "return [...document.querySelectorAll('#more-menu button')]
        .some((button) => /small window/.test(__probe.text(button)));";
    page.expect_value("whether a small window is offered", offered, &json!(false))
        .await
}
