use std::collections::VecDeque;

use proptest::prelude::*;
use signaling_protocol::ConnectionId;

use super::*;

fn session(id: &str) -> TabSession {
    TabSession::new(PeerId::new(id), id.to_uppercase())
}

fn message(number: usize) -> PeerMessage {
    PeerMessage {
        connection: ConnectionId::new(number.to_string()),
        remote_connection: None,
        signal: None,
    }
}

fn joined(peer: &str) -> Event {
    Event::PeerJoined {
        peer: PeerId::new(peer),
        name: peer.to_uppercase(),
    }
}

#[test]
fn a_letter_is_one_object_and_reads_as_it_was_written() {
    let letter = session("a").signal(PeerId::new("b"), message(7));
    let text = serde_json::to_string(&letter).unwrap();
    assert_eq!(text, r#"{"from":"a","to":"b","signal":{"connection":"7"}}"#);
    assert_eq!(serde_json::from_str::<Letter>(&text).unwrap(), letter);
    for text in ["", "{}", r#"{"from":"a"}"#, r#"{"from":"a","bye":{}}"#] {
        assert!(serde_json::from_str::<Letter>(text).is_err(), "{text}");
    }
}

#[test]
fn what_is_for_others_and_what_strangers_say_is_not_heard() {
    let (mut a, b, c) = (session("a"), session("b"), session("c"));
    a.handle_letter(b.hello());
    let for_other = b.signal(PeerId::new("c"), message(1));
    assert_eq!(a.handle_letter(for_other), Outcome::default());
    let of_stranger = c.signal(PeerId::new("a"), message(1));
    assert_eq!(a.handle_letter(of_stranger), Outcome::default());
}

#[test]
fn who_is_gone_is_told_once_and_the_next_is_another() {
    let mut a = session("a");
    assert_eq!(a.handle_letter(session("b").hello()).events, [joined("b")]);
    assert_eq!(
        a.handle_gone(&PeerId::new("b")),
        Some(left(PeerId::new("b")))
    );
    assert_eq!(a.handle_gone(&PeerId::new("b")), None);
    let outcome = a.handle_letter(session("c").hello());
    assert_eq!(outcome.events, [joined("c")]);
    assert_eq!(outcome.watch, Some(PeerId::new("c")));
    // The next hello may be faster than the lock of the one before.
    let outcome = a.handle_letter(session("d").hello());
    assert_eq!(outcome.events, [left(PeerId::new("c")), joined("d")]);
    assert_eq!(a.handle_gone(&PeerId::new("c")), None);
}

proptest! {
    /// However two enter, and however their letters interleave: each learns of the other exactly
    /// once, before the other's first signal, and every signal arrives in order.
    #[test]
    fn two_always_meet(order in proptest::collection::vec(any::<bool>(), 0..40)) {
        let mut ends = [session("a"), session("b")];
        // Who has not heard a hello cannot have a seat yet, and says hello when it has.
        let mut inboxes = [VecDeque::from([ends[1].hello()]), VecDeque::from([ends[0].hello()])];
        let mut told: [Vec<Event>; 2] = Default::default();
        let mut sent = [0, 0];
        let steps = order.into_iter().chain([true, false].into_iter().cycle().take(40));
        for me in steps.map(usize::from) {
            let Some(letter) = inboxes[me].pop_front() else { continue };
            let outcome = ends[me].handle_letter(letter);
            inboxes[1 - me].extend(outcome.reply);
            if matches!(outcome.events[..], [Event::PeerJoined { .. }]) {
                let to = PeerId::new(["b", "a"][me]);
                for _ in 0..3 {
                    inboxes[1 - me].push_back(ends[me].signal(to.clone(), message(sent[me])));
                    sent[me] += 1;
                }
            }
            told[me].extend(outcome.events);
        }
        for (me, other) in [(0, "b"), (1, "a")] {
            let signals = (0..3).map(|number| Event::Signal {
                from: PeerId::new(other),
                message: message(number),
            });
            let expected: Vec<_> = [joined(other)].into_iter().chain(signals).collect();
            prop_assert_eq!(&told[me], &expected);
        }
    }
}
