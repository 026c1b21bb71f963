//! What the server refuses, as a person meets it. What no page brings about by itself, such as a
//! message that is too large, is tested with the server.

use e2e::{Journey, LAN_HOST, Options, Outcome, Page, Stage, StaticHost};

use crate::call::{expect_alone, expect_status, visitor};

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::new(a_name_that_the_server_refuses_can_be_mended),
        Journey::new(a_full_server_lets_in_whoever_tries_later),
        Journey::new(pages_of_other_origins_need_the_servers_permission),
    ]
}

async fn a_name_that_the_server_refuses_can_be_mended(stage: Stage) -> Outcome {
    let limits = ["--max-name-chars", "5", "--max-room-chars", "7"];
    let server = stage.server_with(&limits)?;
    let page = visitor(&stage, 0, &format!("{}/call/kitchens", server.origin())).await?;
    refused(&page, "Choose another name for the room").await?;
    page.write("Room", "kitchen").await?;
    page.write("Name", "Robinson").await?;
    refused(&page, "Choose another name for yourself").await?;
    page.write("Name", "Robin").await?;
    let_in(&page).await
}

async fn a_full_server_lets_in_whoever_tries_later(stage: Stage) -> Outcome {
    let server = stage.server_with(&["--max-clients", "2", "--max-rooms", "1"])?;
    let room = |name: &str| format!("{}/call/{name}", server.origin());
    let first = visitor(&stage, 0, &room("kitchen")).await?;
    let_in(&first).await?;
    // One more room is one too many, and so is a third client.
    let second = visitor(&stage, 1, &room("garden")).await?;
    refused(&second, "Try again in a few minutes").await?;
    second.write("Room", "kitchen").await?;
    second.press("Join").await?;
    expect_status(&second, "You are connected").await?;
    let third = visitor(&stage, 2, &room("kitchen")).await?;
    refused(&third, "Try again in a few minutes").await?;
    second.press("Hang Up").await?;
    expect_status(&first, "The other person left").await?;
    third.press("Join").await?;
    expect_status(&third, "You are connected").await
}

async fn pages_of_other_origins_need_the_servers_permission(stage: Stage) -> Outcome {
    let dist = &stage.settings().dist;
    let host = StaticHost::start(dist, stage.scratch(), "/").await?;
    let site = host.address().replace("127.0.0.1", LAN_HOST);
    let origin = site.trim_end_matches('/');
    let wary = stage.server()?;
    let friendly = stage.server_with(&["--allowed-origins", origin])?;
    // No machine's name but `localhost` is on loopback, as far as anybody can tell.
    let options = Options {
        lan_host: true,
        ..Options::default()
    };
    let browser = stage.browser(stage.kind(0), options).await?;
    let page = browser.page();
    // The host says 404 to a deep link.
    stage.allow_error("404 (Not Found)");
    for server in [wary, friendly.clone()] {
        let address = server.origin().replace("http", "ws");
        page.open(&format!("{site}call/kitchen?server={address}/ws"))
            .await?;
        if server.origin() == friendly.origin() {
            let_in(page).await?;
        } else {
            refused(page, "--allowed-origins").await?;
        }
    }
    Ok(())
}

/// Tries to join, and is told why not and what to do.
async fn refused(page: &Page, remedy: &str) -> Outcome {
    page.press("Join").await?;
    page.expect("[role=alert]", remedy).await?;
    expect_status(page, "You are not in the room").await?;
    page.expect_buttons(&[("Join", true), ("Hang Up", false)])
        .await
}

async fn let_in(page: &Page) -> Outcome {
    page.press("Join").await?;
    expect_alone(page, "The room is yours").await?;
    page.expect_gone("[role=alert]").await
}
