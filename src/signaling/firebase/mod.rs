//! Signaling through a Firebase Realtime Database, by its REST protocol alone.
//!
//! `session` decides, `connection` carries out: an `EventSource` shows our inbox, `fetch`
//! writes. Where in the tree what is, [`signaling_protocol::database`] says. Works with any
//! database that speaks the protocol; knows no view.

mod account;
pub mod config;
mod connection;
mod error;
mod ice;
mod inbox;
mod members;
mod outbox;
mod rest;
mod session;
mod shared_state;
mod stream;
pub mod watch;

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::future::{FutureExt, LocalBoxFuture};
use gloo_events::EventListener;
use signaling_protocol::{PeerId, RoomId, RoomKind};

use super::{Connection, Signaling, Unreachable};
use crate::trace::Tracer;
pub use account::Account;
use connection::open;
use session::FirebaseSession;
pub use shared_state::Watch;
use shared_state::{SharedState, leave_with_the_page};

/// The Firebase transport, for one room.
pub struct FirebaseSignaling {
    account: Account,
    shared: Rc<RefCell<SharedState>>,
    _page_hide: Option<[EventListener; 2]>,
    tracer: Tracer,
}

/// Whether messages that were read are left in the database.
#[derive(Clone)]
pub struct Keep(Rc<RefCell<SharedState>>);

impl Keep {
    pub fn set(&self, keep: bool) {
        let mut shared = self.0.borrow_mut();
        shared.session.set_keep(keep);
        if let Some(waker) = shared.waker.take() {
            waker.wake();
        }
    }
}

impl FirebaseSignaling {
    /// `watch` is told of all that is seen in the database.
    pub fn new(
        account: Account,
        room: RoomId,
        kind: RoomKind,
        watch: Watch,
        tracer: Tracer,
    ) -> Self {
        // The account says later who we are.
        let mut session = FirebaseSession::new(PeerId::new(""), room, kind);
        session.ids().clone_from(&account.ids());
        let shared = Rc::new(RefCell::new(SharedState {
            session,
            watch,
            waker: None,
            place: None,
        }));
        Self {
            account,
            _page_hide: leave_with_the_page(&shared),
            shared,
            tracer,
        }
    }

    pub fn keep(&self) -> Keep {
        Keep(self.shared.clone())
    }
}

/// Whoever goes while the stream is lost may still be able to write.
impl Drop for FirebaseSignaling {
    fn drop(&mut self) {
        let mut shared = self.shared.borrow_mut();
        shared.leave();
        self.account.ids().clone_from(shared.session.ids());
    }
}

impl Signaling for FirebaseSignaling {
    fn connect(&self) -> LocalBoxFuture<'static, Result<Box<dyn Connection>, Unreachable>> {
        let (shared, account) = (self.shared.clone(), self.account.clone());
        open(shared, account, self.tracer.clone()).boxed_local()
    }
}
