//! Any order of sending, acknowledgements and lost connections, held against a list of all messages.

use proptest::prelude::*;

use super::*;

const PLENTY: QueueLimits = QueueLimits {
    messages: 1000,
    bytes: 100_000,
};

fn replay() -> Replay {
    Replay::new(QueueMemory::new(1 << 20, 1))
}

fn push(replay: &mut Replay, limits: QueueLimits) -> Result<(), Full> {
    replay.push_numbered(|number| number.to_string().into(), limits)
}

fn pop(replay: &mut Replay) -> Option<u64> {
    replay.pop().map(|text| text.parse().unwrap())
}

#[test]
fn what_has_no_acknowledgement_is_sent_again_in_order() {
    let mut replay = replay();
    (0..4).for_each(|_| push(&mut replay, PLENTY).unwrap());
    assert_eq!([pop(&mut replay), pop(&mut replay)], [Some(1), Some(2)]);
    assert_eq!(replay.acknowledge(1), Ok(()));
    replay.rewind();
    assert_eq!(replay.forgotten(), 1);
    let again: Vec<_> = std::iter::from_fn(|| pop(&mut replay)).collect();
    assert_eq!(again, [2, 3, 4]);
}

#[test]
fn an_acknowledgement_for_what_was_never_sent_is_refused_and_an_old_one_changes_nothing() {
    let mut replay = replay();
    assert_eq!(replay.acknowledge(0), Ok(()));
    assert_eq!(replay.acknowledge(1), Err(NeverSent));
    (0..3).for_each(|_| push(&mut replay, PLENTY).unwrap());
    pop(&mut replay);
    pop(&mut replay);
    assert_eq!(replay.acknowledge(3), Err(NeverSent));
    assert_eq!(replay.acknowledge(2), Ok(()));
    assert_eq!(replay.acknowledge(1), Ok(()));
    assert_eq!(replay.forgotten(), 2);
}

#[test]
fn over_the_bounds_the_oldest_sent_are_forgotten_and_unsent_ones_are_not() {
    let limits = QueueLimits {
        messages: 3,
        bytes: 100,
    };
    let mut replay = replay();
    (0..3).for_each(|_| push(&mut replay, limits).unwrap());
    assert_eq!(push(&mut replay, limits), Err(Full));
    pop(&mut replay);
    pop(&mut replay);
    push(&mut replay, limits).unwrap();
    assert_eq!(replay.forgotten(), 1);
    push(&mut replay, limits).unwrap();
    assert_eq!(push(&mut replay, limits), Err(Full));
    assert_eq!(pop(&mut replay), Some(3));
    assert_eq!(replay.held(), (3, 3));
}

#[test]
fn nothing_held_holds_no_memory() {
    let mut replay = replay();
    (0..100).for_each(|_| push(&mut replay, PLENTY).unwrap());
    while replay.pop().is_some() {}
    replay.acknowledge(100).unwrap();
    assert_eq!((replay.waiting.capacity(), replay.kept.capacity()), (0, 0));
}

#[test]
fn after_the_end_what_waits_is_sent_once_and_numbers_start_anew() {
    let mut replay = replay();
    push(&mut replay, PLENTY).unwrap();
    push(&mut replay, PLENTY).unwrap();
    pop(&mut replay);
    replay.end();
    push(&mut replay, PLENTY).unwrap();
    assert_eq!([pop(&mut replay), pop(&mut replay)], [Some(2), Some(1)]);
    assert_eq!(replay.held(), (1, 1));
    replay.acknowledge(1).unwrap();
    assert_eq!(replay.held(), (0, 0));
}

#[derive(Clone, Debug)]
enum Op {
    Push,
    Answer,
    Send,
    /// Of a share of what arrived.
    Acknowledgement(f64),
    /// The connection is lost; a share of what was sent last never arrived.
    Lose(f64),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => Just(Op::Push),
        2 => Just(Op::Answer),
        6 => Just(Op::Send),
        1 => (0.0..=1.0).prop_map(Op::Acknowledgement),
        1 => (0.0..=1.0).prop_map(Op::Lose),
    ]
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]
fn share(share: f64, of: u64) -> u64 {
    (share * of as f64).round() as u64
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..Default::default() })]

    #[test]
    fn everything_arrives_once_in_order_or_is_known_to_be_forgotten(
        ops in prop::collection::vec(op(), 0..200),
        messages in 1_usize..40,
    ) {
        let limits = QueueLimits { messages, bytes: 100_000 };
        let memory = QueueMemory::new(1 << 20, 1);
        let mut replay = Replay::new(Arc::clone(&memory));
        let mut pushed = 0;
        // What the client has, and what was sent on this connection but may not arrive.
        let mut received = 0;
        let mut under_way = 0;
        let mut acknowledged = 0;
        for op in ops {
            match op {
                Op::Push => {
                    let waiting = replay.waiting.len();
                    match push(&mut replay, limits) {
                        Ok(()) => pushed += 1,
                        // Only what was never sent fills a queue.
                        Err(Full) => prop_assert_eq!(waiting, messages),
                    }
                }
                Op::Answer => drop(replay.push("0".into(), limits)),
                Op::Send => match pop(&mut replay) {
                    None => prop_assert_eq!(received + under_way, pushed),
                    Some(0) => {}
                    Some(number) => {
                        under_way += 1;
                        prop_assert_eq!(number, received + under_way);
                    }
                },
                Op::Acknowledgement(part) => {
                    received += under_way;
                    under_way = 0;
                    let acknowledgement = acknowledged.max(share(part, received));
                    replay.acknowledge(acknowledgement).unwrap();
                    acknowledged = acknowledgement;
                }
                Op::Lose(part) => {
                    received += share(part, under_way);
                    under_way = 0;
                    replay.detach();
                    if replay.forgotten() > received {
                        // Too much was sent without an acknowledgement: cannotResume.
                        return Ok(());
                    }
                    replay.acknowledge(received).unwrap();
                    acknowledged = received;
                    replay.rewind();
                }
            }
            prop_assert!(replay.held().0 <= messages);
            let texts = replay.waiting.iter().map(|message| message.text.len());
            let bytes: usize = texts.chain(replay.kept.iter().map(|text| text.len())).sum();
            prop_assert_eq!((replay.held().1, memory.used()), (bytes, bytes));
            prop_assert!(replay.forgotten() >= acknowledged);
        }
        drop(replay);
        prop_assert_eq!(memory.used(), 0);
    }
}
