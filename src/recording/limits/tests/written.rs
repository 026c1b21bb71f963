//! What is written of too much, and that it says so.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// What is in the file, which says of itself what is not, and is as much as can be written.
fn written(recording: &Recording) -> Recording {
    let file = recording.to_file();
    let read = Recording::from_json(&file.json).unwrap();
    assert_eq!(read.left_out(), file.left_out);
    assert_eq!(read.entries().len(), file.entries);
    assert_eq!(read.samples().len(), file.samples);
    assert_eq!(read.to_file().left_out, file.left_out);
    read
}

#[test]
fn the_newest_are_written() {
    let read = read(&many(PEERS, peer), &[]).unwrap();
    let mut entries = read.entries().to_vec();
    let mut newest = entries[0].clone();
    newest.peer = "newest".into();
    newest.detail = "ä".repeat(DETAIL).into();
    newest.at_ms = f64::NAN;
    entries.push(newest);
    let written = written(&Recording::new(entries, Vec::new()));
    assert_eq!(written.entries().len(), PEERS);
    assert_eq!(written.left_out().to_string(), "1 entry");
    assert_eq!(&*written.entries()[0].peer, "p1");
    let last = written.entries().last().unwrap();
    assert!(last.detail.size() <= DETAIL && last.detail.text().ends_with("ä…"));
    assert_eq!(last.at_ms, 1.0);
}

#[test]
fn what_would_be_too_large_a_file_is_written_in_part() {
    // Each is written in six bytes.
    let text = "\u{1}".repeat(PAYLOAD);
    let entry = with(json!({ "payload": { "type": "value", "value": text } }));
    let one = read(&[entry], &[]).unwrap();
    let entries: Vec<_> = (0..60).map(|_| one.entries()[0].clone()).collect();
    // The payloads of two of these would not be there either, if they were.
    let few = read(&[described("v=0")], &[]).unwrap();
    let few = std::iter::repeat_n(few.entries()[0].clone(), DESCRIPTIONS + 2);
    let older: Vec<_> = few.chain(entries).collect();
    let count = older.len();
    let recording = Recording::new(older, Vec::new());
    let file = recording.to_file();
    assert!((1..60).contains(&file.entries));
    let left_out = LeftOut {
        entries: (count - file.entries) as u64,
        ..LeftOut::default()
    };
    assert_eq!(file.left_out, left_out);
    let again = Recording::from_json(&file.json).unwrap();
    assert_eq!(again.entries().len(), file.entries);
    assert_eq!(again.left_out(), left_out);
}

#[test]
fn an_entry_whose_payload_is_too_much_is_kept_without_it() {
    let few = read(&many(3, |_| described("v=0")), &[]).unwrap();
    let mut entries: Vec<_> = (0..DESCRIPTIONS + 2)
        .map(|_| few.entries()[0].clone())
        .collect();
    // Not a description, and the oldest: there is room for it.
    let value = with(json!({ "payload": { "type": "value", "value": 7 } }));
    entries.insert(0, read(&[value], &[]).unwrap().entries()[0].clone());
    let whole = Recording::new(entries, Vec::new());
    let recording = written(&whole);
    let has_payload = |index: usize| recording.entries()[index].payload.is_some();
    assert_eq!([0, 1, 2, 3].map(has_payload), [true, false, false, true]);
    assert_eq!(recording.entries().len(), DESCRIPTIONS + 3);
    let left_out = recording.left_out().to_string();
    assert_eq!(left_out, "the payload of 2 entries");
    let redacted = written(&whole.redacted());
    assert_eq!(redacted.left_out(), recording.left_out());
    assert_eq!(recording.redacted().left_out(), recording.left_out());
}

#[test]
fn one_sample_that_is_too_large_takes_no_other_with_it() {
    let samples = [
        sample(1, json!(["x"])),
        sample(1, json!(["y"])),
        sample(1, Value::Array(vec![json!(1); STATS])),
    ];
    let mut samples = read(&[], &samples).unwrap().samples().to_vec();
    // Of what is not there no part is counted.
    let mut large = vec![json!(1); STATS + 3];
    large[0] = json!("y".repeat(STATS_BYTES));
    samples[1].stats = Value::Array(large);
    let Value::Array(stats) = &mut samples[2].stats else {
        unreachable!()
    };
    stats.extend([json!(2), json!(3)]);
    let recording = written(&Recording::new(Vec::new(), samples));
    assert_eq!(recording.samples().len(), 2);
    assert_eq!(recording.samples()[0].stats, json!(["x"]));
    assert_eq!(
        recording.left_out().to_string(),
        "1 sample of statistics and 2 parts of samples"
    );
}

#[test]
fn what_has_too_many_of_something_leaves_the_others_their_room() {
    let channels = |from: usize, count: usize| -> Value {
        let channel = |id| json!({ "type": "data-channel", "id": id });
        (from..from + count).map(channel).collect()
    };
    let at = |at_ms: f64, stats: Value| Sample {
        at_ms,
        connection: 1,
        stats,
    };
    let samples = vec![
        at(1.0, channels(0, STREAMS)),
        at(2.0, channels(0, STREAMS + 1)),
        at(3.0, channels(0, 1)),
    ];
    let recording = written(&Recording::new(Vec::new(), samples));
    let times = recording.samples().iter().map(|sample| sample.at_ms);
    assert_eq!(times.collect::<Vec<_>>(), [1.0, 3.0]);

    // The newest are read first, and the oldest is by somebody who is known.
    let newest = read(&many(PEERS, peer), &[]).unwrap();
    let mut entries = newest.entries().to_vec();
    let by = |name: &str| Entry {
        peer: name.into(),
        ..entries[0].clone()
    };
    let older = [by("p0"), by("one too many")];
    entries.splice(0..0, older);
    let recording = written(&Recording::new(entries, Vec::new()));
    assert_eq!(recording.left_out().to_string(), "1 entry");
    assert_eq!(&*recording.entries()[0].peer, "p0");
}

#[test]
fn what_the_trace_has_forgotten_is_not_there_either() {
    let mut entries = read(&many(3, |_| entry(1.0)), &[])
        .unwrap()
        .entries()
        .to_vec();
    for (id, entry) in (7..).zip(&mut entries) {
        entry.id = id;
    }
    let recording = Recording::new(entries, Vec::new());
    assert_eq!(recording.left_out().to_string(), "7 entries");
    assert_eq!(recording.redacted().left_out().entries, 7);
}

#[test]
fn a_file_that_says_nothing_of_it_leaves_nothing_out() {
    let without = file(&[entry(1.0)], &[]);
    assert!(
        Recording::from_json(&without)
            .unwrap()
            .left_out()
            .is_nothing()
    );
    assert!(
        !Recording::from_json(&without)
            .unwrap()
            .to_file()
            .json
            .contains("leftOut")
    );
    let with = |left_out: &str| {
        let file = without.replacen('{', &format!("{{\"leftOut\":{left_out},"), 1);
        Recording::from_json(&file).map(|read| read.left_out().to_string())
    };
    for (written, said) in [
        ("{}", "nothing"),
        (
            r#"{"samples":24,"of a later version":1}"#,
            "24 samples of statistics",
        ),
        (
            r#"{"entries":1,"payloads":1,"samples":1,"stats":1}"#,
            "1 entry, the payload of 1 entry, 1 sample of statistics and 1 part of a sample",
        ),
    ] {
        assert_eq!(with(written).as_deref(), Ok(said));
    }
    for written in ["7", "{\"entries\":-1}", "{\"entries\":\"x\"}"] {
        assert!(
            matches!(with(written), Err(ImportError::Damaged(_))),
            "{written}"
        );
    }
}

proptest! {
    #[test]
    fn whatever_the_clock_says_the_file_is_read(
        times in proptest::collection::vec(any::<f64>(), 0..9),
    ) {
        let one = read(&[entry(1.0)], &[sample(1, json!([]))]).unwrap();
        let entries = times.iter().map(|at_ms| Entry { at_ms: *at_ms, ..one.entries()[0].clone() });
        let samples = times.iter().map(|at_ms| Sample { at_ms: *at_ms, ..one.samples()[0].clone() });
        let recording = Recording::new(entries.collect(), samples.collect());
        prop_assert_eq!(Recording::from_json(&recording.to_file().json), Ok(recording));
    }
}
