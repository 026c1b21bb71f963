use proptest::prelude::*;
use signaling_protocol::SdpType;

use super::{RECORDED, any_description, recorded};
use crate::sdp::description::{ParsedDescription, parse};
use crate::sdp::diff::{Mark, Spot, diff};
use crate::sdp::input::{self, PasteError};
use crate::sdp::presentation::{RowMark, present};
use crate::sdp::report::{Comparison, Report, available, report};
use crate::sdp::rounds::{Round, counterpart, previous};
use crate::sdp::summary::{answered, since};

fn session(name: &str) -> ParsedDescription {
    parse(recorded(name)).unwrap()
}

fn mark_of(here: &ParsedDescription, there: &ParsedDescription, line: &str) -> Mark {
    let diff = diff(here, there);
    let found = here
        .all_lines()
        .zip(diff.marks)
        .find(|(found, _)| found.text.starts_with(line));
    found.unwrap_or_else(|| panic!("no {line}")).1
}

#[test]
fn lines_are_matched_by_what_they_are_about() {
    let here = parse("v=0\nm=audio 9 P 0\na=mid:a\na=sendrecv\na=extmap:3 urn:x\nm=video 9 P 96 97\na=mid:v\na=rtcp-fb:96 nack\na=fmtp:96 a=1\na=rtpmap:97 B/1\n").unwrap();
    let there = parse("v=0\nm=video 9 P 96\na=fmtp:96 a=2\na=mid:v\na=rtcp-fb:96 nack pli\nm=audio 9 P 0\na=mid:a\na=extmap:5 urn:x\na=recvonly\nm=text 9 P 0\na=mid:t\n").unwrap();
    let changed = |there: &str| Mark::Changed {
        there: there.to_owned(),
    };
    assert_eq!(mark_of(&here, &there, "a=sendrecv"), changed("a=recvonly"));
    assert_eq!(
        mark_of(&here, &there, "a=extmap"),
        changed("a=extmap:5 urn:x")
    );
    assert_eq!(mark_of(&here, &there, "a=fmtp"), changed("a=fmtp:96 a=2"));
    assert_eq!(mark_of(&here, &there, "m=video"), changed("m=video 9 P 96"));
    assert_eq!(mark_of(&here, &there, "m=audio"), Mark::Same);
    assert_eq!(mark_of(&here, &there, "a=rtcp-fb"), Mark::OnlyHere);
    assert_eq!(mark_of(&here, &there, "a=rtpmap:97"), Mark::OnlyHere);
    let gone = diff(&here, &there).gone;
    let gone: Vec<_> = gone
        .iter()
        .map(|(spot, line)| (*spot, line.text.as_str()))
        .collect();
    assert_eq!(
        gone,
        [
            (Spot::Section(1), "a=rtcp-fb:96 nack pli"),
            (Spot::GoneSection(2), "m=text 9 P 0"),
            (Spot::GoneSection(2), "a=mid:t"),
        ]
    );
}

#[test]
fn a_section_that_is_gone_is_shown_as_such() {
    let here = parse("m=audio 9 P 0\na=mid:0\n").unwrap();
    let there = parse("m=audio 9 P 0\na=mid:0\nm=video 9 P 96\na=mid:1\n").unwrap();
    let parts = present(&here, SdpType::Offer, Some((&there, SdpType::Offer)));
    assert_eq!(parts.len(), 3);
    assert!(parts[2].gone && parts[2].title == "Section 1 (video)");
    let rows: Vec<_> = parts[2]
        .groups
        .iter()
        .flat_map(|group| &group.rows)
        .collect();
    assert!(
        rows.iter()
            .all(|row| row.mark == Some(RowMark::OnlyThere) && row.number.is_none())
    );
    assert!(rows.iter().all(|row| !row.explanation.text.is_empty()));
}

#[test]
fn a_restart_a_stop_and_a_new_section_are_said() {
    for browser in ["chromium", "firefox"] {
        let round = |number: u32| session(&format!("{browser}-round{number}-offer"));
        let said = since(&round(1), &round(3)).join("\n");
        assert!(said.contains("an ICE restart"), "{browser}: {said}");
        assert!(
            said.contains("Section 1 (video) now sends and receives nothing (sendrecv → inactive)"),
            "{browser}: {said}"
        );
        assert!(
            said.contains("Section 3 (audio) is new") || said.contains("Section 4 (audio) is new"),
            "{browser}: {said}"
        );
        let said = since(&round(3), &round(4)).join("\n");
        assert!(
            said.contains("Section 1 (video) has been stopped"),
            "{browser}: {said}"
        );
        assert!(!said.contains("ICE restart"), "{browser}: {said}");
        assert_eq!(
            since(&round(4), &round(4)),
            ["Nothing that matters has changed."]
        );
    }
}

#[test]
fn what_an_answer_makes_of_an_offer_is_said() {
    let offer = session("chromium-round1-offer");
    let said = answered(&offer, &session("chromium-round1-answer")).join("\n");
    for part in [
        "Section 0 (audio): the answer accepts 4 of 4 codecs, and prefers Opus.",
        "Section 0 (audio): media flows from the offerer to the answerer only (sendrecv and recvonly).",
        "The answerer begins the DTLS handshake.",
        "All 3 sections share one transport.",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    let choosy = "v=0\na=group:BUNDLE 0\nm=audio 9 P 111\na=mid:0\na=rtpmap:111 opus/48000/2\na=sendonly\na=setup:passive\n\
                  m=video 0 P 96\na=mid:1\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=mid:2\n";
    let said = answered(&offer, &parse(choosy).unwrap()).join("\n");
    for part in [
        "accepts 1 of 4 codecs",
        "from the answerer to the offerer only (sendrecv and sendonly)",
        "Section 1 (video) is refused by the answer.",
        "The offerer begins the DTLS handshake.",
        "The bundle keeps 1 of 3 sections.",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    let short = parse("v=0\nm=audio 9 P 0\na=mid:0\n").unwrap();
    assert!(answered(&offer, &short)[0].contains("The offer has 3 sections and the answer 1"));
}

#[test]
fn rounds_find_what_was_before_and_what_answers_them() {
    use SdpType::{Answer, Offer, Pranswer, Rollback};
    let list = [
        (0, "a", Offer),
        (1, "b", Pranswer),
        (2, "b", Answer),
        (3, "b", Offer),
        (4, "b", Rollback),
        (5, "a", Offer),
        (6, "b", Answer),
        (7, "b", Offer),
    ];
    let mut rounds: Vec<_> = list
        .map(|(id, who, kind)| Round {
            id,
            connection: 1,
            who: who.into(),
            whom: None,
            kind,
            sdp: String::new(),
        })
        .into();
    let elsewhere = Round {
        id: 9,
        connection: 2,
        who: "a".into(),
        whom: None,
        kind: Offer,
        sdp: String::new(),
    };
    rounds.insert(1, elsewhere);
    let at = |id: u64| rounds.iter().position(|round| round.id == id).unwrap();
    let id = |round: Option<&Round>| round.map(|round| round.id);
    assert_eq!(
        id(counterpart(&rounds, at(0))),
        Some(2),
        "the last answer counts"
    );
    assert_eq!(id(counterpart(&rounds, at(1))), Some(0));
    assert_eq!(id(counterpart(&rounds, at(2))), Some(0));
    assert_eq!(id(counterpart(&rounds, at(3))), None, "it was rolled back");
    assert_eq!(id(counterpart(&rounds, at(4))), None);
    assert_eq!(id(counterpart(&rounds, at(6))), Some(5));
    assert_eq!(id(counterpart(&rounds, at(7))), None, "not answered yet");
    assert_eq!(id(counterpart(&rounds, at(9))), None, "another connection");
    assert_eq!(id(previous(&rounds, at(5))), Some(0));
    assert_eq!(id(previous(&rounds, at(6))), Some(3), "not the rollback");
    assert_eq!(id(previous(&rounds, at(9))), None);
    assert_eq!(previous(&rounds, 99), None);
}

#[test]
fn a_round_is_compared_with_what_there_is() {
    use SdpType::{Answer, Offer, Rollback};
    let list = [
        ("a", Offer, recorded("chromium-round1-offer")),
        ("b", Answer, recorded("chromium-round1-answer")),
        ("a", Offer, recorded("chromium-round3-offer")),
        ("a", Rollback, ""),
    ];
    let rounds: Vec<_> = (0..)
        .zip(list)
        .map(|(id, (who, kind, sdp))| Round {
            id,
            connection: 1,
            who: who.into(),
            whom: None,
            kind,
            sdp: sdp.into(),
        })
        .collect();
    let words = |index, comparison| {
        let report = report(&rounds, index, comparison).unwrap();
        let words = report.compared.map(|compared| compared.words.join(" "));
        assert_eq!(
            words.is_some(),
            available(&rounds, index, comparison) && comparison != Comparison::Nothing
        );
        words
    };
    assert_eq!(words(0, Comparison::Nothing), None);
    assert_eq!(words(0, Comparison::Previous), None);
    // The same is said of the two, whichever is looked at.
    let said = words(0, Comparison::Counterpart).unwrap();
    assert!(said.contains("the answer accepts"), "{said}");
    assert_eq!(words(1, Comparison::Counterpart), Some(said));
    assert_eq!(words(2, Comparison::Counterpart), None, "it was taken back");
    assert!(
        words(2, Comparison::Previous)
            .unwrap()
            .contains("ICE restart")
    );
    assert_eq!(
        report(&rounds, 3, Comparison::Previous),
        Ok(Report::default())
    );
    assert_eq!(
        report(&rounds, 4, Comparison::Nothing),
        Ok(Report::default())
    );
}

#[test]
fn what_is_pasted_may_be_json_and_what_it_is_can_be_seen() {
    for (name, sdp) in RECORDED {
        let kind = if name.ends_with("answer") {
            SdpType::Answer
        } else {
            SdpType::Offer
        };
        let input = input::read(sdp).unwrap();
        assert_eq!((input.kind, input.problems), (kind, vec![]), "{name}");
        let json = serde_json::json!({ "type": kind, "sdp": sdp }).to_string();
        assert_eq!(
            input::read(&json).unwrap().description.to_string(),
            *sdp,
            "{name}"
        );
    }
    assert_eq!(input::read(" \n"), Err(PasteError::Empty));
    assert_eq!(input::read("{\"type\":\"offer\"}"), Err(PasteError::NoSdp));
    assert_eq!(
        input::read("Dear all,\nhello"),
        Err(PasteError::NoDescription)
    );
    assert!(matches!(
        input::read(&"v=0\n".repeat(100_000)),
        Err(PasteError::TooLong(_))
    ));
    let broken = input::read("v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\nm=audio 9").unwrap();
    assert_eq!(broken.problems[0].line, 5);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_differs_from_itself(text in any_description()) {
        let session = parse(&text).unwrap();
        let same = diff(&session, &session);
        prop_assert!(same.marks.iter().all(|mark| *mark == Mark::Same));
        prop_assert_eq!(same.gone.len(), 0);
    }

    #[test]
    fn every_line_of_both_is_shown_once(here in any_description(), there in any_description()) {
        let (here, there) = (parse(&here).unwrap(), parse(&there).unwrap());
        let compared = diff(&here, &there);
        prop_assert_eq!(compared.marks.len(), here.all_lines().count());
        let found = compared.marks.iter().filter(|mark| **mark != Mark::OnlyHere).count();
        prop_assert_eq!(found + compared.gone.len(), there.all_lines().count());
        let parts = present(&here, SdpType::Answer, Some((&there, SdpType::Offer)));
        let rows = parts.iter().flat_map(|part| &part.groups).map(|group| group.rows.len());
        prop_assert_eq!(rows.sum::<usize>(), compared.marks.len() + compared.gone.len());
        since(&here, &there);
        answered(&here, &there);
    }

    #[test]
    fn nothing_that_is_pasted_breaks_it(text in "(\\PC|\n){0,200}") {
        let _ = input::read(&text);
    }
}
