//! A call and its server: encrypted, not there yet, gone in the middle.

use e2e::{Journey, Options, Outcome, Server, Stage, ensure};

use crate::call::{
    CHROME_FIREFOX, FIREFOX_CHROME, connected, expect_alone, expect_connected, expect_status,
    visitor,
};
use crate::people::allow_lost_connections;

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::new(over_tls_everything_is_encrypted),
        Journey::new(a_server_that_is_away_is_waited_for),
        Journey::between(&[CHROME_FIREFOX], a_server_that_restarts_finds_both_again),
        Journey::between(&[FIREFOX_CHROME], a_server_that_crashes_finds_both_again),
    ]
}

async fn a_server_that_is_away_is_waited_for(stage: Stage) -> Outcome {
    allow_lost_connections(&stage);
    let server = stage.server()?;
    let page = visitor(&stage, 0, &format!("{}/call/kitchen", server.origin())).await?;
    server.kill()?;
    page.press("Join").await?;
    let status = page.expect("#call-status", "Trying again").await?;
    let address = format!("{}/ws", server.origin().replace("http", "ws"));
    ensure!(
        status.contains(&address),
        "the address {address} is missing in {status:?}"
    );
    // Not giving up is also to be able to give up.
    page.press("Hang Up").await?;
    expect_status(&page, "You left").await?;
    page.press("Join").await?;
    expect_status(&page, "Trying again").await?;
    server.start()?;
    expect_alone(&page, "The room is yours").await
}

async fn over_tls_everything_is_encrypted(stage: Stage) -> Outcome {
    let keys = stage.scratch().join("tls");
    let server = stage.server_with(&["--tls", "--tls-dir", &keys.to_string_lossy()])?;
    ensure!(
        server.origin().starts_with("https://"),
        "it listens on {}",
        server.origin()
    );
    let options = Options {
        accept_insecure_certificates: true,
        ..Options::default()
    };
    let browser = stage.browser(stage.kind(0), options).await?;
    let page = browser.page();
    page.open(&format!("{}/call/kitchen", server.origin()))
        .await?;
    page.start_preview().await?;
    page.press("Join").await?;
    expect_alone(page, "The room is yours").await?;
    let address = format!("wss{}/ws", server.origin().trim_start_matches("https"));
    page.expect(".log-entries", &address).await.map(drop)
}

async fn a_server_that_restarts_finds_both_again(stage: Stage) -> Outcome {
    restart(stage, Server::stop).await
}

async fn a_server_that_crashes_finds_both_again(stage: Stage) -> Outcome {
    restart(stage, Server::kill).await
}

async fn restart(stage: Stage, end: impl Fn(&Server) -> Outcome) -> Outcome {
    allow_lost_connections(&stage);
    let server = stage.server()?;
    let pages = connected(&stage, &server).await?;
    end(&server)?;
    for page in &pages {
        expect_status(page, "Your call goes on meanwhile").await?;
        // No packet of it goes through the server.
        page.expect_moving("remoteVideo").await?;
        page.expect_audio_packets().await?;
    }
    server.start()?;
    for page in &pages {
        expect_connected(page).await?;
        page.expect_audio().await?;
    }
    Ok(())
}
