//! The state machines of a connection.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlSelectElement;

use crate::inspector::scene::{Look, choose, connected};
use crate::support::until;

#[wasm_bindgen_test]
async fn the_state_machines_show_the_state_and_the_way() {
    let page = connected().await;
    page.tab("States").await;
    until("there are five", || page.texts(".machine").len() == 5).await;
    let options = page.texts(".connection-picker option");
    assert_eq!(
        options,
        ["1: localPeer to remotePeer", "2: remotePeer to localPeer"]
    );
    let now = |machine: &str| {
        page.texts(&format!("#machine-{machine} .machine-now"))
            .concat()
    };
    until("it is connected", || now("connectionState") == "connected").await;
    assert_eq!(now("signalingState"), "stable");
    assert_eq!(
        page.texts("#machine-connectionState .is-now text"),
        ["connected"]
    );
    // Of the offerer, whose connection is the first.
    let way = || page.texts("#machine-signalingState .machine-path b");
    assert_eq!(way(), ["stable", "have-local-offer", "stable"]);
    choose(&page, ".connection-picker select", "2");
    until("the way of the answerer", || {
        way() == ["stable", "have-remote-offer", "stable"]
    })
    .await;
    let taken = page.texts("#machine-signalingState .machine-way.is-taken title");
    assert_eq!(taken.len(), 2, "{taken:?}");
    until("DTLS is told, too", || {
        now("RTCDtlsTransport-state") == "connected"
    })
    .await;
    page.tab("Statistics").await;
    until("the same connection", || {
        page.find::<HtmlSelectElement>("#inspector-panel .connection-picker select")
            .is_some_and(|select| select.value() == "2")
    })
    .await;
    page.tab("States").await;
    page.click("Stop").await;
    until("closing fires no event, but is seen", || {
        now("connectionState") == "closed"
    })
    .await;
}
