//! What all connections of one participant share, and how it takes its leave.

use std::cell::RefCell;
use std::rc::Rc;
use std::task::Waker;

use gloo_events::EventListener;

use super::rest::Database;
use super::session::Session;
use super::watch::DatabaseView;
use crate::rtc::random_bytes;

/// Shows what is in the database to whoever wants to see it.
pub type Watch = Box<dyn Fn(&mut dyn FnMut(&mut DatabaseView))>;

/// What all connections of one participant share.
pub(super) struct Shared {
    pub(super) session: Session,
    pub(super) watch: Watch,
    /// Of whoever polls the connection.
    pub(super) waker: Option<Waker>,
    /// Where the room is, since the first connection.
    pub(super) place: Option<(Database, String)>,
}

/// Closing the tab is leaving, also while the connection is lost or not there yet: browsers end
/// streams before they tell the page. A page that only sleeps in the browser's cache finds on
/// waking that its entry is gone, and comes back.
///
/// Firefox lets only those pages send something at their end that listen for `beforeunload`.
pub(super) fn leave_with_the_page(shared: &Rc<RefCell<Shared>>) -> Option<[EventListener; 2]> {
    let shared = shared.clone();
    let window = web_sys::window()?;
    let leave = EventListener::new(&window, "pagehide", move |_| {
        if let Ok(mut shared) = shared.try_borrow_mut() {
            shared.leave();
        }
    });
    Some([leave, EventListener::new(&window, "beforeunload", |_| {})])
}

impl Shared {
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
