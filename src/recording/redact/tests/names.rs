//! Where names of people, rooms and devices stand, and what takes their place.

use serde_json::json;
use signaling_protocol::{RoomId, SdpType, SessionDescription, database};

use super::{redacted, redacted_text};
use crate::recording::{Recording, Sample};
use crate::trace::{Detail, Direction, Entry, Kind, Payload, Private, Side, Source, detail};

fn entry(detail: impl Into<Detail>, payload: Option<Payload>) -> Entry {
    Entry {
        id: 0,
        at_ms: 1.5,
        peer: "signaling".into(),
        kind: Kind::Event,
        name: "message".into(),
        detail: detail.into(),
        source: Source {
            file: "src/signaling/websocket.rs".into(),
            line: 7,
        },
        connection: None,
        payload: payload.map(std::sync::Arc::new),
    }
}

fn recording(entries: Vec<Entry>) -> Recording {
    Recording::new(entries, Vec::new())
}

#[test]
fn people_and_rooms_get_other_names() {
    let message = json!({
        "type": "joined", "room": "kitchen", "peerId": "k1m",
        "peers": [{ "peerId": "ada", "name": "Ada Lovelace" }],
    });
    let payload = Payload::Signal {
        direction: Direction::Received,
        other: None,
        message,
    };
    let entries = vec![
        entry(
            detail!["joined as ", Private::Peer.of("k1m")],
            Some(payload),
        ),
        entry(
            detail![
                "calls/",
                Private::Room.of("kitchen"),
                "/",
                Private::Peer.of("ada")
            ],
            None,
        ),
        entry("calls/kitchen/ada".to_owned(), None),
    ];
    let recording = recording(entries).redacted();
    let json = recording.to_file().json;
    for word in ["kitchen", "k1m", "\"ada\"", "Lovelace"] {
        assert!(!json.contains(word), "{word} in {json}");
    }
    let said = &recording.entries()[0].detail;
    assert!(said.text().starts_with("joined as peer-"), "{said}");
    assert!(
        recording.entries()[1]
            .detail
            .text()
            .starts_with("calls/room-1/peer-")
    );
    assert_eq!(recording.entries()[2].detail, "text-1");
    assert!(recording.is_redacted());
}

fn joined(room: &str) -> Entry {
    let payload = Payload::Signal {
        direction: Direction::Sent,
        other: None,
        message: json!({ "type": "join", "room": room }),
    };
    entry(detail!["join ", Private::Room.of(room)], Some(payload))
}

#[test]
fn a_name_of_several_words_is_replaced_wherever_it_stands() {
    let room = RoomId::new("Family Smith v1.2").unwrap();
    let path = database::room_path(&room);
    let mut entries = [
        (joined(room.as_str()), "join room-1"),
        (
            entry(
                detail!["webrtc-tour/rooms/", Private::Room.of("Family Smith v1.2")],
                None,
            ),
            "webrtc-tour/rooms/room-1",
        ),
        (
            entry(Private::Url.of(format!("{path}/messages/k1m")), None),
            "rooms/room-1/messages/peer-1",
        ),
        (
            entry(
                Private::Url.of("https://tour.example/call/Family%20Smith%20v1.2"),
                None,
            ),
            "https://host-1/call/room-1",
        ),
    ];
    // Whichever comes first, and whether it is known who joined.
    for _ in 0..entries.len() {
        entries.rotate_left(1);
        let (whole, shown): (Vec<_>, Vec<_>) = entries.iter().cloned().unzip();
        let recording = recording(whole).redacted();
        let details = recording
            .entries()
            .iter()
            .map(|entry| entry.detail.to_string());
        assert_eq!(details.collect::<Vec<_>>(), shown);
    }
}

#[test]
fn a_room_is_known_by_its_place_where_nobody_joins_any_more() {
    let path = |text: &str| Detail::from(Private::Url.of(text));
    let channel = |room: &str| detail!["webrtc-tour/rooms/", Private::Room.of(room)];
    for (detail, shown) in [
        (
            path("rooms/kitchen/messages.json"),
            "rooms/room-1/messages.json",
        ),
        // As recordings of before have it.
        (
            path("rooms/mesh/kitchen/messages.json"),
            "rooms/mesh/room-1/messages.json",
        ),
        (
            detail![
                "rooms/",
                Private::RoomKey.of("who? v1%2E2 a%2Fb"),
                "/messages/",
                Private::Peer.of("k1m")
            ],
            "rooms/room-1/messages/peer-1",
        ),
        (path("webrtc-tour/call/kitchen"), "webrtc-tour/call/room-1"),
        (
            path("webrtc-tour/rooms/kitchen"),
            "webrtc-tour/rooms/room-1",
        ),
        (channel("kitchen"), "webrtc-tour/rooms/room-1"),
        (channel("Dr."), "webrtc-tour/rooms/room-1"),
        (channel("Wow!"), "webrtc-tour/rooms/room-1"),
        (channel("a/b? c.json"), "webrtc-tour/rooms/room-1"),
    ] {
        assert_eq!(redacted(detail.clone()), shown);
        assert_eq!(redacted_text(&detail.text()), "text-1");
    }
    let path = entry(path("rooms/v1%2E2/participants/k1m"), None);
    let channel = entry(channel("v1.2"), None);
    let recording = recording(vec![path, channel]).redacted();
    let details = recording
        .entries()
        .iter()
        .map(|entry| entry.detail.to_string());
    assert_eq!(
        details.collect::<Vec<_>>(),
        [
            "rooms/room-1/participants/peer-1",
            "webrtc-tour/rooms/room-1"
        ]
    );
}

#[test]
fn a_room_called_like_a_word_of_a_protocol_spoils_nothing() {
    let sdp = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n";
    let description = Payload::Description {
        side: Side::Local,
        description: SessionDescription {
            kind: SdpType::Offer,
            sdp: sdp.to_owned(),
        },
    };
    let stats = json!([{ "kind": "video", "mid": "1", "video": true }]);
    for room in ["video", "1", "a"] {
        let entries = vec![joined(room), entry("", Some(description.clone()))];
        let sample = Sample {
            at_ms: 1.0,
            connection: 1,
            stats: stats.clone(),
        };
        let recording = Recording::new(entries, vec![sample]).redacted();
        assert_eq!(recording.entries()[0].detail, "join room-1");
        assert_eq!(recording.entries()[1].payload.as_ref().unwrap().text(), sdp);
        assert_eq!(recording.samples()[0].stats, stats);
    }
}

#[test]
fn what_the_other_end_chose_spoils_no_word_of_a_protocol() {
    let candidate = "candidate:1 1 udp 2122194687 x 43132 typ host generation 0";
    let stats = json!([
        { "id": "I", "type": "inbound-rtp", "kind": "audio", "mid": "audio" },
        { "id": "C", "type": "local-candidate", "candidateType": "host", "protocol": "udp" },
    ]);
    let chosen = [
        "type",
        "host",
        "audio",
        "udp",
        "typ",
        "rtpmap",
        "opus",
        "43132",
        "2122194687",
        "UDP",
        "inbound-rtp",
        "candidateType",
        "local-candidate",
        "id",
        "1",
        "candidate",
        "IP4",
        "offer",
        "sdp",
        "connected",
    ];
    for word in chosen {
        let rest =
            "m=audio 43132 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=rtpmap:96 opus/48000\r\n";
        let rest = format!("{rest}a=mid:1\r\na=recvonly\r\na={candidate}\r\n");
        let with = |ufrag: &str, cname: &str| {
            format!(
                "{rest}a=ice-ufrag:{ufrag}\r\na=ssrc:1 cname:{cname}\r\n\
                 a=identity:{word}\r\na=crypto:1 X inline:{word}\r\n\
                 s=https://{word}/?token={word}\r\ns=no answer from {word}\r\n"
            )
        };
        let description = Payload::Description {
            side: Side::Remote,
            description: SessionDescription {
                kind: SdpType::Offer,
                sdp: with(word, "inbound-rtp"),
            },
        };
        let message = json!({ "type": "offer", "candidate": candidate });
        let signal = Payload::Signal {
            direction: Direction::Received,
            other: None,
            message: message.clone(),
        };
        let entries = vec![
            entry("", Some(description)),
            entry(Private::Candidate.of(candidate), Some(signal)),
            entry(format!("call of {word}"), None),
        ];
        let sample = Sample {
            at_ms: 1.0,
            connection: 1,
            stats: stats.clone(),
        };
        let recording = Recording::new(entries, vec![sample]).redacted();
        let [sdp, signal] = [0, 1].map(|index| recording.entries()[index].payload.clone().unwrap());
        let shown = sdp.text();
        assert!(shown.starts_with(&rest), "{word}: {shown}");
        assert!(shown.contains("\na=ice-ufrag:ufrag-1\r"), "{word}: {shown}");
        assert_eq!(recording.samples()[0].stats, stats, "{word}");
        if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            assert_eq!(recording.entries()[2].detail, &*format!("call of {word}"));
        }
        if let Payload::Signal { message: shown, .. } = &*signal {
            assert_eq!(shown["candidate"], message["candidate"], "{word}");
            assert!(shown.get("type").is_some(), "{word}: {shown}");
        }
    }
}

#[test]
fn who_is_called_like_a_field_of_statistics_spoils_none() {
    let stats = json!([{ "id": "T", "type": "transport" }]);
    let payload = Payload::Signal {
        direction: Direction::Received,
        other: None,
        message: json!({ "peerId": "type" }),
    };
    let sample = Sample {
        at_ms: 1.0,
        connection: 1,
        stats: stats.clone(),
    };
    let recording = Recording::new(vec![entry("", Some(payload))], vec![sample]).redacted();
    assert_eq!(recording.samples()[0].stats, stats);
}

#[test]
fn a_name_is_replaced_whatever_mark_it_stands_beside() {
    let message = json!({ "peers": [{ "name": "Kim" }, { "name": "Wow!" }] });
    let payload = Payload::Signal {
        direction: Direction::Received,
        other: None,
        message,
    };
    let name = |text| Private::Name.of(text);
    for (detail, shown) in [
        (detail!["Hello!", name("Kim")], "Hello!name-1"),
        (
            detail!["…", name("Kim"), "…", name("Kim")],
            "…name-1…name-1",
        ),
        (detail!["joined ", name("Wow!"), "."], "joined name-2."),
        (
            detail![
                name("Wow!"),
                "! x!",
                Private::Address.of("0f1e-2d.local"),
                "!x"
            ],
            "name-2! x!mdns-1.local!x",
        ),
    ] {
        for (detail, shown) in [
            (detail.clone(), shown),
            (detail.to_string().into(), "text-1"),
        ] {
            let entries = vec![entry("", Some(payload.clone())), entry(detail, None)];
            let redacted = recording(entries).redacted();
            assert_eq!(redacted.entries()[1].detail, shown);
        }
    }
}

#[test]
fn a_device_is_not_named() {
    let mut named = entry(Private::Device.of("Kim’s headset"), None);
    named.name = "audio track".into();
    let recording = recording(vec![named]).redacted();
    assert_eq!(recording.entries()[0].detail, "device-1");
}
