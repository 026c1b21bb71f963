mod comparisons;
mod explanations;

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::string::{RegexGeneratorStrategy, string_regex};

use super::TooLong;
use super::description::parse;
use super::description::{MAX_BYTES, MAX_LINES};

/// Descriptions that the two browsers wrote.
macro_rules! recorded {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("tests/", $name, ".sdp")))),*]
    };
}

pub(super) const RECORDED: &[(&str, &str)] = recorded![
    "chromium-round1-offer",
    "chromium-round1-answer",
    "chromium-round2-offer",
    "chromium-round2-answer",
    "chromium-round3-offer",
    "chromium-round3-answer",
    "chromium-round4-offer",
    "chromium-round4-answer",
    "chromium-simulcast-offer",
    "firefox-round1-offer",
    "firefox-round1-answer",
    "firefox-round2-offer",
    "firefox-round2-answer",
    "firefox-round3-offer",
    "firefox-round3-answer",
    "firefox-round4-offer",
    "firefox-round4-answer",
    "firefox-simulcast-offer",
];

pub(super) fn recorded(name: &str) -> &'static str {
    let found = RECORDED.iter().find(|(known, _)| *known == name);
    found.map(|(_, sdp)| *sdp).unwrap()
}

#[test]
fn what_browsers_write_is_read_without_a_complaint_and_written_again() {
    for (name, sdp) in RECORDED {
        let session = parse(sdp).unwrap();
        assert_eq!(session.problems(), [], "{name}");
        assert_eq!(session.to_string(), *sdp, "{name}");
    }
}

#[test]
fn sections_begin_with_their_m_line() {
    let session = parse(recorded("firefox-round2-offer")).unwrap();
    let kinds: Vec<_> = session
        .sections
        .iter()
        .map(|s| s.media().unwrap().kind.as_str())
        .collect();
    assert_eq!(
        kinds,
        ["audio", "video", "application", "video", "audio"][..kinds.len()]
    );
    assert!(
        session
            .lines
            .iter()
            .all(|line| !line.text.starts_with("m="))
    );
}

#[test]
fn what_is_wrong_is_told_with_the_number_of_its_line() {
    let text = "v=0\no=- 1 2\ns=-\nt=0 0\n\nnonsense\na=group:BUNDLE 0 1\nm=audio nine UDP 0\n\
                m=audio 9 UDP/TLS/RTP/SAVPF 0\na=mid:0\na=rtpmap:96 VP8\na=setup:perhaps\n\
                a=fmtp:97 apt=96\na=candidate:1 1 udp\nx=1\n a=mid:2";
    let session = parse(text).unwrap();
    assert_eq!(session.to_string(), text);
    let problems = session.problems();
    let said: Vec<_> = problems
        .iter()
        .map(|p| format!("{} {}", p.line, p.text))
        .collect();
    for (line, part) in [
        (2, "six words"),
        (5, "empty"),
        (6, "no line of a description"),
        (7, "names “1”"),
        (8, "“nine” is no port"),
        (11, "a=rtpmap wants a payload type"),
        (12, "a=setup wants “actpass”"),
        (13, "does not name 97"),
        (14, "ends before its priority"),
        (15, "“x=”"),
        (16, "space before"),
    ] {
        assert!(
            said.iter()
                .any(|said| said.starts_with(&format!("{line} ")) && said.contains(part)),
            "{line} {part}: {said:#?}"
        );
    }
    assert_eq!(said.len(), 11, "{said:#?}");
}

#[test]
fn too_much_is_refused_with_a_reason() {
    let long = "a".repeat(MAX_BYTES + 1);
    assert_eq!(parse(&long), Err(TooLong::Bytes(MAX_BYTES + 1)));
    assert!(parse(&long).unwrap_err().to_string().contains("262144"));
    assert_eq!(parse(&"\n".repeat(MAX_LINES + 1)), Err(TooLong::Lines));
    assert!(parse(&"\n".repeat(MAX_LINES)).is_ok());
}

static LINES: LazyLock<Vec<&str>> =
    LazyLock::new(|| RECORDED.iter().flat_map(|(_, sdp)| sdp.lines()).collect());

/// Texts of this form; a pattern that is read but once.
fn like(pattern: &str) -> RegexGeneratorStrategy<String> {
    string_regex(pattern).unwrap()
}

/// Lines as browsers write them, and others.
pub(super) fn any_line() -> impl Strategy<Value = String> {
    let attributes = || {
        like(
            "rtpmap|fmtp|rtcp-fb|extmap|mid|group|msid|msid-semantic|ssrc|ssrc-group|rid|simulcast|\
            ice-ufrag|ice-pwd|ice-options|fingerprint|setup|candidate|rtcp|sctp-port|\
            max-message-size|sendrecv|inactive|rtcp-mux|[a-z-]{1,9}",
        )
    };
    let words = || {
        let word = like(
            "audio|video|0|9|96|97|111|IN|IP4|0.0.0.0|UDP/TLS/RTP/SAVPF|VP8/90000|opus/48000/2|\
            apt=96|nack|pli|send|recv|typ|host|udp|BUNDLE|sha-256|actpass|cname:x|[!-~]{0,6}",
        );
        proptest::collection::vec(word, 0..9).prop_map(|words| words.join(" "))
    };
    prop_oneof![
        8 => (attributes(), words()).prop_map(|(name, value)| format!("a={name}:{value}")),
        2 => attributes().prop_map(|name| format!("a={name}")),
        4 => (like("[vostcbmaizx]"), words()).prop_map(|(name, value)| format!("{name}={value}")),
        1 => like("\\PC{0,40}"),
        4 => any::<proptest::sample::Index>().prop_map(|line| line.get(&LINES).to_string()),
    ]
}

/// Descriptions of such lines, with whatever line ends.
pub(super) fn any_description() -> impl Strategy<Value = String> {
    proptest::collection::vec((any_line(), like("\r\n|\n")), 0..60)
        .prop_map(|lines| lines.into_iter().map(|(line, end)| line + &end).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_kept_byte_by_byte(text in "(\\PC|\r|\n){0,300}") {
        let session = parse(&text).unwrap();
        prop_assert_eq!(session.to_string(), text);
        session.problems();
    }

    #[test]
    fn any_description_is_kept_byte_by_byte(text in any_description()) {
        let session = parse(&text).unwrap();
        prop_assert_eq!(session.all_lines().count(), text.lines().count());
        let again = session.to_string();
        prop_assert_eq!(&again, &text);
        prop_assert_eq!(parse(&again).unwrap(), session);
    }
}
