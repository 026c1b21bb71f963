//! The descriptions of several connections.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::inspector::scene::{Look, choose, connected};
use crate::support::until;

#[wasm_bindgen_test]
async fn descriptions_are_those_of_one_connection() {
    let page = connected().await;
    page.click("Stop").await;
    page.click("Connect").await;
    page.tab("SDP").await;
    let rounds = || page.texts(".sdp-choices option");
    let offered = |of: usize| {
        let texts = page.texts(".connection-picker option");
        (texts.len() == 2).then(|| texts[of].clone())
    };
    until("a choice of connections", || offered(1).is_some()).await;
    assert_eq!(offered(0).unwrap(), "1: localPeer and remotePeer");
    assert_eq!(offered(1).unwrap(), "3: localPeer and remotePeer");
    let expected = [
        "1. localPeer’s offer to remotePeer",
        "2. remotePeer’s answer to localPeer",
    ];
    until("the newer", || rounds() == expected).await;
    let session = || page.texts(".sdp-line .sdp-text > code")[1].clone();
    let newer = session();
    page.button("The other side").click();
    until("compared with the offer", || {
        page.text().contains("Compared with localPeer’s offer")
    })
    .await;
    let is_earlier = || rounds() == expected && session().starts_with("o=") && session() != newer;
    choose(&page, ".connection-picker select", "1");
    until("the earlier", is_earlier).await;
    // Either end of them, in whichever view it was chosen.
    for (number, earlier) in [("4", false), ("2", true)] {
        page.tab("States").await;
        until("all four", || {
            page.texts(".connection-picker option").len() == 4
        })
        .await;
        choose(&page, ".connection-picker select", number);
        page.tab("SDP").await;
        until("the rounds of both ends", || {
            rounds() == expected && is_earlier() == earlier
        })
        .await;
    }
}
