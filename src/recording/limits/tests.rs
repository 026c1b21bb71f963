mod changed;
mod written;

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::*;
use crate::inspection::descriptions::Descriptions;
use crate::inspection::ladder::Ladder;
use crate::inspection::paths::Paths;
use crate::recording::Recording;
use crate::statistics::{self, Timeline};

fn entry(at_ms: f64) -> Value {
    json!({
        "id": 0, "atMs": at_ms, "peer": "p", "kind": "event", "name": "icecandidate",
        "source": { "file": "src/rtc/peer_connection.rs", "line": 7 },
    })
}

/// An entry with these fields, too.
fn with(fields: Value) -> Value {
    let mut entry = entry(1.0);
    for (key, value) in fields.as_object().unwrap() {
        entry[key] = value.clone();
    }
    entry
}

fn described(sdp: &str) -> Value {
    with(json!({
        "connection": { "number": 1 },
        "payload": {
            "type": "description", "side": "remote",
            "description": { "type": "offer", "sdp": sdp },
        },
    }))
}

fn sample(connection: u32, stats: Value) -> Value {
    json!({ "atMs": 1.0, "connection": connection, "stats": stats })
}

fn file(entries: &[Value], samples: &[Value]) -> String {
    json!({
        "format": "webrtc-tour-recording", "version": 1, "entries": entries, "samples": samples,
    })
    .to_string()
}

fn read(entries: &[Value], samples: &[Value]) -> Result<Recording, ImportError> {
    Recording::from_json(&file(entries, samples))
}

/// So many, each with its number.
fn many(count: usize, make: impl Fn(usize) -> Value) -> Vec<Value> {
    (0..count).map(make).collect()
}

fn number(number: usize) -> Value {
    with(json!({ "connection": { "number": number } }))
}

fn peer(number: usize) -> Value {
    with(json!({ "peer": format!("p{number}") }))
}

#[test]
fn as_much_as_a_page_exports_is_read_and_one_more_is_refused() {
    let text = |bytes: usize| with(json!({ "detail": "x".repeat(bytes) }));
    let value =
        |bytes: usize| with(json!({ "payload": { "type": "value", "value": "x".repeat(bytes) } }));
    let named = |bytes: usize| with(json!({ "name": "x".repeat(bytes) }));
    let other = |number: usize| {
        with(json!({ "payload": {
            "type": "signal", "direction": "sent", "other": format!("o{number}"), "message": {},
        } }))
    };
    let refused = |what: &str, most: usize, make: &dyn Fn(usize) -> Vec<Value>| {
        assert!(read(&make(most), &[]).is_ok(), "{what}");
        let error = read(&make(most + 1), &[]).unwrap_err().to_string();
        assert!(
            error.contains(&format!("more than {most} {what}")),
            "{error}"
        );
    };
    refused("entries", ENTRIES, &|count| many(count, |_| entry(1.0)));
    refused("peers", PEERS, &|count| many(count, peer));
    // The entry itself has a peer, too.
    refused("peers", PEERS, &|count| many(count - 1, other));
    refused("connections", CONNECTIONS, &|count| many(count, number));
    refused("descriptions", DESCRIPTIONS, &|count| {
        many(count, |_| described("v=0"))
    });
    refused("bytes in a detail", DETAIL, &|bytes| vec![text(bytes)]);
    refused("bytes in a name", NAME, &|bytes| vec![named(bytes)]);
    refused("bytes in a payload", PAYLOAD, &|bytes| vec![value(bytes)]);
}

#[test]
fn more_samples_than_a_page_takes_are_refused() {
    let stats = |count: usize| {
        let stats = many(count, |id| json!({ "id": id.to_string(), "type": "codec" }));
        vec![sample(1, Value::Array(stats))]
    };
    let streams = |count: usize| {
        many(count, |label| {
            sample(
                1 + (label >= 300) as u32,
                json!([{ "id": "D1", "type": "data-channel", "label": label.to_string() }]),
            )
        })
    };
    let of_one = |count: usize| many(count, |_| sample(1, json!([])));
    let text = |bytes: usize| vec![sample(1, json!(["x".repeat(bytes - 32)]))];
    let of_all = |count: usize| many(count, |index| sample(index as u32 / 200, json!([])));
    let refused = |what: &str, most: usize, make: &dyn Fn(usize) -> Vec<Value>| {
        assert!(read(&[], &make(most)).is_ok(), "{what}");
        let error = read(&[], &make(most + 1)).unwrap_err().to_string();
        assert!(
            error.contains(&format!("more than {most} {what}")),
            "{error}"
        );
    };
    refused("statistics in a sample", STATS, &stats);
    refused("streams of one connection", STREAMS, &streams);
    refused("samples of one connection", SAMPLES_OF_ONE, &of_one);
    refused("samples", SAMPLES, &of_all);
    refused("bytes in a sample", STATS_BYTES, &text);
}

#[test]
fn times_are_those_of_a_clock() {
    assert!(read(&[entry(0.0), entry(0.0), entry(LATEST_MS)], &[]).is_ok());
    let error = |entries: &[Value]| read(entries, &[]).unwrap_err().to_string();
    for at_ms in [-1.0, LATEST_MS * 2.0, 1e300] {
        let error = error(&[entry(at_ms)]);
        assert!(error.contains("entry 1: its time is none"), "{error}");
    }
    for text in ["null", "\"1\"", "1e999", "NaN"] {
        let file = file(&[entry(7.5)], &[]).replace("7.5", text);
        assert!(Recording::from_json(&file).is_err(), "{text}");
    }
    let back = error(&[entry(2.0), entry(1.0)]);
    assert!(back.contains("entry 2: it happened before"), "{back}");
}

#[test]
fn what_is_nested_deeply_is_refused() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for place in ["entries", "samples", "elsewhere"] {
        let file = format!(
            "{{\"format\":\"webrtc-tour-recording\",\"version\":1,\"entries\":[],\"{place}\":{deep}}}"
        );
        let read = Recording::from_json(&file);
        assert_eq!(read.is_ok(), place == "elsewhere", "{place}");
    }
    let nested = file(
        &[with(json!({ "payload": { "type": "value", "value": 7 } }))],
        &[],
    );
    let error = Recording::from_json(&nested.replace(":7}", &format!(":{deep}}}")));
    assert!(error.unwrap_err().to_string().contains("recursion limit"));
}

/// What the views make of it.
fn look(recording: &Recording) {
    let all = recording.entries();
    let end = all.len() as u64;
    let mut ladder = Ladder::default();
    ladder.follow(0..end, |_, f| all.iter().for_each(f));
    assert_eq!(ladder.total(), all.len());
    let mut descriptions = Descriptions::default();
    descriptions.follow(0..end, |_, f| all.iter().for_each(f));
    let mut paths = Paths::default();
    paths.follow(0..end, |_, f| all.iter().for_each(f));
    for connection in paths.connections() {
        assert!(!connection.title().is_empty());
    }
    let samples = recording.samples().iter();
    let samples = samples.filter_map(|sample| {
        let stats = serde_json::from_value(sample.stats.clone()).ok()?;
        let at_ms = sample.at_ms;
        Some(statistics::Sample { at_ms, stats })
    });
    let timeline = Timeline::recorded(samples);
    for (stream, measure) in timeline.measured() {
        assert_eq!(
            timeline.line(stream, measure).len(),
            timeline.samples().len()
        );
    }
}

#[test]
fn the_views_take_the_largest_recordings_in_their_stride() {
    let peers = many(ENTRIES, |index| {
        with(json!({ "peer": format!("{:>100}", index % PEERS) }))
    });
    let connections = many(ENTRIES, |index| number(index % CONNECTIONS));
    // Alike but for their ends.
    let sdp = |index: usize| format!("{}{index:>5}", "a=x\n".repeat(2_000));
    let descriptions = many(DESCRIPTIONS, |index| described(&sdp(index)));
    let stats = |index: usize| {
        let stats = many(STATS, |id| {
            json!({
                "id": format!("{:>50}", (id + index) % STATS), "type": "candidate-pair",
                "timestamp": index, "bytesSent": index, "bytesReceived": index,
            })
        });
        json!({ "atMs": index, "connection": 1, "stats": stats })
    };
    let samples = many(SAMPLES_OF_ONE, stats);
    for (what, entries, samples) in [
        ("peers", peers, Vec::new()),
        ("connections", connections, Vec::new()),
        ("descriptions", descriptions, Vec::new()),
        ("samples", Vec::new(), samples),
    ] {
        let recording = read(&entries, &samples).unwrap();
        let began = Instant::now();
        look(&recording);
        // Without optimization, on a busy machine.
        let took = began.elapsed();
        assert!(took < Duration::from_secs(10), "{what}: {took:?}");
    }
}
