//! Passphrases are hashed and checked one at a time for the whole server, without any lock and off
//! the threads that serve connections: each takes a good part of a second of one processor.

use std::convert::Infallible;
use std::sync::Arc;

use super::{Hub, now};
use crate::signaling::passphrase::{PassphraseHash, Salt};
use crate::signaling::rooms::{ClientId, Work, WorkDone};

/// So many wait at most, which is some ten seconds; more are answered `busy`.
pub(super) const MOST_WORK: usize = 32;

/// A passphrase to be looked at for a client.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) client: ClientId,
    pub(super) work: Work,
}

impl Hub {
    /// Does what there is to do, for as long as it is awaited. Only one at a time does.
    pub(crate) async fn work(&self) -> Infallible {
        let mut orders = self.work.lock().await;
        loop {
            let Some(Order { client, work }) = orders.recv().await else {
                // The hub itself holds the other end.
                return std::future::pending().await;
            };
            let done = tokio::task::spawn_blocking(move || carry_out(work)).await;
            // It did not run because the runtime ends; or it failed, and can be tried again.
            let done = done.unwrap_or(WorkDone::Busy);
            let mut state = self.state();
            let outputs = state.rooms.handle_work_done(client, done, now());
            let outbox = state.clients.get(&client).cloned();
            let asker = outbox.as_ref().map(|outbox| (client, outbox));
            state.deliver(outputs, asker);
        }
    }
}

fn carry_out(work: Work) -> WorkDone {
    match work {
        Work::Verify(hash, passphrase) => {
            let right = hash.is_of(&passphrase);
            WorkDone::Verified(hash, right)
        }
        Work::Hash(passphrase) => match salt() {
            Some(salt) => WorkDone::Hashed(Arc::new(PassphraseHash::new(&passphrase, salt))),
            None => WorkDone::Busy,
        },
    }
}

/// `None` when the system has no random numbers.
fn salt() -> Option<Salt> {
    let random = ring::rand::SystemRandom::new();
    ring::rand::generate(&random)
        .ok()
        .map(ring::rand::Random::expose)
}
