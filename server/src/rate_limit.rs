//! PURE: how much one client may send. A token bucket that may go into debt: who sends on while
//! refused digs deeper, and at the bottom the connection is ended.
//!
//! The time is an argument; the bucket knows no clock.

use std::time::Instant;

/// The numbers of one bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RateLimit {
    /// Messages a second, in the long run.
    pub(crate) per_second: f64,
    /// Messages at once after a silence.
    pub(crate) burst: f64,
    /// Refused messages at once before the connection is ended.
    pub(crate) tolerance: f64,
}

/// What to do with one more message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    Admit,
    /// Answer with an error; do not carry it out.
    Refuse,
    Disconnect,
}

#[derive(Clone, Debug)]
pub(crate) struct TokenBucket {
    limit: RateLimit,
    tokens: f64,
    filled_at: Instant,
}

impl TokenBucket {
    pub(crate) fn new(limit: RateLimit, now: Instant) -> Self {
        Self {
            limit,
            tokens: limit.burst,
            filled_at: now,
        }
    }

    /// Takes one message into account that came at `now`.
    pub(crate) fn handle_message(&mut self, now: Instant) -> Admission {
        self.fill(now);
        self.tokens -= 1.0;
        if self.tokens >= 0.0 {
            Admission::Admit
        } else if self.tokens >= -self.limit.tolerance {
            Admission::Refuse
        } else {
            Admission::Disconnect
        }
    }

    /// Whether one thing may be done at `now`. Being refused makes no debt.
    pub(crate) fn take(&mut self, now: Instant) -> bool {
        self.fill(now);
        let allowed = self.tokens >= 1.0;
        if allowed {
            self.tokens -= 1.0;
        }
        allowed
    }

    /// Whether [`Self::take`] would be allowed.
    pub(crate) fn has_one(&mut self, now: Instant) -> bool {
        self.fill(now);
        self.tokens >= 1.0
    }

    /// Whether it is as a new one would be.
    pub(crate) fn is_full(&mut self, now: Instant) -> bool {
        self.fill(now);
        self.tokens >= self.limit.burst
    }

    fn fill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.filled_at).as_secs_f64();
        self.filled_at = self.filled_at.max(now);
        let filled = passed.mul_add(self.limit.per_second, self.tokens);
        self.tokens = filled.min(self.limit.burst);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const LIMIT: RateLimit = RateLimit {
        per_second: 10.0,
        burst: 5.0,
        tolerance: 3.0,
    };

    fn admissions(bucket: &mut TokenBucket, now: Instant, count: usize) -> Vec<Admission> {
        (0..count).map(|_| bucket.handle_message(now)).collect()
    }

    #[test]
    fn a_burst_passes_then_refusals_then_the_end() {
        let now = Instant::now();
        let mut bucket = TokenBucket::new(LIMIT, now);
        assert_eq!(admissions(&mut bucket, now, 5), [Admission::Admit; 5]);
        assert_eq!(admissions(&mut bucket, now, 3), [Admission::Refuse; 3]);
        assert_eq!(bucket.handle_message(now), Admission::Disconnect);
    }

    #[test]
    fn the_allowed_rate_passes_for_ever() {
        let start = Instant::now();
        let mut bucket = TokenBucket::new(LIMIT, start);
        for n in 0..10_000 {
            let now = start + Duration::from_millis(100 * n);
            assert_eq!(bucket.handle_message(now), Admission::Admit, "message {n}");
        }
    }

    #[test]
    fn silence_fills_the_bucket_to_its_burst_and_no_further() {
        let now = Instant::now();
        let mut bucket = TokenBucket::new(LIMIT, now);
        admissions(&mut bucket, now, 7);
        let later = now + Duration::from_secs(3600);
        assert_eq!(admissions(&mut bucket, later, 5), [Admission::Admit; 5]);
        assert_eq!(bucket.handle_message(later), Admission::Refuse);
    }

    #[test]
    fn a_clock_that_steps_back_gives_nothing_away() {
        let now = Instant::now() + Duration::from_secs(60);
        let mut bucket = TokenBucket::new(LIMIT, now);
        admissions(&mut bucket, now, 5);
        let before = now - Duration::from_secs(10);
        assert_eq!(bucket.handle_message(before), Admission::Refuse);
        assert_eq!(bucket.handle_message(now), Admission::Refuse);
    }
}
