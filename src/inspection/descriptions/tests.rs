use proptest::prelude::*;

use super::*;
use crate::sdp::report::Comparison;
use crate::trace::{Trace, Tracer};

fn set(tracer: &Tracer, side: Side, kind: SdpType, sdp: &str) {
    let description = SessionDescription {
        kind,
        sdp: sdp.to_owned(),
    };
    let payload = Payload::Description { side, description };
    tracer.with(payload).call("set", "");
}

fn followed(trace: &Trace) -> Descriptions {
    let mut descriptions = Descriptions::default();
    follow(&mut descriptions, trace);
    descriptions
}

fn follow(descriptions: &mut Descriptions, trace: &Trace) -> bool {
    let entries = trace.entries();
    descriptions.follow(0..entries.len() as u64, |ids, f| {
        let new = entries.iter().filter(|entry| ids.contains(&entry.id));
        new.for_each(f);
    })
}

fn shown(descriptions: &Descriptions) -> Vec<(u32, String, SdpType)> {
    let rounds = descriptions.rounds().iter();
    let who = |round: &Round| {
        let whom = round.whom.as_deref().unwrap_or("nobody");
        format!("{} to {whom}", round.who)
    };
    rounds
        .map(|round| (round.connection, who(round), round.kind))
        .collect()
}

#[test]
fn in_one_page_each_description_is_there_once() {
    let trace = Trace::new(|| 0.0);
    let one = trace
        .tracer("localPeer")
        .toward("remotePeer")
        .for_connection();
    let other = trace
        .tracer("remotePeer")
        .toward("localPeer")
        .for_connection();
    for text in ["first", "second"] {
        set(&one, Side::Local, SdpType::Offer, text);
        set(&other, Side::Remote, SdpType::Offer, text);
        set(
            &other,
            Side::Local,
            SdpType::Answer,
            &format!("{text} answer"),
        );
        set(
            &one,
            Side::Remote,
            SdpType::Answer,
            &format!("{text} answer"),
        );
    }
    let row = |who: &str, kind| (1, who.to_owned(), kind);
    let round = [
        row("localPeer to remotePeer", SdpType::Offer),
        row("remotePeer to localPeer", SdpType::Answer),
    ];
    assert_eq!(shown(&followed(&trace)), [round.clone(), round].concat());
}

#[test]
fn in_a_call_the_others_are_written_by_the_other() {
    let trace = Trace::new(|| 0.0);
    let robin = trace.tracer("Robin").toward("Robin").for_connection();
    set(&robin, Side::Remote, SdpType::Offer, "o");
    set(&robin, Side::Local, SdpType::Answer, "a");
    let row = |who: &str, kind| (1, who.to_owned(), kind);
    assert_eq!(
        shown(&followed(&trace)),
        [
            row("Robin to you", SdpType::Offer),
            row("you to Robin", SdpType::Answer)
        ]
    );
}

#[test]
fn what_was_seen_is_not_read_again() {
    let trace = Trace::new(|| 0.0);
    let peer = trace.tracer("peer").for_connection();
    set(&peer, Side::Local, SdpType::Offer, "o");
    let mut descriptions = Descriptions::default();
    assert!(follow(&mut descriptions, &trace));
    assert!(!follow(&mut descriptions, &trace));
    peer.event("icecandidate", "");
    assert!(!follow(&mut descriptions, &trace));
    // A recording that is taken back.
    assert!(descriptions.follow(0..0, |_, _| unreachable!()));
    assert_eq!(descriptions.rounds(), []);
}

/// `tracer` of one end of a connection of this page, and of the other.
fn both(trace: &Trace, one: &str, other: &str) -> [Tracer; 2] {
    let end = |own: &str, to: &str| trace.tracer(own).toward(to).for_connection();
    [end(one, other), end(other, one)]
}

#[test]
fn offers_that_cross_are_of_one_connection() {
    use SdpType::{Answer, Offer, Rollback};
    let trace = Trace::new(|| 0.0);
    let [one, other] = both(&trace, "a", "b");
    set(&one, Side::Local, Offer, "of a");
    set(&other, Side::Local, Offer, "of b");
    set(&one, Side::Remote, Offer, "of b");
    set(&other, Side::Local, Rollback, "");
    set(&one, Side::Remote, Rollback, "");
    set(&other, Side::Remote, Offer, "of a");
    set(&other, Side::Local, Answer, "answer");
    set(&one, Side::Remote, Answer, "answer");
    let descriptions = followed(&trace);
    let row = |who: &str, kind| (1, who.to_owned(), kind);
    assert_eq!(
        shown(&descriptions),
        [
            row("a to b", Offer),
            row("b to a", Offer),
            row("b to a", Rollback),
            row("b to a", Answer),
        ]
    );
    assert_eq!(descriptions.connections(), [(1, "1: a and b".to_owned())]);
}

#[test]
fn each_end_leads_to_the_other() {
    let trace = Trace::new(|| 0.0);
    assert_eq!(followed(&trace).other_end(1), None);
    for text in ["first", "second"] {
        let [one, other] = both(&trace, "a", "b");
        set(&one, Side::Local, SdpType::Offer, text);
        set(&other, Side::Remote, SdpType::Offer, text);
    }
    let descriptions = followed(&trace);
    let ends = [
        (1, Some(2)),
        (2, Some(1)),
        (3, Some(4)),
        (4, Some(3)),
        (5, None),
    ];
    for (one, other) in ends {
        assert_eq!(descriptions.other_end(one), other);
    }
}

#[test]
fn what_reads_alike_elsewhere_mixes_nothing() {
    use SdpType::{Answer, Offer, Rollback};
    let trace = Trace::new(|| 0.0);
    let mut expected = Vec::new();
    // Robin, who left and came again, and Sam: whatever they say reads the same.
    for (number, name) in [(1, "Robin"), (2, "Robin"), (3, "Sam")] {
        let tracer = trace.tracer(name).toward(name).for_connection();
        set(&tracer, Side::Remote, Offer, "o");
        set(&tracer, Side::Remote, Rollback, "");
        set(&tracer, Side::Local, Offer, "mine");
        set(&tracer, Side::Remote, Answer, "a");
        let (to, from) = (format!("you to {name}"), format!("{name} to you"));
        expected.extend([
            (number, from.clone(), Offer),
            (number, from.clone(), Rollback),
            (number, to, Offer),
            (number, from, Answer),
        ]);
    }
    let [one, other] = both(&trace, "a", "b");
    let [third, fourth] = both(&trace, "c", "d");
    for (writer, reader) in [(&one, &other), (&third, &fourth)] {
        set(writer, Side::Local, Offer, "the same");
        set(reader, Side::Remote, Offer, "the same");
    }
    expected.extend([
        (4, "a to b".to_owned(), Offer),
        (6, "c to d".to_owned(), Offer),
    ]);
    let descriptions = followed(&trace);
    assert_eq!(shown(&descriptions), expected);
    let titles = descriptions.connections();
    let titles: Vec<_> = titles.iter().map(|(_, title)| title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "1: you and Robin",
            "2: you and Robin",
            "3: you and Sam",
            "4: a and b",
            "6: c and d",
        ]
    );
}

#[test]
fn a_reader_whose_clock_is_ahead_of_the_writers_is_understood() {
    use SdpType::{Answer, Offer};
    let trace = Trace::new(|| 0.0);
    let [one, other] = both(&trace, "a", "b");
    set(&other, Side::Remote, Offer, "o");
    set(&one, Side::Local, Offer, "o");
    set(&one, Side::Remote, Answer, "a");
    set(&other, Side::Local, Answer, "a");
    let row = |who: &str, kind| (1, who.to_owned(), kind);
    assert_eq!(
        shown(&followed(&trace)),
        [row("a to b", Offer), row("b to a", Answer)]
    );
}

proptest! {
    /// Whatever is told in whatever order: each round stays with its own two ends, and what is
    /// compared with it is of the same two.
    #[test]
    fn connections_are_never_mixed(
        told in proptest::collection::vec((0_usize..6, any::<bool>(), 0_u8..4, 0_u8..3), 0..40),
    ) {
        let trace = Trace::new(|| 0.0);
        let [a, b] = both(&trace, "a", "b");
        let [c, d] = both(&trace, "c", "d");
        let call = ["Robin", "Sam"].map(|name| trace.tracer(name).toward(name).for_connection());
        let [robin, sam] = call;
        let ends = [a, b, c, d, robin, sam];
        for (end, local, kind, text) in told {
            let kind = match kind {
                0 => SdpType::Offer,
                1 => SdpType::Pranswer,
                2 => SdpType::Answer,
                _ => SdpType::Rollback,
            };
            let side = if local { Side::Local } else { Side::Remote };
            // A description says whose session it is (RFC 8866, section 5.2), so no two
            // connections write the same.
            let session = match (end, local) {
                (0, true) | (1, false) => 0,
                (1, true) | (0, false) => 1,
                (2, true) | (3, false) => 2,
                (3, true) | (2, false) => 3,
                (end, local) => 2 * end + usize::from(local),
            };
            set(&ends[end], side, kind, &format!("{session} {text}"));
        }
        let descriptions = followed(&trace);
        let rounds = descriptions.rounds();
        let group = |round: &Round| match (&*round.who, round.whom.as_deref()) {
            ("a" | "b", Some("a" | "b")) => 0,
            ("c" | "d", Some("c" | "d")) => 1,
            ("you", Some("Robin")) | ("Robin", Some("you")) => 2,
            ("you", Some("Sam")) | ("Sam", Some("you")) => 3,
            other => panic!("{other:?}"),
        };
        for (index, one) in rounds.iter().enumerate() {
            for other in &rounds[..index] {
                prop_assert!(one.connection != other.connection || group(one) == group(other));
            }
            for comparison in [Comparison::Previous, Comparison::Counterpart] {
                if let Some(other) = comparison.other(rounds, index) {
                    prop_assert_eq!(other.connection, one.connection);
                }
            }
        }
    }
}
