use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::trace::{Trace, Tracer};

fn trace() -> Trace {
    Trace::new(|| 0.0)
}

fn signal(tracer: &Tracer, direction: Direction, other: Option<&str>) {
    let payload = Payload::Signal {
        direction,
        other: other.map(str::to_owned),
        message: json!({}),
    };
    tracer.with(payload).signal("send", "offer");
}

fn ladder_of(trace: &Trace) -> Ladder {
    let mut ladder = Ladder::default();
    ladder.follow(trace.ids(), |ids, f| trace.each(ids, f));
    ladder
}

fn shapes(ladder: &Ladder) -> Vec<Shape> {
    ladder.window(0..99).map(|(_, row)| row.shape).collect()
}

#[test]
fn two_peers_of_one_page_have_a_line_each_and_signals_between_them() {
    let trace = trace();
    let local = trace
        .tracer("localPeer")
        .toward("remotePeer")
        .for_connection();
    let remote = trace
        .tracer("remotePeer")
        .toward("localPeer")
        .for_connection();
    local.call("setLocalDescription", "offer");
    signal(&local, Direction::Sent, Some("remotePeer"));
    remote.call("setRemoteDescription", "offer");
    signal(&remote, Direction::Sent, Some("localPeer"));
    let ladder = ladder_of(&trace);
    assert_eq!(ladder.lines, ["localPeer".into(), "remotePeer".into()]);
    assert_eq!(
        shapes(&ladder),
        [
            Shape::Mark(0),
            Shape::Arrow { from: 0, to: 1 },
            Shape::Mark(1),
            Shape::Arrow { from: 1, to: 0 },
        ]
    );
}

#[test]
fn in_a_call_the_page_talks_to_the_service_and_to_others() {
    let trace = trace();
    trace.tracer("page").call("getUserMedia", "");
    let signaling = trace.tracer("signaling");
    signal(&signaling, Direction::Sent, None);
    signal(&signaling, Direction::Received, Some("ada"));
    // Reported under the name of the other end, but done here.
    let connection = trace.tracer("ada").toward("ada").for_connection();
    connection.call("setRemoteDescription", "offer");
    let ladder = ladder_of(&trace);
    assert_eq!(
        ladder.lines,
        ["page".into(), "signaling".into(), "ada".into()]
    );
    assert_eq!(
        shapes(&ladder),
        [
            Shape::Mark(0),
            Shape::Arrow { from: 0, to: 1 },
            Shape::Arrow { from: 2, to: 0 },
            Shape::Mark(0),
        ]
    );
}

#[test]
fn people_are_called_by_name_and_who_tells_has_a_page() {
    let trace = trace();
    let message = json!({ "type": "peerJoined", "peerId": "r0b1n", "name": "Robin" });
    let payload = Payload::Signal {
        direction: Direction::Received,
        other: None,
        message,
    };
    let signaling = trace.tracer("signaling");
    signaling.with(payload).signal("receive", "peerJoined");
    signal(&signaling, Direction::Sent, Some("r0b1n"));
    let titles = |trace: &Trace| ladder_of(trace).titles();
    assert_eq!(titles(&trace), ["this page", "signaling", "Robin"]);
    let there = trace.tracer("r0b1n").toward(PAGE).for_connection();
    there.call("setRemoteDescription", "offer");
    signal(&there, Direction::Received, Some(PAGE));
    assert_eq!(titles(&trace), ["this page", "signaling", "Robin’s page"]);
    let ladder = ladder_of(&trace);
    assert!(ladder.has_two_sides());
    let by: Vec<_> = ladder.window(0..9).map(|(_, row)| row.by).collect();
    assert_eq!(by, [0, 0, 2, 2]);
    // Sent from here, and received there.
    let arrow = Shape::Arrow { from: 0, to: 2 };
    assert_eq!(shapes(&ladder)[1..], [arrow, Shape::Mark(2), arrow]);
}

#[test]
fn what_goes_at_the_front_leaves_every_other_row_where_it_was() {
    let trace = trace();
    for number in 0..10 {
        let tracer = trace.tracer("p");
        if number % 2 == 0 {
            tracer.call("x", "")
        } else {
            tracer.event("y", "")
        }
    }
    let mut ladder = Ladder::default();
    ladder.set_filter(Filter::new([Kind::Call], ""));
    let rows = |ladder: &Ladder| -> Vec<(usize, u64)> {
        let rows = ladder.window(0..99);
        rows.map(|(place, row)| (place + ladder.gone(), row.entry.id))
            .collect()
    };
    ladder.follow(0..8, |ids, f| trace.each(ids, f));
    let before = rows(&ladder);
    ladder.follow(4..10, |ids, f| trace.each(ids, f));
    assert_eq!(ladder.gone(), 2);
    let after = rows(&ladder);
    assert_eq!(after[..2], before[2..]);
    assert_eq!(after[2..], [(4, 9)]);
}

#[test]
fn a_filter_leaves_kinds_and_words_and_what_comes_later_too() {
    let trace = trace();
    let tracer = trace.tracer("p");
    tracer.call("createOffer", "");
    tracer.event("icecandidate", "Candidate:1 UDP");
    let mut ladder = ladder_of(&trace);
    ladder.set_filter(Filter::new([Kind::Call], " udp"));
    assert_eq!((ladder.len(), ladder.total()), (1, 2));
    tracer.event("icecandidate", "candidate:2 udp");
    tracer.call("addIceCandidate", "udp");
    ladder.follow(trace.ids(), |ids, f| trace.each(ids, f));
    assert_eq!((ladder.len(), ladder.total()), (2, 4));
    assert_eq!(ladder.place_of(2), Some(1));
    assert_eq!(ladder.place_of(0), None);
    assert_eq!(ladder.id_at(99), Some(2));
}

#[test]
fn a_filter_finds_what_a_row_shows() {
    let trace = trace();
    let signaling = trace.tracer("signaling");
    let connection = trace.tracer("1f3a9c").toward("1f3a9c").for_connection();
    let received = |message| Payload::Signal {
        direction: Direction::Received,
        other: None,
        message,
    };
    signaling
        .with(Payload::Signal {
            direction: Direction::Sent,
            other: Some("1f3a9c".to_owned()),
            message: json!({}),
        })
        .signal("send", "offer to 1f3a9c");
    connection.call("setLocalDescription", "offer");
    let mut ladder = ladder_of(&trace);
    ladder.set_filter(Filter::new([], "to robin"));
    assert_eq!(ladder.len(), 0);
    // Who that is may be told later.
    let robin = json!({ "type": "peerJoined", "peerId": "1f3a9c", "name": "Robin" });
    signaling
        .with(received(robin))
        .signal("receive", "peerJoined");
    ladder.follow(trace.ids(), |ids, f| trace.each(ids, f));
    for (text, ids) in [
        ("to robin", &[0][..]),
        ("Send offer", &[0]),
        ("robin", &[0]),
        ("1f3a9c", &[0, 1]),
        ("offer #1", &[1]),
        ("this page", &[0, 1, 2]),
        ("signaling", &[0, 2]),
        ("to kim", &[]),
    ] {
        if text != "to robin" {
            ladder.set_filter(Filter::new([], text));
        }
        let shown: Vec<u64> = ladder.window(0..9).map(|(_, row)| row.entry.id).collect();
        assert_eq!(shown, ids, "{text}");
    }
}

proptest! {
    /// Whatever comes, goes, or is stepped back to, it is as if the ladder had been made anew.
    #[test]
    fn following_is_the_same_as_beginning_anew(
        steps in proptest::collection::vec((0_usize..40, 0_usize..40), 1..20),
        hidden in any::<bool>(),
    ) {
        let trace = trace();
        for number in 0..40 {
            let tracer = trace.tracer(["a", "b"][number % 2]);
            if number % 3 == 0 { tracer.call("x", "") } else { tracer.event("y", "") }
        }
        let filter = || Filter::new(hidden.then_some(Kind::Call), "");
        let mut ladder = Ladder::default();
        ladder.set_filter(filter());
        let mut start = 0;
        for (one, other) in steps {
            // The oldest entries never come back.
            start = start.max(one.min(other) as u64 / 2);
            let ids = start..start.max(one.max(other) as u64);
            ladder.follow(ids.clone(), |ids, f| trace.each(ids, f));
            let mut anew = Ladder::default();
            anew.set_filter(filter());
            anew.follow(ids, |ids, f| trace.each(ids, f));
            let of = |ladder: &Ladder| -> Vec<u64> {
                ladder.window(0..99).map(|(_, row)| row.entry.id).collect()
            };
            prop_assert_eq!(of(&ladder), of(&anew));
            prop_assert_eq!(ladder.total(), anew.total());
        }
    }
}
