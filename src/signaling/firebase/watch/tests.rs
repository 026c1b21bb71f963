use std::collections::BTreeSet;

use proptest::prelude::*;
use signaling_protocol::{
    ConnectionId, IceCandidate, PeerMessage, RoomKind, SdpType, SessionDescription,
};

use super::*;

fn record(message: &Message) -> Record {
    Record {
        message: serde_json::to_string(message).unwrap(),
        sent_at: 1,
    }
}

fn signal(signal: Option<PeerSignal>) -> Record {
    record(&Message::Signal {
        signal: PeerMessage {
            connection: ConnectionId::new("c1"),
            remote_connection: None,
            signal,
        },
    })
}

fn view() -> DatabaseView {
    let mut view = DatabaseView::default();
    view.handle_entered("rooms/kitchen".to_owned(), "me".to_owned());
    view
}

fn shown(record: &Record) -> (&'static str, String, Option<String>) {
    let content = Content::of(record);
    (content.kind, content.summary, content.whole)
}

#[test]
fn a_message_appears_is_read_and_vanishes() {
    let mut view = view();
    let key = MessageKey::new("me", "kim", "-1");
    view.handle_message(key.clone(), &record(&Message::Left), 10.0);
    let stages = |view: &DatabaseView| view.inbox().map(|row| row.stage).collect::<Vec<_>>();
    assert_eq!(stages(&view), [Stage::There]);
    assert_eq!(view.deadline(), None);
    view.handle_read(&key);
    assert_eq!(stages(&view), [Stage::Read]);
    view.handle_gone(&key, 20.0);
    view.handle_read(&key);
    view.handle_gone(&key, 30.0);
    assert_eq!(stages(&view), [Stage::Gone { at: 20.0 }]);
    assert_eq!(view.deadline(), Some(20.0 + GONE_FOR_MS));
    view.handle_timeout(20.0 + GONE_FOR_MS - 1.0);
    assert_eq!(view.inbox().count(), 1);
    view.handle_timeout(20.0 + GONE_FOR_MS);
    assert_eq!(view.inbox().count(), 0);
}

#[test]
fn inbox_and_sent_are_told_apart() {
    let mut view = view();
    view.handle_message(
        MessageKey::new("me", "kim", "-1"),
        &record(&Message::Left),
        1.0,
    );
    view.handle_message(
        MessageKey::new("kim", "me", "-1"),
        &record(&Message::Left),
        1.0,
    );
    assert!(view.inbox().all(|row| row.key.from == "kim"));
    assert!(view.sent().all(|row| row.key.to == "kim"));
    assert_eq!((view.inbox().count(), view.sent().count()), (1, 1));
}

#[test]
fn who_leaves_stays_in_sight_for_a_while_and_may_return() {
    let mut view = view();
    let entry = |name: &str| Entry {
        kind: RoomKind::Call,
        name: name.to_owned(),
        joined_at: 1,
        seen_at: 1,
    };
    let both = BTreeMap::from([("a".to_owned(), entry("Kim")), ("b".to_owned(), entry(""))]);
    view.handle_participants(&both, 0.0);
    view.handle_participants(&BTreeMap::from([("a".to_owned(), entry("Kim"))]), 5.0);
    let stages = |view: &DatabaseView| view.participants().map(|p| p.stage).collect::<Vec<_>>();
    assert_eq!(stages(&view), [Stage::There, Stage::Gone { at: 5.0 }]);
    view.handle_participants(&both, 6.0);
    assert_eq!(stages(&view), [Stage::There, Stage::There]);
    view.handle_left(7.0);
    view.handle_timeout(7.0 + GONE_FOR_MS);
    assert_eq!(view, super::tests::view());
}

#[test]
fn every_message_has_one_line() {
    let sdp = "v=0\r\nm=audio 9 UDP\r\na=x\r\nm=video 9 UDP".to_owned();
    let description = SessionDescription {
        kind: SdpType::Offer,
        sdp: sdp.clone(),
    };
    assert_eq!(
        shown(&signal(Some(PeerSignal::Description(description)))),
        ("offer", "audio, video".to_owned(), Some(sdp))
    );
    let candidate = |text: &str| {
        signal(Some(PeerSignal::Candidate(IceCandidate {
            candidate: text.to_owned(),
            ..IceCandidate::default()
        })))
    };
    assert_eq!(
        shown(&candidate("candidate:1 1 udp")),
        ("candidate", "candidate:1 1 udp".to_owned(), None)
    );
    assert_eq!(shown(&candidate("")).1, "end of candidates");
    assert_eq!(shown(&signal(None)), ("connection", "c1".to_owned(), None));
    let name = "Kim".to_owned();
    assert_eq!(
        shown(&record(&Message::Joined { name })),
        ("joined", "Kim".to_owned(), None)
    );
    let long = "é".repeat(LINE_CHARS + 1);
    let (kind, summary, whole) = shown(&Record {
        message: long.clone(),
        sent_at: 1,
    });
    assert_eq!((kind, whole), ("unknown", Some(long)));
    assert_eq!(summary.chars().count(), LINE_CHARS + 1);
}

#[test]
fn of_too_many_messages_those_that_went_and_the_oldest_are_not_shown() {
    let mut view = view();
    let key = |number: usize| MessageKey::new("me", "kim", &format!("{number:04}"));
    for number in 0..MOST_MESSAGES {
        view.handle_message(key(number), &record(&Message::Left), number as f64);
    }
    view.handle_gone(&key(7), 500.0);
    for number in 0..2 {
        view.handle_message(key(900 + number), &record(&Message::Left), 500.0);
    }
    assert_eq!(view.inbox().count(), MOST_MESSAGES);
    for (number, is_shown) in [(0, false), (1, true), (7, false), (901, true)] {
        assert_eq!(view.inbox().any(|row| row.key == key(number)), is_shown);
    }
}

proptest! {
    /// Whatever happens, what is in the database is shown, and what went is not shown as being there
    /// nor for too long.
    #[test]
    fn the_view_agrees_with_the_database(steps in proptest::collection::vec((0_u8..4, 0_u16..150), 0..600)) {
        let mut view = view();
        let mut there = BTreeSet::new();
        let mut now = 0.0;
        for (step, number) in steps {
            now += 40.0;
            let key = match number % 2 {
                0 => MessageKey::new("me", "kim", &number.to_string()),
                _ => MessageKey::new("kim", "me", &number.to_string()),
            };
            match step {
                0 | 1 => {
                    view.handle_message(key.clone(), &record(&Message::Left), now);
                    there.insert(key);
                }
                2 => {
                    view.handle_gone(&key, now);
                    there.remove(&key);
                }
                _ => view.handle_read(&key),
            }
            view.handle_timeout(now);
            prop_assert!(view.deadline().is_none_or(|at| at > now));
            let rows: Vec<_> = view.inbox().chain(view.sent()).collect();
            for row in &rows {
                let gone = matches!(row.stage, Stage::Gone { .. });
                prop_assert_eq!(gone, !there.contains(&row.key));
            }
            let shown = rows.iter().filter(|row| !matches!(row.stage, Stage::Gone { .. }));
            prop_assert_eq!(shown.count(), there.len());
        }
    }
}
