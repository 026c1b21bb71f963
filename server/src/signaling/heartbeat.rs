//! PURE: when to ask a silent client for a sign of life, and when to give it up.
//!
//! The time is an argument; whoever drives it wakes it at [`Heartbeat::deadline`].

use std::time::{Duration, Instant};

/// What to do at a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beat {
    /// There was a sign of life; look again at the new deadline.
    Wait,
    /// Send a ping.
    Ping,
    /// No answer in time.
    Dead,
}

#[derive(Debug)]
pub(crate) struct Heartbeat {
    interval: Duration,
    timeout: Duration,
    heard_at: Instant,
    /// When the ping was sent that is not answered yet.
    pinged_at: Option<Instant>,
}

impl Heartbeat {
    /// Pings after `interval` of silence, and gives up `timeout` after an unanswered ping.
    pub(crate) fn new(interval: Duration, timeout: Duration, now: Instant) -> Self {
        Self {
            interval,
            timeout,
            heard_at: now,
            pinged_at: None,
        }
    }

    pub(crate) fn deadline(&self) -> Instant {
        match self.pinged_at {
            Some(at) => at + self.timeout,
            None => self.heard_at + self.interval,
        }
    }

    /// Any frame at all came in.
    pub(crate) fn handle_heard(&mut self, now: Instant) {
        self.heard_at = now;
        self.pinged_at = None;
    }

    pub(crate) fn handle_timeout(&mut self, now: Instant) -> Beat {
        if now < self.deadline() {
            Beat::Wait
        } else if self.pinged_at.is_some() {
            Beat::Dead
        } else {
            self.pinged_at = Some(now);
            Beat::Ping
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn silence_is_asked_once_and_then_given_up() {
        let start = Instant::now();
        let mut heart = Heartbeat::new(seconds(5), seconds(3), start);
        assert_eq!(heart.handle_timeout(start + seconds(4)), Beat::Wait);
        assert_eq!(heart.deadline(), start + seconds(5));
        assert_eq!(heart.handle_timeout(start + seconds(5)), Beat::Ping);
        assert_eq!(heart.deadline(), start + seconds(8));
        assert_eq!(heart.handle_timeout(start + seconds(7)), Beat::Wait);
        assert_eq!(heart.handle_timeout(start + seconds(8)), Beat::Dead);
    }

    #[test]
    fn a_sign_of_life_starts_anew() {
        let start = Instant::now();
        let mut heart = Heartbeat::new(seconds(5), seconds(3), start);
        assert_eq!(heart.handle_timeout(start + seconds(5)), Beat::Ping);
        heart.handle_heard(start + seconds(6));
        assert_eq!(heart.handle_timeout(start + seconds(8)), Beat::Wait);
        assert_eq!(heart.deadline(), start + seconds(11));
        assert_eq!(heart.handle_timeout(start + seconds(11)), Beat::Ping);
    }
}
