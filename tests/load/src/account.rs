//! PURE: what became of the messages from one client to another: each must arrive once, in the
//! order of sending. Exact, however many there are and whatever goes wrong.

use std::collections::BTreeSet;
use std::ops::AddAssign;

use serde::Serialize;

/// What one receiver saw of one sender.
#[derive(Debug, Default)]
pub(crate) struct Tracker {
    /// The greatest number that arrived.
    newest: u64,
    /// Smaller ones that did not.
    missing: BTreeSet<u64>,
    arrived: u64,
    duplicated: u64,
    reordered: u64,
}

impl Tracker {
    /// Takes in that the message `seq`, counted from 1, arrived.
    pub(crate) fn arrived(&mut self, seq: u64) {
        if seq > self.newest {
            self.missing.extend(self.newest + 1..seq);
            self.newest = seq;
            self.arrived += 1;
        } else if self.missing.remove(&seq) {
            self.reordered += 1;
            self.arrived += 1;
        } else {
            self.duplicated += 1;
        }
    }

    /// The balance, once nothing more will come, of `sent` messages.
    pub(crate) fn balance(&self, sent: u64) -> Balance {
        Balance {
            sent,
            arrived: self.arrived,
            lost: sent.saturating_sub(self.arrived),
            duplicated: self.duplicated,
            reordered: self.reordered,
            // A number that was never given.
            stray: self.newest.saturating_sub(sent),
        }
    }
}

/// The fate of many messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Balance {
    pub(crate) sent: u64,
    /// Each once, however often it came.
    pub(crate) arrived: u64,
    pub(crate) lost: u64,
    pub(crate) duplicated: u64,
    /// Arrived after one that was sent later.
    pub(crate) reordered: u64,
    /// Reached somebody for whom they were not meant, or were sent by nobody.
    pub(crate) stray: u64,
}

impl Balance {
    /// Whether every message arrived, once, in order, where it should.
    pub(crate) fn is_clean(&self) -> bool {
        (self.lost, self.duplicated, self.reordered, self.stray) == (0, 0, 0, 0)
    }
}

impl AddAssign for Balance {
    fn add_assign(&mut self, other: Self) {
        self.sent += other.sent;
        self.arrived += other.arrived;
        self.lost += other.lost;
        self.duplicated += other.duplicated;
        self.reordered += other.reordered;
        self.stray += other.stray;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn balance(sent: u64, arrivals: &[u64]) -> Balance {
        let mut tracker = Tracker::default();
        for seq in arrivals {
            tracker.arrived(*seq);
        }
        tracker.balance(sent)
    }

    #[test]
    fn all_in_order_is_clean() {
        let found = balance(4, &[1, 2, 3, 4]);
        assert!(found.is_clean());
        assert_eq!((found.sent, found.arrived), (4, 4));
        assert!(balance(0, &[]).is_clean());
    }

    #[test]
    fn a_loss_is_seen_wherever_it_is() {
        for arrivals in [&[2, 3, 4][..], &[1, 2, 4], &[1, 2, 3]] {
            let found = balance(4, arrivals);
            assert_eq!((found.lost, found.reordered), (1, 0), "{arrivals:?}");
            assert!(!found.is_clean());
        }
        assert_eq!(balance(4, &[]).lost, 4);
    }

    #[test]
    fn a_duplicate_is_seen_at_once_and_late() {
        for arrivals in [&[1, 1, 2, 3][..], &[1, 2, 3, 1], &[1, 2, 3, 3]] {
            let found = balance(3, arrivals);
            assert_eq!((found.duplicated, found.lost), (1, 0), "{arrivals:?}");
            assert!(!found.is_clean());
        }
    }

    #[test]
    fn a_duplicate_does_not_hide_a_loss() {
        let found = balance(3, &[1, 2, 2]);
        assert_eq!((found.duplicated, found.lost), (1, 1));
    }

    #[test]
    fn one_that_comes_late_is_reordered_and_not_lost() {
        let found = balance(4, &[1, 3, 4, 2]);
        assert_eq!((found.reordered, found.lost, found.duplicated), (1, 0, 0));
        assert!(!found.is_clean());
    }

    #[test]
    fn what_nobody_sent_is_stray() {
        let found = balance(2, &[1, 2, 3]);
        assert_eq!(found.stray, 1);
        assert!(!found.is_clean());
    }

    proptest! {
        #[test]
        fn every_message_is_accounted_for(arrivals in prop::collection::vec(1_u64..40, 0..80)) {
            let found = balance(40, &arrivals);
            let distinct: BTreeSet<_> = arrivals.iter().collect();
            prop_assert_eq!(found.arrived, distinct.len() as u64);
            prop_assert_eq!(found.arrived + found.lost, 40);
            prop_assert_eq!(found.arrived + found.duplicated, arrivals.len() as u64);
            let sorted = arrivals.is_sorted();
            prop_assert_eq!(found.reordered == 0 || !sorted, true);
        }
    }
}
