mod names;
mod people;
mod planted;
mod reporters;

use std::collections::HashSet;

use serde_json::json;
use signaling_protocol::{IceCandidate, SdpType, SessionDescription};

use crate::recording::{Recording, Sample};
use crate::sdp::description::{self, ParsedDescription};
use crate::statistics::testdata::{chromium, firefox};
use crate::trace::{Detail, Direction, Payload, Private, Side, Trace, detail};

/// As browsers wrote them.
const DESCRIPTIONS: [&str; 6] = [
    include_str!("../../sdp/tests/chromium-round1-offer.sdp"),
    include_str!("../../sdp/tests/chromium-round4-answer.sdp"),
    include_str!("../../sdp/tests/chromium-simulcast-offer.sdp"),
    include_str!("../../sdp/tests/firefox-round1-offer.sdp"),
    include_str!("../../sdp/tests/firefox-round4-answer.sdp"),
    include_str!("../../sdp/tests/firefox-simulcast-offer.sdp"),
];

fn recording(report: impl FnOnce(&crate::trace::Tracer)) -> Recording {
    let trace = Trace::new(|| 0.0);
    report(&trace.tracer("localPeer").for_connection());
    Recording::new(trace.entries(), Vec::new())
}

fn description(sdp: &str) -> Payload {
    let kind = SdpType::Offer;
    let sdp = sdp.to_owned();
    Payload::Description {
        side: Side::Local,
        description: SessionDescription { kind, sdp },
    }
}

fn redacted_sdp(sdp: &str) -> String {
    let recording = recording(|tracer| tracer.with(description(sdp)).call("set", ""));
    recording.redacted().entries()[0]
        .payload
        .as_ref()
        .unwrap()
        .text()
}

fn redacted(detail: impl Into<Detail>) -> String {
    let recording = recording(|tracer| tracer.call("x", detail));
    recording.redacted().entries()[0].detail.to_string()
}

/// What a text becomes of which nobody knows what it is.
fn redacted_text(text: &str) -> String {
    redacted(text.to_owned())
}

/// What follows this in a text, up to the end of the line or of the word.
fn after<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(before).map(move |(at, _)| {
        let rest = &text[at + before.len()..];
        rest.split(['\r', '\n', ' ', '}']).next().unwrap()
    })
}

/// All that a description tells of its writer.
fn identifiers(sdp: &str) -> HashSet<&str> {
    let origin = sdp.lines().find(|line| line.starts_with("o=")).unwrap();
    let mut found = HashSet::from([origin.split(' ').nth(1).unwrap()]);
    let msids = sdp.lines().filter(|line| line.contains("msid:"));
    for line in msids {
        let words = line.rsplit("msid:").next().unwrap().split(' ');
        found.extend(words.map(|word| word.trim_matches(['{', '}'])));
    }
    for before in [
        "ufrag:",
        "ice-pwd:",
        "cname:",
        "cname:{",
        "fingerprint:sha-256 ",
    ] {
        found.extend(after(sdp, before));
    }
    found.extend(after(sdp, "WMS "));
    found.retain(|value| value.len() > 3 && !value.starts_with('{'));
    found
}

fn names(session: &ParsedDescription) -> Vec<Option<String>> {
    let lines = session.all_lines();
    lines
        .map(|line| Some(line.field.attribute()?.name().to_owned()))
        .collect()
}

#[test]
fn the_names_of_header_extensions_stay() {
    let kept = DESCRIPTIONS.iter().flat_map(|sdp| {
        let after = redacted_sdp(sdp);
        let extensions = sdp.lines().filter(|line| line.starts_with("a=extmap:"));
        let extensions: Vec<_> = extensions.collect();
        for line in &extensions {
            assert!(after.contains(line), "{line} is not in {after}");
        }
        extensions
    });
    assert!(kept.filter(|line| line.contains("://")).count() > 20);
    let own = "v=0\r\na=extmap:7 https://calls.example/own?key=abc xyz\r\n";
    let text = redacted_sdp(own);
    assert!(
        text.contains("a=extmap:7 https://host-1/text-1?key=token-1 text-2"),
        "{text}"
    );
}

#[test]
fn a_description_tells_nothing_of_its_writer_and_is_still_one() {
    for sdp in DESCRIPTIONS {
        let shown = redacted_sdp(sdp);
        let identifiers = identifiers(sdp);
        assert!(identifiers.len() > 4, "{identifiers:?}");
        for value in identifiers {
            assert!(!shown.contains(value), "{value} in {shown}");
        }
        let (before, after) = (
            description::parse(sdp).unwrap(),
            description::parse(&shown).unwrap(),
        );
        assert_eq!(after.to_string(), shown);
        assert_eq!(after.problems(), before.problems());
        assert_eq!(names(&after), names(&before));
        // What is equal stays equal.
        let lines = |text: &str| -> usize { text.lines().collect::<HashSet<_>>().len() };
        assert_eq!(lines(&shown), lines(sdp));
    }
}

#[test]
fn who_is_one_and_the_same_stays_so_in_descriptions_messages_and_statistics() {
    let sdp = DESCRIPTIONS[0];
    let track = after(sdp, "a=msid:").count();
    assert!(track > 0);
    let msid = sdp
        .lines()
        .find(|line| line.starts_with("a=msid:"))
        .unwrap();
    let track = msid.rsplit(' ').next().unwrap();
    let message = json!({ "description": { "type": "offer", "sdp": sdp } });
    let signal = Payload::Signal {
        direction: Direction::Sent,
        other: None,
        message,
    };
    let entries = recording(|tracer| {
        tracer.with(description(sdp)).call("set", "");
        tracer.with(signal).signal("send", "offer");
    });
    let stats = json!([{ "id": "S", "type": "media-source", "trackIdentifier": track }]);
    let sample = Sample {
        at_ms: 1.0,
        connection: 1,
        stats,
    };
    let redacted = Recording::new(entries.entries().to_vec(), vec![sample]).redacted();
    let shown = &redacted.samples()[0].stats[0]["trackIdentifier"];
    let shown = shown.as_str().unwrap();
    assert!(shown.starts_with("track-"), "{shown}");
    let [set, sent] = [0, 1].map(|index| redacted.entries()[index].payload.clone().unwrap());
    assert!(set.text().contains(shown));
    let Payload::Signal { message, .. } = &*sent else {
        unreachable!()
    };
    assert_eq!(message["description"]["sdp"].as_str(), Some(&*set.text()));
}

#[test]
fn the_statistics_of_both_browsers_tell_of_nobody() {
    for recorded in [chromium(), firefox()] {
        for sample in recorded.local.iter().chain(&recorded.remote) {
            let stats = serde_json::to_value(&sample.stats).unwrap();
            let mut secrets = Vec::new();
            for stat in stats.as_array().unwrap() {
                for key in [
                    "trackIdentifier",
                    "usernameFragment",
                    "iceLocalUsernameFragment",
                    "fingerprint",
                    "base64Certificate",
                ] {
                    secrets.extend(stat[key].as_str().filter(|text| !text.is_empty()));
                }
            }
            assert!(!secrets.is_empty());
            let sample = Sample {
                at_ms: 1.0,
                connection: 1,
                stats: stats.clone(),
            };
            let shown = Recording::new(Vec::new(), vec![sample])
                .redacted()
                .to_file()
                .json;
            for secret in secrets {
                let secret = secret.trim_matches(['{', '}']);
                assert!(!shown.contains(secret), "{secret} in {shown}");
            }
        }
    }
}

#[test]
fn what_opens_something_is_replaced_wherever_it_stands() {
    let url = |text: &str| Detail::from(Private::Url.of(text));
    for (detail, expected) in [
        (
            url("turn:ada:pass@turn.example.org:3478"),
            "turn:secret-1:secret-2@host-1:3478",
        ),
        (
            detail![
                Private::Url.of("TURN:turn.example.org"),
                " ",
                Private::Url.of("Stuns:stun.example.org:443")
            ],
            "TURN:host-1 Stuns:host-2:443",
        ),
        (
            url("https://ada@example.org/x"),
            "https://secret-1@host-1/x",
        ),
        (
            url("/rooms.json?auth=a.b-c&x=1"),
            "/rooms.json?auth=token-1&x=1",
        ),
        (
            url("wss://example.org/?ns=x&key=AIzaSy"),
            "wss://host-1/?ns=host-2&key=token-1",
        ),
        (
            detail![
                "(",
                Private::Url.of("wss://example.org/?token=k9=f3!x"),
                ")."
            ],
            "(wss://host-1/?token=token-1).",
        ),
        (
            detail![
                "signed in with ",
                Private::Token.of("eyJhbGci.eyJ1c2Vy.c2ln")
            ],
            "signed in with token-1",
        ),
        (
            Private::Candidate
                .of("candidate:3429786495 1 udp 1 192.168.1.2 9 typ host")
                .into(),
            "candidate:foundation1 1 udp 1 ipv4-private-1 9 typ host",
        ),
        (
            Private::Candidate
                .of("candidate:2 1 udp 1 0.0.0.0 9 typ host")
                .into(),
            "candidate:2 1 udp 1 0.0.0.0 9 typ host",
        ),
        (
            detail![
                "{",
                Private::Id.of("7ebfe6c0-b891-42ca-9826-7ebfe6c058b7"),
                "}"
            ],
            "{id-1}",
        ),
    ] {
        assert_eq!(redacted(detail.clone()), expected);
        // Where nobody knows what it is, nothing of it is left.
        let candidate = detail.text().starts_with("candidate:");
        let shown = if candidate { expected } else { "text-1" };
        assert_eq!(redacted_text(&detail.text()), shown);
    }
    let key = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3|2^20\r\n";
    assert_eq!(
        redacted_sdp(key),
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:key-1|2^20\r\n"
    );
}

#[test]
fn a_redacted_candidate_is_still_one() {
    let text = "candidate:3429786495 1 udp 2122194687 8.8.4.4 43132 typ srflx raddr 10.0.0.1 rport 9 generation 0 ufrag Ab1+ network-id 1";
    let candidate = IceCandidate {
        candidate: text.to_owned(),
        username_fragment: Some("Ab1+".to_owned()),
        ..IceCandidate::default()
    };
    let payload = Payload::Candidate {
        side: Side::Local,
        candidate,
    };
    let redacted = recording(|tracer| {
        tracer
            .with(payload)
            .event("icecandidate", Private::Candidate.of(text))
    })
    .redacted();
    let entry = &redacted.entries()[0];
    let parsed = crate::sdp::candidate::Candidate::parse(&entry.detail.text()).unwrap();
    assert_eq!(parsed.address, "ipv4-public-1");
    assert_eq!(parsed.related_address.as_deref(), Some("ipv4-private-1"));
    assert_eq!(
        entry
            .payload
            .as_ref()
            .unwrap()
            .text()
            .matches("ufrag-1")
            .count(),
        2
    );
}

#[test]
fn an_address_is_found_whatever_sentence_it_stands_in() {
    let fingerprint = DESCRIPTIONS[0];
    let fingerprint = after(fingerprint, "a=fingerprint:sha-256 ").next().unwrap();
    for (value, shown) in [
        ("2001:db8::8a2e:370:7334", "ipv6-private-1"),
        ("2a00:1450:4001::", "ipv6-public-1"),
        ("8.8.4.4", "ipv4-public-1"),
        ("0f1e-2d.local", "mdns-1.local"),
        (fingerprint, "fingerprint-1"),
    ] {
        for end in [
            "",
            ".",
            "…",
            "...",
            "!",
            "!!",
            "?",
            ";",
            ",",
            "…)",
            "’s",
            ": refused",
            "`",
            "»",
            "—nobody",
            "。",
        ] {
            let of = match value.matches(':').count() > 15 {
                true => Private::Fingerprint.of(value),
                false => Private::Address.of(value),
            };
            let detail = detail!["no way to ", of, end];
            assert_eq!(redacted(detail), format!("no way to {shown}{end}"));
            let text = format!("no way to {value}{end}");
            assert_eq!(redacted_text(&text), "text-1");
        }
    }
}

#[test]
fn no_half_of_an_address_is_left_where_a_text_is_cut() {
    let address = "2a00:1450:4001:81b:0:0:0:2004";
    let most = 64 * 1024;
    for before in most - address.len() - 4..=most {
        let text = format!("{} {address} and so on", "x".repeat(before));
        let recording = recording(|tracer| tracer.call("x", text));
        let file = recording.redacted().to_file().json;
        let shown = Recording::from_json(&file).unwrap().entries()[0]
            .detail
            .to_string();
        assert!(shown.len() <= most);
        assert!(!shown.contains("2a00"), "{shown}");
    }
}
