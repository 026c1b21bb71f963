//! PURE: what each client saw, and what that makes together.

use std::collections::BTreeMap;

use crate::account::{Balance, Tracker};
use crate::dialect::Refused;
use crate::socket::Lost;

/// How a client could not go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Lost(#[from] Lost),
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// What became of one client.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) failure: Option<Failure>,
    /// How many messages were sent to whom.
    pub(crate) sent: BTreeMap<usize, u64>,
    /// What came from whom.
    pub(crate) arrived: BTreeMap<usize, Tracker>,
    /// Messages that were for somebody else.
    pub(crate) stray: u64,
}

/// What became of all messages between all clients.
pub(crate) fn balance(outcomes: &[Outcome]) -> Balance {
    let mut balance = Balance::default();
    let nothing = Tracker::default();
    for (from, sender) in outcomes.iter().enumerate() {
        for (to, sent) in &sender.sent {
            let tracker = outcomes
                .get(*to)
                .and_then(|receiver| receiver.arrived.get(&from));
            balance += tracker.unwrap_or(&nothing).balance(*sent);
        }
    }
    for (to, receiver) in outcomes.iter().enumerate() {
        balance.stray += receiver.stray;
        for (from, tracker) in &receiver.arrived {
            let known = |sender: &Outcome| sender.sent.contains_key(&to);
            if !outcomes.get(*from).is_some_and(known) {
                balance.stray += tracker.balance(0).stray;
            }
        }
    }
    balance
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(sent: &[(usize, u64)], arrived: &[(usize, &[u64])]) -> Outcome {
        let trackers = arrived.iter().map(|(from, numbers)| {
            let mut tracker = Tracker::default();
            for seq in *numbers {
                tracker.arrived(*seq);
            }
            (*from, tracker)
        });
        Outcome {
            sent: sent.iter().copied().collect(),
            arrived: trackers.collect(),
            ..Outcome::default()
        }
    }

    #[test]
    fn what_all_sent_is_set_against_what_all_got() {
        let outcomes = [
            outcome(&[(1, 2), (2, 1)], &[(1, &[1])]),
            outcome(&[(0, 1)], &[(0, &[1, 2])]),
            outcome(&[], &[(0, &[1])]),
        ];
        let found = balance(&outcomes);
        assert!(found.is_clean(), "{found:?}");
        assert_eq!((found.sent, found.arrived), (4, 4));
    }

    #[test]
    fn what_reached_nobody_is_lost() {
        let found = balance(&[outcome(&[(1, 2), (7, 1)], &[]), outcome(&[], &[])]);
        assert_eq!((found.sent, found.lost), (3, 3));
    }

    #[test]
    fn what_nobody_sent_is_stray() {
        let outcomes = [outcome(&[], &[]), outcome(&[], &[(0, &[1]), (5, &[1])])];
        assert_eq!(balance(&outcomes).stray, 2);
    }
}
