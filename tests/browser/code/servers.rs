//! The modules that signal through a server: the real one, which `cargo xtask test` starts.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::JSON;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::EventSource;
use webrtc_tour::rtc::random_hex;
use webrtc_tour::signaling::firebase::config::Config;

use crate::code::calls::End;
use crate::code::tools::{Unheard, object, text};
use crate::support::{server, until};

mod signaling {
    use super::*;

    #[wasm_bindgen(js_namespace = ["twins", "signaling"])]
    extern "C" {
        pub(super) type Room;
        pub(super) fn enter(address: &str, room: &str, handlers: &JsValue) -> Room;
        #[wasm_bindgen(method)]
        pub(super) fn signal(this: &Room, to: &str, signal: &JsValue);
        #[wasm_bindgen(method)]
        pub(super) fn leave(this: &Room);
    }
}

mod firebase {
    use super::*;

    #[wasm_bindgen(js_namespace = ["twins", "firebase"])]
    extern "C" {
        #[wasm_bindgen(catch, js_name = signIn)]
        pub(super) async fn sign_in(url: &str) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch)]
        pub(super) async fn request(
            method: &str,
            url: &str,
            account: &JsValue,
        ) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch)]
        pub(super) async fn enter(
            room: &str,
            account: &JsValue,
            on_message: &Closure<dyn FnMut(String, JsValue)>,
        ) -> Result<EventSource, JsValue>;
        #[wasm_bindgen(catch)]
        pub(super) async fn send(
            room: &str,
            account: &JsValue,
            to: &str,
            message: &JsValue,
        ) -> Result<JsValue, JsValue>;
    }
}

/// Somebody in a room of the server, who calls whom it meets there.
struct Caller {
    room: Rc<signaling::Room>,
    end: Rc<RefCell<Option<End>>>,
    left: Rc<RefCell<Vec<String>>>,
    _handlers: Vec<Box<dyn std::any::Any>>,
}

impl Caller {
    fn enter(name: &str) -> Self {
        let address = server().replacen("http", "ws", 1) + "/ws";
        let room: Rc<RefCell<Option<Rc<signaling::Room>>>> = Rc::default();
        let end: Rc<RefCell<Option<End>>> = Rc::default();
        let left: Rc<RefCell<Vec<String>>> = Rc::default();
        // What `call` posts goes to the peer; what comes from there is given to it.
        let wire = object(&[]);
        let (of_peer, of_room, made) = (wire.clone(), room.clone(), end.clone());
        let sending = Rc::new(RefCell::new(None));
        let on_peer: Closure<dyn FnMut(String, bool)> =
            Closure::new(move |peer: String, polite| {
                let room = of_room.borrow().clone();
                let post: Closure<dyn FnMut(String)> = Closure::new(move |signal: String| {
                    if let Some(room) = &room {
                        room.signal(&peer, &signal.into());
                    }
                });
                js_sys::Reflect::set(&of_peer, &"postMessage".into(), post.as_ref()).unwrap();
                *sending.borrow_mut() = Some(post);
                *made.borrow_mut() = Some(End::new(&of_peer, polite));
            });
        let on_signal: Closure<dyn FnMut(JsValue, JsValue)> = Closure::new(move |_, data| {
            let handle: js_sys::Function =
                wasm_bindgen::JsCast::unchecked_into(crate::code::tools::field(&wire, "onmessage"));
            handle.call1(&wire, &object(&[("data", data)])).unwrap();
        });
        let noted = left.clone();
        let on_left: Closure<dyn FnMut(String)> =
            Closure::new(move |peer| noted.borrow_mut().push(peer));
        let handlers = object(&[
            ("onPeer", on_peer.as_ref().clone()),
            ("onSignal", on_signal.as_ref().clone()),
            ("onLeft", on_left.as_ref().clone()),
        ]);
        let entered = Rc::new(signaling::enter(&address, name, &handlers));
        *room.borrow_mut() = Some(entered.clone());
        Self {
            room: entered,
            end,
            left,
            _handlers: vec![Box::new((on_peer, on_signal, on_left))],
        }
    }

    fn is_settled(&self) -> bool {
        self.end
            .borrow()
            .as_ref()
            .is_some_and(|end| end.is_settled(1))
    }
}

#[wasm_bindgen_test]
async fn two_who_enter_a_room_of_the_server_are_connected() {
    let unheard = Unheard::watch().await;
    let name = format!("code-{}", random_hex::<6>());
    let (one, other) = (Caller::enter(&name), Caller::enter(&name));
    until("both are connected", || {
        one.is_settled() && other.is_settled()
    })
    .await;
    one.room.leave();
    until("the other hears of it", || other.left.borrow().len() == 1).await;
    other.room.leave();
    unheard.expect_none();
}

#[wasm_bindgen_test]
async fn a_message_goes_through_the_database_once_and_is_removed() {
    let unheard = Unheard::watch().await;
    let config = Config::embedded(server());
    let place = config.resource(&format!("rooms/code-{}", random_hex::<6>()));
    let room = place.strip_suffix(".json").unwrap();
    let sign_up = config.sign_up_url().unwrap();
    let heard = Rc::new(RefCell::new(Vec::new()));
    let mut held = Vec::new();
    for _ in 0..2 {
        let account = firebase::sign_in(&sign_up).await.unwrap();
        let (me, noted) = (text(&account, "me"), heard.clone());
        let on_message = Closure::new(move |from, message: JsValue| {
            let message = JSON::stringify(&message).unwrap();
            noted
                .borrow_mut()
                .push((me.clone(), from, String::from(message)));
        });
        let events = firebase::enter(room, &account, &on_message).await.unwrap();
        held.push((account, events, on_message));
    }
    let id = |index: usize| text(&held[index].0, "me");
    let say = async |from: usize, to: usize, what: &str| {
        let message = object(&[("says", what.into())]);
        firebase::send(room, &held[from].0, &id(to), &message)
            .await
            .unwrap();
    };
    say(0, 1, "one").await;
    say(0, 1, "two").await;
    until("both arrive", || heard.borrow().len() == 2).await;
    say(1, 0, "three").await;
    until("the answer arrives", || heard.borrow().len() == 3).await;
    let expected =
        |to: usize, from: usize, what: &str| (id(to), id(from), format!("{{\"says\":\"{what}\"}}"));
    let all = [
        expected(1, 0, "one"),
        expected(1, 0, "two"),
        expected(0, 1, "three"),
    ];
    assert_eq!(*heard.borrow(), all);
    let inbox = format!("{room}/messages/{}", id(1));
    let began = webrtc_tour::rtc::now_ms();
    while !firebase::request("GET", &inbox, &held[1].0)
        .await
        .unwrap()
        .is_null()
    {
        assert!(
            webrtc_tour::rtc::now_ms() - began < 10_000.0,
            "what was read is removed"
        );
    }
    for (_, events, _) in &held {
        events.close();
    }
    unheard.expect_none();
}
