//! Two people with a clock each, a channel between them and signals beside it, in memory.

use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;
use signaling_protocol::{SdpType, SessionDescription};

use super::*;
use crate::inspection::ladder::{Ladder, PAGE, Shape};
use crate::recording::Recording;
use crate::trace::{Direction, Payload, Side, Tracer};

const NAMES: [&str; 2] = ["k1m", "r0b1n"];

struct Person {
    trace: Trace,
    /// About the connection to the other.
    connection: Tracer,
    signaling: Tracer,
    joining: Joining,
    merge: Merge,
}

impl Person {
    fn new(me: usize, clock: impl Fn() -> f64 + 'static) -> Self {
        let other = NAMES[1 - me];
        let trace = Trace::new(clock);
        let connection = trace.tracer(other).toward(other).for_connection();
        // What was before belongs to nobody else.
        trace.tracer("page").call("getUserMedia", "");
        connection.call("new RTCPeerConnection", "");
        Self {
            connection,
            signaling: trace.tracer("signaling"),
            trace,
            joining: Joining::new(other),
            merge: Merge::default(),
        }
    }

    fn follow_own(&mut self) {
        let trace = &self.trace;
        self.merge
            .follow_own(trace.ids(), |ids, f| trace.each(ids, f));
    }

    fn signal(&self, direction: Direction, number: usize, other: usize) {
        let payload = Payload::Signal {
            direction,
            other: Some(NAMES[other].to_owned()),
            message: json!({ "number": number }),
        };
        self.signaling
            .with(payload)
            .signal("signal", number.to_string());
    }
}

struct World {
    now_ms: Rc<Cell<f64>>,
    people: [Person; 2],
    /// To each: when it arrives, and what.
    channel: [VecDeque<(f64, TraceMessage)>; 2],
    signals: [VecDeque<(f64, usize)>; 2],
    signaled: usize,
    /// How long the channel takes, to each.
    delays: [f64; 2],
    /// What is sent is lost.
    is_cut: bool,
    /// What is sent arrives later.
    is_held: bool,
    /// The second answers no question for the time.
    is_timeless: bool,
}

impl World {
    /// The second's trace began `began_ms` before the first's.
    fn new(began_ms: f64, delays: [f64; 2]) -> Self {
        let now_ms = Rc::new(Cell::new(0.0));
        let clock = |ahead: f64| {
            let now_ms = now_ms.clone();
            // The first reading is the trace's beginning.
            let first = Cell::new(true);
            move || match first.replace(false) {
                true => 0.0,
                false => now_ms.get() + ahead,
            }
        };
        Self {
            people: [Person::new(0, clock(0.0)), Person::new(1, clock(began_ms))],
            now_ms: now_ms.clone(),
            channel: Default::default(),
            signals: Default::default(),
            signaled: 0,
            delays,
            is_cut: false,
            is_held: false,
            is_timeless: false,
        }
    }

    fn step(&mut self, ms: f64) {
        let now = self.now_ms.get() + ms;
        self.now_ms.set(now);
        for me in [0, 1] {
            while self.signals[me].front().is_some_and(|(at, _)| *at <= now) {
                if let Some((_, number)) = self.signals[me].pop_front() {
                    self.people[me].signal(Direction::Received, number, 1 - me);
                }
            }
            while !self.is_held && self.channel[me].front().is_some_and(|(at, _)| *at <= now) {
                if let Some((_, message)) = self.channel[me].pop_front() {
                    let person = &mut self.people[me];
                    person.joining.handle_message(message, &person.trace);
                }
            }
            let person = &mut self.people[me];
            let due = person.joining.deadline();
            if due.is_some_and(|due| due <= person.trace.now_ms()) {
                person.joining.handle_timeout(&person.trace, true);
            }
            while let Some(message) = person.joining.poll_message() {
                let is_answer = matches!(message, TraceMessage::Echo { .. });
                if !(self.is_cut || self.is_timeless && me == 1 && is_answer) {
                    self.channel[1 - me].push_back((now + self.delays[1 - me], message));
                }
            }
            person.follow_own();
            while let Some(event) = person.joining.poll_event() {
                person.merge.handle_event(NAMES[1 - me], event);
                person.follow_own();
            }
        }
    }

    fn run(&mut self, ms: f64) {
        let end = self.now_ms.get() + ms;
        while self.now_ms.get() < end {
            self.step(3.0);
        }
    }

    fn send_signal(&mut self, me: usize, takes_ms: f64) {
        self.people[me].signal(Direction::Sent, self.signaled, 1 - me);
        let before = self.signals[1 - me].back().map_or(0.0, |(at, _)| *at);
        let at = (self.now_ms.get() + takes_ms).max(before);
        self.signals[1 - me].push_back((at, self.signaled));
        self.signaled += 1;
    }

    fn agree(&mut self) {
        let [one, other] = &mut self.people;
        one.joining.handle_ask(&one.trace);
        other.joining.handle_ask(&other.trace);
    }

    fn merged(&self, me: usize) -> Vec<Entry> {
        let mut entries = Vec::new();
        let merge = &self.people[me].merge;
        merge.each(merge.ids(), |entry| entries.push(entry.clone()));
        entries
    }
}

/// What an entry says, without where it stands.
fn words(entry: &Entry) -> String {
    format!("{} {} {}", entry.kind.as_str(), entry.name, entry.detail)
}

fn is_own(entry: &Entry) -> bool {
    let to_us = entry.connection.as_ref().and_then(|of| of.to.as_deref()) == Some(PAGE);
    let with_us = matches!(
        entry.payload.as_deref(),
        Some(Payload::Signal { other, .. }) if other.as_deref() == Some(PAGE)
    );
    !to_us && !with_us
}

#[test]
fn one_sees_the_whole_in_the_order_of_time() {
    let mut world = World::new(70_000.0, [4.0, 4.0]);
    world.run(9.0);
    world.people[0]
        .connection
        .call("setLocalDescription", "offer");
    world.send_signal(0, 30.0);
    world.run(60.0);
    world.people[1]
        .connection
        .call("setRemoteDescription", "offer");
    world.run(9.0);
    world.send_signal(1, 30.0);
    world.run(60.0);
    world.people[0]
        .connection
        .call("setRemoteDescription", "answer");
    world.agree();
    world.run(3_000.0);
    let words: Vec<_> = world.merged(0).iter().map(words).collect();
    assert_eq!(
        words,
        [
            "call getUserMedia ",
            "call new RTCPeerConnection ",
            "call new RTCPeerConnection ",
            "call setLocalDescription offer",
            "signal signal 0",
            "signal signal 0",
            "call setRemoteDescription offer",
            "signal signal 1",
            "signal signal 1",
            "call setRemoteDescription answer",
        ]
    );
    // On the ladder each stands where it happened, and both ends of a signal lie on one way.
    let mut ladder = Ladder::default();
    let merge = &world.people[0].merge;
    ladder.follow(merge.ids(), |ids, f| merge.each(ids, f));
    assert_eq!(ladder.lines(), [PAGE.into(), NAMES[1].into()]);
    let shapes: Vec<_> = ladder.window(0..99).map(|(_, row)| row.shape).collect();
    let (there, back) = (
        Shape::Arrow { from: 0, to: 1 },
        Shape::Arrow { from: 1, to: 0 },
    );
    let (here, away) = (Shape::Mark(0), Shape::Mark(1));
    assert_eq!(shapes[..3], [here, here, away]);
    assert_eq!(shapes[3..], [here, there, there, away, back, back, here]);
    let numbers: Vec<_> = world
        .merged(0)
        .iter()
        .filter_map(|e| Some(e.connection.as_ref()?.number))
        .collect();
    assert_eq!(
        numbers,
        [1, 1001, 1, 1001, 1],
        "each has a number of its own"
    );
}

#[test]
fn who_falls_silent_is_not_waited_for_and_who_stops_is_gone() {
    let mut world = World::new(0.0, [4.0, 4.0]);
    world.agree();
    world.run(1_000.0);
    world.is_cut = true;
    world.run(100.0);
    world.people[0].connection.call("after the cut", "");
    world.run(1_000.0);
    assert_eq!(world.merged(0).len(), 3, "{:?}", world.merged(0));
    world.run(1_500.0);
    assert_eq!(world.merged(0).len(), 4);
    world.is_cut = false;
    world.people[1].connection.call("back", "");
    world.run(500.0);
    assert_eq!(world.merged(0).len(), 5);
    let generation = world.people[0].merge.generation();
    let one = &mut world.people[1];
    one.joining.handle_stop(&one.trace);
    world.run(100.0);
    for person in &world.people {
        assert!(person.merge.is_empty() && person.merge.ids().is_empty());
        assert!(person.merge.generation() > generation);
    }
    assert_eq!(world.people[0].joining.view().standing, Standing::Stopped);
    assert_eq!(
        world.people[0].joining.deadline(),
        None,
        "no timers any more"
    );
}

#[test]
fn what_comes_late_after_a_silence_stands_where_it_happened() {
    let mut world = World::new(0.0, [4.0, 4.0]);
    world.agree();
    world.run(1_000.0);
    world.is_held = true;
    world.people[1].connection.call("there", "");
    world.run(100.0);
    world.people[0].connection.call("here", "");
    world.run(3_000.0);
    let last = |world: &World| {
        let merged = world.merged(0);
        let names = merged
            .iter()
            .rev()
            .take(2)
            .map(|entry| entry.name.to_string());
        names.collect::<Vec<_>>()
    };
    assert_eq!(last(&world)[0], "here", "it does not wait");
    let generation = world.people[0].merge.generation();
    world.is_held = false;
    world.run(500.0);
    assert_eq!(last(&world), ["here", "there"]);
    let merged = world.merged(0);
    assert!(merged.is_sorted_by_key(|entry| entry.at_ms));
    assert_eq!(world.people[0].merge.generation(), generation + 1);
}

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
    let TraceMessage::Entries { entries, .. } = outbox::Outbox::new(&trace, other).batch(&trace).0
    else {
        panic!("no entries");
    };
    let details = entries.iter().map(|entry| entry["detail"].as_str());
    assert_eq!(details.flatten().collect::<Vec<_>>(), ["offer"]);
}

#[test]
fn without_consent_nothing_is_told() {
    let mut world = World::new(0.0, [4.0, 4.0]);
    let one = &mut world.people[0];
    one.joining.handle_ask(&one.trace);
    one.connection.call("secret", "");
    let mut said = Vec::new();
    for _ in 0..500 {
        world.step(5.0);
        said.extend(
            world
                .channel
                .iter()
                .flatten()
                .map(|(_, message)| message.clone()),
        );
    }
    assert!(!said.is_empty());
    assert!(
        said.iter()
            .all(|message| *message == TraceMessage::Ask { stops: 0 }),
        "{said:?}"
    );
    let value = told::write(&world.people[0].trace.entries()[1]).unwrap();
    let entries = TraceMessage::Entries {
        entries: vec![value],
        up_to_ms: 1.0,
    };
    let other = &mut world.people[1];
    other.joining.handle_message(entries, &other.trace);
    assert_eq!(other.joining.poll_event(), None, "nor listened to");
}

#[test]
fn with_a_third_it_begins_anew_and_loses_nothing() {
    let mut world = World::new(0.0, [4.0, 4.0]);
    world.people[0].connection.call("own", "");
    world.people[1].connection.call("other", "");
    world.agree();
    world.run(1_000.0);
    let merge = &mut world.people[0].merge;
    let third = |at_ms: f64| {
        let value = json!({
            "atMs": at_ms, "kind": "call", "name": "third", "file": "f", "line": 1, "connection": 1,
        });
        told::read(value, &Arc::from("s4m")).unwrap()
    };
    merge.handle_event("s4m", JoiningEvent::Began);
    assert!(merge.ids().is_empty());
    merge.handle_event("s4m", JoiningEvent::Entries(vec![third(0.0)]));
    merge.handle_event("s4m", JoiningEvent::UpTo(1e9));
    world.people[0].follow_own();
    let merged = world.merged(0);
    let numbers: Vec<_> = merged
        .iter()
        .filter_map(|e| Some(e.connection.as_ref()?.number))
        .collect();
    assert_eq!(numbers, [1, 1, 1001, 1001, 1002], "{merged:?}");
    world.people[0]
        .merge
        .handle_event("s4m", JoiningEvent::Ended);
    world.people[0].follow_own();
    assert_eq!(world.merged(0).len(), 5);
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

#[test]
fn what_is_exported_of_both_sides_tells_no_address_and_replays() {
    let mut world = World::new(500.0, [4.0, 4.0]);
    let sdp = "v=0\r\na=ice-ufrag:AbCd\r\na=candidate:1 1 udp 1 192.0.2.7 9 typ host\r\n";
    let description = SessionDescription {
        kind: SdpType::Offer,
        sdp: sdp.to_owned(),
    };
    let side = Side::Local;
    let offer = Payload::Description { side, description };
    let there = &world.people[1].connection;
    there.with(offer).call("setLocalDescription", "offer");
    world.send_signal(1, 30.0);
    world.agree();
    world.run(3_000.0);
    let recording = Recording::new(world.merged(0), Vec::new());
    let ladder_of = |recording: &Recording| {
        let (entries, mut ladder) = (recording.entries(), Ladder::default());
        ladder.follow(0..entries.len() as u64, |_, f| entries.iter().for_each(f));
        let shapes: Vec<_> = ladder.window(0..99).map(|(_, row)| row.shape).collect();
        (ladder.has_two_sides(), shapes)
    };
    let text = recording.redacted().to_json();
    for secret in ["192.0.2.7", "AbCd", "r0b1n", "k1m"] {
        assert!(!text.contains(secret), "{secret} in {text}");
        assert!(
            secret == "k1m" || recording.to_json().contains(secret),
            "{secret}"
        );
    }
    let replayed = Recording::from_json(&text).unwrap();
    assert_eq!(ladder_of(&replayed), ladder_of(&recording));
    assert!(ladder_of(&replayed).0, "both sides");
}

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
        bytes += merge::bytes(entry);
    });
    assert_eq!(count, Merge::CAPACITY);
    assert!(bytes <= Merge::PAYLOAD_BYTES);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever both do, whenever they agree, and however long everything takes.
    #[test]
    fn each_side_is_whole_and_in_order_and_nothing_is_received_before_it_is_sent(
        began_ms in 0.0..1e6_f64,
        delays in (0.0..60.0_f64, 0.0..60.0_f64),
        steps in proptest::collection::vec((0_u8..6, 0_usize..2, 0.5..120.0_f64), 1..120),
        agreed in 0_usize..120,
        third in any::<bool>(),
    ) {
        let mut world = World::new(began_ms, [delays.0, delays.1]);
        for (index, (what, me, ms)) in steps.into_iter().enumerate() {
            if index == agreed {
                world.agree();
            }
            match what {
                0 => world.people[me].connection.call("call", index.to_string()),
                1 => world.people[me].connection.state("state", index.to_string()),
                // Longer than the clocks can be wrong: half a round trip, and their grain.
                2 | 3 => world.send_signal(me, (delays.0 + delays.1) / 2.0 + 3.0 + ms),
                _ => world.run(ms),
            }
        }
        world.agree();
        world.run(4_000.0);
        if third {
            // Somebody comes and goes.
            for event in [JoiningEvent::Began, JoiningEvent::Ended] {
                world.people[0].merge.handle_event("s4m", event);
                world.people[0].follow_own();
            }
        }
        for me in [0, 1] {
            let merged = world.merged(me);
            let ids: Vec<_> = merged.iter().map(|entry| entry.id).collect();
            prop_assert_eq!(ids, (0..merged.len() as u64).collect::<Vec<_>>());
            prop_assert!(merged.is_sorted_by(|one, other| one.at_ms <= other.at_ms));
            for (owner, own) in [(me, true), (1 - me, false)] {
                let in_merged: Vec<_> =
                    merged.iter().filter(|entry| is_own(entry) == own).map(words).collect();
                let entries = world.people[owner].trace.entries();
                let first = match own {
                    true => 0,
                    // Of the other's, what was before the connection is not told.
                    false => 1,
                };
                let in_trace: Vec<_> = entries[first..].iter().map(words).collect();
                prop_assert_eq!(in_merged, in_trace);
            }
            let mut sent = Vec::new();
            for entry in &merged {
                if let Some(Payload::Signal { direction, message, .. }) = entry.payload.as_deref() {
                    let number = message["number"].as_u64();
                    match direction {
                        Direction::Sent => sent.push(number),
                        Direction::Received => prop_assert!(
                            sent.contains(&number),
                            "{number:?} came before it was sent"
                        ),
                    }
                }
            }
        }
    }
}
