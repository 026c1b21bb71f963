//! Secrets in every place that an entry, a message, a description and statistics have: none is left.
//! What this program wrote itself stays as it is.

use std::borrow::Cow;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use signaling_protocol::{IceCandidate, SdpType, SessionDescription};

use crate::recording::{Recording, Sample};
use crate::trace::{
    ConnectionRef, Detail, Direction, Entry, Kind, Payload, Piece, Private, Side, Source, detail,
};

/// Of each sort that people have; none is a word of a standard.
fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        // No `I`: with eight letters after it it would be an id of a candidate.
        "[A-HJ-Z][a-z]{3,9}xq( [A-Z][a-z]{2,9}xq)?",
        "[a-z]{4,9}xq[0-9]{0,3}",
        "[A-HJ-Z]{8,20}XQ",
        "[a-zA-Z0-9+/]{22,30}xq",
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}",
        proptest::collection::vec("[0-9A-F]{2}", 32).prop_map(|bytes| bytes.join(":")),
        (1_u8..120, 128_u8.., any::<u8>(), 1_u8..)
            .prop_filter("loopback", |(a, ..)| *a != 127)
            .prop_map(|(a, b, c, d)| format!("{a}.{b}.{c}.{d}")),
        proptest::collection::vec(0x1000_u16.., 8).prop_map(|words| words
            .iter()
            .map(|w| format!("{w:x}"))
            .collect::<Vec<_>>()
            .join(":")),
        "eyJ[a-zA-Z0-9]{8,20}[.]eyJ[a-zA-Z0-9]{8,20}[.][a-zA-Z0-9_]{8,20}xq",
        "[a-z]{3,8}xq[.]example[.]org",
        "[0-9a-f]{8}xq[.]local",
    ]
}

const VALUES: [Private; 13] = [
    Private::Peer,
    Private::Name,
    Private::Room,
    Private::RoomKey,
    Private::Device,
    Private::Url,
    Private::Host,
    Private::Address,
    Private::Candidate,
    Private::Token,
    Private::Fingerprint,
    Private::Label,
    Private::Id,
];

/// Lines of descriptions, where `*` is.
const LINES: [&str; 40] = [
    "o=* 1 2 IN IP4 0.0.0.0",
    "o=- * 2 IN IP4 0.0.0.0",
    "o=- 1 * IN IP4 0.0.0.0",
    "o=- 1 2 IN IP4 *",
    "s=*",
    "i=*",
    "u=*",
    "e=*",
    "c=IN IP6 *",
    "b=*:1",
    "m=* 9 UDP 1",
    "m=audio 9 * 1",
    "m=audio 9 UDP *",
    "a=*",
    "a=*:1",
    "a=new:*",
    "a=mid:*",
    "a=group:BUNDLE 0 *",
    "a=ice-ufrag:*",
    "a=ice-pwd:*",
    "a=ice-options:*",
    "a=fingerprint:sha-256 *",
    "a=identity:*",
    "a=msid:* *",
    "a=msid-semantic: WMS *",
    "a=ssrc:1 cname:*",
    "a=ssrc:1 label:*",
    "a=ssrc:1 *:x",
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:*|2^20",
    "a=candidate:* 1 udp 1 0.0.0.0 9 typ host",
    "a=candidate:1 1 udp 1 * 9 typ host",
    "a=candidate:1 1 udp 1 0.0.0.0 9 typ srflx raddr * rport 9",
    "a=candidate:1 1 udp 1 0.0.0.0 9 typ host ufrag * new *",
    "a=rtcp:9 IN IP6 *",
    "a=remote-candidates:1 * 9",
    "a=extmap:1 urn:* *",
    "a=extmap:1 https://*/x?token=*",
    "a=fmtp:96 x=*;profile-level-id=*",
    "a=rid:* send max-width=*",
    "*",
];

/// Members of messages, options and statistics.
const KEYS: [&str; 32] = [
    "type",
    "kind",
    "code",
    "name",
    "room",
    "peerId",
    "from",
    "to",
    "connection",
    "token",
    "password",
    "credential",
    "username",
    "usernameFragment",
    "urls",
    "url",
    "address",
    "ip",
    "relatedAddress",
    "sdp",
    "candidate",
    "sdpMid",
    "label",
    "reason",
    "message",
    "trackIdentifier",
    "base64Certificate",
    "fingerprint",
    "foundation",
    "id",
    "codecId",
    "new",
];

fn members(secret: &str) -> Value {
    let mut members: Map<String, Value> = KEYS
        .into_iter()
        .map(|key| (key.to_owned(), json!([secret, { key: secret }])))
        .collect();
    members.insert(secret.to_owned(), json!(1));
    Value::Object(members)
}

/// Entries with a secret in each place; those that a page reports, or those that were read.
fn entries(secret: &str) -> Vec<Entry> {
    let mut payloads: Vec<Option<Payload>> = vec![None];
    let sdp = LINES.map(|line| line.replace('*', secret)).join("\r\n");
    let description = |sdp: String| {
        let kind = SdpType::Offer;
        Payload::Description {
            side: Side::Local,
            description: SessionDescription { kind, sdp },
        }
    };
    payloads.push(Some(description(sdp)));
    payloads.extend(LINES.map(|line| Some(description(line.replace('*', secret)))));
    for candidate in [
        secret.to_owned(),
        format!("candidate:1 1 udp 1 {secret} 9 typ {secret}"),
    ] {
        payloads.push(Some(Payload::Candidate {
            side: Side::Remote,
            candidate: IceCandidate {
                candidate,
                sdp_mid: Some(secret.to_owned()),
                username_fragment: Some(secret.to_owned()),
                ..IceCandidate::default()
            },
        }));
    }
    for direction in [Direction::Sent, Direction::Received] {
        payloads.push(Some(Payload::Signal {
            direction,
            other: Some(secret.to_owned()),
            message: members(secret),
        }));
    }
    let value = members(secret);
    payloads.push(Some(Payload::Value { value }));
    let mut details = vec![
        Detail::from(secret.to_owned()),
        Detail::from(format!("offer to {secret}, failed")),
        detail![
            "no answer from ",
            secret.to_owned(),
            "; check the network and the address"
        ],
    ];
    details.push(detail![
        "words of nobody’s list, but of this program: ",
        Private::Peer.of(secret)
    ]);
    details.extend(VALUES.map(|what| detail!["offer to ", what.of(secret), "."]));
    details.push(
        Private::Url
            .of(format!(
                "https://{secret}:{secret}@{secret}/call/{secret}?x={secret}#{secret}"
            ))
            .into(),
    );
    details.push(
        Private::Url
            .of(format!("stun:{secret}?{secret}={secret}"))
            .into(),
    );
    details.push(
        Private::Host
            .of(format!("{secret}:80/{secret} ({secret})"))
            .into(),
    );
    details.push(
        Private::Candidate
            .of(format!(
                "candidate:{secret} 1 {secret} 1 {secret} 9 typ host"
            ))
            .into(),
    );
    let all = Kind::ALL.into_iter().cycle();
    let count = payloads.len().max(details.len());
    let at = |index: usize| Entry {
        id: 0,
        at_ms: 0.0,
        peer: secret.into(),
        kind: Kind::Call,
        name: Cow::Owned(secret.to_owned()),
        detail: details[index % details.len()].clone(),
        source: Source {
            file: Cow::Owned(format!("src/{secret}.rs")),
            line: 1,
        },
        connection: index.is_multiple_of(2).then(|| ConnectionRef {
            number: 1,
            to: Some(secret.into()),
        }),
        payload: payloads[index % payloads.len()]
            .clone()
            .map(std::sync::Arc::new),
    };
    let entries = (0..count).map(at).zip(all);
    entries
        .map(|(entry, kind)| Entry { kind, ..entry })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_secret_is_left_in_any_place(secret in secret()) {
        let stats = json!([members(&secret), { "id": format!("CF{secret}"), "transportId": secret }]);
        let sample = Sample { at_ms: 1.0, connection: 1, stats };
        let whole = Recording::new(entries(&secret), vec![sample]);
        prop_assert!(whole.to_file().json.contains(&secret));
        // Also after it was written and read.
        let read = Recording::from_json(&whole.to_file().json).unwrap();
        for recording in [whole, read] {
            let shown = recording.redacted();
            let json = shown.to_file().json.to_lowercase();
            for part in secret.split([' ', '/']).filter(|part| part.len() > 3) {
                let place = json.find(&part.to_lowercase());
                let around = place.map(|at| json.get(at.saturating_sub(120)..at + 40));
                prop_assert!(place.is_none(), "{} in {:?}", part, around);
            }
            prop_assert_eq!(Recording::from_json(&shown.to_file().json).unwrap(), shown);
        }
    }

    #[test]
    fn what_this_program_wrote_stays_byte_for_byte(secret in secret()) {
        let whole = Recording::new(entries(&secret), Vec::new());
        for (before, after) in whole.entries().iter().zip(whole.redacted().entries()) {
            prop_assert_eq!(before.detail.pieces().len(), after.detail.pieces().len());
            for (before, after) in before.detail.pieces().iter().zip(after.detail.pieces()) {
                if let Piece::Text(Cow::Borrowed(text)) = before {
                    prop_assert_eq!(after, &Piece::from(*text));
                }
            }
        }
    }
}

/// What was written and read is text of nobody; of the words of the list it stays.
#[test]
fn what_the_allow_list_knows_stays_in_a_file_that_was_read() {
    let details = [
        detail!["connected"],
        detail!["have-local-offer"],
        detail![2_usize, " ICE servers"],
        detail!["answer to ", Private::Peer.of("ada")],
        detail!["NotAllowedError".to_owned(), ": ", "Kim said no".to_owned()],
        detail![
            "no answer from ",
            Private::Host.of("db.example"),
            "; check the network and the address"
        ],
        detail!["video and audio"],
        detail!["goingAway"],
    ];
    let trace = crate::trace::Trace::new(|| 0.0);
    for detail in details {
        trace.tracer("signaling").event("message", detail);
    }
    let json = Recording::new(trace.entries(), Vec::new()).to_file().json;
    let shown = Recording::from_json(&json).unwrap().redacted();
    let shown: Vec<_> = shown
        .entries()
        .iter()
        .map(|entry| entry.detail.to_string())
        .collect();
    assert_eq!(
        shown,
        [
            "connected",
            "have-local-offer",
            "2 ICE servers",
            "answer to peer-1",
            "NotAllowedError: text-1",
            "no answer from host-1; check the network and the address",
            "video and audio",
            "goingAway",
        ]
    );
}
