//! Event streams: a listener's queue as the body of an answer.
//!
//! <https://firebase.google.com/docs/reference/rest/database#section-streaming>

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{CONNECTION, CONTENT_TYPE, HeaderName};
use axum::response::Response;
use futures_util::stream;
use tokio::sync::Notify;
use tokio::time::{Interval, MissedTickBehavior, Sleep, interval_at, sleep};

use super::database::{Caller, Database, Listener, Refusal};
use super::listeners::Told;
use super::request::Asked;
use crate::http::connections::ConnectionHandle;

const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// What is told when a token expires; clients compare it.
const REVOKED: &str = "event: auth_revoked\ndata: credential is no longer valid\n\n";
const CANCEL: &str = "event: cancel\ndata: null\n\n";
const KEEP_ALIVE: &str = "event: keep-alive\ndata: null\n\n";

struct Events {
    listener: Listener,
    beats: Interval,
    /// When the token is no longer valid.
    expiry: Pin<Box<Sleep>>,
    ended: bool,
}

/// Starts to listen. `connection` is what carries the answer; `every` so often it is told that the
/// stream is still there.
pub(crate) fn open(
    database: &Arc<Database>,
    every: Duration,
    asked: Asked,
    caller: Caller,
    connection: Option<Arc<ConnectionHandle>>,
    now_ms: u64,
) -> Result<Response, Refusal> {
    let left_ms = match &caller {
        Caller::User(Some(auth)) => auth.expires_ms.saturating_sub(now_ms),
        _ => u64::MAX,
    };
    let overflow = match &connection {
        Some(connection) => Arc::clone(&connection.abort),
        None => Arc::new(Notify::new()),
    };
    let listener = database.listen(caller, asked.path, asked.query, overflow, now_ms)?;
    if let Some(connection) = connection {
        connection.leave();
    }
    let mut beats = interval_at(tokio::time::Instant::now() + every, every);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let events = Events {
        listener,
        beats,
        expiry: Box::pin(sleep(Duration::from_millis(left_ms))),
        ended: false,
    };
    let body = stream::unfold(events, |mut events| async {
        let text = events.next().await?;
        Some((Ok::<_, Infallible>(text), events))
    });
    let mut response = Response::new(Body::from_stream(body));
    for (name, value) in [
        (CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        // It has its own limit, not that of connections: no other request may follow.
        (CONNECTION, "close"),
        (X_ACCEL_BUFFERING, "no"),
    ] {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

impl Events {
    async fn next(&mut self) -> Option<String> {
        if self.ended {
            return None;
        }
        tokio::select! {
            biased;
            () = &mut self.expiry => {
                self.ended = true;
                Some(REVOKED.to_owned())
            }
            told = self.listener.next() => match told? {
                Told::Event(event) => {
                    Some(format!("event: {}\ndata: {}\n\n", event.name(), event.data()))
                }
                Told::Cancel => {
                    self.ended = true;
                    Some(CANCEL.to_owned())
                }
            },
            _ = self.beats.tick() => Some(KEEP_ALIVE.to_owned()),
        }
    }
}
