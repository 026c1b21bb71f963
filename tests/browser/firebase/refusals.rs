//! What the database and the transport do not do for just anybody.

use serde_json::{Value, json};
use signaling_protocol::RoomKind;
use wasm_bindgen_test::wasm_bindgen_test;
use webrtc_tour::signaling::Signaling;
use webrtc_tour::signaling::firebase::Account;
use webrtc_tour::signaling::firebase::config::Config;

use crate::firebase::person::{Person, Room, nothing};
use crate::firebase::rest::{Stranger, record_requests};
use crate::support::{server, trace};

#[wasm_bindgen_test]
async fn a_message_is_its_recipients_alone() {
    record_requests();
    let room = Room::new(RoomKind::Mesh);
    let kim = Person::join(&room, "Kim").await;
    let ada = Person::join(&room, "Ada").await;
    let eve = Person::join(&room, "Eve").await;
    // One more, with an entry, who keeps to no protocol.
    let mallory = Stranger::new().await;
    let now = json!({ ".sv": "timestamp" });
    let entry = json!({ "name": "Mallory", "kind": "mesh", "joinedAt": now, "seenAt": now });
    let own = format!("{}/participants/{}", room.path(), mallory.id);
    let (status, _) = mallory.ask("PUT", &own, Some(&entry)).await;
    assert_eq!(status, 200);

    ada.keep.set(true);
    kim.send(&ada, 0..10);
    ada.receives(&kim, 0..10).await;

    let inbox = |to: &str| format!("{}/messages/{to}", room.path());
    let mut places = ada
        .view
        .borrow()
        .inbox()
        .map(|row| row.key.clone())
        .collect::<Vec<_>>();
    places.retain(|place| place.from == kim.id().as_str());
    let place = places.last().unwrap();
    let (to, from) = (place.to.as_str(), place.from.as_str());
    let lies = format!("{}/{from}/{}", inbox(to), place.id);
    let forged = format!("{}/{from}/-zzzzzzzzzzzzzzzzzzz", inbox(to));
    let record = json!({ "message": "{}", "sentAt": now });
    let hidden = [inbox(to), format!("{}/{from}", inbox(to)), lies.clone()];
    for path in &hidden {
        assert_eq!(mallory.ask("GET", path, None).await.0, 401, "{path}");
        assert_eq!(mallory.ask("DELETE", path, None).await.0, 401, "{path}");
    }
    assert_eq!(mallory.ask("GET", &room.path(), None).await.0, 401);
    for path in [&lies, &forged] {
        let (status, _) = mallory.ask("PUT", path, Some(&record)).await;
        assert_eq!(status, 401, "{path}");
    }
    // It may do the same under its own name; so the place is what was refused.
    let honest = forged.replace(from, &mallory.id);
    let (status, answer) = mallory.ask("PUT", &honest, Some(&record)).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(mallory.get(&inbox(&mallory.id)).await, Value::Null);

    kim.send(&ada, 10..20);
    ada.receives(&kim, 0..20).await;
    assert!(ada.get(&lies).await.is_object());
    assert_eq!(eve.received(&kim), []);
    assert_eq!(eve.view.borrow().inbox().count(), 0);
    assert_eq!(eve.get(&inbox(eve.id().as_str())).await, Value::Null);
}

/// What `connect` says of a database.
async fn failure(config: Config) -> String {
    let room = Room::new(RoomKind::Call);
    let signaling = room.signaling(&Account::new(config), nothing(), &trace());
    match signaling.connect().await {
        Ok(_) => "a connection".to_owned(),
        Err(unreachable) => unreachable.to_string(),
    }
}

#[wasm_bindgen_test]
async fn what_is_no_database_for_us_is_said_in_words() {
    let here = web_sys::window().unwrap().location();
    let (origin, host) = (here.origin().unwrap(), here.host().unwrap());
    let embedded = Config::embedded(server());
    let bare = |database_url: &str| Config {
        database_url: database_url.to_owned(),
        namespace: None,
        api_key: None,
        auth_url: None,
    };
    assert_eq!(failure(embedded.clone()).await, "a connection");
    // Nobody listens at this port, and browsers do not refuse to ask.
    let said = failure(Config::embedded("http://127.0.0.1:2")).await;
    assert!(said.starts_with("no answer from 127.0.0.1:2"), "{said}");
    let said = failure(bare("http://127.0.0.1:2")).await;
    assert!(said.starts_with("no answer from 127.0.0.1:2"), "{said}");
    let said = failure(bare(&embedded.database_url)).await;
    assert!(said.starts_with("its rules refuse it"), "{said}");
    // The pages of these tests.
    let said = failure(bare(&origin)).await;
    let expected = format!("what answers at {host} is not a Realtime Database");
    assert!(said.starts_with(&expected), "{said}");
    let said = failure(Config {
        auth_url: Some(origin),
        ..embedded
    })
    .await;
    let expected = format!("what answers at {host} is not a sign-in");
    assert!(said.starts_with(&expected), "{said}");
}
