//! Who agreed to what.

use super::*;

#[test]
fn without_consent_nothing_is_told() {
    let mut world = World::new(0.0, [4.0, 4.0]);
    let one = &mut world.people[0];
    one.trace_sharing.handle_ask(&one.trace);
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
    let (value, _) = wire_entry::write(&world.people[0].trace.entries()[1]).unwrap();
    let entries = TraceMessage::Entries {
        entries: vec![value],
        up_to_ms: 1.0,
    };
    let other = &mut world.people[1];
    other.trace_sharing.handle_message(entries, &other.trace);
    assert_eq!(other.trace_sharing.poll_event(), None, "nor listened to");
}

#[derive(Default)]
struct Wire {
    ends: [Consent; 2],
    /// To each end.
    under_way: [VecDeque<TraceMessage>; 2],
    now_ms: f64,
    /// Who cannot say anything.
    is_full: [bool; 2],
}

impl Wire {
    fn collect(&mut self) {
        for me in [0, 1].into_iter().filter(|me| !self.is_full[*me]) {
            while let Some(message) = self.ends[me].poll_message() {
                self.under_way[1 - me].push_back(message);
            }
        }
    }

    fn deliver(&mut self, me: usize) {
        if let Some(message) = self.under_way[me].pop_front() {
            self.ends[me].handle_message(&message, self.now_ms);
        }
        self.collect();
    }

    fn settle(&mut self) {
        self.is_full = [false; 2];
        self.collect();
        for _ in 0..1000 {
            self.deliver(0);
            self.deliver(1);
        }
        assert!(
            self.under_way.iter().all(VecDeque::is_empty),
            "they never end"
        );
    }

    fn standings(&self) -> [Standing; 2] {
        [self.ends[0].standing(), self.ends[1].standing()]
    }
}

#[test]
fn one_asks_the_other_accepts_and_either_stops() {
    let mut wire = Wire::default();
    wire.ends[0].handle_ask();
    wire.settle();
    assert_eq!(wire.standings(), [Standing::Asking, Standing::Asked]);
    wire.ends[1].handle_accept();
    wire.settle();
    assert_eq!(wire.standings(), [Standing::Shared, Standing::Shared]);
    wire.ends[0].handle_stop();
    wire.settle();
    assert_eq!(wire.standings(), [Standing::Apart, Standing::Stopped]);
}

#[test]
fn what_was_meant_for_one_standing_does_not_do_the_opposite_in_another() {
    type Wish = fn(&mut Consent);
    let wishes: [(Wish, bool); 4] = [
        (Consent::handle_ask, true),
        (Consent::handle_accept, true),
        (|consent| consent.handle_refuse(0.0), false),
        (Consent::handle_stop, false),
    ];
    let ask = TraceMessage::Ask { stops: 0 };
    let accept = TraceMessage::Accept { stops: 0 };
    let refuse = TraceMessage::Refuse { stops: 0 };
    // We asked or not, and the other said this.
    let all: [(bool, &[&TraceMessage], Standing); 6] = [
        (false, &[], Standing::Apart),
        (true, &[], Standing::Asking),
        (false, &[&ask], Standing::Asked),
        (true, &[&accept], Standing::Shared),
        (true, &[&refuse], Standing::Refused),
        (true, &[&accept, &TraceMessage::Stop], Standing::Stopped),
    ];
    for (asks, said, standing) in all {
        for (wish, shows_more) in wishes {
            let mut consent = Consent::default();
            if asks {
                consent.handle_ask();
                assert_eq!(consent.poll_message(), Some(ask.clone()));
            }
            for message in said {
                consent.handle_message(message, 0.0);
            }
            assert_eq!(consent.standing(), standing);
            wish(&mut consent);
            let after = consent.standing();
            let much = |standing| match standing {
                Standing::Shared => 2,
                Standing::Asking => 1,
                _ => 0,
            };
            let went = much(after) - much(standing);
            assert!(
                if shows_more { went >= 0 } else { went <= 0 },
                "{standing:?} {after:?}"
            );
            // Nothing but what was pressed is said.
            let is_said = consent.poll_message().is_some();
            assert_eq!(is_said, after != standing, "{standing:?} {after:?}");
        }
    }
}

#[test]
fn two_who_ask_at_once_have_agreed() {
    let mut wire = Wire::default();
    wire.ends[0].handle_ask();
    wire.ends[1].handle_ask();
    wire.settle();
    assert_eq!(wire.standings(), [Standing::Shared, Standing::Shared]);
}

#[test]
fn who_was_refused_cannot_nag() {
    let mut wire = Wire::default();
    let mut shown = Vec::new();
    for second in 0..2000 {
        wire.now_ms = f64::from(second) * 1000.0;
        wire.ends[0].handle_ask();
        wire.settle();
        if wire.ends[1].standing() == Standing::Asked {
            shown.push(second);
            wire.ends[1].handle_refuse(wire.now_ms);
            wire.settle();
        }
        assert_eq!(wire.standings(), [Standing::Refused, Standing::Apart]);
    }
    assert_eq!(shown, [0, 30, 90]);
    // A new channel makes nothing good, and we may still ask.
    wire.ends.iter_mut().for_each(Consent::handle_closed);
    wire.ends[0].handle_ask();
    wire.settle();
    assert_eq!(wire.standings(), [Standing::Refused, Standing::Apart]);
    wire.ends[1].handle_ask();
    wire.settle();
    assert_eq!(
        wire.standings(),
        [Standing::Refused, Standing::Asked].map(|s| match s {
            Standing::Refused => Standing::Asked,
            _ => Standing::Asking,
        })
    );
}

#[test]
fn a_question_that_flickers_is_shown_seldom() {
    let mut wire = Wire::default();
    let mut shown = 0;
    for tenth in 0..100 {
        wire.now_ms = f64::from(tenth) * 100.0;
        wire.ends[0].handle_ask();
        wire.settle();
        shown += u32::from(wire.ends[1].standing() == Standing::Asked);
        wire.ends[0].handle_stop();
        wire.settle();
    }
    assert_eq!(shown, 2, "in ten seconds");
}

#[test]
fn nobody_shares_with_a_peer_that_did_not_agree() {
    let mut one = Consent::default();
    one.handle_message(&TraceMessage::Accept { stops: 0 }, 0.0);
    assert_eq!(one.standing(), Standing::Apart);
    assert_eq!(one.poll_message(), Some(TraceMessage::Stop));
    one.handle_message(&TraceMessage::Ask { stops: 7 }, 0.0);
    assert_eq!(one.standing(), Standing::Apart);
}

proptest! {
    /// Whatever somebody says who does not keep to the rules, while nothing can be said back.
    #[test]
    fn what_waits_to_be_said_does_not_grow_with_what_is_heard(
        presses in proptest::collection::vec(0_u8..4, 0..4),
        said in proptest::collection::vec((0_u8..5, 0_u32..4), 0..400),
    ) {
        let mut one = Consent::default();
        let mut rounds = said.chunks(said.len() / (presses.len() + 1) + 1);
        let mut stops = 0;
        let mut hear = |one: &mut Consent, said: &[(u8, u32)]| {
            for (what, ahead) in said {
                // It may guess how often we stopped.
                let guess = TraceMessage::Ask { stops: stops + ahead };
                let message = match what {
                    0 | 1 => guess,
                    2 => TraceMessage::Accept { stops: stops + ahead },
                    3 => TraceMessage::Refuse { stops: stops + ahead },
                    _ => TraceMessage::Stop,
                };
                stops += u32::from(*what == 2 && *ahead == 0);
                one.handle_message(&message, 0.0);
            }
        };
        for press in &presses {
            hear(&mut one, rounds.next().unwrap_or_default());
            match press {
                0 => one.handle_ask(),
                1 => one.handle_accept(),
                2 => one.handle_refuse(0.0),
                _ => one.handle_stop(),
            }
        }
        hear(&mut one, rounds.next().unwrap_or_default());
        let waiting = std::iter::from_fn(|| one.poll_message()).count();
        prop_assert!(waiting <= 4 + 3 * presses.len(), "{waiting} after {presses:?}");
    }
}

#[test]
fn a_question_without_end_is_answered_once() {
    for is_shared in [true, false] {
        let mut one = Consent::default();
        let ask = TraceMessage::Ask { stops: 0 };
        one.handle_message(&ask, 0.0);
        if is_shared {
            one.handle_accept();
        } else {
            one.handle_refuse(0.0);
        }
        for _ in 0..1000 {
            one.handle_message(&ask, 0.0);
        }
        assert_eq!(std::iter::from_fn(|| one.poll_message()).count(), 1);
        // … and again, once that was said.
        one.handle_message(&ask, 0.0);
        assert_eq!(std::iter::from_fn(|| one.poll_message()).count(), 1);
    }
}

proptest! {
    /// Whatever both press, and however long messages take: in the end both see the same.
    #[test]
    fn both_agree_on_how_they_stand(
        steps in proptest::collection::vec((0_u8..8, 0_usize..2), 0..150)
    ) {
        let mut wire = Wire::default();
        // Whether each has said yes since it last said no.
        let mut willing = [false; 2];
        for (step, me) in steps {
            wire.now_ms += 1000.0;
            let before = wire.ends[me].standing();
            match step {
                0 => { wire.ends[me].handle_ask(); willing[me] = true; }
                1 => {
                    wire.ends[me].handle_accept();
                    willing[me] |= before == Standing::Asked;
                }
                2 => {
                    wire.ends[me].handle_refuse(wire.now_ms);
                    willing[me] &= before != Standing::Asked;
                }
                3 => {
                    wire.ends[me].handle_stop();
                    willing[me] = false;
                }
                4 => wire.is_full[me] = !wire.is_full[me],
                _ => wire.deliver(me),
            }
            wire.collect();
            for me in [0, 1] {
                let standing = wire.ends[me].standing();
                prop_assert!(standing != Standing::Shared || willing[me], "joined unasked");
                if matches!(standing, Standing::Refused | Standing::Stopped) {
                    willing[me] = false;
                }
            }
        }
        wire.settle();
        let [one, other] = wire.standings();
        prop_assert_eq!(one == Standing::Shared, other == Standing::Shared, "{:?} {:?}", one, other);
        prop_assert_eq!(one == Standing::Asking, other == Standing::Asked, "{:?} {:?}", one, other);
        prop_assert_eq!(other == Standing::Asking, one == Standing::Asked, "{:?} {:?}", one, other);
    }
}
