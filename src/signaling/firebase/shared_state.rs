//! What all connections of one participant share, and how it takes its leave.

use std::cell::RefCell;
use std::rc::Rc;
use std::task::Waker;

use gloo_events::EventListener;

use super::rest::Database;
use super::session::FirebaseSession;
use super::watch::DatabaseView;
use crate::rtc::random_bytes;

/// Shows what is in the database to whoever wants to see it.
pub type Watch = Box<dyn Fn(&mut dyn FnMut(&mut DatabaseView))>;

/// What all connections of one participant share.
pub(super) struct SharedState {
    pub(super) session: FirebaseSession,
    pub(super) watch: Watch,
    /// Of whoever polls the connection.
    pub(super) waker: Option<Waker>,
    /// Where the room is, since the first connection.
    pub(super) place: Option<(Database, String)>,
}

/// Closing the tab is leaving, also while the connection is lost or not there yet: browsers end
/// streams before they tell the page. A page that only sleeps in the browser's cache, or that was
/// asked to go and stayed, finds that its entry is gone, and comes back.
///
/// What a busy Firefox is given at `pagehide` it may lose; it waits for what is done at
/// `beforeunload`. Not every browser has that one, so both are heard.
pub(super) fn leave_with_the_page(shared: &Rc<RefCell<SharedState>>) -> Option<[EventListener; 2]> {
    let window = web_sys::window()?;
    Some(["beforeunload", "pagehide"].map(|end| {
        let shared = shared.clone();
        EventListener::new(&window, end, move |_| {
            if let Ok(mut shared) = shared.try_borrow_mut() {
                shared.leave();
            }
        })
    }))
}

impl SharedState {
    /// Unless that has been done.
    pub(super) fn leave(&mut self) {
        let goodbye = self.session.goodbye_if_in(wall_ms(), random_bytes());
        if let (Some(goodbye), Some((database, room))) = (goodbye, &self.place) {
            database.patch_and_forget(room, &goodbye);
        }
    }
}

/// Milliseconds since 1970, for keys and whoever watches.
pub(super) fn wall_ms() -> u64 {
    js_sys::Date::now() as u64
}
