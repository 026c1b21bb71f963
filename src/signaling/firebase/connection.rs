//! One connection to a database: carries out what the session decides.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures_util::FutureExt;
use futures_util::future::{Either, LocalBoxFuture, select};
use futures_util::stream::{FuturesUnordered, Stream, StreamExt};
use gloo_events::EventListener;
use gloo_timers::future::{IntervalStream, TimeoutFuture};
use serde_json::Value;
use signaling_protocol::PeerId;
use signaling_protocol::database::{HEARTBEAT_MS, Record};

use super::account::Account;
use super::ice;
use super::inbox::News;
use super::outbox::{Letter, at_messages, timestamp};
use super::rest::Database;
use super::session::{Command, Session, parsed};
use super::stream::{Changes, Told};
use super::trouble::Trouble;
use super::watch::{DatabaseView, Place};
use crate::rtc::{now_ms, random_bytes};
use crate::signaling::{Connection, Event, Request, Unreachable, summary};
use crate::trace::Tracer;

/// A stream begins with all that is there; when that takes longer, it has failed.
const FIRST_CHANGE_MS: u32 = 10_000;

/// Databases send a sign of life every 30 seconds.
const SILENCE_MS: f64 = 75_000.0;

/// How often to look whether what was sent has been read.
const LOOK_MS: u32 = 1_000;

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

type Running = LocalBoxFuture<'static, (Command, Result<Value, Trouble>)>;
type Renewing = LocalBoxFuture<'static, Result<(Database, Changes), Trouble>>;
type Looking = LocalBoxFuture<'static, (PeerId, Result<Value, Trouble>)>;

pub(super) struct FirebaseConnection {
    shared: Rc<RefCell<Shared>>,
    account: Account,
    database: Database,
    room: String,
    me: PeerId,
    changes: Changes,
    /// When the stream last said anything, by the page's clock.
    heard_at: f64,
    running: FuturesUnordered<Running>,
    heartbeat: IntervalStream,
    renewing: Option<Renewing>,
    /// What was sent and, as far as we know, not read.
    unread: BTreeMap<PeerId, BTreeSet<String>>,
    look: IntervalStream,
    looking: FuturesUnordered<Looking>,
    /// Why it ends, until that is told; `Some(None)` afterwards.
    end: Option<Option<String>>,
    tracer: Tracer,
}

/// Signs in, and waits until the inbox can be seen.
pub(super) async fn open(
    shared: Rc<RefCell<Shared>>,
    account: Account,
    tracer: Tracer,
) -> Result<Box<dyn Connection>, Unreachable> {
    let mut attempt = try_open(&shared, &account, &tracer).await;
    // A token of before a restart, say: a fresh one may do.
    if matches!(attempt, Err(Trouble::Token)) {
        account.distrust();
        attempt = try_open(&shared, &account, &tracer).await;
    }
    match attempt {
        Ok(connection) => Ok(Box::new(connection)),
        Err(trouble) => {
            tracer.error("EventSource", trouble.to_string());
            Err(Unreachable(trouble.to_string()))
        }
    }
}

async fn try_open(
    shared: &Rc<RefCell<Shared>>,
    account: &Account,
    tracer: &Tracer,
) -> Result<FirebaseConnection, Trouble> {
    let signed_in = account.signed_in().await?;
    let me = signed_in.me;
    let database = Database::new(account.config().clone(), signed_in.token);
    let room = shared.borrow_mut().session.sit_down(me.clone());
    // First, because a request fails at once where an EventSource goes on trying.
    let ice_servers = match database.get("iceServers", "").await {
        Ok(value) => ice::servers(&value),
        // Rules need not know of it.
        Err(Trouble::Denied) => ice::servers(&Value::Null),
        Err(trouble) => return Err(trouble),
    };
    let (changes, first) = follow(&database, &inbox(&room, &me), tracer).await?;
    let mut all = shared.borrow_mut();
    all.session.begin(ice_servers);
    all.place = Some((database.clone(), room.clone()));
    drop(all);
    let mut connection = FirebaseConnection {
        shared: shared.clone(),
        account: account.clone(),
        database,
        room,
        me,
        changes,
        heard_at: now_ms(),
        running: FuturesUnordered::new(),
        heartbeat: IntervalStream::new(HEARTBEAT_MS as u32),
        renewing: None,
        unread: BTreeMap::new(),
        look: IntervalStream::new(LOOK_MS),
        looking: FuturesUnordered::new(),
        end: None,
        tracer: tracer.clone(),
    };
    connection.take_in(first);
    Ok(connection)
}

fn inbox(room: &str, me: &PeerId) -> String {
    format!("{room}/messages/{me}")
}

/// Opens a stream and waits for what is there already.
async fn follow(
    database: &Database,
    path: &str,
    tracer: &Tracer,
) -> Result<(Changes, Told), Trouble> {
    tracer.call("new EventSource", path);
    if let Some(mut changes) = Changes::open(&database.url(path, "")) {
        let first = select(changes.next(), TimeoutFuture::new(FIRST_CHANGE_MS)).await;
        if let Either::Left((Some(first @ Told::Change(_)), _)) = first {
            tracer.event("open", "");
            return Ok((changes, first));
        }
    }
    // An EventSource does not say why; a request does.
    database.get(path, "shallow=true").await?;
    Err(Trouble::Slow(database.host()))
}

/// Closing the tab is leaving, also while the connection is lost or not there yet: browsers end
/// streams before they tell the page. A page that only sleeps in the browser's cache finds on
/// waking that its entry is gone, and comes back.
pub(super) fn leave_with_the_page(shared: &Rc<RefCell<Shared>>) -> Option<EventListener> {
    let shared = shared.clone();
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "pagehide", move |_| {
        if let Ok(mut shared) = shared.try_borrow_mut() {
            shared.leave();
        }
    }))
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

fn wall_ms() -> u64 {
    js_sys::Date::now() as u64
}

impl FirebaseConnection {
    fn lose(&mut self, reason: String) {
        self.tracer.error("EventSource", reason.clone());
        self.end.get_or_insert(Some(reason));
    }

    fn show(&self, change: impl Fn(&mut DatabaseView)) {
        (self.shared.borrow().watch)(&mut |view| change(view));
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
            Told::Ended => self.lose("the stream of the database has ended".to_owned()),
        }
    }

    fn show_news(&self, news: &[News]) {
        if news.is_empty() {
            return;
        }
        let me = self.me.as_str();
        self.show(|view| {
            for news in news {
                match news {
                    News::There(slot, record) => {
                        let place = Place::new(me, slot.from.as_str(), &slot.id);
                        view.handle_message(place.clone(), record, now_ms());
                        view.handle_read(&place);
                    }
                    News::Gone(slot) => {
                        let place = Place::new(me, slot.from.as_str(), &slot.id);
                        view.handle_gone(&place, now_ms());
                    }
                    News::Message(..) | News::Unreadable(..) => {}
                }
            }
        });
    }

    fn start(&mut self, command: Command) {
        let (database, room, me) = (self.database.clone(), self.room.clone(), self.me.clone());
        let entry = format!("{room}/participants/{me}");
        if let Command::Leave(goodbye) = &command {
            database.patch_and_forget(&room, goodbye);
            self.show(|view| view.handle_left(now_ms()));
            return;
        }
        if let Command::Send(letters) = &command {
            self.show_sent(letters);
        }
        if let Command::Enter(_) | Command::Renew = &command {
            self.show(|view| {
                if view.room() != room || view.me() != me.as_str() {
                    view.handle_entered(room.clone(), me.as_str().to_owned());
                }
            });
        }
        let run = async move {
            let result = match &command {
                Command::Enter(value) => database.put(&entry, value).await,
                Command::Renew => database.put(&format!("{entry}/seenAt"), &timestamp()).await,
                Command::List => database.get(&format!("{room}/participants"), "").await,
                Command::Send(letters) => {
                    let records = Value::Object(at_messages(letters, &me));
                    database.patch(&format!("{room}/messages"), &records).await
                }
                Command::Remove(nulls) => database.patch(&inbox(&room, &me), nulls).await,
                Command::Tidy(update) | Command::Leave(update) => {
                    database.patch(&room, update).await
                }
            };
            (command, result)
        };
        self.running.push(run.boxed_local());
    }

    fn show_sent(&self, letters: &[Letter]) {
        let me = self.me.as_str();
        self.show(|view| {
            for letter in letters {
                let place = Place::new(letter.to.as_str(), me, &letter.id);
                let record = Record {
                    message: letter.text.clone(),
                    sent_at: wall_ms(),
                };
                view.handle_message(place, &record, now_ms());
            }
        });
    }

    fn finish(&mut self, command: Command, result: Result<Value, Trouble>) {
        match (&command, &result) {
            (_, Err(Trouble::Token)) => self.account.distrust(),
            (Command::List, Ok(entries)) => {
                let entries = parsed(entries).into_iter();
                let entries = entries
                    .map(|(peer, entry)| (peer.to_string(), entry))
                    .collect();
                self.show(|view| view.handle_participants(&entries, now_ms()));
            }
            (Command::Send(letters), Ok(_)) => {
                for Letter { to, id, .. } in letters {
                    self.unread
                        .entry(to.clone())
                        .or_default()
                        .insert(id.clone());
                }
            }
            _ => {}
        }
        let mut shared = self.shared.borrow_mut();
        let result = shared
            .session
            .handle_result(command, result, wall_ms(), random_bytes());
        drop(shared);
        if let Err(reason) = result {
            self.lose(reason);
        }
    }

    fn beat(&mut self) {
        if now_ms() - self.heard_at > SILENCE_MS {
            return self.lose("the stream of the database is silent".to_owned());
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
                return Err(Trouble::Token);
            }
            let database = Database::new(account.config().clone(), signed_in.token);
            tracer.call("new EventSource", &*path);
            let changes = Changes::open(&database.url(&path, ""));
            let changes = changes.ok_or_else(|| Trouble::Unreachable(database.host()))?;
            Ok((database, changes))
        };
        self.renewing = Some(renewing.boxed_local());
    }

    /// Asks which of our messages still lie there: their removal is told only to their recipients.
    fn look_for_unread(&mut self) {
        if !self.looking.is_empty() {
            return;
        }
        for to in self.unread.keys().cloned() {
            let database = self.database.clone();
            let path = format!("{}/{}", inbox(&self.room, &to), self.me);
            let look = async move { (to, database.get(&path, "shallow=true").await) };
            self.looking.push(look.boxed_local());
        }
    }

    fn handle_looked(&mut self, to: &PeerId, found: Result<Value, Trouble>) {
        let found = match found {
            Ok(found) => found,
            // Not ours to see any more.
            Err(Trouble::Denied) => Value::Null,
            Err(_) => return,
        };
        let Some(ids) = self.unread.get_mut(to) else {
            return;
        };
        let mut gone = Vec::new();
        ids.retain(|id| {
            let lies = found.get(id).is_some();
            if !lies {
                gone.push(Place::new(to.as_str(), self.me.as_str(), id));
            }
            lies
        });
        if ids.is_empty() {
            self.unread.remove(to);
        }
        self.show(|view| {
            for place in &gone {
                view.handle_gone(place, now_ms());
            }
        });
    }

    /// Whether anything happened.
    fn advance(&mut self, context: &mut Context<'_>) -> bool {
        if let Poll::Ready(told) = self.changes.poll_next_unpin(context) {
            self.take_in(told.unwrap_or(Told::Ended));
        } else if let Poll::Ready(Some((command, result))) = self.running.poll_next_unpin(context) {
            self.finish(command, result);
        } else if let Some(Poll::Ready(renewed)) = self
            .renewing
            .as_mut()
            .map(|renewing| renewing.poll_unpin(context))
        {
            self.renewing = None;
            match renewed {
                Ok((database, changes)) => {
                    (self.database, self.changes) = (database, changes);
                    self.heard_at = now_ms();
                    let place = (self.database.clone(), self.room.clone());
                    self.shared.borrow_mut().place = Some(place);
                }
                Err(trouble) => self.lose(trouble.to_string()),
            }
        } else if let Poll::Ready(Some((to, found))) = self.looking.poll_next_unpin(context) {
            self.handle_looked(&to, found);
        } else if self.look.poll_next_unpin(context).is_ready() {
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
        self.tracer.signal("send", summary::of_request(&request));
        let leaving = request == Request::Leave;
        let mut shared = self.shared.borrow_mut();
        let session = &mut shared.session;
        session.handle_request(request, wall_ms(), random_bytes());
        // Whoever leaves drops this connection next.
        let command = leaving.then(|| session.poll_command()).flatten();
        drop(shared);
        if let Some(command) = command {
            self.start(command);
        }
    }
}

impl Stream for FirebaseConnection {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        loop {
            let event = self.shared.borrow_mut().session.poll_event();
            if let Some(event) = event {
                match &event {
                    Event::Malformed(what) => self.tracer.error("message", what.clone()),
                    event => self.tracer.signal("receive", summary::of_event(event)),
                }
                return Poll::Ready(Some(event));
            }
            if let Some(end) = &mut self.end {
                return Poll::Ready(end.take().map(Event::Lost));
            }
            let command = self.shared.borrow_mut().session.poll_command();
            if let Some(command) = command {
                self.start(command);
                continue;
            }
            if !self.advance(context) {
                self.shared.borrow_mut().waker = Some(context.waker().clone());
                return Poll::Pending;
            }
        }
    }
}
