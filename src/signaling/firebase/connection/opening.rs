//! The way to a connection.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures_util::future::{Either, select};
use futures_util::stream::{FuturesUnordered, StreamExt};
use gloo_timers::future::TimeoutFuture;
use serde_json::Value;
use signaling_protocol::database::HEARTBEAT_MS;

use super::{FirebaseConnection, LOOK_MS, inbox};
use crate::rtc::now_ms;
use crate::rtc::ticker::Ticker;
use crate::signaling::firebase::account::Account;
use crate::signaling::firebase::error::DatabaseError;
use crate::signaling::firebase::ice;
use crate::signaling::firebase::rest::Database;
use crate::signaling::firebase::shared_state::SharedState;
use crate::signaling::firebase::stream::{Changes, Told};
use crate::signaling::{Connection, Unreachable};
use crate::trace::{Private, Tracer};

/// A stream begins with all that is there; when that takes longer, it has failed.
const FIRST_CHANGE_MS: u32 = 10_000;

/// Signs in, and waits until the inbox can be seen.
pub(in crate::signaling::firebase) async fn open(
    shared: Rc<RefCell<SharedState>>,
    account: Account,
    tracer: Tracer,
) -> Result<Box<dyn Connection>, Unreachable> {
    let mut attempt = try_open(&shared, &account, &tracer).await;
    // A token of before a restart, say: a fresh one may do.
    if matches!(attempt, Err(DatabaseError::Token)) {
        account.distrust();
        attempt = try_open(&shared, &account, &tracer).await;
    }
    match attempt {
        Ok(connection) => Ok(Box::new(connection)),
        Err(error) => {
            tracer.error("EventSource", error.detail());
            Err(Unreachable(error.to_string()))
        }
    }
}

async fn try_open(
    shared: &Rc<RefCell<SharedState>>,
    account: &Account,
    tracer: &Tracer,
) -> Result<FirebaseConnection, DatabaseError> {
    let signed_in = account.signed_in().await?;
    let me = signed_in.me;
    let database = Database::new(account.config().clone(), signed_in.token);
    let room = shared.borrow_mut().session.sit_down(me.clone());
    // First, because a request fails at once where an EventSource goes on trying.
    let ice_servers = match database.get("iceServers", "").await {
        Ok(value) => ice::servers(&value),
        // Rules need not know of it.
        Err(DatabaseError::Denied) => ice::servers(&Value::Null),
        Err(error) => return Err(error),
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
        changes: Some(changes),
        heard_at: now_ms(),
        running: FuturesUnordered::new(),
        heartbeat: Ticker::new(HEARTBEAT_MS as u32),
        renewing: None,
        postponed: Vec::new(),
        renewed_at: f64::NEG_INFINITY,
        unread: BTreeMap::new(),
        look: None,
        look_pause_ms: LOOK_MS,
        looking: FuturesUnordered::new(),
        end: None,
        tracer: tracer.clone(),
    };
    connection.take_in(first);
    Ok(connection)
}

/// Opens a stream and waits for what is there already.
async fn follow(
    database: &Database,
    path: &str,
    tracer: &Tracer,
) -> Result<(Changes, Told), DatabaseError> {
    tracer.call("new EventSource", Private::Url.of(path));
    if let Some(mut changes) = Changes::open(&database.url(path, "")) {
        let first = select(changes.next(), TimeoutFuture::new(FIRST_CHANGE_MS)).await;
        if let Either::Left((Some(first @ Told::Change(_)), _)) = first {
            tracer.event("open", "");
            return Ok((changes, first));
        }
    }
    // An EventSource does not say why; a request does.
    database.get(path, "shallow=true").await?;
    Err(DatabaseError::Slow(database.host()))
}
