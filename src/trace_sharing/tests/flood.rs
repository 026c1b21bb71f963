//! What somebody may send who means no good.

use serde_json::Value;

use super::super::merge::bytes as size;
use super::*;

/// An entry with these fields in place of the usual ones.
fn entry(fields: Value) -> Value {
    let mut entry = json!({
        "atMs": 1.0, "kind": "state", "name": "n", "file": "f", "line": 1, "connection": 1,
    });
    if let (Value::Object(entry), Value::Object(fields)) = (&mut entry, fields) {
        entry.extend(fields);
    }
    entry
}

fn value(value: Value) -> Value {
    json!({ "type": "value", "value": value })
}

/// Lists in lists.
fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::Null, |inner, _| json!([inner]))
}

/// Hears all that, and what comes of it.
fn hear(person: &mut Person, entries: Vec<Value>, up_to_ms: f64) {
    let message = TraceMessage::Entries { entries, up_to_ms };
    person.trace_sharing.handle_message(message, &person.trace);
    while let Some(event) = person.trace_sharing.poll_event() {
        person.merge.handle_event(NAMES[1], event);
        person.follow_own();
    }
}

/// How many entries are kept, and that they are in order and not too large together.
fn kept(person: &Person) -> usize {
    let (mut count, mut bytes, mut before) = (0, 0, 0.0);
    person.merge.each(person.merge.ids(), |entry| {
        assert!(entry.at_ms >= before && entry.at_ms <= person.trace.now_ms());
        before = entry.at_ms;
        count += 1;
        bytes += size(entry);
    });
    assert!(bytes <= Merge::PAYLOAD_BYTES, "{bytes}");
    count
}

/// Makes the entry with this number.
type Make = fn(usize) -> Value;

#[test]
fn a_flood_does_not_fill_the_memory() {
    // Each with how often 500 of it come, and with how many are kept at least: the bounds are reached.
    let shapes: [(&str, Make, usize, usize); 8] = [
        (
            "far away and back again",
            |index| entry(json!({ "atMs": if index % 2 == 0 { 1e11 } else { -1e11 } })),
            42,
            Merge::CAPACITY,
        ),
        (
            "more connections than anybody has",
            |index| entry(json!({ "connection": index })),
            2,
            64,
        ),
        (
            "large",
            |_| entry(json!({ "payload": value("x".repeat(40_000).into()) })),
            3,
            500,
        ),
        (
            "long",
            |_| {
                let text = "ä".repeat(5_000);
                entry(json!({ "name": text, "detail": text, "file": text }))
            },
            2,
            1_000,
        ),
        (
            "nested",
            |_| entry(json!({ "payload": value(nested(60)) })),
            3,
            1_500,
        ),
        (
            "many fields",
            |_| {
                let fields = (0..200).map(|field| (field.to_string(), json!({})));
                entry(json!({ "payload": value(Value::Object(fields.collect())) }))
            },
            2,
            400,
        ),
        (
            "empty",
            |_| entry(json!({ "name": "", "file": "", "payload": value(json!([])) })),
            42,
            Merge::CAPACITY,
        ),
        (
            "not an entry at all",
            |index| [json!({}), json!([]), json!(null), json!("")][index % 4].clone(),
            2,
            0,
        ),
    ];
    for (what, shape, times, least) in shapes {
        let mut world = World::new(0.0, [4.0, 4.0]);
        world.agree();
        world.run(500.0);
        let person = &mut world.people[0];
        for time in 0..times {
            let entries = (0..700).map(|index| shape(time * 700 + index));
            hear(person, entries.collect(), f64::NAN);
        }
        let kept = kept(person);
        assert!(
            (least..=Merge::CAPACITY).contains(&kept),
            "{kept} of {what}"
        );
    }
}

#[test]
fn what_comes_before_the_clock_is_known_is_bounded_too() {
    let mut world = World::new(0.0, [4.0, 4.0]);
    world.is_timeless = true;
    world.agree();
    world.run(100.0);
    let person = &mut world.people[0];
    for _ in 0..2 {
        let large = || entry(json!({ "payload": value("x".repeat(40_000).into()) }));
        hear(person, (0..700).map(|_| large()).collect(), f64::INFINITY);
    }
    assert_eq!(kept(person), 0);
    world.is_timeless = false;
    world.run(6_000.0);
    let heard = kept(&world.people[0]);
    assert!((300..=Trace::CAPACITY).contains(&heard), "{heard}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is said, as JSON allows it.
    #[test]
    fn nothing_that_is_said_breaks_it(
        texts in proptest::collection::vec(("[a-zA-Z]{0,8}", ".{0,60}", any::<f64>(), 0_u8..6), 0..40),
    ) {
        let mut world = World::new(0.0, [4.0, 4.0]);
        world.agree();
        world.run(500.0);
        let person = &mut world.people[0];
        let odd = |(key, text, number, shape): &(String, String, f64, u8)| match shape {
            0 => entry(json!({ key.as_str(): text })),
            1 => entry(json!({ "atMs": number, "payload": value(json!({ key.as_str(): number })) })),
            2 => entry(json!({ "payload": { "type": "signal", "direction": "sent", "message": text } })),
            3 => entry(json!({ "connection": null, "payload": { "type": text } })),
            4 => entry(json!({ "detail": text, "payload": { "type": "candidate", "side": "local",
                "candidate": { "candidate": text, "sdpMid": text, "sdpMLineIndex": 0, "usernameFragment": null } } })),
            _ => json!({ key.as_str(): [text, number] }),
        };
        for said in texts.chunks(3) {
            let up_to_ms = said.first().map_or(0.0, |(.., number, _)| *number);
            hear(person, said.iter().map(odd).collect(), up_to_ms);
        }
        kept(person);
        let merge = &person.merge;
        let mut ladder = Ladder::default();
        ladder.follow(merge.ids(), |ids, f| merge.each(ids, f));
        prop_assert!(ladder.lines().len() <= 4, "{:?}", ladder.lines());
    }
}
