//! Signaling over a WebSocket to `webrtc-tour-server`.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::future::{FutureExt, LocalBoxFuture, select};
use futures_util::stream::{Stream, StreamExt};
use futures_util::{Sink, SinkExt};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, State, WebSocketError};
use gloo_timers::future::TimeoutFuture;
use signaling_protocol::{ClientMessage, PeerSignal, SUBPROTOCOL, ServerMessage};

use super::{Connection, Event, Request, Signaling, Unreachable};
use crate::trace::Tracer;

/// An attempt that takes longer has failed; a browser alone may wait for minutes.
const CONNECT_TIMEOUT_MS: u32 = 10_000;

/// The WebSocket transport.
pub struct WebSocketSignaling {
    address: String,
    tracer: Tracer,
}

impl WebSocketSignaling {
    /// `address` is a `ws:` or `wss:` URL, see [`super::address::resolve`]. Where it names the
    /// protocol's version in its query (`?subprotocol=`), the handshake does not.
    pub fn new(address: String, tracer: Tracer) -> Self {
        Self { address, tracer }
    }
}

impl Signaling for WebSocketSignaling {
    fn address(&self) -> String {
        self.address.clone()
    }

    fn connect(&self) -> LocalBoxFuture<'static, Result<Box<dyn Connection>, Unreachable>> {
        open(self.address.clone(), self.tracer.clone()).boxed_local()
    }
}

async fn open(address: String, tracer: Tracer) -> Result<Box<dyn Connection>, Unreachable> {
    tracer.call("new WebSocket", address.clone());
    let unreachable = |reason: String| {
        tracer.error("WebSocket", reason.clone());
        Unreachable(reason)
    };
    let opened = if address.contains("?subprotocol=") {
        WebSocket::open(&address)
    } else {
        WebSocket::open_with_protocol(&address, SUBPROTOCOL)
    };
    let mut socket = opened.map_err(|error| unreachable(error.to_string()))?;
    // Nothing is fed in: the sink is ready once the socket is open, or will never be.
    let ready = futures_util::future::poll_fn(|context| socket.poll_ready_unpin(context));
    let timeout = TimeoutFuture::new(CONNECT_TIMEOUT_MS);
    select(ready, timeout).await;
    match socket.state() {
        State::Open => {
            tracer.event("open", "");
            Ok(Box::new(WebSocketConnection { socket, tracer }))
        }
        State::Connecting => Err(unreachable(format!(
            "no answer within {} seconds",
            CONNECT_TIMEOUT_MS / 1000
        ))),
        // The browser does not tell a page why, lest it explore the network.
        State::Closing | State::Closed => Err(unreachable("the connection failed".to_owned())),
    }
}

struct WebSocketConnection {
    socket: WebSocket,
    tracer: Tracer,
}

impl Connection for WebSocketConnection {
    fn send(&mut self, request: Request) {
        let text = match to_text(&request) {
            Ok(text) => text,
            Err(error) => return self.tracer.error("send", error.to_string()),
        };
        self.tracer.signal("send", summary(&request));
        if let Err(error) = Pin::new(&mut self.socket).start_send(Message::Text(text)) {
            self.tracer.error("send", error.to_string());
        }
    }
}

impl Stream for WebSocketConnection {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        loop {
            let event = match std::task::ready!(self.socket.poll_next_unpin(context)) {
                Some(Ok(Message::Text(text))) => to_event(&text),
                Some(Ok(Message::Bytes(_))) => Event::Malformed("a binary message".to_owned()),
                Some(Err(WebSocketError::ConnectionClose(close))) => {
                    self.tracer
                        .event("close", format!("{} {}", close.code, close.reason));
                    return Poll::Ready(None);
                }
                // Its close event follows.
                Some(Err(_)) => continue,
                None => return Poll::Ready(None),
            };
            match &event {
                Event::Malformed(what) => self.tracer.error("message", what.clone()),
                event => self.tracer.signal("receive", event_summary(event)),
            }
            return Poll::Ready(Some(event));
        }
    }
}

fn to_text(request: &Request) -> serde_json::Result<String> {
    let message = match request {
        Request::Join { room, kind } => ClientMessage::Join {
            room: room.as_str().to_owned(),
            kind: *kind,
        },
        Request::Leave => ClientMessage::Leave,
        Request::Signal { to, signal } => ClientMessage::Signal {
            to: to.clone(),
            signal: serde_json::value::to_raw_value(signal)?,
        },
    };
    serde_json::to_string(&message)
}

fn to_event(text: &str) -> Event {
    let message = match ServerMessage::from_json(text) {
        Ok(message) => message,
        Err(error) => return Event::Malformed(error.to_string()),
    };
    match message {
        ServerMessage::Joined {
            peer_id,
            created,
            peers,
            ice_servers,
            ..
        } => Event::Joined {
            me: peer_id,
            created,
            peers,
            ice_servers,
        },
        ServerMessage::PeerJoined { peer_id } => Event::PeerJoined(peer_id),
        ServerMessage::PeerLeft { peer_id, reason } => Event::PeerLeft {
            peer: peer_id,
            reason,
        },
        ServerMessage::Left { .. } => Event::Left,
        ServerMessage::Signal { from, signal } => {
            match serde_json::from_str::<PeerSignal>(signal.get()) {
                Ok(signal) => Event::Signal { from, signal },
                Err(error) => Event::Malformed(format!("a signal from {from}: {error}")),
            }
        }
        ServerMessage::Error(error) => Event::Refused(error),
        ServerMessage::GoingAway { retry_after_ms } => Event::GoingAway { retry_after_ms },
    }
}

fn signal_summary(signal: &PeerSignal) -> &str {
    match signal {
        PeerSignal::Description(description) => description.kind.as_str(),
        PeerSignal::Candidate(_) => "candidate",
    }
}

fn summary(request: &Request) -> String {
    match request {
        Request::Join { room, .. } => format!("join {room}"),
        Request::Leave => "leave".to_owned(),
        Request::Signal { to, signal } => format!("{} to {to}", signal_summary(signal)),
    }
}

fn event_summary(event: &Event) -> String {
    match event {
        Event::Joined { me, created, .. } => {
            let how = if *created { "created" } else { "joined" };
            format!("{how} as {me}")
        }
        Event::PeerJoined(peer) => format!("peerJoined {peer}"),
        Event::PeerLeft { peer, .. } => format!("peerLeft {peer}"),
        Event::Signal { from, signal } => format!("{} from {from}", signal_summary(signal)),
        Event::Left => "left".to_owned(),
        Event::Refused(error) => format!("error: {}", error.message),
        Event::GoingAway { .. } => "goingAway".to_owned(),
        Event::Malformed(what) => what.clone(),
    }
}
