//! What is told, and when.

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
        person.joining.handle_timeout(&person.trace, free);
        std::iter::from_fn(|| person.joining.poll_message()).count()
    };
    assert_eq!(said(false), 0);
    assert_eq!(said(true), 2, "what happened, and what time it is");
}
