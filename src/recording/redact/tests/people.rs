//! Names that people chose, and what a page traces of them: none is to be left, whatever it is.

use std::borrow::Cow;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::recording::{Recording, Sample};
use crate::trace::vocabulary::{PAGE, Part};
use crate::trace::{Detail, Direction, Entry, Payload, Piece, Private, Trace, Tracer, detail};

/// What people, rooms and devices are called.
fn name() -> impl Strategy<Value = String> {
    let awkward = prop::sample::select(vec![
        "Ada Lovelace",
        "video",
        "x/y z",
        "a",
        "Dr.",
        "Wow!",
        "a:b",
        "39feccd4-a034-4799-83c8-191057fe1373",
        "0f1e-2d.local",
        "192.168.1.7",
        // As parts of the page are.
        "page",
        "call",
        "signaling",
        "localPeer",
        "remotePeer",
        // As placeholders are.
        "room-1",
        "room-12",
        "peer-1",
        "peer-2",
        "name-1",
        "user-1",
        "device-1",
        "mdns-1.local",
        "ipv4-private-1",
        "foundation1",
        "Jane name-2",
        "x/peer-3",
        // As parts of an address and what stands around values are.
        ":",
        "=",
        "::1",
        "2004",
        "81b::2004",
        "on 2a00",
        "/call/",
        // As states and words of our own messages are.
        "connected",
        "peerJoined",
        "type",
        "peerId",
    ]);
    prop_oneof![
        2 => awkward.prop_map(str::to_owned),
        1 => "[a-zA-Z0-9äß_-]{1,9}",
    ]
}

/// Somebody in a room, and what else is known of them.
#[derive(Clone, Debug)]
struct Person {
    id: String,
    name: String,
    device: String,
    /// Whether they show this page what happens at theirs.
    joined: bool,
}

fn person() -> impl Strategy<Value = Person> {
    let fields = (name(), name(), name(), any::<bool>());
    fields.prop_map(|(id, name, device, joined)| Person {
        id,
        name,
        device,
        joined,
    })
}

fn signal(tracer: &Tracer, other: Option<&str>, message: Value, what: impl Into<Detail>) {
    let payload = Payload::Signal {
        direction: Direction::Received,
        other: other.map(str::to_owned),
        message,
    };
    tracer.with(payload).signal("receive", what);
}

/// Nobody is called like any part of these that tells where somebody is or opens something.
fn telling() -> [Detail; 6] {
    [
        detail!["on ", Private::Address.of("2a00:1450:4001:81b::2004")],
        detail!["(", Private::Address.of("192.168.117.23"), ")"],
        Private::Url
            .of("wss://[2a00:1450:4001:81b::2004]/?token=k9=f3!x")
            .into(),
        detail!["`", Private::Url.of("wss://[::1]/?token=k9f3x="), "`"],
        detail![
            "signed in with ",
            Private::Token.of("k9f3x="),
            " and ",
            Private::Token.of("k9=f3!x"),
            ", said «",
            Private::Token.of("k9f3x="),
            "»"
        ],
        detail![
            "fingerprint ",
            Private::Fingerprint.of("CF:1A:2B:3C:4D:5E:6F:70:81:92:A3:B4:C5:D6:E7:F8:09")
        ],
    ]
}

/// What a page traces that is in a room with these people.
fn traced(room: &str, people: &[Person], said: &str) -> Recording {
    let trace = Trace::new(|| 0.0);
    trace.tracer("page").call("getUserMedia", said.to_owned());
    let signaling = trace.tracer("signaling");
    let join = json!({ "type": "join", "room": room });
    signal(
        &signaling,
        None,
        join,
        detail!["join ", Private::Room.of(room)],
    );
    for detail in telling() {
        signaling.event("message", detail.to_string());
        signaling.event("message", detail);
    }
    signaling
        .for_connection()
        .state("connectionState", "connected");
    for Person {
        id,
        name,
        device,
        joined,
    } in people
    {
        let here = trace.tracer(id).toward(id).for_connection();
        let told = json!({ "type": "peerJoined", "peerId": id, "name": name });
        let who = detail!["peerJoined ", Private::Peer.of(id)];
        signal(&signaling, None, told, who);
        here.event("video track", Private::Device.of(device));
        here.event("video track", device.clone());
        let candidate =
            json!({ "candidate": { "candidate": "candidate:1 1 udp 1 x 9" }, "to": id });
        signal(
            &trace.tracer("call"),
            Some(id),
            candidate,
            Private::Peer.of(id),
        );
        here.state("connectionState", format!("with {name} at {device} ({id})"));
        if *joined {
            let there = trace.tracer(id).toward(PAGE).for_connection();
            there.call("getUserMedia", device.clone());
            signal(&trace.tracer(id), Some(PAGE), json!([said]), "offer");
        }
    }
    let stats = json!([{ "id": "T", "type": "transport", "kind": "video" }]);
    let sample = Sample {
        at_ms: 1.0,
        connection: 1,
        stats,
    };
    Recording::new(trace.entries(), vec![sample])
}

/// Texts in which people and rooms may be spoken of: not those that this program wrote.
fn texts(entries: &[Entry]) -> Vec<String> {
    fn strings(value: &Value, to: &mut Vec<String>) {
        match value {
            Value::String(text) => to.push(text.clone()),
            Value::Array(values) => values.iter().for_each(|value| strings(value, to)),
            Value::Object(fields) => {
                let is_of_people = |key: &str| !matches!(key, "candidate" | "type");
                let fields = fields.iter().filter(|(key, _)| is_of_people(key));
                fields.for_each(|(_, value)| strings(value, to));
            }
            _ => {}
        }
    }
    let mut texts = Vec::new();
    for entry in entries {
        let pieces = entry.detail.pieces().iter();
        texts.extend(pieces.filter_map(|piece| match piece {
            Piece::Text(Cow::Owned(text)) => Some(text.clone()),
            Piece::Value(value) => Some(value.text.clone()),
            _ => None,
        }));
        if let Some(Payload::Signal { message, .. }) = entry.payload.as_deref() {
            strings(message, &mut texts);
        }
    }
    texts
}

/// Who an entry is by, whom its connection leads to, and whom its signal went to.
fn ends(entry: &Entry) -> [Option<&str>; 3] {
    let of = entry.connection.as_ref();
    let other = match entry.payload.as_deref() {
        Some(Payload::Signal { other, .. }) => other.as_deref(),
        _ => None,
    };
    [
        Some(&*entry.peer),
        of.and_then(|of| of.to.as_deref()),
        other,
    ]
}

/// Whether a text has this as a word or as words.
fn speaks_of(text: &str, name: &str) -> bool {
    let ends = |rest: Option<char>| rest.is_none_or(|c| c.is_whitespace() || ",()".contains(c));
    let mut places = text.match_indices(name);
    places.any(|(at, _)| {
        ends(text[..at].chars().next_back()) && ends(text[at + name.len()..].chars().next())
    })
}

proptest! {
    #[test]
    fn no_name_is_left_whatever_it_is(
        room in name(),
        people in proptest::collection::vec(person(), 0..4),
        words in proptest::collection::vec(name(), 0..4),
    ) {
        let whole = traced(&room, &people, &words.join(" "));
        let redacted = whole.redacted();
        let names = people.iter().flat_map(|person| [&person.id, &person.name, &person.device]);
        let shown = texts(redacted.entries());
        for name in names.chain([&room]) {
            for text in &shown {
                prop_assert!(!speaks_of(text, name), "{:?} in {:?}", name, text);
            }
        }
        for (before, after) in whole.entries().iter().zip(redacted.entries()) {
            let text = after.detail.text();
            let tells = telling().iter().any(|of| of.text() == before.detail.text());
            for part in ["1450", "4001", "117", "k9", "f3", "81:92", "E7:F8"] {
                prop_assert!(!tells || !text.contains(part), "{:?} in {:?}", part, text);
            }
            let is_state = &*before.name == "connectionState" && before.detail == "connected";
            prop_assert!(!is_state || after.detail == "connected", "{:?}", after.detail);
            if let Some(Payload::Signal { message, .. }) = before.payload.as_deref()
                && let Some(kind) = message.get("type")
                && let Some(Payload::Signal { message, .. }) = after.payload.as_deref()
            {
                prop_assert_eq!(Some(kind), message.get("type"));
            }
        }
        // Who is the same stays the same, and who is not does not become it.
        let pairs: Vec<_> = whole.entries().iter().zip(redacted.entries()).collect();
        for (before, after) in &pairs {
            for (one, shown) in ends(before).into_iter().zip(ends(after)) {
                prop_assert_eq!(one.is_some(), shown.is_some());
                let Some((one, shown)) = one.zip(shown) else { continue };
                let is_id = people.iter().any(|person| person.id == one);
                prop_assert!(is_id || one == shown, "{:?} was {:?}", shown, one);
                for (other, other_shown) in &pairs {
                    for (two, other_shown) in ends(other).into_iter().zip(ends(other_shown)) {
                        if two.is_some_and(|two| two != one) {
                            prop_assert_ne!(Some(shown), other_shown);
                        }
                    }
                }
            }
        }
        prop_assert_eq!(redacted.samples(), whole.samples());
        prop_assert_eq!(&redacted.redacted(), &redacted);
        let read = Recording::from_json(&redacted.to_file().json).unwrap();
        prop_assert_eq!(read.redacted(), redacted);
    }
}

#[test]
fn who_is_called_like_a_part_of_the_page_is_told_from_it() {
    let trace = Trace::new(|| 0.0);
    let person = trace.tracer("call").toward("call").for_connection();
    person.call("new RTCPeerConnection", "");
    let send = json!({ "type": "offer" });
    let what = detail!["offer to ", Private::Peer.of("call")];
    signal(&trace.tracer("call"), Some("call"), send, what);
    let there = trace.tracer("call").toward(PAGE).for_connection();
    there.call("new RTCPeerConnection", "");
    let redacted = Recording::new(trace.entries(), Vec::new()).redacted();
    let shown: Vec<_> = redacted.entries().iter().map(ends).collect();
    assert_eq!(
        shown,
        [
            [Some("peer-1"), Some("peer-1"), None],
            [Some("call"), None, Some("peer-1")],
            [Some("peer-1"), Some(PAGE), None],
        ]
    );
    assert_eq!(redacted.entries()[1].detail, "offer to peer-1");
}

#[test]
fn both_ends_of_a_pair_keep_their_names() {
    let trace = Trace::new(|| 0.0);
    let local = trace.tracer("localPeer").toward("remotePeer");
    let offer = json!({ "description": { "type": "offer" } });
    signal(
        &local.for_connection(),
        Some("remotePeer"),
        offer,
        detail!["offer to ", Private::Peer.of("remotePeer")],
    );
    let recording = Recording::new(trace.entries(), Vec::new());
    assert_eq!(recording.redacted().entries(), recording.entries());
}

#[test]
fn a_name_that_looks_like_a_placeholder_is_not_mistaken_for_one() {
    let trace = Trace::new(|| 0.0);
    let signaling = trace.tracer("signaling");
    for id in ["ada", "peer-1"] {
        let joined = json!({ "type": "peerJoined", "peerId": id });
        signal(&signaling, None, joined, Private::Peer.of(id));
    }
    // Nobody knows whether that is one.
    let hidden = ["mdns-1.local", "k1m.local"].map(|name| Private::Address.of(name));
    let [one, other] = hidden;
    signaling.event(
        "message",
        detail!["peer-3".to_owned(), " ", one, " ", other],
    );
    let redacted = Recording::new(trace.entries(), Vec::new()).redacted();
    let details: Vec<_> = redacted
        .entries()
        .iter()
        .map(|entry| entry.detail.to_string())
        .collect();
    assert_eq!(
        details,
        ["peer-2", "peer-4", "peer-3 mdns-2.local mdns-3.local"]
    );
}

#[test]
fn what_was_redacted_is_not_redacted_again() {
    let trace = Trace::new(|| 0.0);
    let join = json!({ "type": "join", "room": "kitchen" });
    let what = detail!["join ", Private::Room.of("kitchen")];
    signal(&trace.tracer(Part::Signaling), None, join, what);
    trace.tracer("page").event("message", "10.0.0.1".to_owned());
    let once = Recording::new(trace.entries(), Vec::new()).redacted();
    assert_eq!(once.entries()[0].detail, "join room-1");
    assert_eq!(once.redacted(), once);
    let read = Recording::from_json(&once.to_file().json).unwrap();
    assert_eq!(read.redacted(), once);
}

#[test]
fn an_id_is_replaced_as_a_key_whatever_else_is_called_so() {
    let trace = Trace::new(|| 0.0);
    let signaling = trace.tracer("signaling");
    signal(&signaling, None, json!({ "room": "ada" }), "");
    let names = json!({ "peerId": "ada", "names": { "ada": "Ada", "room": 1 } });
    signal(&signaling, None, names, "");
    let redacted = Recording::new(trace.entries(), Vec::new()).redacted();
    let Some(Payload::Signal { message, .. }) = redacted.entries()[1].payload.as_deref() else {
        unreachable!()
    };
    assert_eq!(message["names"], json!({ "room-1": "text-1", "room": 1 }));
}

#[test]
fn a_key_that_looks_like_a_placeholder_stays_another_one() {
    let trace = Trace::new(|| 0.0);
    let message = json!({ "peerId": "ada", "read": { "ada": 1, "peer-1": 2 } });
    signal(&trace.tracer("signaling"), None, message, "");
    let redacted = Recording::new(trace.entries(), Vec::new()).redacted();
    let Some(Payload::Signal { message, .. }) = redacted.entries()[0].payload.as_deref() else {
        unreachable!()
    };
    assert_eq!(message["read"], json!({ "peer-2": 1, "peer-1": 2 }));
}
