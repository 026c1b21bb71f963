//! What both see: whole, in order, each where it happened.

use super::*;

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
        [1, 1_000_001, 1, 1_000_001, 1],
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
    one.trace_sharing.handle_stop(&one.trace);
    world.run(100.0);
    for person in &world.people {
        assert!(person.merge.is_empty() && person.merge.ids().is_empty());
        assert!(person.merge.generation() > generation);
    }
    assert_eq!(
        world.people[0].trace_sharing.view().standing,
        Standing::Stopped
    );
    assert_eq!(
        world.people[0].trace_sharing.deadline(),
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
        wire_entry::read(value, &Arc::from("s4m")).unwrap()
    };
    merge.handle_event("s4m", TraceSharingEvent::Began);
    assert!(merge.ids().is_empty());
    merge.handle_event("s4m", TraceSharingEvent::Entries(vec![third(0.0)]));
    merge.handle_event("s4m", TraceSharingEvent::UpTo(1e9));
    world.people[0].follow_own();
    let merged = world.merged(0);
    let numbers: Vec<_> = merged
        .iter()
        .filter_map(|e| Some(e.connection.as_ref()?.number))
        .collect();
    let expected = [1, 1, 1_000_001, 1_000_001, 1_000_002];
    assert_eq!(numbers, expected, "{merged:?}");
    world.people[0]
        .merge
        .handle_event("s4m", TraceSharingEvent::Ended);
    world.people[0].follow_own();
    assert_eq!(world.merged(0).len(), 5);
}

#[test]
fn what_is_forgotten_is_counted_though_it_begins_anew() {
    let trace = Trace::new(|| 0.0);
    for _ in 0..Trace::CAPACITY + 7 {
        trace.tracer("page").call("own", "");
    }
    let theirs = json!({
        "atMs": 1.0, "kind": "call", "name": "theirs", "file": "f", "line": 1, "connection": 1,
    });
    let theirs = wire_entry::read(theirs, &Arc::from("s4m")).unwrap();
    let mut merge = Merge::default();
    let mut ids_after = |peer: &str, events: Vec<TraceSharingEvent>| {
        for event in events {
            merge.handle_event(peer, event);
            merge.follow_own(trace.ids(), |ids, f| trace.each(ids, f));
        }
        merge.ids()
    };
    let up_to = TraceSharingEvent::UpTo(2.0);
    let ids = ids_after("s4m", vec![TraceSharingEvent::Began, up_to.clone()]);
    assert_eq!(ids, trace.ids());
    let many = vec![theirs; Merge::CAPACITY + 5];
    let all = trace.ids().end + many.len() as u64;
    let newest = all - Merge::CAPACITY as u64..all;
    let ids = ids_after("s4m", vec![TraceSharingEvent::Entries(many)]);
    assert_eq!(ids, newest);
    let ids = ids_after("r0b1n", vec![TraceSharingEvent::Began, up_to]);
    assert_eq!(ids, newest, "with a third");
    // Nobody misses what was of somebody who is gone.
    assert_eq!(
        ids_after("s4m", vec![TraceSharingEvent::Ended]),
        trace.ids()
    );
    assert!(ids_after("r0b1n", vec![TraceSharingEvent::Ended]).is_empty());
}

#[test]
fn ours_keep_their_numbers_also_after_a_thousand() {
    let mut world = World::new(0.0, [4.0, 4.0]);
    world.agree();
    world.run(1_000.0);
    let trace = &world.people[0].trace;
    for number in 2..=1_002 {
        let tracer = trace.tracer("page").for_connection();
        if number > 1_000 {
            tracer.call("own", number.to_string());
        }
    }
    world.run(1_000.0);
    let numbers_of = |entries: &[Entry]| {
        let of = entries.iter().filter(|entry| is_own(entry));
        of.filter_map(|entry| Some(entry.connection.as_ref()?.number))
            .collect::<Vec<_>>()
    };
    // What was measured is looked up by them.
    let merged = world.merged(0);
    assert_eq!(numbers_of(&merged), [1, 1_001, 1_002]);
    assert_eq!(
        numbers_of(&merged),
        numbers_of(&world.people[0].trace.entries())
    );
    let others = merged.iter().filter(|entry| !is_own(entry));
    let mut others = others.filter_map(|entry| entry.connection.as_ref());
    assert!(others.all(|of| of.number == 1_000_001));
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
    let text = recording.redacted().to_file().json;
    for secret in ["192.0.2.7", "AbCd", "r0b1n", "k1m"] {
        assert!(!text.contains(secret), "{secret} in {text}");
        assert!(
            secret == "k1m" || recording.to_file().json.contains(secret),
            "{secret}"
        );
    }
    let replayed = Recording::from_json(&text).unwrap();
    assert_eq!(ladder_of(&replayed), ladder_of(&recording));
    assert!(ladder_of(&replayed).0, "both sides");
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
            for event in [TraceSharingEvent::Began, TraceSharingEvent::Ended] {
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
                    // Of the other's, what was before the connection is not sent.
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
