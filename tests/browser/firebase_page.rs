//! The pages about Firebase: the choice of a database, what is seen of it, the order of contacts.

use std::cell::RefCell;

use crate::support::{Mounted, mount, until};
use leptos::prelude::*;
use signaling_protocol::RoomKind;
use signaling_protocol::database::{Entry, Message, Record};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, HtmlElement, HtmlInputElement, HtmlTextAreaElement};
use webrtc_tour::components::DatabasePanel;
use webrtc_tour::hooks::{FirebaseHook, use_call, use_call_media, use_trace};
use webrtc_tour::pages::firebase::{FirebaseMeshPage, FirebasePage};
use webrtc_tour::rtc::now_ms;
use webrtc_tour::signaling::firebase::watch::{GONE_FOR_MS, MessageKey};
use webrtc_tour::signaling::transport::Transport;

const PROJECT: &str = "const firebaseConfig = {
  apiKey: \"AIzaSy\",
  databaseURL: 'https://tour-default-rtdb.firebaseio.com/',
};";

fn text_of(page: &Mounted, selector: &str) -> String {
    let element = page.find::<HtmlElement>(selector);
    element.and_then(|e| e.text_content()).unwrap_or_default()
}

fn paste(page: &Mounted, text: &str) {
    let area = page.get::<HtmlTextAreaElement>("#firebase-config");
    area.set_value(text);
    area.dispatch_event(&Event::new("input").unwrap()).unwrap();
}

fn stored() -> Option<String> {
    let storage = window().local_storage().unwrap().unwrap();
    storage.get_item("firebase").unwrap()
}

#[wasm_bindgen_test]
async fn the_local_video_is_there_before_the_call() {
    let page = mount(FirebasePage).await;
    page.click("Start preview").await;
    page.plays("localVideo").await;
    assert!(page.is_enabled("Join") && !page.is_enabled("Hang Up"));
    assert!(text_of(&page, "#database-empty").contains("Press Join"));
    assert!(page.find::<HtmlElement>("#contact-times").is_none());
}

#[wasm_bindgen_test]
async fn a_project_is_pasted_kept_and_left_with_one_click() {
    let page = mount(FirebasePage).await;
    let in_use = |page: &Mounted| text_of(page, "#database-in-use");
    assert!(in_use(&page).contains("embedded") && in_use(&page).contains("/rtdb"));
    assert!(!page.is_enabled("Back to the embedded database"));

    paste(&page, "const firebaseConfig = { apiKey: \"AIzaSy\" };");
    page.click("Use this database").await;
    let error = || text_of(&page, "#firebase-config-error");
    until("it is said what is missing", || {
        error().contains("databaseURL")
    })
    .await;
    assert!(in_use(&page).contains("embedded"));
    assert_eq!(stored(), None);

    paste(&page, PROJECT);
    until("the error is gone", || error().is_empty()).await;
    page.click("Use this database").await;
    until("it is used", || {
        in_use(&page).contains("tour-default-rtdb.firebaseio.com")
    })
    .await;
    assert!(
        page.get::<HtmlTextAreaElement>("#firebase-config")
            .value()
            .is_empty()
    );
    until("it is kept", || {
        stored().is_some_and(|text| text.contains("AIzaSy"))
    })
    .await;
    drop(page);

    let page = mount(FirebaseMeshPage).await;
    assert!(in_use(&page).contains("tour-default-rtdb.firebaseio.com"));
    page.click("Back to the embedded database").await;
    until("the embedded one is used", || {
        in_use(&page).contains("embedded")
    })
    .await;
    until("nothing is kept", || stored().is_none()).await;
}

#[wasm_bindgen_test]
async fn a_room_cannot_have_the_name_of_a_page() {
    let page = mount(FirebasePage).await;
    let room = page.get::<HtmlInputElement>("#room");
    room.set_value("mesh");
    room.dispatch_event(&Event::new("input").unwrap()).unwrap();
    page.click("Join").await;
    until("it is said", || {
        page.text().contains("/firebase/mesh is a page of its own")
    })
    .await;
    assert!(page.is_enabled("Join"));
}

#[wasm_bindgen_test]
async fn the_order_of_contacts_can_be_chosen() {
    let page = mount(FirebaseMeshPage).await;
    let radio = |number: usize| {
        page.get::<HtmlInputElement>(&format!(".contacts label:nth-of-type({number}) input"))
    };
    assert!(radio(1).checked() && !radio(2).checked());
    radio(2).click();
    until("one after the other", || {
        !radio(1).checked() && radio(2).checked()
    })
    .await;
}

thread_local! {
    static FIREBASE: RefCell<Option<FirebaseHook>> = const { RefCell::new(None) };
}

#[component]
fn Panel() -> impl IntoView {
    let trace = use_trace();
    let call = use_call(
        trace,
        RoomKind::Call,
        use_call_media(trace),
        Transport::Firebase,
    );
    FIREBASE.set(Some(call.firebase));
    view! {
        <h1>"A panel"</h1>
        <DatabasePanel call />
    }
}

#[wasm_bindgen_test]
async fn messages_appear_are_read_and_vanish() {
    let page = mount(Panel).await;
    let firebase = FIREBASE.take().unwrap();
    let record = |message: &Message| Record {
        message: serde_json::to_string(message).unwrap(),
        sent_at: 1,
    };
    let place = MessageKey::new("me-1234567", "kim-1234567", "-a");
    let entry = Entry {
        name: "Kim".to_owned(),
        kind: RoomKind::Call,
        joined_at: 1,
        seen_at: 1,
    };
    firebase.view.update(|view| {
        view.handle_entered("rooms/kitchen".to_owned(), "me-1234567".to_owned());
        view.handle_participants(&[("kim-1234567".to_owned(), entry)].into(), now_ms());
        let joined = Message::Joined {
            name: "Kim".to_owned(),
        };
        view.handle_message(place.clone(), &record(&joined), now_ms());
        let to_nobody = MessageKey::new("robin-99", "me-1234567", "-b");
        view.handle_message(to_nobody, &record(&Message::Left), now_ms());
    });
    let row = || text_of(&page, "#inbox tbody");
    until("the message", || {
        row().contains("Kim → you") && row().contains("there")
    })
    .await;
    assert!(text_of(&page, "#sent tbody").contains("you → Guest "));
    assert!(text_of(&page, "#participants").contains("kim-1234567"));
    firebase.view.update(|view| view.handle_read(&place));
    until("it is read", || row().contains("read")).await;
    let gone_at = now_ms();
    firebase
        .view
        .update(|view| view.handle_gone(&place, gone_at));
    until("it is crossed out", || {
        page.find::<HtmlElement>("#inbox tr.is-gone").is_some()
    })
    .await;
    until("it vanishes", || row().is_empty()).await;
    assert!(now_ms() - gone_at >= GONE_FOR_MS);
    let keep = page.get::<HtmlElement>("label.switch input");
    keep.unchecked_into::<HtmlInputElement>().click();
    assert!(firebase.keep.get_untracked());
}
