//! Where a meeting's addresses lead, which server they name, and what is asked before the call.

use std::net::TcpListener;

use e2e::{DEVICES, Journey, Options, Outcome, Page, Stage, ensure};
use serde_json::json;

use crate::accessibility::Examination;
use crate::meet::invited;
use crate::people::allow_lost_connections;

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::new(addresses_keep_how_to_get_there),
        Journey::new(a_foreign_server_is_named_and_the_check_ends),
        Journey::new(whoever_refuses_is_not_asked_again),
        Journey::new(a_double_click_on_join_joins),
        Journey::new(the_lobby_passes_axe),
    ]
}

async fn addresses_keep_how_to_get_there(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = stage.page().await?;
    let start = format!("{}/meet", server.origin());
    for (link, expected) in [
        ("/call/kitchen?via=tab", "/meet/kitchen?via=tab"),
        ("/firebase/kitchen", "/meet/kitchen?via=firebase"),
        ("/meet/my%20kitchen#x", "/meet/my%20kitchen#x"),
    ] {
        page.open(&start).await?;
        let link = format!("{}{link}", server.origin());
        page.write("Name or link of a meeting", &link).await?;
        page.press("Enter").await?;
        expect_address(&page, expected).await?;
    }

    page.open(&format!("{start}?via=tab")).await?;
    page.write("Name or link of a meeting", "kitchen").await?;
    page.press("Enter").await?;
    expect_address(&page, "/meet/kitchen?via=tab").await?;
    page.expect_value(
        "where the links of the lobby lead",
        "return [...document.querySelectorAll('.lobby-links a')]
             .map((link) => link.getAttribute('href'));",
        &json!(["/call/kitchen?via=tab", "/meet?via=tab"]),
    )
    .await?;
    page.press("Join").await?;
    page.expect("#call-status", "The room is yours").await?;
    page.press("Leave").await?;
    page.expect(".join-button", "Rejoin").await?;
    page.follow("Another meeting").await?;
    page.follow("kitchen").await?;
    expect_address(&page, "/meet/kitchen?via=tab").await
}

async fn expect_address(page: &Page, expected: &str) -> Outcome {
    page.expect(".join-button", "").await?;
    let script = "return location.pathname + location.search + location.hash;";
    page.expect_value("the address", script, &json!(expected))
        .await
}

async fn a_foreign_server_is_named_and_the_check_ends(stage: Stage) -> Outcome {
    allow_lost_connections(&stage);
    let server = stage.server()?;
    // Takes connections and never answers.
    let silent = TcpListener::bind("127.0.0.1:0")?;
    let host = silent.local_addr()?;
    let address = format!("{}/meet/kitchen?server=ws://{host}/ws", server.origin());
    let page = invited(&stage, 0, &address).await?;
    page.expect(".notice-warning", &host.to_string()).await?;
    // A link alone connects nobody to another server.
    page.expect_value(
        "no check",
        "return __probe.text(document.querySelector('.network-check'));",
        &json!(""),
    )
    .await?;
    let join = page.button("Join").await?;
    page.session()
        .action_chain()
        .move_to_element_center(&join)
        .perform()
        .await?;
    page.expect(".network-check", "Checking the network")
        .await?;
    page.expect(".network-check", "The server does not answer.")
        .await?;
    page.press("Check again").await?;
    page.expect(".network-check", "Checking the network")
        .await?;

    page.open(&format!("{}/meet/kitchen", server.origin()))
        .await?;
    page.expect(".network-check", "The server can be reached.")
        .await?;
    page.expect_gone(".notice-warning").await
}

async fn whoever_refuses_is_not_asked_again(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let options = Options {
        refused: &DEVICES,
        ..Options::default()
    };
    let browser = stage.browser(stage.kind(0), options).await?;
    let page = browser.page();
    page.open(&format!("{}/meet/kitchen", server.origin()))
        .await?;
    page.press("Start preview").await?;
    page.expect("[role=alert]", "camera and microphone").await?;
    let asked: u32 = page.evaluate("return __probe.captures();").await?;
    ensure!(asked == 1, "the browser was asked {asked} times");
    page.press("Join").await?;
    page.expect("#call-status", "The room is yours").await?;
    let asked: u32 = page.evaluate("return __probe.captures();").await?;
    ensure!(asked == 1, "joining asked again, {asked} times in all");
    Ok(())
}

async fn a_double_click_on_join_joins(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = invited(&stage, 0, &format!("{}/meet/kitchen", server.origin())).await?;
    // **Cancel** comes with the first click, and here the layout puts it below the pointer.
    let () = page
        .evaluate(
            "const click = (button) => button.dispatchEvent(new MouseEvent('click', {
                 bubbles: true, cancelable: true, detail: 1, clientX: 50, clientY: 50,
             }));
             const cancels = new MutationObserver(() => {
                 const button = __probe.button('Cancel');
                 if (!button) return;
                 cancels.disconnect();
                 window.__wasTaken = !click(button);
             });
             cancels.observe(document.body, { childList: true, subtree: true });
             click(document.querySelector('.join-button'));",
        )
        .await?;
    page.expect_value(
        "a second click that was taken away",
        "return window.__wasTaken ?? null;",
        &json!(true),
    )
    .await?;
    page.expect("#call-status", "The room is yours")
        .await
        .map(drop)
}

async fn the_lobby_passes_axe(stage: Stage) -> Outcome {
    allow_lost_connections(&stage);
    let server = stage.server()?;
    let mut examination = Examination::new(&stage)?;
    let address = format!("{}/meet/kitchen?server=ws://127.0.0.1:9", server.origin());
    let page = invited(&stage, 0, &address).await?;
    page.press("Start preview").await?;
    page.expect_gone(".preview-button").await?;
    examination.examine(&page, "the lobby", "html").await?;
    page.press("Camera").await?;
    page.evaluate::<()>("document.querySelector('[popovertarget=camera-menu]').click();")
        .await?;
    page.expect("#camera-menu", "Use a synthetic camera")
        .await?;
    examination.examine(&page, "its menu", "html").await?;
    examination.finish()
}
