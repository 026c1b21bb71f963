//! What is sent, and when.

use super::super::outbox::Outbox;
use super::*;

#[test]
fn an_offer_that_came_before_its_connection_is_told() {
    let trace = Trace::new(|| 0.0);
    let other = NAMES[1];
    let signal = |what: &'static str| {
        let payload = Payload::Signal {
            direction: Direction::Received,
            other: Some(other.to_owned()),
            message: json!({}),
        };
        trace
            .tracer("signaling")
            .with(payload)
            .signal("receive", what);
    };
    let connection = || trace.tracer(other).toward(other).for_connection();
    let earlier = connection();
    earlier.call("new RTCPeerConnection", "");
    signal("answer");
    earlier.call("setRemoteDescription", "answer");
    signal("offer");
    earlier.call("close", "");
    connection().call("new RTCPeerConnection", "");
    let TraceMessage::Entries { entries, .. } = Outbox::new(&trace, other).batch(&trace).0 else {
        panic!("no entries");
    };
    let details = entries.iter().map(|entry| entry["detail"].as_str());
    assert_eq!(details.flatten().collect::<Vec<_>>(), ["offer"]);
}

#[test]
fn while_the_channel_is_busy_nothing_is_added_to_it() {
    let mut world = World::new(0.0, [4.0, 4.0]);
    world.agree();
    world.run(1_000.0);
    let person = &mut world.people[0];
    person.connection.call("later", "");
    let mut said = |free| {
        world.now_ms.set(world.now_ms.get() + 6_000.0);
        person.trace_sharing.handle_timeout(&person.trace, free);
        let mut count = 0;
        person.trace_sharing.tell(&person.trace, |_| {
            count += 1;
            true
        });
        count
    };
    assert_eq!(said(false), 0);
    assert_eq!(said(true), 2, "what happened, and what time it is");
}

#[test]
fn what_could_not_be_sent_is_told_later_and_once() {
    let mut world = World::new(0.0, [4.0, 4.0]);
    world.is_full = true;
    world.agree();
    world.run(500.0);
    let standings = |world: &World| [0, 1].map(|me| world.people[me].trace_sharing.view().standing);
    assert_eq!(standings(&world), [Standing::Asking; 2]);
    world.is_full = false;
    world.run(1_500.0);
    assert_eq!(standings(&world), [Standing::Shared; 2]);
    for round in 0..20 {
        world.is_full = round % 3 != 2;
        for me in [0, 1] {
            let connection = &world.people[me].connection;
            connection.call("call", format!("{round} {}", "x".repeat(900)));
        }
        world.run(400.0);
    }
    world.is_full = false;
    world.run(4_000.0);
    for me in [0, 1] {
        let there: Vec<_> = world
            .merged(me)
            .into_iter()
            .filter(|e| !is_own(e))
            .collect();
        let sent: Vec<_> = there.iter().map(words).collect();
        let entries = world.people[1 - me].trace.entries();
        assert_eq!(sent, entries[1..].iter().map(words).collect::<Vec<_>>());
    }
}

#[test]
fn the_time_is_asked_now_or_not_at_all() {
    let mut world = World::new(0.0, [4.0, 4.0]);
    let Person {
        trace_sharing,
        trace,
        ..
    } = &mut world.people[0];
    trace_sharing.handle_message(TraceMessage::Ask { stops: 0 }, trace);
    trace_sharing.handle_ask(trace);
    assert_eq!(trace_sharing.view().standing, Standing::Shared);
    let mut asked = Vec::new();
    for step in 0..1_000 {
        world.now_ms.set(f64::from(step) * 10.0);
        let now_ms = trace.now_ms();
        if trace_sharing.deadline().is_some_and(|at| at <= now_ms) {
            trace_sharing.handle_timeout(trace, true);
        }
        // Neither its yes nor anything later can be said for a while.
        let is_free = !(0..100).contains(&step) && !(300..700).contains(&step);
        trace_sharing.tell(trace, |message| {
            if let (TraceMessage::Probe { at_ms }, true) = (message, is_free) {
                asked.push((at_ms, now_ms));
            }
            is_free
        });
    }
    assert!(asked.len() > 1, "{asked:?}");
    assert!(asked.iter().all(|(at, now)| at == now), "{asked:?}");
}

#[test]
fn who_cannot_say_anything_tries_again_only_now_and_then() {
    let mut world = World::new(0.0, [4.0, 4.0]);
    world.is_full = true;
    let person = &mut world.people[0];
    person.trace_sharing.handle_ask(&person.trace);
    let mut tries = 0;
    for _ in 0..100 {
        // Whatever else wakes it.
        for _ in 0..5 {
            world.now_ms.set(world.now_ms.get() + 10.0);
            person.trace_sharing.tell(&person.trace, |_| {
                tries += 1;
                false
            });
        }
        let at = person.trace_sharing.deadline().unwrap();
        assert!(at > person.trace.now_ms(), "it does not spin");
        world.now_ms.set(at);
        person.trace_sharing.handle_timeout(&person.trace, true);
    }
    assert_eq!(tries, 100);
    assert!(world.now_ms.get() > 50_000.0);
    person.trace_sharing.handle_closed(&person.trace);
    assert_eq!(person.trace_sharing.deadline(), None);
}
