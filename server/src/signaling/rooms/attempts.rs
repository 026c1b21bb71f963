//! How often passphrases are looked at, by where the client comes from: a new connection is no new
//! beginning.
//!
//! Wrong attempts count against their address, in all rooms, and against the room, from all addresses.
//! The room's bound slows many addresses down that guess together. It must not lock out everybody
//! else: who has made no mistake lately passes it. Memory is held only for addresses that used some
//! of what they may, until they have it again.

use std::collections::HashMap;
use std::time::Instant;

use crate::http::ClientAddress;
use crate::rate_limit::{RateLimit, TokenBucket};

const WRONG_FROM_ADDRESS: RateLimit = RateLimit {
    per_second: 0.1,
    burst: 5.0,
    tolerance: 0.0,
};

const WRONG_IN_ROOM: RateLimit = RateLimit {
    per_second: 0.2,
    burst: 30.0,
    tolerance: 0.0,
};

/// Also of right ones, and of new passphrases: each takes a good part of a second of a processor.
const WORK_FROM_ADDRESS: RateLimit = RateLimit {
    per_second: 0.5,
    burst: 20.0,
    tolerance: 0.0,
};

/// What each address has left.
#[derive(Debug, Default)]
pub(super) struct Attempts(HashMap<ClientAddress, Spent>);

#[derive(Debug)]
struct Spent {
    work: TokenBucket,
    wrong: TokenBucket,
}

/// The wrong attempts in one room; gone with it.
#[derive(Debug, Default)]
pub(super) struct WrongAttempts(Option<TokenBucket>);

impl Attempts {
    /// Whether a passphrase for a room may be looked at, which is counted.
    pub(super) fn may_check(
        &mut self,
        address: ClientAddress,
        room: &mut WrongAttempts,
        now: Instant,
    ) -> bool {
        let spent = self.spent(address, now);
        let may_be_wrong = spent.wrong.has_one(now);
        let is_innocent = spent.wrong.is_full(now);
        may_be_wrong && (is_innocent || room.has_one(now)) && spent.work.take(now)
    }

    /// Whether a new passphrase may be hashed, which is counted.
    pub(super) fn may_hash(&mut self, address: ClientAddress, now: Instant) -> bool {
        self.spent(address, now).work.take(now)
    }

    /// It was a wrong one.
    pub(super) fn handle_wrong(&mut self, address: ClientAddress, now: Instant) {
        self.spent(address, now).wrong.take(now);
    }

    fn spent(&mut self, address: ClientAddress, now: Instant) -> &mut Spent {
        // Each entry has cost as much processor time as a thousand of these.
        self.0
            .retain(|_, spent| !(spent.work.is_full(now) && spent.wrong.is_full(now)));
        self.0.entry(address).or_insert_with(|| Spent {
            work: TokenBucket::new(WORK_FROM_ADDRESS, now),
            wrong: TokenBucket::new(WRONG_FROM_ADDRESS, now),
        })
    }

    #[cfg(test)]
    pub(super) fn remembered(&mut self, now: Instant) -> usize {
        self.0
            .retain(|_, spent| !(spent.work.is_full(now) && spent.wrong.is_full(now)));
        self.0.len()
    }
}

impl WrongAttempts {
    pub(super) fn handle_wrong(&mut self, now: Instant) {
        self.0
            .get_or_insert_with(|| TokenBucket::new(WRONG_IN_ROOM, now))
            .take(now);
    }

    fn has_one(&mut self, now: Instant) -> bool {
        self.0.as_mut().is_none_or(|bucket| bucket.has_one(now))
    }
}
