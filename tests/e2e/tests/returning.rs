//! Whoever comes back to a meeting is the same person there.

use e2e::{Journey, Kind, Outcome, Page, Stage};
use serde_json::json;

use crate::meet::{expect_to_see, invited, seat, two};

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox], [Kind::Firefox, Kind::Chrome]],
            whoever_loads_the_page_again_is_one_person,
        ),
        Journey::new(a_duplicated_tab_takes_the_call_over),
    ]
}

/// What the tab keeps of its seat.
const KEPT: &str = "return sessionStorage.getItem('seat') ?? '';";

async fn whoever_loads_the_page_again_is_one_person(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let [host, guest] = two(&stage, &server).await?;
    host.evaluate::<()>(
        "window.most = 0;
         const count = () => {
             const seats = document.querySelectorAll(\".seat:has([data-name='Robin'])\").length;
             window.most = Math.max(window.most, seats);
         };
         new MutationObserver(count).observe(document.body, { childList: true, subtree: true });
         count();",
    )
    .await?;
    for _ in 0..2 {
        guest.reload().await?;
        guest.expect(".join-button", "Rejoin").await?;
        guest
            .expect_value(
                "the focus",
                "return document.activeElement.matches('.join-button');",
                &json!(true),
            )
            .await?;
        guest.press("Rejoin").await?;
        guest.expect(".bar .leave", "Leave").await?;
        expect_to_see(&guest, "Kim").await?;
        expect_to_see(&host, "Robin").await?;
    }
    host.expect_value("so many of them at once", "return window.most;", &json!(1))
        .await?;

    guest.press("Leave").await?;
    host.expect_gone(&seat("Robin")).await?;
    guest.expect_value("what is kept", KEPT, &json!("")).await?;
    guest.reload().await?;
    guest.expect(".join-button", "Join").await.map(drop)
}

async fn a_duplicated_tab_takes_the_call_over(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let address = format!("{}/meet/kitchen", server.origin());
    let page = invited(&stage, 0, &address).await?;
    page.press("Join").await?;
    page.expect(".bar .leave", "Leave").await?;
    let first = page.session().window().await?;
    let kept: String = page.evaluate(KEPT).await?;

    // What a browser copies, too.
    let second = page.session().new_window().await?;
    page.session().switch_to_window(second.clone()).await?;
    page.open(&address).await?;
    let copy = format!("sessionStorage.setItem('seat', {});", json!(kept));
    page.evaluate::<()>(&copy).await?;
    page.reload().await?;
    rejoin(&page, "Rejoin").await?;

    for (tab, other) in [(&first, &second), (&second, &first)] {
        page.session().switch_to_window(tab.clone()).await?;
        page.expect("#call-status", "This meeting continues in another tab.")
            .await?;
        rejoin(&page, "Rejoin here").await?;
        page.session().switch_to_window(other.clone()).await?;
    }
    page.expect("#call-status", "This meeting continues in another tab.")
        .await
        .map(drop)
}

async fn rejoin(page: &Page, button: &str) -> Outcome {
    page.press(button).await?;
    page.expect(".bar .leave", "Leave").await?;
    page.expect("#call-status", "Nobody else is here")
        .await
        .map(drop)
}
