//! What is known of the other clock.

use super::super::clock::{Clock, KEPT, Passage, Sample};
use super::*;

#[test]
fn who_talks_but_does_not_tell_the_time_is_not_waited_for() {
    let mut world = World::new(0.0, [4.0, 4.0]);
    world.is_timeless = true;
    world.agree();
    world.run(1_000.0);
    assert!(world.merged(0).is_empty(), "it waits a while");
    world.run(2_000.0);
    assert!(!world.merged(0).is_empty());
    assert!(world.merged(0).iter().all(is_own));
}

fn sample(sent: f64, ahead: f64, there: f64, thinking: f64, back: f64) -> Sample {
    let received = sent + there + ahead;
    Sample {
        sent_ms: sent,
        received_ms: received,
        answered_ms: received + thinking,
        heard_ms: sent + there + thinking + back,
    }
}

#[test]
fn the_quickest_answers_count() {
    let mut clock = Clock::default();
    assert_eq!(clock.offset(0.0), None);
    for reading in [0.1, 0.2, 0.4] {
        clock.note_own(reading);
        clock.note_other(reading);
    }
    clock.handle_sample(sample(0.05, 500.0, 1.0, 0.0, 80.0));
    clock.handle_sample(sample(100.05, 500.0, 90.0, 0.0, 1.0));
    let offset = clock.offset(191.05).unwrap();
    assert!((offset.ahead_ms - 500.0).abs() < 0.01, "{offset:?}");
    assert!(offset.error_ms < 1.3, "{offset:?}");
}

/// Answers took 150 ms to come and questions next to nothing, as on a busy machine.
#[test]
fn no_signal_arrives_before_it_was_sent() {
    for delays in [[2.0, 150.0], [150.0, 2.0]] {
        let mut world = World::new(70_000.0, delays);
        for _ in 0..3 {
            for me in [0, 1] {
                // More than is told while the first answers come.
                for _ in 0..10 {
                    let value = json!("x".repeat(9_000));
                    let connection = &world.people[me].connection;
                    connection.with(Payload::Value { value }).call("n", "");
                }
                world.send_signal(me, 6.0);
                world.run(30.0);
            }
        }
        world.agree();
        world.run(3_000.0);
        for me in [0, 1] {
            let merged = world.merged(me);
            let signals: Vec<_> = merged
                .iter()
                .filter_map(|entry| match entry.payload.as_deref()? {
                    Payload::Signal {
                        direction, message, ..
                    } => Some((message["number"].as_u64()?, *direction)),
                    _ => None,
                })
                .collect();
            let expected: Vec<_> = (0..6)
                .flat_map(|number| [(number, Direction::Sent), (number, Direction::Received)])
                .collect();
            assert_eq!(signals, expected, "{delays:?}, seen by {me}");
        }
    }
}

#[test]
fn a_signal_that_cannot_be_says_nothing() {
    let mut clock = Clock::default();
    let passage = |direction, other_ms| Passage {
        direction,
        own_ms: 0.0,
        other_ms,
    };
    let before = {
        clock.handle_sample(sample(0.05, 500.0, 5.0, 0.0, 5.0));
        clock.offset(10.05).unwrap()
    };
    for other_ms in [f64::NAN, f64::INFINITY, -1e12] {
        clock.handle_passage(passage(Direction::Sent, other_ms));
    }
    for other_ms in [f64::NAN, f64::NEG_INFINITY, 1e12] {
        clock.handle_passage(passage(Direction::Received, other_ms));
    }
    assert_eq!(clock.offset(10.05), Some(before));
}

#[test]
fn what_cannot_be_is_ignored() {
    let fine = sample(0.05, 500.0, 1.0, 0.0, 1.0);
    for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300] {
        let mut clock = Clock::default();
        for times in [
            Sample {
                sent_ms: wrong,
                ..fine
            },
            Sample {
                received_ms: wrong,
                ..fine
            },
            Sample {
                answered_ms: wrong,
                ..fine
            },
            Sample {
                heard_ms: wrong,
                ..fine
            },
        ] {
            clock.handle_sample(times);
        }
        assert!(clock.count() == 0, "{wrong}");
    }
    let mut clock = Clock::default();
    // Answered before it came; took longer there than here.
    clock.handle_sample(Sample {
        answered_ms: 500.0,
        ..fine
    });
    clock.handle_sample(Sample {
        answered_ms: 9000.0,
        ..fine
    });
    assert!(clock.count() == 0);
}

#[test]
fn a_clock_that_was_set_is_believed_anew() {
    let mut clock = Clock::default();
    clock.handle_sample(sample(0.05, 500.0, 5.0, 0.0, 5.0));
    clock.handle_sample(sample(1000.05, -900.0, 1.0, 0.0, 1.0));
    let offset = clock.offset(1002.05).unwrap();
    assert!((offset.ahead_ms + 900.0).abs() <= offset.error_ms);
    // Also where the answer takes longer than those before.
    clock.handle_sample(sample(2000.05, 70_000.0, 12.0, 0.0, 9.0));
    let offset = clock.offset(2021.05).unwrap();
    assert!((offset.ahead_ms - 70_000.0).abs() <= offset.error_ms);
}

/// The time as browsers tell it: the last multiple of the grain, or already the next, from a moment on
/// that nobody can foresee.
fn rounded(time_ms: f64, grain_ms: f64, is_jittered: bool) -> f64 {
    let tick = (time_ms / grain_ms).floor();
    let moment = (tick * 0.618_033_988_7).rem_euclid(1.0);
    let is_next = is_jittered && time_ms / grain_ms - tick > moment;
    (tick + f64::from(u8::from(is_next))) * grain_ms
}

const GRAINS_MS: [f64; 7] = [0.005, 0.1, 1.0, 16.667, 20.0, 50.0 / 3.0, 100.0];

#[test]
fn what_is_said_of_coarse_clocks_is_true() {
    for grain_ms in GRAINS_MS {
        let mut world = World::rounded(70_000.0, [3.0, 11.0], grain_ms);
        world.agree();
        world.run(3_000.0);
        for (person, truth) in world.people.iter().zip([70_000.0, -70_000.0]) {
            let offset = person.trace_sharing.view().offset.unwrap();
            let wrong_ms = (offset.ahead_ms - truth).abs();
            assert!(wrong_ms <= offset.error_ms, "{grain_ms}: {offset:?}");
            // … and no excuse, as far as a world that goes in steps of 3 ms can tell.
            assert!(
                grain_ms > 1.0 || offset.error_ms <= 22.0,
                "{grain_ms}: {offset:?}"
            );
        }
    }
}

/// What somebody may say of the time: mostly what could be, and coarse.
fn said_ms() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => (-100_i32..100).prop_map(|hundreds| f64::from(hundreds) * 100.0),
        4 => -1e4..1e4_f64,
        1 => any::<f64>(),
    ]
}

#[test]
fn who_said_what_cannot_be_of_a_finer_clock_says_nothing() {
    let mut clock = Clock::default();
    // It took 190 ms longer there than here, which a clock of 100 ms may say.
    clock.handle_sample(Sample {
        sent_ms: 0.0,
        received_ms: 500.0,
        answered_ms: 700.0,
        heard_ms: 10.0,
    });
    assert!(
        clock
            .offset(10.0)
            .is_some_and(|offset| offset.error_ms >= 0.0)
    );
    for reading in [700.1, 700.3] {
        clock.note_own(reading - 600.0);
        clock.note_other(reading);
    }
    assert_eq!(clock.offset(10.0), None);
    // The next that can be counts.
    clock.handle_sample(sample(1_000.0, 500.0, 2.0, 0.0, 2.0));
    let offset = clock.offset(1_004.0).unwrap();
    assert!(
        (offset.ahead_ms - 500.0).abs() <= offset.error_ms,
        "{offset:?}"
    );
}

proptest! {
    /// Whatever the delays, rounded as browsers do.
    #[test]
    fn the_truth_is_within_the_error(
        ahead in -1e9..1e9_f64,
        drift in -50e-6..50e-6_f64,
        exchanges in proptest::collection::vec(
            (0.0..5_000.0_f64, 0.0..300.0_f64, 0.0..20.0_f64, 0.0..300.0_f64), 1..40),
        grain_here in prop::sample::select(GRAINS_MS.to_vec()),
        grain_there in prop::sample::select(GRAINS_MS.to_vec()),
        is_jittered in any::<bool>(),
    ) {
        let mut clock = Clock::default();
        let mut now = 0.0;
        let there = |time: f64| rounded(time * (1.0 + drift) + ahead, grain_there, is_jittered);
        let here = |time: f64| rounded(time, grain_here, is_jittered);
        for (pause, out, thinking, back) in exchanges {
            let sent = now + pause;
            now = sent + out + thinking + back;
            clock.handle_sample(Sample {
                sent_ms: here(sent),
                received_ms: there(sent + out),
                answered_ms: there(sent + out + thinking),
                heard_ms: here(now),
            });
            let offset = clock.offset(now).unwrap();
            let truth = ahead + now * drift;
            // Times as large as these are exact to a millionth.
            prop_assert!(
                (offset.ahead_ms - truth).abs() <= offset.error_ms + 1e-3,
                "{offset:?}, {truth}"
            );
        }
    }

    /// Also where a clock first seems coarse, and is finer after all.
    #[test]
    fn nothing_that_is_said_breaks_it(
        said in proptest::collection::vec(
            (proptest::array::uniform4(said_ms()), proptest::option::of(said_ms())), 0..40),
    ) {
        let mut clock = Clock::default();
        for ([sent_ms, received_ms, answered_ms, heard_ms], reading_ms) in said {
            clock.handle_sample(Sample { sent_ms, received_ms, answered_ms, heard_ms });
            if let Some(reading_ms) = reading_ms {
                clock.note_other(reading_ms);
            }
            if let Some(offset) = clock.offset(heard_ms) {
                prop_assert!(
                    offset.ahead_ms.is_finite() && offset.error_ms >= 0.0,
                    "{offset:?} of {clock:?}"
                );
            }
        }
        prop_assert!(clock.count() <= KEPT);
    }
}
