//! What somebody may send who means no good.

use super::super::merge::bytes as size;
use super::*;

#[test]
fn a_flood_does_not_fill_the_memory() {
    let mut world = World::new(0.0, [4.0, 4.0]);
    world.agree();
    world.run(1_000.0);
    let person = &mut world.people[0];
    let large = json!({ "type": "value", "value": "x".repeat(40_000) });
    for number in 0..60 {
        // Times that are not, far away and back again; more connections than anybody has.
        let entries = (0..700).map(|index| {
            json!({
                "atMs": if index % 2 == 0 { 1e11 } else { -1e11 }, "kind": "state", "name": "n",
                "file": "f", "line": 1, "connection": if index % 7 == 0 { number * 700 + index } else { 1 },
                "payload": if number < 2 { &large } else { &serde_json::Value::Null },
            })
        });
        let message = TraceMessage::Entries {
            entries: entries.collect(),
            up_to_ms: f64::NAN,
        };
        person.joining.handle_message(message, &person.trace);
        while let Some(event) = person.joining.poll_event() {
            person.merge.handle_event(NAMES[1], event);
        }
    }
    let mut bytes = 0;
    let (mut count, mut before) = (0, 0.0);
    person.merge.each(person.merge.ids(), |entry| {
        assert!(entry.at_ms >= before && entry.at_ms <= person.trace.now_ms());
        before = entry.at_ms;
        count += 1;
        bytes += size(entry);
    });
    assert_eq!(count, Merge::CAPACITY);
    assert!(bytes <= Merge::PAYLOAD_BYTES);
}
