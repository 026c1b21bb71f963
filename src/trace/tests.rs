use std::cell::Cell;

use serde_json::json;

use super::*;

fn stepping_trace() -> Trace {
    let now = Cell::new(90.0);
    Trace::new(move || {
        now.set(now.get() + 10.0);
        now.get()
    })
}

#[test]
fn entries_carry_time_since_the_beginning_and_their_peer() {
    let trace = stepping_trace();
    trace.tracer("localPeer").call("createOffer", "");
    trace.tracer("remotePeer").event("track", "video");
    let entries = trace.entries();
    assert_eq!(
        entries
            .iter()
            .map(|e| (e.id, e.at_ms, &*e.peer))
            .collect::<Vec<_>>(),
        [(0, 10.0, "localPeer"), (1, 20.0, "remotePeer")]
    );
}

#[test]
fn the_oldest_entries_go_first() {
    let trace = stepping_trace();
    let tracer = trace.tracer("p");
    for _ in 0..Trace::CAPACITY + 3 {
        tracer.event("e", "");
    }
    let entries = trace.entries();
    assert_eq!(entries.len(), Trace::CAPACITY);
    assert_eq!(entries[0].id, 3);
}

#[test]
fn an_observer_sees_each_entry_and_may_report_itself() {
    let trace = stepping_trace();
    let seen = Rc::new(RefCell::new(Vec::new()));
    let (log, again) = (seen.clone(), trace.tracer("observer"));
    trace.observe(move |entry| {
        log.borrow_mut().push(entry.id);
        if &*entry.peer != "observer" {
            again.event("seen", "");
        }
    });
    trace.tracer("p").state("signalingState", "stable");
    assert_eq!(*seen.borrow(), [0, 1]);
}

#[test]
fn an_entry_names_the_line_that_reported_it() {
    let trace = stepping_trace();
    let tracer = trace.tracer("p");
    tracer.call("close", "");
    let line = line!() - 1;
    let source = &trace.entries()[0].source;
    assert_eq!((&*source.file, source.line), ("src/trace/tests.rs", line));
}

#[test]
fn each_connection_has_a_number_of_its_own() {
    let trace = stepping_trace();
    let one = trace.tracer("one").for_connection();
    let other = trace.tracer("other").toward("one").for_connection();
    one.call("a", "");
    other.call("b", "");
    trace.tracer("page").call("c", "");
    let of = |entry: &Entry| entry.connection.as_ref().map(|c| (c.number, c.to.clone()));
    assert_eq!(
        trace.entries().iter().map(of).collect::<Vec<_>>(),
        [Some((1, None)), Some((2, Some("one".into()))), None]
    );
}

#[test]
fn a_payload_goes_with_one_entry_only() {
    let trace = stepping_trace();
    let tracer = trace.tracer("p");
    let payload = Payload::Value {
        value: json!({"a": 1}),
    };
    tracer.with(payload.clone()).call("x", "");
    tracer.call("y", "");
    let payloads: Vec<_> = trace.entries().into_iter().map(|e| e.payload).collect();
    assert_eq!(payloads, [Some(Arc::new(payload)), None]);
}

#[test]
fn large_payloads_push_the_oldest_entries_out() {
    let trace = stepping_trace();
    let half = "x".repeat(Trace::PAYLOAD_BYTES / 2);
    for _ in 0..3 {
        let value = json!(half);
        trace
            .tracer("p")
            .with(Payload::Value { value })
            .event("e", "");
    }
    assert_eq!(trace.ids(), 1..3);
}

#[test]
fn entries_are_shown_by_their_ids() {
    let trace = stepping_trace();
    for _ in 0..Trace::CAPACITY + 5 {
        trace.tracer("p").event("e", "");
    }
    let shown = |ids| {
        let mut shown = Vec::new();
        trace.each(ids, |entry| shown.push(entry.id));
        shown
    };
    assert_eq!(shown(3..8), [5, 6, 7]);
    assert_eq!(shown(trace.ids().end - 1..u64::MAX), [10_004]);
    #[expect(clippy::reversed_empty_ranges, reason = "must not panic either")]
    let backwards = shown(9..2);
    assert!(backwards.is_empty());
}

#[test]
fn what_has_no_text_has_a_size_all_the_same() {
    for value in [
        serde_json::json!(vec![serde_json::json!({ "": "" }); 1000]),
        serde_json::json!(vec![serde_json::json!([]); 1000]),
        serde_json::json!({ "x".repeat(1000): null }),
    ] {
        let payload = Payload::Value { value };
        assert!(payload.size() >= 1000, "{}", payload.size());
    }
}
