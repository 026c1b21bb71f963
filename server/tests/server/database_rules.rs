//! The rules that this project ships: for each of them what it allows and what it refuses.

use serde_json::{Value, json};
use signaling_protocol::RoomId;
use signaling_protocol::database::{EXPIRES_AFTER_MS, MAX_MESSAGE_UNITS, room_path};
use webrtc_tour_server::rtdb::rules::{Request, Rules};
use webrtc_tour_server::rtdb::{Key, Node, Path};

const NOW: u64 = 1_700_000_000_000;
const ID: &str = "-JhLeOlGIEjaIOFHR0xd";

/// Ann and Bob are here, Eve is signed in and elsewhere, Old has expired, Gone has left and has
/// yet an unread message from Ann.
struct Room {
    rules: Rules,
    tree: Node,
}

fn path(text: &str) -> Path {
    let keys = text.split('/').filter(|key| !key.is_empty());
    keys.map(Key::new).collect()
}

fn entry(joined_at: u64, seen_at: u64) -> Value {
    json!({"name": "", "kind": "mesh", "joinedAt": joined_at, "seenAt": seen_at})
}

fn message(text: &str) -> Value {
    json!({"message": text, "sentAt": NOW})
}

impl Room {
    fn new() -> Self {
        let rules = include_str!("../../protocol/database.rules.json");
        let old = json!({"message": "{}", "sentAt": NOW - 500});
        let inbox = |from: &str| json!({from: {ID: old}});
        let room = json!({
            "participants": {
                "ann": entry(NOW - 90_000, NOW - 4_000),
                "bob": entry(NOW - 80_000, NOW - EXPIRES_AFTER_MS),
                "old": entry(NOW - 70_000, NOW - EXPIRES_AFTER_MS - 1),
            },
            "messages": {
                "ann": {"bob": {ID: old, "-JhLeOlGIEjaIOFHR0xe": old}, "old": {ID: old}},
                "bob": inbox("ann"),
                "old": inbox("ann"),
                "gone": inbox("ann"),
            },
        });
        let tree = json!({
            "iceServers": [{"urls": "stun:stun.example"}],
            "rooms": {"r": room},
        });
        Self {
            rules: Rules::parse(rules).unwrap(),
            tree: Node::from_json(&tree),
        }
    }

    fn reads(&self, uid: Option<&str>, at: &str) -> bool {
        let auth = uid.map(|uid| json!({"uid": uid, "provider": "anonymous"}));
        let request = Request {
            auth: auth.as_ref(),
            now_ms: NOW,
            before: &self.tree,
            after: None,
        };
        self.rules.may_read(request, &path(at))
    }

    /// One request that sets all these.
    fn writes(&self, uid: Option<&str>, base: &str, values: &[(&str, Value)]) -> bool {
        let auth = uid.map(|uid| json!({"uid": uid, "provider": "anonymous"}));
        let at: Vec<_> = values
            .iter()
            .map(|(at, _)| path(&format!("{base}/{at}")))
            .collect();
        let mut after = self.tree.clone();
        for (at, (_, value)) in at.iter().zip(values) {
            after.set(at, Node::from_json(value));
        }
        let request = Request {
            auth: auth.as_ref(),
            now_ms: NOW,
            before: &self.tree,
            after: Some(&after),
        };
        at.iter().all(|at| self.rules.may_write(request, at))
    }

    /// Each case: who, where in the room, what, and whether that is allowed.
    fn assert_writes(&self, cases: &[(&str, &str, Value, bool)]) {
        for (uid, at, value, allowed) in cases {
            let done = self.writes(Some(uid), "rooms/r", &[(at, value.clone())]);
            assert_eq!(done, *allowed, "{uid} writes {value} at {at}");
            let anonymous = self.writes(None, "rooms/r", &[(at, value.clone())]);
            assert!(
                !anonymous,
                "somebody who is not signed in writes {value} at {at}"
            );
        }
    }
}

#[test]
fn reading() {
    let room = Room::new();
    for (uid, at, allowed) in [
        ("eve", "iceServers", true),
        ("eve", "iceServers/0/urls", true),
        ("eve", "rooms/r/participants", true),
        ("eve", "rooms/r/participants/ann/seenAt", true),
        ("ann", "rooms/r/messages/ann", true),
        ("ann", "rooms/r/messages/ann/bob", true),
        // What one has sent, and nobody has read.
        ("ann", "rooms/r/messages/bob/ann", true),
        // Another's inbox, or what a third one sent.
        ("ann", "rooms/r/messages/bob", false),
        ("eve", "rooms/r/messages/ann", false),
        ("eve", "rooms/r/messages/ann/bob", false),
        ("old", "rooms/r/messages/ann/bob", false),
        // Wholesale.
        ("ann", "rooms/r/messages", false),
        ("ann", "rooms/r", false),
        ("ann", "rooms", false),
        ("ann", "", false),
        ("ann", "elsewhere", false),
    ] {
        assert_eq!(room.reads(Some(uid), at), allowed, "{uid} reads {at}");
        assert!(
            !room.reads(None, at),
            "somebody who is not signed in reads {at}"
        );
    }
}

#[test]
fn coming_in() {
    let new = || entry(NOW, NOW);
    let with = |key: &str, value: Value| {
        let mut entry = new();
        entry[key] = value;
        entry
    };
    Room::new().assert_writes(&[
        ("eve", "participants/eve", new(), true),
        (
            "eve",
            "participants/eve",
            with("name", json!("é".repeat(40))),
            true,
        ),
        (
            "eve",
            "participants/eve",
            with("name", json!("e".repeat(41))),
            false,
        ),
        ("eve", "participants/eve", with("name", json!(7)), false),
        ("eve", "participants/eve", with("name", json!(null)), false),
        (
            "eve",
            "participants/eve",
            with("joinedAt", json!(NOW - 1)),
            false,
        ),
        (
            "eve",
            "participants/eve",
            with("joinedAt", json!(null)),
            false,
        ),
        (
            "eve",
            "participants/eve",
            with("seenAt", json!(NOW + 1)),
            false,
        ),
        (
            "eve",
            "participants/eve",
            with("seenAt", json!(NOW.to_string())),
            false,
        ),
        ("eve", "participants/eve", with("kind", json!("call")), true),
        (
            "eve",
            "participants/eve",
            with("kind", json!("chat")),
            false,
        ),
        ("eve", "participants/eve", with("kind", json!(null)), false),
        ("eve", "participants/eve", with("more", json!(1)), false),
        ("eve", "participants/eve", json!("eve"), false),
        // As somebody else, who is there or not.
        ("eve", "participants/ann", new(), false),
        ("eve", "participants/mallory", new(), false),
        // All of them at once.
        ("eve", "participants", json!({"eve": new()}), false),
        ("eve", "", json!({"participants": {"eve": new()}}), false),
    ]);
}

#[test]
fn rooms_have_names_of_bounded_length() {
    let room = Room::new();
    let longest = RoomId::new(&"/".repeat(RoomId::MAX_CHARS)).unwrap();
    let too_long = format!("rooms/{}", "x".repeat(193));
    for (base, allowed) in [
        (room_path(&longest), true),
        (too_long, false),
        ("rooms/of/r".to_owned(), false),
        ("elsewhere/r".to_owned(), false),
    ] {
        let values = [("participants/eve", entry(NOW, NOW))];
        assert_eq!(room.writes(Some("eve"), &base, &values), allowed, "{base}");
    }
}

#[test]
fn staying() {
    Room::new().assert_writes(&[
        ("ann", "participants/ann/seenAt", json!(NOW), true),
        ("ann", "participants/ann/seenAt", json!(NOW - 1), false),
        ("ann", "participants/ann/seenAt", json!(NOW + 60_000), false),
        ("ann", "participants/ann/seenAt", json!(null), false),
        ("ann", "participants/ann/name", json!("Ann"), true),
        (
            "ann",
            "participants/ann/joinedAt",
            json!(NOW - 90_001),
            false,
        ),
        ("ann", "participants/ann", entry(NOW - 90_000, NOW), true),
        // As if it had left and come in again, which it could do.
        ("ann", "participants/ann", entry(NOW, NOW), true),
        ("ann", "participants/ann", entry(NOW - 1, NOW), false),
        // Others have counted on how many it can be in a call with.
        ("ann", "participants/ann/kind", json!("call"), false),
        (
            "ann",
            "participants/ann",
            json!({"name": "", "kind": "call", "joinedAt": NOW, "seenAt": NOW}),
            true,
        ),
        // For somebody else.
        ("bob", "participants/ann/seenAt", json!(NOW), false),
        ("bob", "participants/old/seenAt", json!(NOW), false),
        // A late heartbeat does not bring back who was removed.
        ("gone", "participants/gone/seenAt", json!(NOW), false),
    ]);
}

#[test]
fn leaving_and_being_removed() {
    let nothing = || json!(null);
    Room::new().assert_writes(&[
        ("ann", "participants/ann", nothing(), true),
        ("eve", "participants/old", nothing(), true),
        ("old", "participants/old", nothing(), true),
        // Somebody else was faster.
        ("eve", "participants/gone", nothing(), true),
        // They were seen within 30 seconds, though only just.
        ("eve", "participants/bob", nothing(), false),
        ("bob", "participants/ann", nothing(), false),
        ("eve", "participants/old/seenAt", nothing(), false),
        ("eve", "participants/old", entry(NOW, NOW), false),
        ("ann", "participants", nothing(), false),
        ("ann", "", nothing(), false),
        // Inboxes go with them.
        ("ann", "messages/ann", nothing(), true),
        ("eve", "messages/old", nothing(), true),
        ("eve", "messages/gone", nothing(), true),
        ("bob", "messages/ann", nothing(), false),
        ("eve", "messages/bob", nothing(), false),
        ("ann", "messages", nothing(), false),
    ]);
}

#[test]
fn sending() {
    let id = |to: &str, from: &str, id: &str| format!("messages/{to}/{from}/{id}");
    let new = "-JhLeOlGIEjaIOFHR0xf";
    let (to_bob, to_ann) = (id("bob", "ann", new), id("ann", "bob", new));
    let longest = "é".repeat(MAX_MESSAGE_UNITS);
    let with = |key: &str, value: Value| {
        let mut record = message("{}");
        record[key] = value;
        record
    };
    Room::new().assert_writes(&[
        ("ann", &to_bob, message("{}"), true),
        ("ann", &to_bob, message(&longest), true),
        ("ann", &to_bob, message(&(longest.clone() + "x")), false),
        (
            "ann",
            &to_bob,
            with("message", json!({"type": "left"})),
            false,
        ),
        ("ann", &to_bob, with("message", json!(null)), false),
        ("ann", &to_bob, with("sentAt", json!(NOW - 1)), false),
        ("ann", &to_bob, with("sentAt", json!(null)), false),
        ("ann", &to_bob, with("more", json!(1)), false),
        ("ann", &to_bob, json!("{}"), false),
        ("ann", &format!("{to_bob}/message"), json!("{}"), false),
        // Its own again, even what is to be read yet.
        ("ann", &id("bob", "ann", ID), message("{}"), true),
        (
            "ann",
            &format!("{}/message", id("bob", "ann", ID)),
            json!("{}"),
            true,
        ),
        (
            "ann",
            &format!("{}/message", id("bob", "ann", ID)),
            json!(null),
            false,
        ),
        (
            "ann",
            &format!("{}/more", id("bob", "ann", ID)),
            json!(1),
            false,
        ),
        // In the name of somebody else.
        ("ann", &to_ann, message("{}"), false),
        ("eve", &to_ann, message("{}"), false),
        ("eve", &id("ann", "bob", ID), message("{}"), false),
        // To itself.
        ("ann", &id("ann", "ann", new), message("{}"), false),
        // To somebody who is not there, or by somebody who is not.
        ("ann", &id("eve", "ann", new), message("{}"), false),
        ("ann", &id("gone", "ann", new), message("{}"), false),
        ("ann", &id("gone", "ann", ID), message("{}"), false),
        ("eve", &id("ann", "eve", new), message("{}"), false),
        // Ids that sort by time, and nothing that could hide among them.
        ("ann", &id("bob", "ann", "short"), message("{}"), false),
        (
            "ann",
            &id("bob", "ann", "-JhLeOlGIEjaIOFHR0x~"),
            message("{}"),
            false,
        ),
        (
            "ann",
            &id("bob", "ann", "-JhLeOlGIEjaIOFHR0xdd"),
            message("{}"),
            false,
        ),
        // More than one at once without their paths.
        (
            "ann",
            "messages/bob/ann",
            json!({new: message("{}")}),
            false,
        ),
        (
            "ann",
            "messages/bob",
            json!({"ann": {new: message("{}")}}),
            false,
        ),
    ]);
}

#[test]
fn removing_messages() {
    let nothing = || json!(null);
    let of = |to: &str, from: &str| format!("messages/{to}/{from}/{ID}");
    Room::new().assert_writes(&[
        ("ann", &of("ann", "bob"), nothing(), true),
        // The sender, the last of the inbox among them, or a third one.
        ("bob", &of("ann", "bob"), nothing(), false),
        ("ann", &of("bob", "ann"), nothing(), false),
        ("eve", &of("ann", "bob"), nothing(), false),
        ("eve", &of("bob", "ann"), nothing(), false),
    ]);
}

#[test]
fn each_path_of_a_patch_is_judged_with_the_room_as_it_was() {
    let room = Room::new();
    let nothing = || json!(null);
    let left = |to: &str, from: &str| {
        let at = format!("messages/{to}/{from}/-JhLeOlGIEjaIOFHR0xf");
        (at, message(r#"{"type":"left"}"#))
    };
    let at_room = |uid: &str, values: &[(String, Value)]| {
        let values: Vec<_> = values
            .iter()
            .map(|(at, value)| (at.as_str(), value.clone()))
            .collect();
        room.writes(Some(uid), "rooms/r", &values)
    };
    let gone = |uid: &str| {
        vec![
            (format!("participants/{uid}"), nothing()),
            (format!("messages/{uid}"), nothing()),
        ]
    };
    // Leaving says so, while one is still there.
    assert!(at_room(
        "ann",
        &[gone("ann"), vec![left("bob", "ann")]].concat()
    ));
    assert!(!at_room(
        "ann",
        &[gone("ann"), vec![left("bob", "old")]].concat()
    ));
    assert!(!at_room("eve", &gone("ann")));
    // The expired are removed by anybody, two at once, too; others not along with them.
    assert!(at_room("eve", &gone("old")));
    assert!(at_room("eve", &gone("gone")));
    assert!(!at_room("eve", &[gone("old"), gone("bob")].concat()));
    // Coming in and writing at once: who writes is not there yet.
    let enter = ("participants/eve".to_owned(), entry(NOW, NOW));
    assert!(!at_room("eve", &[enter.clone(), left("ann", "eve")]));
    assert!(at_room("eve", &[enter]));
    // Several messages, read ones of several senders.
    assert!(at_room("ann", &[left("bob", "ann"), left("old", "ann")]));
    assert!(!at_room("ann", &[left("bob", "ann"), left("gone", "ann")]));
    let read = ["bob", "old"].map(|from| (format!("messages/ann/{from}/{ID}"), nothing()));
    assert!(at_room("ann", &read));
    assert!(!at_room("bob", &read));
    // A record in pieces is whole in the end, but its id is still checked.
    let pieces = |id: &str| {
        [("message", json!("{}")), ("sentAt", json!(NOW))]
            .map(|(key, value)| (format!("messages/bob/ann/{id}/{key}"), value))
    };
    assert!(at_room("ann", &pieces("-JhLeOlGIEjaIOFHR0xf")));
    assert!(!at_room("ann", &pieces("anything")));
}

#[test]
fn the_rest_belongs_to_the_owner() {
    let room = Room::new();
    for at in [
        "iceServers",
        "iceServers/0",
        "rooms",
        "rooms/r/more",
        "x",
        "",
    ] {
        for value in [json!(null), json!(1), json!({"a": 1})] {
            assert!(
                !room.writes(Some("ann"), "", &[(at, value.clone())]),
                "{value} at {at}"
            );
        }
    }
}
