use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::super::testdata::{chromium, firefox};
use super::*;

fn sample(entries: &Json) -> Sample {
    Sample {
        at_ms: 0.0,
        stats: serde_json::from_value(entries.clone()).unwrap(),
    }
}

fn value(
    readings: &[Reading],
    stream: &str,
    direction: Direction,
    measure: Measure,
) -> Option<f64> {
    let found = readings.iter().find(|(of, what, _)| {
        of.to_string() == stream && of.direction == direction && *what == measure
    });
    found.map(|(_, _, value)| *value)
}

/// Between two entries that differ in a second and in these members.
fn compare(common: &Json, before: &Json, now: &Json) -> Vec<Reading> {
    let entry = |own: &Json, timestamp: f64| {
        let mut entry = common.clone();
        entry["timestamp"] = timestamp.into();
        for (name, value) in own.as_object().unwrap() {
            entry[name] = value.clone();
        }
        sample(&json!([entry]))
    };
    between(&entry(before, 1000.0), &entry(now, 2000.0))
}

#[test]
fn a_sender_in_chromium() {
    let recording = chromium();
    let readings = between(&recording.local[1], &recording.local[2]);
    let of = |stream, measure| value(&readings, stream, Direction::Sent, measure);
    // 30 frames a second were drawn.
    let frames = of("Video, mid 1", Measure::FrameRate).unwrap();
    assert!((28.0..33.0).contains(&frames), "{frames}");
    assert_eq!(of("Video, mid 1", Measure::FrameHeight), Some(480.0));
    assert_eq!(of("Video, mid 1", Measure::FrameWidth), Some(640.0));
    assert_eq!(of("Video, mid 1", Measure::Limit), Some(0.0));
    assert_eq!(of("Video, mid 1", Measure::Loss), Some(0.0));
    // A full-scale sine has the level 1 / √2.
    let level = of("Audio, mid 0", Measure::AudioLevel).unwrap();
    assert!((0.6..=1.0).contains(&level), "{level}");
    // Ten messages of 120 bytes a second.
    let messages = of("Data channel, chat", Measure::Messages).unwrap();
    assert!((8.0..12.0).contains(&messages), "{messages}");
    let all = of("All together", Measure::Bitrate).unwrap();
    let video = of("Video, mid 1", Measure::Bitrate).unwrap();
    assert!(video > 100_000.0 && all > video, "{all} {video}");
    assert_eq!(of("All together", Measure::RoundTripTime), Some(2.0));
}

#[test]
fn a_receiver_in_firefox_that_tells_less() {
    let recording = firefox();
    let readings = between(&recording.remote[0], &recording.remote[1]);
    let of = |stream, measure| value(&readings, stream, Direction::Received, measure);
    let frames = of("Video, mid 0", Measure::FrameRate).unwrap();
    assert!((15.0..32.0).contains(&frames), "{frames}");
    assert_eq!(of("Video, mid 0", Measure::Loss), Some(0.0));
    assert_eq!(of("Video, mid 0", Measure::Requests), Some(0.0));
    assert_eq!(of("Video, mid 0", Measure::Retransmissions), None);
    assert_eq!(of("Audio, mid 1", Measure::AudioLevel), Some(0.0));
    assert!(of("All together", Measure::Bitrate).unwrap() > 100_000.0);
    let sent = between(&recording.local[1], &recording.local[2]);
    let limit = value(&sent, "Video, mid 0", Direction::Sent, Measure::Limit);
    assert_eq!(limit, None, "Firefox does not say what limits its encoder");
    assert!(
        value(
            &sent,
            "Audio, mid 1",
            Direction::Sent,
            Measure::RoundTripTime
        )
        .is_some()
    );
}

#[test]
fn a_counter_that_began_again_says_nothing_until_the_next_sample() {
    let common = json!({ "id": "o", "type": "outbound-rtp", "kind": "video", "mid": "0" });
    let readings = compare(
        &common,
        &json!({ "bytesSent": 5000, "framesSent": 10 }),
        &json!({ "bytesSent": 100, "framesSent": 40 }),
    );
    assert_eq!(
        value(&readings, "Video, mid 0", Direction::Sent, Measure::Bitrate),
        None
    );
    let frames = value(
        &readings,
        "Video, mid 0",
        Direction::Sent,
        Measure::FrameRate,
    );
    assert_eq!(frames, Some(30.0));
}

#[test]
fn a_stream_that_is_new_is_not_compared() {
    let before = sample(&json!([]));
    let now = sample(&json!([
        { "id": "o", "type": "outbound-rtp", "kind": "video", "mid": "0", "timestamp": 1000,
          "bytesSent": 5000, "frameWidth": 640 }
    ]));
    let readings = between(&before, &now);
    assert_eq!(
        value(&readings, "Video, mid 0", Direction::Sent, Measure::Bitrate),
        None
    );
    let width = value(
        &readings,
        "Video, mid 0",
        Direction::Sent,
        Measure::FrameWidth,
    );
    assert_eq!(width, Some(640.0));
    assert!(
        between(&now, &before).is_empty(),
        "and one that is gone neither"
    );
}

#[test]
fn loss_is_that_of_the_interval() {
    let common = json!({ "id": "i", "type": "inbound-rtp", "kind": "audio", "mid": "0" });
    for (lost, received, expected) in [
        (10, 100, Some(0.1)),
        (0, 0, None),
        // A packet that was given up came after all.
        (-1, 50, Some(0.0)),
        (5, -3, None),
    ] {
        let readings = compare(
            &common,
            &json!({ "packetsLost": 7, "packetsReceived": 900 }),
            &json!({ "packetsLost": 7 + lost, "packetsReceived": 900 + received }),
        );
        let loss = value(
            &readings,
            "Audio, mid 0",
            Direction::Received,
            Measure::Loss,
        );
        let expected = expected.map(|part| if part == 0.1 { 10.0 / 110.0 } else { part });
        assert_eq!(loss, expected, "{lost} {received}");
    }
}

#[test]
fn layers_of_one_video_are_apart() {
    let layer = |id: &str, rid: Option<&str>, ssrc: u32| {
        let mut entry = json!({ "id": id, "type": "outbound-rtp", "kind": "video", "mid": "0",
            "ssrc": ssrc, "frameWidth": 640 });
        if let Some(rid) = rid {
            entry["rid"] = rid.into();
        }
        entry
    };
    let names = |entries: Json| {
        let now = sample(&entries);
        let readings = between(&now, &now);
        let names = readings.iter().map(|(stream, ..)| stream.to_string());
        names.collect::<Vec<_>>()
    };
    let named = names(json!([layer("a", Some("h"), 1), layer("b", Some("l"), 2)]));
    assert_eq!(named, ["Video, mid 0, rid h", "Video, mid 0, rid l"]);
    let unnamed = names(json!([layer("a", None, 1), layer("b", None, 2)]));
    assert_eq!(unnamed, ["Video, mid 0, 1", "Video, mid 0, 2"]);
}

#[test]
fn what_limited_the_encoder_and_for_how_long() {
    let limited = limited_for(&chromium().local[2].stats);
    assert_eq!(limited.len(), 1);
    let (stream, durations) = &limited[0];
    assert_eq!(stream.to_string(), "Video, mid 1");
    assert_eq!(durations[0].0, "none");
    assert!(durations[0].1 > 5.0);
}

proptest! {
    /// Whatever numbers a browser gives, and whichever it leaves out.
    #[test]
    fn no_value_is_infinite_negative_or_nothing(
        entries in proptest::collection::vec(
            (
                "outbound-rtp|inbound-rtp|remote-inbound-rtp|candidate-pair|data-channel|media-source",
                0_u8..4,
                prop_oneof![Just(1000.0), 0.0..2000.0_f64],
                proptest::collection::vec(
                    (
                        "bytesSent|bytesReceived|packetsLost|packetsReceived|framesSent|framesDecoded|\
                         totalAudioEnergy|totalSamplesDuration|jitter|roundTripTime|fractionLost|\
                         messagesSent|nackCount|currentRoundTripTime|kind|remoteId|mediaSourceId",
                        prop_oneof![
                            proptest::num::f64::ANY.prop_map(Json::from),
                            "audio|video|0|1|2".prop_map(Json::from),
                        ],
                    ),
                    0..8,
                ),
            ),
            0..12,
        ),
        split in 0_usize..12,
    ) {
        let all: Vec<Json> = entries.into_iter().map(|(kind, id, timestamp, members)| {
            let mut entry = json!({ "id": id.to_string(), "type": kind, "timestamp": timestamp });
            for (name, value) in members {
                entry[name] = value;
            }
            entry
        }).collect();
        let (before, now) = all.split_at(split.min(all.len()));
        let readings = between(&sample(&json!(before)), &sample(&json!(now)));
        prop_assert!(readings.iter().all(|(_, _, value)| value.is_finite() && *value >= 0.0));
    }
}
