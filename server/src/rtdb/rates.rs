//! PURE: how often each user may write. Whose silence has filled its bucket again is forgotten.
//!
//! The time is an argument.

use std::collections::HashMap;
use std::time::Instant;

use crate::rate_limit::{RateLimit, TokenBucket};

/// So many users are not worth looking for the idle ones.
const FEW: usize = 64;

#[derive(Debug)]
pub(crate) struct WriteRates {
    limit: RateLimit,
    by_uid: HashMap<String, TokenBucket>,
    /// With so many users the idle ones are looked for.
    many: usize,
}

impl WriteRates {
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self {
            limit,
            by_uid: HashMap::new(),
            many: FEW,
        }
    }

    /// Whether a user may write once more.
    pub(crate) fn admits(&mut self, uid: &str, now: Instant) -> bool {
        if let Some(bucket) = self.by_uid.get_mut(uid) {
            return bucket.take(now);
        }
        if self.by_uid.len() >= self.many {
            self.by_uid.retain(|_, bucket| !bucket.is_full(now));
            // Twice as many as are left: looking costs each new user the same, however many.
            self.many = FEW.max(2 * self.by_uid.len());
        }
        let mut bucket = TokenBucket::new(self.limit, now);
        let admitted = bucket.take(now);
        self.by_uid.insert(uid.to_owned(), bucket);
        admitted
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const LIMIT: RateLimit = RateLimit {
        per_second: 10.0,
        burst: 5.0,
        tolerance: 0.0,
    };

    fn admitted(rates: &mut WriteRates, uid: &str, now: Instant) -> usize {
        (0..100).filter(|_| rates.admits(uid, now)).count()
    }

    #[test]
    fn each_user_has_its_own_rate_and_refusals_leave_no_debt() {
        let mut rates = WriteRates::new(LIMIT);
        let now = Instant::now();
        assert_eq!(admitted(&mut rates, "ann", now), 5);
        assert_eq!(admitted(&mut rates, "bob", now), 5);
        let later = now + Duration::from_millis(100);
        assert_eq!(admitted(&mut rates, "ann", later), 1);
    }

    #[test]
    fn the_idle_are_forgotten_and_the_busy_are_not() {
        let mut rates = WriteRates::new(LIMIT);
        let start = Instant::now();
        for n in 0..10_000_u32 {
            let now = start + n * Duration::from_millis(20);
            rates.admits(&format!("user {n}"), now);
            // As many as it may: its bucket is never full.
            admitted(&mut rates, "busy", now);
            assert!(rates.by_uid.len() <= FEW + 1, "{}", rates.by_uid.len());
        }
        assert!(rates.by_uid.contains_key("busy"));
    }
}
