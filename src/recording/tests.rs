use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;
use signaling_protocol::{IceCandidate, SdpType, SessionDescription};

use super::*;
use crate::trace::{
    ConnectionRef, Detail, Direction, Kind, Payload, Private, Side, Source, detail,
};

fn entry(detail: impl Into<Detail>, payload: Option<Payload>) -> Entry {
    Entry {
        id: 0,
        at_ms: 1.5,
        peer: "p".into(),
        kind: Kind::Event,
        name: "icecandidate".into(),
        detail: detail.into(),
        source: Source {
            file: "src/rtc/peer_connection.rs".into(),
            line: 7,
        },
        connection: None,
        payload: payload.map(Arc::new),
    }
}

fn recording(entries: Vec<Entry>) -> Recording {
    Recording::new(entries, Vec::new())
}

fn redacted(detail: Detail) -> String {
    let recording = recording(vec![entry(detail, None)]).redacted();
    recording.entries()[0].detail.to_string()
}

fn payloads() -> impl Strategy<Value = Option<Payload>> {
    let side = prop_oneof![Just(Side::Local), Just(Side::Remote)];
    let kind = prop_oneof![Just(SdpType::Offer), Just(SdpType::Answer)];
    let value = prop_oneof![
        any::<i64>().prop_map(|number| json!({ "bytes": number })),
        ".*".prop_map(|text| json!([text, null, true, { "a": text }])),
    ];
    prop_oneof![
        Just(None),
        (side.clone(), kind, ".*").prop_map(|(side, kind, sdp)| Some(Payload::Description {
            side,
            description: SessionDescription { kind, sdp },
        })),
        (side, ".*").prop_map(|(side, candidate)| Some(Payload::Candidate {
            side,
            candidate: IceCandidate {
                candidate,
                ..IceCandidate::default()
            },
        })),
        (proptest::option::of(".*"), value.clone()).prop_map(|(other, message)| {
            Some(Payload::Signal {
                direction: Direction::Sent,
                other,
                message,
            })
        }),
        value.prop_map(|value| Some(Payload::Value { value })),
    ]
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let kind = proptest::sample::select(&Kind::ALL[..]);
    let connection = proptest::option::of((any::<u32>(), proptest::option::of(".*")));
    let one = (0.0_f64..1e9, ".*", kind, ".*", ".*", connection, payloads());
    let one = one.prop_map(
        |(at_ms, peer, kind, name, detail, connection, payload)| Entry {
            at_ms,
            peer: peer.into(),
            kind,
            name: name.into(),
            connection: connection.map(|(number, to)| ConnectionRef {
                number,
                to: to.map(Arc::from),
            }),
            ..entry(detail, payload)
        },
    );
    proptest::collection::vec(one, 0..6)
}

/// An offer with an address, a fingerprint and a password, and where else they are.
fn told(v4: Ipv4Addr, v6: Ipv6Addr, password: &str, fingerprint: &str) -> Recording {
    let sdp = format!(
        "v=0\r\no=- 1 2 IN IP4 {v4}\r\nc=IN IP6 {v6}\r\na=ice-ufrag:Ab1+\r\na=ice-pwd:{password}\r\n\
         a=fingerprint:sha-256 {fingerprint}\r\n\
         a=candidate:1 1 udp 2122260223 {v4} 50000 typ srflx raddr {v6} rport 9 ufrag Ab1+\r\n"
    );
    let description = SessionDescription {
        kind: SdpType::Offer,
        sdp: sdp.clone(),
    };
    let message = json!({ "connection": "c0ffee", "description": description });
    let stats = json!([
        { "id": format!("CF{fingerprint}"), "type": "certificate", "fingerprint": fingerprint },
        { "address": v4.to_string(), "relatedAddress": v6.to_string(), "url": format!("turn:[{v6}]:3478?transport=udp") },
    ]);
    let entries = vec![
        entry(
            "",
            Some(Payload::Description {
                side: Side::Local,
                description,
            }),
        ),
        entry(
            Private::Candidate.of(format!("candidate:1 1 udp 5 {v6} 50000 typ host")),
            Some(Payload::Signal {
                direction: Direction::Sent,
                other: Some("ada-7".to_owned()),
                message,
            }),
        ),
        entry(
            format!("wss://{v4}:443/ws, offer to ada-7 ({password})"),
            None,
        ),
    ];
    let sample = Sample {
        at_ms: 2.0,
        connection: 1,
        stats,
    };
    Recording::new(entries, vec![sample])
}

proptest! {
    #[test]
    fn what_was_exported_is_imported(entries in entries()) {
        let sample = Sample { at_ms: 3.25, connection: 1, stats: json!([{ "id": "x" }]) };
        let recording = Recording::new(entries, vec![sample]);
        let read = Recording::from_json(&recording.to_file().json);
        prop_assert_eq!(read.as_ref(), Ok(&recording));
        let redacted = recording.redacted();
        prop_assert_eq!(Recording::from_json(&redacted.to_file().json), Ok(redacted));
    }

    #[test]
    fn nothing_that_tells_who_or_where_is_left(
        v4 in any::<[u8; 4]>(),
        v6 in any::<[u16; 8]>(),
        password in "[a-zA-Z0-9+/]{22,30}",
        fingerprint in proptest::collection::vec("[0-9A-F]{2}", 32),
    ) {
        let (v4, v6) = (Ipv4Addr::from(v4), Ipv6Addr::from(v6));
        prop_assume!(!v4.is_loopback() && !v4.is_unspecified());
        let fingerprint = fingerprint.join(":");
        let recording = told(v4, v6, &password, &fingerprint);
        let json = recording.redacted().to_file().json;
        for secret in [v4.to_string(), v6.to_string(), password, fingerprint] {
            prop_assert!(recording.to_file().json.contains(&secret));
            prop_assert!(!json.contains(&secret), "{} in {}", secret, json);
        }
        for secret in ["Ab1+", "ada-7", "c0ffee"] {
            prop_assert!(!json.contains(secret), "{} in {}", secret, json);
        }
    }

    #[test]
    fn no_file_makes_it_panic(text in ".*") {
        prop_assert!(Recording::from_json(&text).is_err());
    }
}

#[test]
fn a_placeholder_says_what_it_stands_for_and_is_always_the_same() {
    let ip = |text| Private::Address.of(text);
    for (detail, expected) in [
        (
            detail![
                ip("192.168.1.7"),
                " ",
                ip("10.0.0.1"),
                " ",
                ip("192.168.1.7")
            ],
            "ipv4-private-1 ipv4-private-2 ipv4-private-1",
        ),
        (
            detail![Private::Host.of("8.8.4.4:50000"), "."],
            "ipv4-public-1:50000.",
        ),
        (detail![ip("100.64.0.1")], "ipv4-private-1"),
        // Of no network on the Internet.
        (
            detail![ip("203.0.113.9"), " ", ip("2001:db8::1")],
            "ipv4-private-1 ipv6-private-1",
        ),
        (
            detail![
                ip("fe80::1%eth0"),
                " ",
                ip("fd00::2"),
                " ",
                ip("2606:4700::1")
            ],
            "ipv6-private-1%eth0 ipv6-private-2 ipv6-public-1",
        ),
        (
            detail![Private::Host.of("[2606:4700::1]:443")],
            "[ipv6-public-1]:443",
        ),
        (detail![ip("::ffff:192.168.1.7")], "ipv4-private-1"),
        (
            detail![ip("0f1e-2d.local"), " ", ip("1.LOCAL")],
            "mdns-1.local mdns-2.local",
        ),
        (
            detail![Private::Url.of("wss://example.org:443/ws")],
            "wss://host-1:443/ws",
        ),
        (
            detail![Private::Url.of("stun:stun.example.org:3478")],
            "stun:host-1:3478",
        ),
        (
            detail!["IN IP4 ", ip("224.2.1.1/127")],
            "IN IP4 ipv4-public-1/127",
        ),
        // Everybody has these.
        (
            detail![
                ip("0.0.0.0"),
                " ",
                ip("127.0.0.1"),
                " ",
                ip("::1"),
                " ",
                ip("::"),
                " ",
                Private::Url.of("ws://localhost:80")
            ],
            "0.0.0.0 127.0.0.1 ::1 :: ws://localhost:80",
        ),
        (
            detail![
                "12:30:45 offer to ",
                Private::Peer.of("remotePeer"),
                " 1.2.3"
            ],
            "12:30:45 offer to remotePeer 1.2.3",
        ),
    ] {
        assert_eq!(redacted(detail.clone()), expected);
        // Of a text that says no more than that it is one nothing is left.
        assert_eq!(redacted(detail.to_string().into()), "text-1");
    }
}

#[test]
fn a_file_that_is_no_recording_says_so() {
    let error = |text: &str| Recording::from_json(text).unwrap_err();
    assert!(matches!(error("{"), ImportError::NotJson(_)));
    assert_eq!(error("[]"), ImportError::NotARecording);
    assert_eq!(error("{\"format\":\"x\"}"), ImportError::NotARecording);
    let newer = "{\"format\":\"webrtc-tour-recording\",\"version\":2}";
    assert_eq!(error(newer), ImportError::UnknownVersion("2".to_owned()));
    let damaged = "{\"format\":\"webrtc-tour-recording\",\"version\":1,\"entries\":[{}]}";
    assert!(matches!(error(damaged), ImportError::Damaged(_)));
    let large = " ".repeat(Recording::MAX_BYTES + 1);
    assert!(matches!(error(&large), ImportError::TooLarge { .. }));
    assert!(error(&large).to_string().contains("at most 64 MiB"));
}

#[test]
fn ids_are_places_whatever_the_file_says() {
    let text = recording(vec![entry("a", None), entry("b", None)])
        .to_file()
        .json;
    let text = text.replace("\"id\":1", "\"id\":77");
    let read = Recording::from_json(&text).unwrap();
    assert_eq!(read.entries()[1].id, 1);
}
