//! The choice of what carries the signals.

use e2e::{Journey, Outcome, Page, Stage, ensure};
use serde_json::json;

use crate::call::{expect_alone, visitor};

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::new(the_room_and_the_server_stay_when_the_way_changes),
        Journey::new(an_unknown_way_is_named),
    ]
}

async fn the_room_and_the_server_stay_when_the_way_changes(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let own = server.origin().replace("http", "ws") + "/ws";
    let own = own.replace('/', "%2F").replace(':', "%3A");
    let address = format!("{}/call/kitchen?server={own}", server.origin());
    let page = visitor(&stage, 0, &address).await?;
    expect_current(&page, "WebSocket").await?;
    for (way, via) in [
        ("Two tabs", "via=tab"),
        ("Copy and paste", "via=paste"),
        ("WebSocket", ""),
        ("Two tabs", "via=tab"),
    ] {
        page.follow(way).await?;
        expect_current(&page, way).await?;
        let address = page.session().current_url().await?;
        let query = address.query().unwrap_or_default();
        ensure!(
            address.path() == "/call/kitchen"
                && query.contains("server=ws")
                && query.contains(via)
                && query.contains("via=") != via.is_empty(),
            "{way} leads to {address}"
        );
    }
    let invitation = page.value("Invite link").await?;
    ensure!(
        invitation.contains("via=tab"),
        "{invitation} leads elsewhere"
    );
    // Who is in a call has chosen.
    page.press("Join").await?;
    expect_alone(&page, "The room is yours").await?;
    page.expect_gone(".transports").await?;
    page.press("Hang Up").await?;
    expect_current(&page, "Two tabs").await?;

    // Many people need somebody who knows them all.
    page.open(&format!("{}/mesh/kitchen", server.origin()))
        .await?;
    page.expect_value(
        "the ways of a mesh",
        "return [...document.querySelectorAll('.transports a')].map(__probe.text);",
        &json!(["WebSocket", "Firebase"]),
    )
    .await
}

async fn an_unknown_way_is_named(stage: Stage) -> Outcome {
    let server = stage.server()?;
    for (path, via) in [("call", "pigeon"), ("mesh", "tab")] {
        let address = format!("{}/{path}/kitchen?via={via}", server.origin());
        let page = visitor(&stage, 0, &address).await?;
        page.expect(".notice-warning", via).await?;
        expect_current(&page, "WebSocket").await?;
    }
    Ok(())
}

async fn expect_current(page: &Page, way: &str) -> Outcome {
    page.expect_value(
        &format!("{way} as the way"),
        "return [...document.querySelectorAll('.transports [aria-current=page]')].map(__probe.text);",
        &json!([way]),
    )
    .await
}
