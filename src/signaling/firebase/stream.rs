//! A place in the database, as it is and as it changes.
//!
//! <https://firebase.google.com/docs/reference/rest/database#section-streaming>

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{SelectAll, Stream, StreamExt, select_all};
use gloo_net::eventsource::futures::{EventSource, EventSourceSubscription};
use serde::Deserialize;
use serde_json::Value;

use super::inbox::{Change, How};

/// What a stream tells.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Told {
    Change(Change),
    /// A sign of life.
    KeepAlive,
    /// The place may not be read any more, or the token is not valid any more.
    Revoked,
    /// It has ended, or could not begin.
    Ended,
}

const EVENTS: [&str; 5] = ["put", "patch", "keep-alive", "cancel", "auth_revoked"];

/// Dropping it closes it. When the network fails the browser connects again by itself; then all
/// that is there is told once more.
pub(super) struct Changes {
    events: SelectAll<EventSourceSubscription>,
    /// Dropped last: it tells its subscriptions.
    _source: EventSource,
}

impl Changes {
    pub(super) fn open(url: &str) -> Option<Self> {
        let mut source = EventSource::new(url).ok()?;
        let events: Result<Vec<_>, _> = EVENTS
            .map(|event| source.subscribe(event))
            .into_iter()
            .collect();
        Some(Self {
            events: select_all(events.ok()?),
            _source: source,
        })
    }
}

impl Stream for Changes {
    type Item = Told;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Told>> {
        self.events.poll_next_unpin(context).map(|event| {
            let Some(Ok((event, message))) = event else {
                return Some(Told::Ended);
            };
            let how = match event.as_str() {
                "put" => How::Put,
                "patch" => How::Patch,
                "keep-alive" => return Some(Told::KeepAlive),
                _ => return Some(Told::Revoked),
            };
            let data = message.data().as_string().unwrap_or_default();
            Some(match serde_json::from_str::<Data>(&data) {
                Ok(Data { path, data }) => Told::Change(Change { how, path, data }),
                // Nothing can be trusted after that; a new stream begins with all there is.
                Err(_) => Told::Ended,
            })
        })
    }
}

#[derive(Deserialize)]
struct Data {
    path: String,
    data: Value,
}
