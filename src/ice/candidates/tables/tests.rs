use proptest::prelude::*;

use super::*;
use crate::sdp::candidate::{self, CandidateType};
use crate::statistics::testdata::{chromium, firefox};

fn newest(samples: &[crate::statistics::Sample]) -> Tables {
    Tables::new(&samples.last().unwrap().stats, &[])
}

#[test]
fn chromium_hides_addresses_and_says_who_controls() {
    let tables = newest(&chromium().local);
    assert_eq!(tables.controlling, Some(true));
    assert_eq!(tables.of(Side::Local).count(), 2);
    assert!(tables.candidates.iter().all(Candidate::is_hidden));
    let first = tables.of(Side::Local).next().unwrap();
    let priority = first.priority.unwrap();
    assert_eq!((priority.type_preference, priority.component), (126, 1));
    assert_eq!(first.network, None);
    let selected = &tables.pairs[0];
    assert!(selected.selected && selected.nominated);
    assert_eq!(selected.requests_sent, Some(7.0));
    assert_eq!(selected.round_trip_ms, Some(2.0));
    // The report says 9079312923804853000, rounded to what JavaScript can hold.
    let difference = selected
        .priority
        .unwrap()
        .abs_diff(9_079_312_923_804_853_000);
    assert!(difference < 2048, "{difference}");
}

#[test]
fn firefox_has_names_states_of_its_own_and_a_peer_reflexive_candidate() {
    let recording = firefox();
    let tables = newest(&recording.remote);
    assert_eq!(tables.controlling, Some(false));
    let selected = tables.selected().unwrap();
    let remote = tables.candidate(&selected.remote).unwrap();
    assert_eq!(remote.kind, CandidateType::PeerReflexive);
    assert_eq!(remote.address, None);
    assert_eq!(remote.priority.unwrap().type_preference, 110);
    assert!(selected.requests_sent.is_none());
    let difference = selected
        .priority
        .unwrap()
        .abs_diff(7_961_802_290_698_650_000);
    assert!(difference < 2048, "{difference}");
    let states: Vec<_> = tables
        .pairs
        .iter()
        .map(|pair| pair.state.as_str())
        .collect();
    assert_eq!(
        states,
        ["succeeded", "in-progress", "cancelled", "cancelled"]
    );
    let tcp = newest(&recording.local);
    assert!(
        tcp.of(Side::Local)
            .any(|c| c.tcp_type.as_deref() == Some("active"))
    );
}

#[test]
fn texts_fill_in_what_the_report_leaves_out() {
    let report = Report::from_json(
        r#"[{"id":"a","type":"local-candidate","candidateType":"srflx","protocol":"udp","address":"",
             "port":46154,"priority":1677729535,"url":"stun:stun.example:3478"},
            {"id":"b","type":"remote-candidate","candidateType":"srflx","protocol":"udp",
             "port":46154,"priority":1677729535}]"#,
    );
    let text = "candidate:8 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 10.0.0.17 rport 5";
    let text = Text {
        side: Side::Local,
        candidate: candidate::Candidate::parse(text).unwrap(),
    };
    let tables = Tables::new(&report.unwrap(), &[text]);
    let candidate = tables.candidate("a").unwrap();
    assert_eq!(candidate.address.as_deref(), Some("203.0.113.7"));
    assert_eq!(candidate.related_address.as_deref(), Some("10.0.0.17"));
    assert_eq!(candidate.related_port, Some(5));
    assert_eq!(candidate.url.as_deref(), Some("stun:stun.example:3478"));
    assert_eq!(
        tables.candidate("b").unwrap().address,
        None,
        "it is the other side’s"
    );
}

proptest! {
    /// Ids that lead nowhere, numbers that are none.
    #[test]
    fn any_report_makes_tables(
        entries in proptest::collection::vec(
            ("local-candidate|remote-candidate|candidate-pair|transport", "[ab]",
             "priority|port|state|localCandidateId|selected|candidateType|selectedCandidatePairId",
             prop_oneof![
                Just(serde_json::json!(-1)), Just(serde_json::json!(1e300)),
                Just(serde_json::json!("a")), Just(serde_json::json!(true)),
             ]),
            0..8)
    ) {
        let entries: Vec<_> = entries.into_iter().map(|(kind, id, member, value)| {
            serde_json::json!({ "id": id, "type": kind, member: value })
        }).collect();
        let report = serde_json::from_value(entries.into()).unwrap();
        let tables = Tables::new(&report, &[]);
        let _ = super::super::reasons(&tables);
        let _ = super::super::connection_type(&tables);
    }
}
