//! The drawer: how it opens and closes, its tabs, its height.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::inspector::scene::{Look, PairPage, focused, opened, style};
use crate::support::{mount, until};

#[wasm_bindgen_test]
async fn the_drawer_opens_closes_and_gives_the_focus_back() {
    style();
    let page = mount(PairPage).await;
    assert!(!page.has("#inspector"), "closed, it costs nothing");
    let button = page.button("Inspector");
    assert_eq!(
        button.get_attribute("aria-expanded").as_deref(),
        Some("false")
    );
    button.click();
    until("it is open", || page.has(".ladder")).await;
    assert_eq!(
        button.get_attribute("aria-expanded").as_deref(),
        Some("true")
    );
    page.get::<HtmlElement>("[role=tab]").focus().unwrap();
    page.press("[role=tab]", "Escape");
    until("it is closed", || !page.has("#inspector")).await;
    assert_eq!(focused(), "Inspector");
}

#[wasm_bindgen_test]
async fn tabs_and_height_follow_the_keyboard() {
    let page = opened(PairPage).await;
    let titles = page.texts("[role=tab]");
    assert_eq!(page.texts("[role=tab][aria-selected=true]"), ["Ladder"]);
    for (key, expected) in [
        ("ArrowLeft", titles.last().unwrap()),
        ("ArrowRight", &titles[0]),
        ("ArrowRight", &titles[1]),
        ("Home", &titles[0]),
        ("End", titles.last().unwrap()),
    ] {
        page.press("[role=tab][aria-selected=true]", key);
        until("another is chosen", || {
            page.texts("[role=tab][aria-selected=true]") == [expected.clone()]
        })
        .await;
        assert_eq!(focused(), *expected);
    }
    let height = || {
        page.get::<HtmlElement>(".inspector-handle")
            .get_attribute("aria-valuenow")
    };
    let first: u32 = height().unwrap().parse().unwrap();
    page.press(".inspector-handle", "ArrowUp");
    until("it is higher", || height() == Some((first + 5).to_string())).await;
    page.press(".inspector-handle", "Home");
    until("it is low", || height().as_deref() == Some("20")).await;

    // For who cannot drag.
    let press = || {
        let handle = page.get::<HtmlElement>(".inspector-handle");
        for kind in ["pointerdown", "pointerup"] {
            let event = web_sys::PointerEvent::new(kind).unwrap();
            handle.dispatch_event(&event).unwrap();
        }
    };
    press();
    until("it has all the height", || {
        height().as_deref() == Some("90")
    })
    .await;
    press();
    until("it is as before", || height() == Some(first.to_string())).await;
}

#[wasm_bindgen_test]
async fn a_chosen_tab_is_in_sight_where_not_all_have_room() {
    let page = opened(PairPage).await;
    let list: HtmlElement = page.get("[role=tablist]");
    let narrow = "max-width: 220px; overflow-x: auto; display: flex";
    list.set_attribute("style", narrow).unwrap();
    let in_sight = |selector: &str| {
        let tab = page.get::<HtmlElement>(selector).get_bounding_client_rect();
        let frame = list.get_bounding_client_rect();
        tab.left() >= frame.left() && tab.right() <= frame.right()
    };
    assert!(!in_sight("#inspector-tab-statistics"));
    // By its handler: no pointer reaches what is out of sight.
    page.tab("Statistics").await;
    until("it is in sight", || in_sight("#inspector-tab-statistics")).await;
    page.tab("Ladder").await;
    until("the first is in sight", || {
        in_sight("#inspector-tab-ladder")
    })
    .await;
}
