//! That all who know the reporters agree on them: one list, see `trace::vocabulary`.

use crate::inspection::ladder::{Ladder, Shape};
use crate::inspection::names::Names;
use crate::recording::Recording;
use crate::trace::vocabulary::{InPagePeer, PAGE, Part};
use crate::trace::{Direction, Payload, Trace};

/// Stands on the line of the page, is no name of a person, and stays in what is given away.
#[test]
fn everywhere_a_part_of_the_page_is_one() {
    for part in Part::ALL {
        let trace = Trace::new(|| 0.0);
        let message = serde_json::json!({
            "type": "peerJoined", "peerId": "1f3a9c", "name": part.as_str(),
        });
        let payload = Payload::Signal {
            direction: Direction::Received,
            other: None,
            message,
        };
        trace.tracer(part).call("x", "");
        trace.tracer(part).with(payload).signal("receive", "");
        let mut ladder = Ladder::default();
        ladder.follow(trace.ids(), |ids, f| trace.each(ids, f));
        assert_eq!(ladder.lines()[0].as_ref(), PAGE);
        assert_eq!(ladder.row(0).map(|row| row.shape), Some(Shape::Mark(0)));
        let mut names = Names::default();
        assert!(names.learn(&trace.entries()[1]));
        assert!(names.title("1f3a9c").ends_with(" (1f3a)"));
        let redacted = Recording::new(trace.entries(), Vec::new()).redacted();
        assert_eq!(&*redacted.entries()[0].peer, part.as_str());
    }
}

#[test]
fn both_peers_of_a_pair_keep_their_names_in_what_is_given_away() {
    for of in InPagePeer::ALL {
        let trace = Trace::new(|| 0.0);
        let tracer = trace.tracer(of).toward(of.other().as_str());
        tracer.for_connection().call("x", "");
        trace.tracer(of).call("y", "");
        let redacted = Recording::new(trace.entries(), Vec::new()).redacted();
        assert_eq!(redacted.entries(), trace.entries());
    }
}
