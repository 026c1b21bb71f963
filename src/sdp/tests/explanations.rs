use proptest::prelude::*;
use signaling_protocol::SdpType;

use super::{RECORDED, any_description, recorded};
use crate::sdp::description::parse;
use crate::sdp::explanation::explain;
use crate::sdp::presentation::present;
use crate::sdp::source::Source;

fn kind_of(name: &str) -> SdpType {
    match name.ends_with("answer") {
        true => SdpType::Answer,
        false => SdpType::Offer,
    }
}

/// What is said of the first line that begins so.
fn said(name: &str, line: &str) -> String {
    let session = parse(recorded(name)).unwrap();
    let explained = explain(&session, kind_of(name));
    let found = session
        .all_lines()
        .zip(explained)
        .find(|(found, _)| found.text.starts_with(line));
    found
        .unwrap_or_else(|| panic!("no {line} in {name}"))
        .1
        .text
}

fn said_of(sdp: &str, kind: SdpType) -> Vec<String> {
    let explained = explain(&parse(sdp).unwrap(), kind);
    explained
        .into_iter()
        .map(|explanation| explanation.text)
        .collect()
}

#[test]
fn every_line_of_a_browser_is_known_and_has_its_source() {
    for (name, sdp) in RECORDED {
        let session = parse(sdp).unwrap();
        for (line, explanation) in session.all_lines().zip(explain(&session, kind_of(name))) {
            assert!(
                explanation.known,
                "{name}: {}: {}",
                line.text, explanation.text
            );
            assert!(
                explanation.text.ends_with('.'),
                "{name}: {}: {}",
                line.text,
                explanation.text
            );
            assert!(
                !explanation.text.contains("something named"),
                "{name}: {}",
                line.text
            );
            assert!(
                !explanation.text.contains("of the kind"),
                "{name}: {}",
                line.text
            );
            let url = explanation.source.map(Source::url).unwrap();
            assert!(url.starts_with("https://"), "{name}: {}: {url}", line.text);
        }
    }
}

#[test]
fn sources_are_sections_of_standards() {
    let source = Source::Rfc {
        number: 8866,
        section: "5.14",
    };
    assert_eq!(source.label(), "RFC 8866, section 5.14");
    assert_eq!(
        source.url(),
        "https://www.rfc-editor.org/rfc/rfc8866.html#section-5.14"
    );
    let whole = Source::Rfc {
        number: 6464,
        section: "",
    };
    assert_eq!(whole.label(), "RFC 6464");
    assert_eq!(whole.url(), "https://www.rfc-editor.org/rfc/rfc6464.html");
}

#[test]
fn the_sentences_use_what_other_lines_say() {
    let chromium = "chromium-round1-offer";
    for (line, part) in [
        ("a=rtpmap:96", "Payload type 96 is VP8 at 90\u{202f}000 Hz"),
        ("a=rtpmap:96", "sent again as 97"),
        ("a=fmtp:97", "repeat lost packets of type 96, VP8"),
        ("a=fmtp:108", "Constrained Baseline, level 3.1"),
        (
            "a=rtcp-fb:96 nack pli",
            "For VP8: the receiver may say that its picture broke",
        ),
        ("a=fmtp:63", "all of type 111: Opus"),
        ("a=setup", "the answer decides"),
        (
            "a=group",
            "The sections 0, 1 and 2 are to share one transport",
        ),
        (
            "m=audio",
            "8 payload types, the preferred first: Opus. Port 9 is a placeholder",
        ),
        ("m=application", "all data channels together"),
        ("c=", "0.0.0.0 is a placeholder"),
        (
            "a=candidate",
            "type preference 126, local preference 30, component 1",
        ),
        ("a=candidate", "multicast DNS"),
        ("a=sendrecv", "This side wants to send and to receive."),
        ("a=fingerprint", "SHA-256 hash of the certificate"),
        ("a=ssrc-group", "are sent again in the stream"),
        ("a=max-message-size", "262\u{202f}144 bytes"),
    ] {
        let said = said(chromium, line);
        assert!(said.contains(part), "{line}: {said}");
    }
    let firefox = "firefox-simulcast-offer";
    assert!(said(firefox, "a=simulcast").contains("in 3 encodings: q, h and f"));
    assert!(
        said(firefox, "a=extmap:6/recvonly").contains("Only in packets that this side receives")
    );
    assert!(said("firefox-round1-offer", "a=sendrecv").contains("holds for sections"));
    assert!(said("firefox-round1-offer", "a=candidate:2 1 TCP").contains("only opens connections"));
}

#[test]
fn the_same_line_means_another_thing_in_an_answer() {
    let answer = "chromium-round1-answer";
    assert!(said(answer, "a=setup").contains("DTLS client"));
    assert!(said(answer, "a=group").contains("0, 1 and 2 share one transport"));
    assert!(said(answer, "a=recvonly").contains("will receive and not send"));
}

#[test]
fn port_0_is_a_refusal_an_end_or_a_bundle() {
    let rejected = "m=video 0 UDP/TLS/RTP/SAVPF 96\r\n";
    assert!(said_of(rejected, SdpType::Answer)[0].contains("this side refuses the section"));
    assert!(said_of(rejected, SdpType::Offer)[0].contains("not used any more"));
    let bundled = format!("{rejected}a=bundle-only\r\n");
    assert!(said_of(&bundled, SdpType::Offer)[0].contains("refuses nothing"));
}

#[test]
fn what_nobody_knows_is_said_to_be_unknown() {
    let session = parse("a=frobnicate:3\r\nnonsense\r\n").unwrap();
    let explained = explain(&session, SdpType::Offer);
    assert!(explained.iter().all(|explanation| !explanation.known));
    assert!(explained[0].text.contains("“frobnicate” is no attribute"));
    assert!(explained[1].text.contains("no line of a description"));
}

#[test]
fn lines_that_belong_together_stand_together() {
    let session = parse(recorded("firefox-round1-offer")).unwrap();
    let parts = present(&session, SdpType::Offer, None);
    assert_eq!(parts.len(), 4);
    let video = &parts[2];
    assert_eq!(video.title, "Section 1 (video)");
    assert_eq!(
        video.summary,
        "Sends and receives. 3 codecs, VP8 preferred."
    );
    let vp8 = video
        .groups
        .iter()
        .find(|group| group.title == "VP8, payload type 120")
        .unwrap();
    let lines: Vec<_> = vp8.rows.iter().map(|row| row.text.as_str()).collect();
    for line in [
        "a=rtpmap:120 VP8/90000",
        "a=fmtp:120 max-fs=12288;max-fr=60",
        "a=rtcp-fb:120 nack pli",
        "a=rtpmap:124 rtx/90000",
        "a=fmtp:124 apt=120",
    ] {
        assert!(lines.contains(&line), "{line}: {lines:?}");
    }
    assert!(vp8.many);
}

/// What grows with the square of something takes minutes here.
#[test]
fn the_longest_text_is_shown_as_well() {
    let long = |line: &str, bytes: usize| line.repeat(bytes / line.len());
    for text in [
        format!(
            "m=audio 9 P {}\n{}",
            long("96 97 ", 90_000),
            long("a=rtpmap:96 A/8000\n", 90_000)
        ),
        format!(
            "a=group:BUNDLE {}\n{}",
            long("a b ", 90_000),
            long("m=audio 9 P 0\na=ice-ufrag:x\n", 60_000)
        ),
        long("a=candidate:1 1 udp 5 a 9 typ host\n", 150_000),
        long("\n", 4_999),
        "=".repeat(250_000),
    ] {
        let session = parse(&text).unwrap();
        let parts = present(&session, SdpType::Offer, Some((&session, SdpType::Answer)));
        let rows = parts
            .iter()
            .flat_map(|part| &part.groups)
            .map(|group| group.rows.len());
        assert_eq!(rows.sum::<usize>(), text.lines().count());
        session.problems();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_line_is_explained_and_shown_once(text in any_description(), offer: bool) {
        let kind = if offer { SdpType::Offer } else { SdpType::Answer };
        let session = parse(&text).unwrap();
        let explained = explain(&session, kind);
        prop_assert_eq!(explained.len(), session.all_lines().count());
        prop_assert!(explained.iter().all(|explanation| !explanation.text.is_empty()));
        let parts = present(&session, kind, None);
        let rows = parts.iter().flat_map(|part| &part.groups).flat_map(|group| &group.rows);
        let mut numbers: Vec<_> = rows.filter_map(|row| row.number).collect();
        numbers.sort_unstable();
        let all: Vec<_> = session.all_lines().map(|line| line.number).collect();
        prop_assert_eq!(numbers, all);
    }
}
