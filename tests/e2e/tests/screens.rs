//! A screen is shared.

use e2e::{Journey, Kind, Outcome, Page, Stage};
use serde_json::json;

use crate::people::{arrive, join, mesh, tile};

pub(crate) fn all() -> Vec<Journey> {
    vec![Journey::between(
        &[[Kind::Chrome, Kind::Firefox, Kind::Chrome]],
        a_screen_is_seen_beside_the_camera,
    )]
}

async fn a_screen_is_seen_beside_the_camera(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let mut newcomers = arrive(&stage, &mesh(&server), 3).await?;
    let sam = newcomers.remove(2);
    let mut people = Vec::new();
    for newcomer in newcomers {
        pretend_to_have_a_screen(&newcomer).await?;
        join(&mut people, newcomer).await?;
    }
    let [kim, robin] = &people[..] else {
        return Err("two came".into());
    };
    for (sharer, other) in [(kim, robin), (robin, kim)] {
        share(sharer).await?;
        expect_screen(other, &format!("{}’s screen", sharer.name)).await?;
        other.expect_to_see(sharer.name).await?;
        sharer.press("Stop sharing").await?;
        expect_no_screen(sharer).await?;
        expect_no_screen(other).await?;
        sharer
            .expect_value(
                "the screen let go",
                "return window.__screen.readyState;",
                &json!("ended"),
            )
            .await?;
        other.expect_to_see(sharer.name).await?;
    }

    // Again, and somebody who comes later sees it, too.
    share(robin).await?;
    expect_screen(kim, "Robin’s screen").await?;
    join(&mut people, sam).await?;
    let [kim, robin, sam] = &people[..] else {
        return Err("three came".into());
    };
    for other in [kim, sam] {
        expect_screen(other, "Robin’s screen").await?;
        other.expect_to_see("Robin").await?;
    }
    robin.press("Stop sharing").await?;
    for person in &people {
        expect_no_screen(person).await?;
    }
    share(kim).await?;
    for other in [robin, sam] {
        expect_screen(other, "Kim’s screen").await?;
        other.expect_to_see("Kim").await?;
    }
    // As when sharing is stopped in the browser's own bar. In Firefox, tracks of canvases hear no
    // event that a script makes.
    let () = kim
        .evaluate("__screen.dispatchEvent(new Event('ended'));")
        .await?;
    kim.expect_buttons(&[("Share screen", true)]).await?;
    for person in &people {
        expect_no_screen(person).await?;
    }
    robin.expect_moving(&tile("Kim", " video")).await
}

/// Presses the button, and remembers the track as `__screen`.
pub(crate) async fn share(person: &Page) -> Outcome {
    person.press("Share screen").await?;
    person.expect_buttons(&[("Stop sharing", true)]).await?;
    person
        .expect(".own-screen .tile-caption", "Your screen")
        .await?;
    person.expect_moving(".own-screen video").await?;
    let () = person
        .evaluate(
            "window.__screen =
                 document.querySelector('.own-screen video').srcObject.getVideoTracks()[0];",
        )
        .await?;
    Ok(())
}

pub(crate) async fn expect_screen(page: &Page, caption: &str) -> Outcome {
    page.expect(".screens figure .tile-caption", caption)
        .await?;
    page.expect_moving(".screens figure video").await
}

pub(crate) async fn expect_no_screen(page: &Page) -> Outcome {
    page.expect_gone(".screens figure").await
}

/// Chromium pretends by itself. Firefox without a window has no screen to share and nothing that
/// pretends to be one, so there video that the page draws takes its place.
pub(crate) async fn pretend_to_have_a_screen(page: &Page) -> Outcome {
    if page.kind() == Kind::Firefox {
        let () = page
            .evaluate(
                "navigator.mediaDevices.getDisplayMedia = async () => {
                     const canvas = document.createElement('canvas');
                     const context = canvas.getContext('2d');
                     let frame = 0;
                     setInterval(() => {
                         context.fillStyle = `hsl(${frame++ % 360} 50% 50%)`;
                         context.fillRect(0, 0, canvas.width, canvas.height);
                     }, 100);
                     return canvas.captureStream();
                 };",
            )
            .await?;
    }
    Ok(())
}
