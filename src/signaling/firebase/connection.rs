//! One connection to a database: carries out what the session decides.

mod display;
mod opening;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::{FuturesUnordered, Stream, StreamExt};
use gloo_timers::future::TimeoutFuture;
use serde_json::Value;
use signaling_protocol::PeerId;

use super::account::Account;
use super::error::DatabaseError;
use super::outbox::{Letter, at_messages, timestamp};
use super::rest::Database;
use super::session::{DatabaseRequest, parsed};
use super::shared_state::{SharedState, wall_ms};
use super::stream::{Changes, Told};
use crate::rtc::ticker::Ticker;
use crate::rtc::{now_ms, random_bytes};
use crate::signaling::{Connection, Event, Request, summary};
use crate::trace::{Detail, Private, Tracer};
pub(super) use opening::open;

/// Databases send a sign of life every 30 seconds.
const SILENCE_MS: f64 = 75_000.0;

/// A token that is refused so soon after it was made is not refused for its age.
const FRESH_MS: f64 = 2_000.0;

/// When to look first whether what was sent has been read; the pauses double.
const LOOK_MS: u32 = 1_000;
const LONGEST_LOOK_MS: u32 = 30_000;

/// When it was started is by the page's clock.
type Running = LocalBoxFuture<'static, (DatabaseRequest, f64, Result<Value, DatabaseError>)>;
type Renewing = LocalBoxFuture<'static, Result<(Database, Changes), DatabaseError>>;
type Looking = LocalBoxFuture<'static, (PeerId, Result<Value, DatabaseError>)>;

pub(super) struct FirebaseConnection {
    shared: Rc<RefCell<SharedState>>,
    account: Account,
    database: Database,
    room: String,
    me: PeerId,
    /// `None` while the next one is on its way.
    changes: Option<Changes>,
    /// When the stream last said anything, by the page's clock.
    heard_at: f64,
    running: FuturesUnordered<Running>,
    heartbeat: Ticker,
    renewing: Option<Renewing>,
    /// What was refused because of the token's age, to be done with the next one.
    postponed: Vec<DatabaseRequest>,
    /// When the token was renewed in this connection, by the page's clock.
    renewed_at: f64,
    /// What was sent and, as far as we know, not read.
    unread: BTreeMap<PeerId, BTreeSet<String>>,
    /// When to look next for what was read; and how long the pause after that is.
    look: Option<TimeoutFuture>,
    look_pause_ms: u32,
    looking: FuturesUnordered<Looking>,
    /// Why it ends, until that is told; `Some(None)` afterwards.
    end: Option<Option<String>>,
    tracer: Tracer,
}

fn inbox(room: &str, me: &PeerId) -> String {
    format!("{room}/messages/{me}")
}

impl FirebaseConnection {
    fn lose(&mut self, reason: impl Into<Detail>) {
        let reason = reason.into();
        self.end.get_or_insert(Some(reason.to_string()));
        self.tracer.error("EventSource", reason);
    }

    fn take_in(&mut self, told: Told) {
        self.heard_at = now_ms();
        match told {
            Told::Change(change) => {
                let news = self.shared.borrow_mut().session.handle_change(&change);
                self.show_news(&news);
            }
            Told::KeepAlive => {}
            Told::Revoked => {
                self.account.distrust();
                self.renew();
            }
            // A token that was revoked takes its stream along.
            Told::Ended if self.renewing.is_some() => self.changes = None,
            Told::Ended => self.lose("the stream of the database has ended"),
        }
    }

    fn start_all(&mut self) {
        loop {
            let request = self.shared.borrow_mut().session.poll_request();
            let Some(request) = request else {
                return;
            };
            self.start(request);
        }
    }

    fn start(&mut self, request: DatabaseRequest) {
        let (database, room, me) = (self.database.clone(), self.room.clone(), self.me.clone());
        let entry = format!("{room}/participants/{me}");
        if let DatabaseRequest::Leave(goodbye) = &request {
            database.patch_and_forget(&room, goodbye);
            self.show(|view| view.handle_left(now_ms()));
            return;
        }
        if let DatabaseRequest::Send(letters) = &request {
            self.show_sent(letters);
        }
        if let DatabaseRequest::Enter(_) | DatabaseRequest::Renew = &request {
            self.show(|view| {
                if view.room() != room || view.me() != me.as_str() {
                    view.handle_entered(room.clone(), me.as_str().to_owned());
                }
            });
        }
        let started_at = now_ms();
        let run = async move {
            let result = match &request {
                DatabaseRequest::Enter(value) => database.put(&entry, value).await,
                DatabaseRequest::Renew => {
                    database.put(&format!("{entry}/seenAt"), &timestamp()).await
                }
                DatabaseRequest::List => database.get(&format!("{room}/participants"), "").await,
                DatabaseRequest::Send(letters) => {
                    let records = Value::Object(at_messages(letters, &me));
                    database.patch(&format!("{room}/messages"), &records).await
                }
                DatabaseRequest::Remove(nulls) => database.patch(&inbox(&room, &me), nulls).await,
                DatabaseRequest::Tidy(update) | DatabaseRequest::Leave(update) => {
                    database.patch(&room, update).await
                }
            };
            (request, started_at, result)
        };
        self.running.push(run.boxed_local());
    }

    fn finish(
        &mut self,
        request: DatabaseRequest,
        started_at: f64,
        result: Result<Value, DatabaseError>,
    ) {
        match (&request, &result) {
            // There is another one meanwhile.
            (_, Err(DatabaseError::Token)) if started_at < self.renewed_at => {
                return self.start(request);
            }
            // A clock that goes wrong, a page that slept. With a fresh token it is another matter.
            (_, Err(DatabaseError::Token)) if now_ms() - self.renewed_at > FRESH_MS => {
                self.account.distrust();
                self.postponed.push(request);
                return self.renew();
            }
            (DatabaseRequest::List, Ok(entries)) => {
                let entries = parsed(entries).into_iter();
                let entries = entries
                    .map(|(peer, entry)| (peer.to_string(), entry))
                    .collect();
                self.show(|view| view.handle_participants(&entries, now_ms()));
            }
            (DatabaseRequest::Send(letters), Ok(_)) => {
                for Letter { to, id, .. } in letters {
                    self.unread
                        .entry(to.clone())
                        .or_default()
                        .insert(id.clone());
                }
                self.look_pause_ms = LOOK_MS;
                self.look = Some(TimeoutFuture::new(LOOK_MS));
            }
            _ => {}
        }
        let mut shared = self.shared.borrow_mut();
        let result = shared
            .session
            .handle_result(request, result, wall_ms(), random_bytes());
        drop(shared);
        if let Err(reason) = result {
            self.lose(reason);
        }
    }

    fn beat(&mut self) {
        if now_ms() - self.heard_at > SILENCE_MS {
            return self.lose("the stream of the database is silent");
        }
        if self.account.is_due() {
            self.renew();
        }
        self.shared.borrow_mut().session.handle_heartbeat();
    }

    /// A new token, and a new stream with it; what came meanwhile is still in the database.
    fn renew(&mut self) {
        if self.renewing.is_some() {
            return;
        }
        let (account, tracer) = (self.account.clone(), self.tracer.clone());
        let (path, me) = (inbox(&self.room, &self.me), self.me.clone());
        let renewing = async move {
            let signed_in = account.signed_in().await?;
            if signed_in.me != me {
                return Err(DatabaseError::Token);
            }
            let database = Database::new(account.config().clone(), signed_in.token);
            tracer.call("new EventSource", Private::Url.of(&path));
            let changes = Changes::open(&database.url(&path, ""));
            let changes = changes.ok_or_else(|| DatabaseError::Unreachable(database.host()))?;
            Ok((database, changes))
        };
        self.renewing = Some(renewing.boxed_local());
    }

    /// Whether anything happened.
    fn advance(&mut self, context: &mut Context<'_>) -> bool {
        if let Some(Poll::Ready(told)) = self
            .changes
            .as_mut()
            .map(|changes| changes.poll_next_unpin(context))
        {
            self.take_in(told.unwrap_or(Told::Ended));
        } else if let Poll::Ready(Some((request, started_at, result))) =
            self.running.poll_next_unpin(context)
        {
            self.finish(request, started_at, result);
        } else if let Some(Poll::Ready(renewed)) = self
            .renewing
            .as_mut()
            .map(|renewing| renewing.poll_unpin(context))
        {
            self.renewing = None;
            match renewed {
                Ok((database, changes)) => {
                    (self.database, self.changes) = (database, Some(changes));
                    self.renewed_at = now_ms();
                    self.heard_at = now_ms();
                    let place = (self.database.clone(), self.room.clone());
                    self.shared.borrow_mut().place = Some(place);
                    for request in std::mem::take(&mut self.postponed) {
                        self.start(request);
                    }
                }
                Err(error) => self.lose(error.detail()),
            }
        } else if let Poll::Ready(Some((to, found))) = self.looking.poll_next_unpin(context) {
            self.handle_looked(&to, found);
        } else if let Some(Poll::Ready(())) =
            self.look.as_mut().map(|look| look.poll_unpin(context))
        {
            self.look = None;
            self.look_for_unread();
        } else if self.heartbeat.poll_next_unpin(context).is_ready() {
            self.beat();
        } else {
            return false;
        }
        true
    }
}

impl Connection for FirebaseConnection {
    fn send(&mut self, request: Request) {
        summary::report_request(&self.tracer, &request);
        let leaving = request == Request::Leave;
        let mut shared = self.shared.borrow_mut();
        let session = &mut shared.session;
        session.handle_request(request, wall_ms(), random_bytes());
        drop(shared);
        // Whoever leaves drops this connection next.
        if leaving {
            self.start_all();
        }
    }
}

impl Stream for FirebaseConnection {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        loop {
            // First: whoever hears an event may drop this connection.
            self.start_all();
            let event = self.shared.borrow_mut().session.poll_event();
            if let Some(event) = event {
                summary::report_event(&self.tracer, &event);
                return Poll::Ready(Some(event));
            }
            if let Some(end) = &mut self.end {
                return Poll::Ready(end.take().map(Event::Lost));
            }
            if !self.advance(context) {
                self.shared.borrow_mut().waker = Some(context.waker().clone());
                return Poll::Pending;
            }
        }
    }
}
