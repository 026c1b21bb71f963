//! The tree behind a lock: reads, writes and listeners, each after its question to the rules.
//!
//! Knows no HTTP and no clock. What is decided about values is decided by the pure modules.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prometheus_client::registry::Registry;
use signaling_protocol::push_id::PushIds;
use thiserror::Error;
use tokio::sync::Notify;

use super::access::{Access, Auth, AuthError};
use super::event::Event;
use super::listeners::{Listeners, Queue, Told};
use super::metrics::Counters;
use super::node::Node;
use super::path::Path;
use super::query::Query;
use super::store::{NotSaved, Saved, Store};
use super::write::{Change, Write};
use crate::Error;
use crate::http::metrics::{Level, register_levels};
use crate::limits::Limits;

/// Bounds of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatabaseLimits {
    /// Of the whole tree, as `Node::size` counts.
    pub bytes: usize,
    pub listeners: usize,
    pub listeners_of_user: usize,
    /// That wait for one listener.
    pub queue_bytes: usize,
}

impl From<Limits> for DatabaseLimits {
    fn from(limits: Limits) -> Self {
        Self {
            bytes: limits.rtdb_max_bytes,
            listeners: limits.rtdb_max_listeners,
            listeners_of_user: limits.rtdb_max_user_listeners,
            queue_bytes: limits.rtdb_queue_bytes,
        }
    }
}

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    /// Stands above the rules.
    Administrator,
    /// Somebody, with a valid token or without one.
    User(Option<Auth>),
}

/// Why a request is not carried out.
#[derive(Debug, Error)]
pub enum Refusal {
    #[error("Permission denied")]
    Denied,
    #[error(transparent)]
    Auth(#[from] AuthError),
    #[error("the value is not the one that the request is conditional on")]
    Changed { current: Node },
    #[error("the database is full: {bytes} bytes are its limit (--rtdb-max-bytes)")]
    Full { bytes: usize },
    #[error("there are too many listeners: {0} are the limit (--rtdb-max-listeners)")]
    TooManyListeners(usize),
    #[error("this user has too many listeners: {0} are the limit (--rtdb-max-user-listeners)")]
    TooManyOfUser(usize),
    #[error("the write could not be saved to disk: see the server's log, and try again later")]
    NotSaved,
    #[error("the server is going away: try again later")]
    Closing,
}

impl From<NotSaved> for Refusal {
    fn from(NotSaved: NotSaved) -> Self {
        Self::NotSaved
    }
}

/// One database; all that it can do is safe to be done at the same time.
pub struct Database {
    state: Mutex<State>,
    access: Arc<dyn Access>,
    limits: DatabaseLimits,
    store: Option<Store>,
    counters: Counters,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) root: Node,
    bytes: usize,
    listeners: Listeners<Caller>,
    push_ids: PushIds,
    closed: bool,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").finish_non_exhaustive()
    }
}

impl Database {
    /// An empty database in memory.
    pub fn new(limits: DatabaseLimits, access: Arc<dyn Access>) -> Self {
        Self {
            state: Mutex::default(),
            access,
            limits,
            store: None,
            counters: Counters::default(),
        }
    }

    /// A database that is kept in `file`, with what is in there.
    ///
    /// # Errors
    ///
    /// When the file cannot be used.
    pub fn open(
        limits: DatabaseLimits,
        access: Arc<dyn Access>,
        file: &std::path::Path,
    ) -> Result<Self, Error> {
        let (store, root) = Store::open(file)?;
        let mut database = Self::new(limits, access);
        database.store = Some(store);
        let mut state = database.state();
        state.bytes = root.size();
        state.root = root;
        drop(state);
        Ok(database)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn access(&self) -> &dyn Access {
        &*self.access
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.counters
    }

    /// What is counted and how much there is, as long as the database lives.
    pub(crate) fn register(self: &Arc<Self>, registry: &mut Registry) {
        self.counters.register(registry);
        let database = Arc::clone(self);
        register_levels(registry, move || {
            let (listeners, bytes) = database.counts();
            let level = |name, help, value| Level { name, help, value };
            [
                level("listeners", "Event streams of the database", listeners),
                level("bytes", "Size of the database's tree, about", bytes),
            ]
        });
    }

    /// Listeners, and bytes of the tree.
    pub fn counts(&self) -> (usize, usize) {
        let state = self.state();
        (state.listeners.count(), state.bytes)
    }

    /// A name for a new child, greater than all before.
    pub(crate) fn push_id(&self, now_ms: u64) -> String {
        self.state().push_ids.next(now_ms, rand::random())
    }

    /// What is at `path`.
    ///
    /// # Errors
    ///
    /// When the rules say no.
    pub(crate) fn read(&self, caller: &Caller, path: &Path, now_ms: u64) -> Result<Node, Refusal> {
        let root = self.state().root.clone();
        if !self.may_read(caller, &root, path, now_ms) {
            return Err(Refusal::Denied);
        }
        Ok(root.get(path).clone())
    }

    fn may_read(&self, caller: &Caller, root: &Node, path: &Path, now_ms: u64) -> bool {
        match caller {
            Caller::Administrator => true,
            Caller::User(auth) => self.access.may_read(auth.as_ref(), root, path, now_ms),
        }
    }

    /// Carries out a write, if what is at its base has the ETag `if_match`; then the tree after
    /// it. A database with a file has it on disk by then. `clock` tells the time, in milliseconds
    /// since 1970, when it is this write's turn: by then its token may have expired.
    ///
    /// # Errors
    ///
    /// When it is not carried out. Only after [`Refusal::NotSaved`] it may be, later.
    pub(crate) async fn write(
        &self,
        caller: &Caller,
        write: Write,
        if_match: Option<&str>,
        clock: impl FnOnce() -> u64,
    ) -> Result<Node, Refusal> {
        let (after, saved) = self.apply(caller, write, if_match, clock)?;
        if let Some(saved) = saved {
            saved.wait().await?;
        }
        Ok(after)
    }

    fn apply(
        &self,
        caller: &Caller,
        write: Write,
        if_match: Option<&str>,
        clock: impl FnOnce() -> u64,
    ) -> Result<(Node, Option<Saved>), Refusal> {
        let mut state = self.state();
        if state.closed {
            return Err(Refusal::Closing);
        }
        if self.store.as_ref().is_some_and(Store::is_failing) {
            return Err(Refusal::NotSaved);
        }
        let now_ms = clock();
        if let Caller::User(Some(auth)) = caller
            && now_ms >= auth.expires_ms
        {
            return Err(AuthError::Expired.into());
        }
        let base = write.base().clone();
        let change = write.apply(&state.root, now_ms);
        if let Caller::User(auth) = caller {
            let Change {
                before,
                after,
                paths,
                ..
            } = &change;
            let auth = auth.as_ref();
            // Who may not read must not learn by its conditions what there is.
            let allowed = (self.access).may_write(auth, before, after, paths, now_ms)
                && (if_match.is_none() || self.access.may_read(auth, before, &base, now_ms));
            if !allowed {
                return Err(Refusal::Denied);
            }
        }
        let current = change.before.get(&base);
        if if_match.is_some_and(|etag| etag != current.etag()) {
            let current = current.clone();
            return Err(Refusal::Changed { current });
        }
        Ok((
            change.after.clone(),
            self.carry_out(&mut state, &change, now_ms)?,
        ))
    }

    /// A change that is allowed.
    pub(super) fn carry_out(
        &self,
        state: &mut State,
        change: &Change,
        now_ms: u64,
    ) -> Result<Option<Saved>, Refusal> {
        let bytes = state.bytes.saturating_add_signed(change.growth);
        if change.growth > 0 && bytes > self.limits.bytes {
            let bytes = self.limits.bytes;
            return Err(Refusal::Full { bytes });
        }
        state.bytes = bytes;
        state.root = change.after.clone();
        let most = self.limits.queue_bytes;
        let may_read =
            |caller: &Caller, path: &Path| self.may_read(caller, &change.after, path, now_ms);
        let overflows = state.listeners.tell(change, most, may_read);
        self.counters.overflows.inc_by(overflows as u64);
        self.counters.writes.inc();
        // Under the lock, so that the file has the same order.
        Ok(self.store.as_ref().map(|store| store.save(change)))
    }

    /// Starts to tell what is at `path` and how it changes.
    ///
    /// # Errors
    ///
    /// When the rules say no or there are too many listeners.
    pub(crate) fn listen(
        self: &Arc<Self>,
        caller: Caller,
        path: Path,
        query: Option<Query>,
        overflow: Arc<Notify>,
        now_ms: u64,
    ) -> Result<Listener, Refusal> {
        let mut state = self.state();
        if state.closed {
            return Err(Refusal::Closing);
        }
        if !self.may_read(&caller, &state.root, &path, now_ms) {
            return Err(Refusal::Denied);
        }
        if state.listeners.count() >= self.limits.listeners {
            return Err(Refusal::TooManyListeners(self.limits.listeners));
        }
        if let Caller::User(Some(auth)) = &caller {
            let of_user =
                |who: &Caller| matches!(who, Caller::User(Some(who)) if who.uid == auth.uid);
            let most = self.limits.listeners_of_user;
            if state.listeners.count_of(of_user) >= most {
                return Err(Refusal::TooManyOfUser(most));
            }
        }
        let initial = Event::initial(&state.root, &path, query.as_ref());
        let listeners = &mut state.listeners;
        let queue = listeners.add(&path, caller, query, initial, overflow);
        Ok(Listener {
            database: Arc::clone(self),
            path,
            queue,
        })
    }

    /// Ends all listeners and takes no more writes.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.listeners.clear();
    }
}

/// Somebody who listens, until dropped.
#[derive(Debug)]
pub(crate) struct Listener {
    database: Arc<Database>,
    path: Path,
    queue: Queue,
}

impl Listener {
    /// The whole value first, then each change; `None` when nothing follows.
    pub(crate) async fn next(&mut self) -> Option<Told> {
        self.queue.next().await
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut state = self.database.state();
        state.listeners.remove(&self.path, self.queue.id);
    }
}
