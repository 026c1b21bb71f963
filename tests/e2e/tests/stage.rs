//! What people can do on the stage, see of it without eyes, and press without a mouse.

use e2e::{Journey, Kind, Outcome, Page, Stage, ensure};
use serde_json::json;
use thirtyfour::Key;

use crate::accessibility::Examination;
use crate::meet::{WINDOWS, invited, seat, two, type_keys};

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox], [Kind::Firefox, Kind::Chrome]],
            what_happens_is_announced,
        ),
        Journey::new(a_panel_leaves_the_bar_in_reach),
        Journey::new(the_space_bar_talks_while_it_is_held),
        Journey::new(the_screen_stays_on_during_a_call),
        Journey::new(a_link_is_shared_and_the_camera_flipped_where_that_can_be),
        Journey::between(&[[Kind::Chrome, Kind::Firefox]], the_stage_passes_axe),
    ]
}

async fn what_happens_is_announced(stage: Stage) -> Outcome {
    let [kim, robin] = two(&stage, &stage.server()?).await?;
    let announced = "#announcements";
    kim.expect(announced, "Robin joined.").await?;
    robin.press("Raise hand").await?;
    kim.expect(announced, "Robin raised a hand.").await?;
    robin.press("React").await?;
    robin
        .evaluate::<()>("document.querySelector('[aria-label=Applause]').click();")
        .await?;
    kim.expect(announced, "Robin: Applause.").await?;
    robin.press("Chat").await?;
    robin.write("Message", "Hello").await?;
    robin.press("Send").await?;
    kim.expect(announced, "New message from Robin.").await?;

    // Whoever hides the own video goes on where it can be shown again.
    let hide = "document.querySelector('[aria-label^=\"Hide your video\"]').click();";
    kim.evaluate::<()>(hide).await?;
    kim.expect_value(
        "the focus",
        "return document.activeElement.id;",
        &json!("more-button"),
    )
    .await?;
    robin.press("Leave").await?;
    kim.expect(announced, "Robin left.").await?;
    kim.expect_gone(&seat("Robin")).await
}

async fn a_panel_leaves_the_bar_in_reach(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = invited(&stage, 0, &format!("{}/meet/kitchen", server.origin())).await?;
    page.press("Join").await?;
    for (width, height) in WINDOWS {
        page.resize(width, height).await?;
        page.press("Chat").await?;
        page.expect_value(
            "the panel beside or above the bar",
            "const box = (css) => document.querySelector(css).getBoundingClientRect();
             const [panel, bar] = [box('.stage-panel'), box('.bar')];
             return panel.height > 150 && panel.bottom <= bar.top;",
            &json!(true),
        )
        .await?;
        // A second press of the same button closes it.
        page.press("Chat").await?;
        page.expect_gone(".stage-panel").await?;
    }
    Ok(())
}

async fn the_space_bar_talks_while_it_is_held(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = invited(&stage, 0, &format!("{}/meet/kitchen", server.origin())).await?;
    page.press("Join").await?;
    page.press("Mute").await?;
    page.expect_buttons(&[("Unmute", true)]).await?;
    let hold = || page.session().action_chain().key_down(' ');
    hold().perform().await?;
    page.expect_buttons(&[("Mute", true)]).await?;
    page.session().action_chain().key_up(' ').perform().await?;
    page.expect_buttons(&[("Unmute", true)]).await?;

    // Whoever moves about by keys presses what has the focus.
    page.press("Chat").await?;
    page.expect_value(
        "the focus in the chat",
        "return !!document.activeElement.closest('.stage-panel');",
        &json!(true),
    )
    .await?;
    type_keys(&page, Key::Escape).await?;
    page.expect_gone(".stage-panel").await?;
    type_keys(&page, Key::Tab).await?;
    type_keys(&page, " ").await?;
    page.expect(".stage-panel h2", "People").await?;
    page.expect_buttons(&[("Unmute", true)]).await?;
    // And whoever writes means a space.
    type_keys(&page, "c").await?;
    page.expect(".stage-panel h2", "Chat").await?;
    type_keys(&page, "a b").await?;
    let draft = page.value("Message").await?;
    ensure!(draft == "a b", "the draft is {draft:?}");
    Ok(())
}

async fn the_screen_stays_on_during_a_call(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = invited(&stage, 0, &format!("{}/meet/kitchen", server.origin())).await?;
    let () = page
        .evaluate(
            "window.__locks = { held: 0, asked: 0 };
             Object.defineProperty(navigator, 'wakeLock', { value: {
                 request: async (kind) => {
                     __locks.held += 1;
                     __locks.asked += kind === 'screen';
                     return { release: async () => { __locks.held -= 1; } };
                 },
             } });",
        )
        .await?;
    page.press("Join").await?;
    page.expect("#call-status", "The room is yours").await?;
    expect_locks(&page, 1, 1).await?;
    // Whenever the page was out of sight.
    page.evaluate::<()>("document.dispatchEvent(new Event('visibilitychange'));")
        .await?;
    expect_locks(&page, 1, 2).await?;
    page.press("Leave").await?;
    page.expect(".join-button", "Rejoin").await?;
    expect_locks(&page, 0, 2).await
}

async fn expect_locks(page: &Page, held: u32, asked: u32) -> Outcome {
    page.expect_value(
        "locks of the screen",
        "return [__locks.held, __locks.asked];",
        &json!([held, asked]),
    )
    .await
}

async fn a_link_is_shared_and_the_camera_flipped_where_that_can_be(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = invited(&stage, 0, &format!("{}/meet/kitchen", server.origin())).await?;
    // A phone with a camera at each side.
    let () = page
        .evaluate(
            "navigator.share = async ({ url }) => { window.__shared = url; };
             const { mediaDevices } = navigator;
             const list = mediaDevices.enumerateDevices.bind(mediaDevices);
             mediaDevices.enumerateDevices = async () => {
                 const camera = (deviceId) => ({ kind: 'videoinput', deviceId, label: deviceId });
                 const rest = (await list()).filter(({ kind }) => kind !== 'videoinput');
                 return [camera('one'), camera('other'), ...rest];
             };
             window.__facing = [];
             const ask = mediaDevices.getUserMedia.bind(mediaDevices);
             let facingMode = 'user';
             mediaDevices.getUserMedia = ({ video, audio }) => {
                 if (video) __facing.push(video.facingMode ?? null);
                 facingMode = video?.facingMode?.ideal ?? facingMode;
                 return ask({ video: Boolean(video), audio });
             };
             MediaStreamTrack.prototype.getSettings = () => ({ facingMode });",
        )
        .await?;
    page.press("Join").await?;
    page.press("Share link").await?;
    page.expect_value(
        "the link that was shared",
        "return window.__shared ?? null;",
        &json!(format!("{}/meet/kitchen", server.origin())),
    )
    .await?;
    for facing in ["environment", "user"] {
        page.press("More").await?;
        page.press("Use the other camera").await?;
        page.expect_value(
            "the side of the camera",
            "return __facing.at(-1)?.ideal ?? null;",
            &json!(facing),
        )
        .await?;
        page.expect_moving("localVideo").await?;
    }
    Ok(())
}

async fn the_stage_passes_axe(stage: Stage) -> Outcome {
    let [kim, robin] = two(&stage, &stage.server()?).await?;
    let mut examination = Examination::new(&stage)?;
    robin.press("Raise hand").await?;
    kim.expect(&format!("{} .raised-hand", seat("Robin")), "")
        .await?;
    for page in [&kim, &robin] {
        examination.examine(page, "the stage", "html").await?;
        for panel in ["Chat", "People", "What happens in this call"] {
            if panel.starts_with("What") {
                page.press("More").await?;
                examination.examine(page, "its menu", "html").await?;
            }
            page.press(panel).await?;
            page.expect(".stage-panel h2", panel).await?;
            examination.examine(page, panel, "html").await?;
        }
    }
    examination.finish()
}
