//! The recording that comes with the pages.

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use webrtc_tour::pages::replay::ReplayPage;

use crate::inspector::replay::open_file;
use crate::inspector::scene::{Look, set_input};
use crate::support::{Mounted, mount, until};

const BUTTON: &str = "Open an example: a call through a relay";

async fn sees_the_relay_and_why(page: &Mounted) {
    until("it is open", || page.has(".ladder")).await;
    page.tab("Candidates").await;
    until("a relay", || {
        page.text().contains("Connection type: Relay.")
    })
    .await;
    let selected = || page.texts("tr[data-selected=true]").concat();
    assert!(selected().starts_with("Relay port"), "{}", selected());
    let why = page.texts(".connection-type li").join(" ");
    assert!(why.contains("that the browser has dropped since"), "{why}");
    assert!(
        why.contains("were checked, and no answer has come"),
        "{why}"
    );
    assert!(
        page.texts(".pair-table td")
            .iter()
            .any(|cell| cell.ends_with(", dropped"))
    );
}

#[wasm_bindgen_test]
async fn the_example_shows_a_relay_and_why_it_was_used() {
    let page = mount(ReplayPage).await;
    assert!(page.text().contains("No recording is open."));
    assert!(!page.has(".replay-player"));
    page.click(BUTTON).await;
    sees_the_relay_and_why(&page).await;
    assert!(!page.text().contains("No recording is open."));
    assert!(
        page.text()
            .contains("Not in this recording, for want of room: 24 samples of statistics.")
    );

    page.tab("Statistics").await;
    until("what was measured when", || {
        page.text()
            .contains("The samples are 1 to 4 seconds apart.")
    })
    .await;
    page.tab("Candidates").await;

    // At the start, before any sample was taken, nothing is known of a relay.
    set_input(&page, "#replay-step", "1");
    until("no pair", || {
        page.text()
            .contains("No statistics were taken up to this step")
    })
    .await;

    // A file of no use takes nothing away, and the example can be opened anew.
    open_file(&page, "{}");
    until("it is refused", || {
        page.text().contains("no recording of WebRTC Tour")
    })
    .await;
    page.click(BUTTON).await;
    until("it is forgotten", || {
        !page.text().contains("no recording of WebRTC Tour")
    })
    .await;
    sees_the_relay_and_why(&page).await;
}

/// Has the page's address end in this until dropped.
struct Query(String);

impl Query {
    fn set(query: &str) -> Self {
        let location = web_sys::window().unwrap().location();
        let before = location.pathname().unwrap() + &location.search().unwrap();
        replace(&format!("{}{query}", location.pathname().unwrap()));
        Self(before)
    }
}

impl Drop for Query {
    fn drop(&mut self) {
        replace(&self.0);
    }
}

fn replace(address: &str) {
    let history = web_sys::window().unwrap().history().unwrap();
    history
        .replace_state_with_url(&JsValue::NULL, "", Some(address))
        .unwrap();
}

#[wasm_bindgen_test]
async fn an_address_leads_to_the_example_or_says_that_there_is_none() {
    let query = Query::set("?example=relay");
    let page = mount(ReplayPage).await;
    sees_the_relay_and_why(&page).await;
    drop((page, query));

    let _query = Query::set("?example=nonsense");
    let page = mount(ReplayPage).await;
    until("it is said", || {
        page.text().contains("There is no such example.")
    })
    .await;
    assert!(!page.has(".replay-player"));
    assert!(page.is_enabled(BUTTON));
}
