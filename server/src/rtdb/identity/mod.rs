//! Who somebody is: anonymous accounts, as Firebase Authentication gives them, so that a page has
//! one way to sign in, here and at a real project.
//!
//! `token` is pure: what a token says, and whether to believe it. `http` answers in the form of
//! Google's Identity Toolkit. Nothing is kept of an account but what its own tokens say.

pub(crate) mod http;
mod key;
mod token;

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rand::Rng;
use rand::distr::Alphanumeric;

use self::token::Signer;
use crate::Error;
use crate::rate_limit::{RateLimit, TokenBucket};

/// How long a token is valid at Firebase.
pub const TOKEN_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// Of all clients together: a room that comes back after a restart is far below it.
const RATE: RateLimit = RateLimit {
    per_second: 200.0,
    burst: 1000.0,
    tolerance: 0.0,
};

/// Makes tokens and knows its own.
#[derive(Debug)]
pub struct Identity {
    signer: Signer,
    requests: Mutex<TokenBucket>,
}

impl Identity {
    /// Nobody's tokens are valid after the end of this process.
    pub fn new(lifetime: Duration) -> Self {
        Self::with_key(rand::random(), lifetime)
    }

    /// Tokens stay valid as long as this file, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// When the file cannot be used.
    pub fn open(file: &Path, lifetime: Duration) -> Result<Self, Error> {
        Ok(Self::with_key(key::open(file)?, lifetime))
    }

    fn with_key(key: [u8; token::KEY_BYTES], lifetime: Duration) -> Self {
        Self {
            signer: Signer::new(&key, lifetime),
            requests: Mutex::new(TokenBucket::new(RATE, Instant::now())),
        }
    }

    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Whether one more request may be carried out.
    fn admits(&self, now: Instant) -> bool {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        // Those who are refused must not make it longer for all the others.
        requests.take(now)
    }
}

fn new_refresh_token() -> String {
    let random = rand::rng().sample_iter(Alphanumeric);
    random.take(token::REFRESH_CHARS).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_soon_over() {
        let identity = Identity::new(TOKEN_LIFETIME);
        let now = Instant::now();
        let admitted = (0..50_000).filter(|_| identity.admits(now)).count();
        assert!((1000..1010).contains(&admitted), "{admitted}");
        assert!(identity.admits(now + Duration::from_millis(10)));
    }

    #[test]
    fn each_account_is_another() {
        let users = [new_refresh_token(), new_refresh_token()].map(|token| token::user_of(&token));
        assert!(users[0].is_some() && users[0] != users[1], "{users:?}");
    }
}
