//! Signaling over a WebSocket to `webrtc-tour-server`.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_util::future::{FutureExt, LocalBoxFuture, select};
use futures_util::stream::{Stream, StreamExt};
use futures_util::{Sink, SinkExt};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, State, WebSocketError};
use gloo_timers::future::{IntervalStream, TimeoutFuture};
use signaling_protocol::{ClientMessage, SUBPROTOCOL, ServerFrame, Token};

use super::session::WebSocketSession;
use super::{Connection, Event, Request, Signaling, Unreachable, summary};
use crate::trace::{Detail, Private, Tracer, detail};

/// An attempt that takes longer has failed; a browser alone may wait for minutes.
const CONNECT_TIMEOUT_MS: u32 = 10_000;

/// How often a sign of life is sent. A connection on which nothing at all came until the next
/// one is due has ended, whatever the browser believes.
const PING_EVERY_MS: u32 = 5_000;

/// The close code that says that another connection has our seat: coming back would take it away again.
const REPLACED: u16 = 4000;

/// How long to wait before sending again what came too fast.
const SEND_AGAIN_MS: u32 = 1_500;

/// So many of it at once; servers take a hundred a second.
const PORTION: usize = 80;

/// The WebSocket transport.
pub struct WebSocketSignaling {
    address: String,
    /// Of all its connections, one after the other.
    session: Rc<RefCell<WebSocketSession>>,
    tracer: Tracer,
}

impl WebSocketSignaling {
    /// `address` is a `ws:` or `wss:` URL, see [`super::address::resolve`]. Where it names the
    /// protocol's version in its query (`?subprotocol=`), the handshake does not.
    ///
    /// Whoever has `token` is the same participant, also after a restart of the server.
    pub fn new(address: String, token: Token, tracer: Tracer) -> Self {
        Self {
            address,
            session: Rc::new(RefCell::new(WebSocketSession::new(token))),
            tracer,
        }
    }
}

impl Signaling for WebSocketSignaling {
    fn connect(&self) -> LocalBoxFuture<'static, Result<Box<dyn Connection>, Unreachable>> {
        let (address, session) = (self.address.clone(), self.session.clone());
        open(address, session, self.tracer.clone()).boxed_local()
    }
}

async fn open(
    address: String,
    session: Rc<RefCell<WebSocketSession>>,
    tracer: Tracer,
) -> Result<Box<dyn Connection>, Unreachable> {
    tracer.call("new WebSocket", Private::Url.of(&address));
    let unreachable = |reason: Detail| {
        tracer.error("WebSocket", reason.clone());
        Unreachable(reason.to_string())
    };
    let opened = if address.contains("?subprotocol=") {
        WebSocket::open(&address)
    } else {
        WebSocket::open_with_protocol(&address, SUBPROTOCOL)
    };
    let mut socket = opened.map_err(|error| unreachable(error.to_string().into()))?;
    // Nothing is fed in: the sink is ready once the socket is open, or will never be.
    let ready = futures_util::future::poll_fn(|context| socket.poll_ready_unpin(context));
    let timeout = TimeoutFuture::new(CONNECT_TIMEOUT_MS);
    select(ready, timeout).await;
    match socket.state() {
        State::Open => {
            tracer.event("open", "");
            Ok(Box::new(WebSocketConnection {
                socket,
                session,
                ready: VecDeque::new(),
                ticks: None,
                heard: true,
                send_again: None,
                tracer,
            }))
        }
        State::Connecting => Err(unreachable(detail![
            "no answer within ",
            CONNECT_TIMEOUT_MS / 1000,
            " seconds"
        ])),
        // The browser does not tell a page why, lest it explore the network.
        State::Closing | State::Closed => Err(unreachable("the connection failed".into())),
    }
}

struct WebSocketConnection {
    socket: WebSocket,
    session: Rc<RefCell<WebSocketSession>>,
    ready: VecDeque<Event>,
    /// From the first request: before that, the server has nothing to answer.
    ticks: Option<IntervalStream>,
    /// Whether anything came since the last tick.
    heard: bool,
    send_again: Option<TimeoutFuture>,
    tracer: Tracer,
}

impl WebSocketConnection {
    fn write(&mut self, message: &ClientMessage) {
        let text = match serde_json::to_string(message) {
            Ok(text) => text,
            Err(error) => return self.tracer.error("send", error.to_string()),
        };
        // A socket that is closing takes nothing more; the session keeps what matters.
        if let Err(error) = Pin::new(&mut self.socket).start_send(Message::Text(text)) {
            self.tracer.error("send", error.to_string());
        }
    }

    /// False when the connection is of no use any more.
    fn take_in(&mut self, text: &str) -> bool {
        self.heard = true;
        let frame = match ServerFrame::from_json(text) {
            Ok(frame) => frame,
            Err(error) => {
                self.ready.push_back(Event::Malformed(error.to_string()));
                return true;
            }
        };
        let outcome = self.session.borrow_mut().handle_frame(frame);
        for reply in &outcome.replies {
            self.write(reply);
        }
        if outcome.send_again {
            self.tracer.event("message", "refused for now");
            self.send_again = Some(TimeoutFuture::new(SEND_AGAIN_MS));
        }
        self.ready.extend(outcome.event);
        !outcome.broken
    }

    /// Sends a portion of what has no acknowledgement; the next one when the server had time for it.
    fn write_again(&mut self) {
        let mut session = self.session.borrow_mut();
        let all = session.unacknowledged().count();
        let portion: Vec<_> = session.unacknowledged().take(PORTION).cloned().collect();
        let acknowledgement = session.acknowledgement();
        drop(session);
        for message in portion.iter().chain([&acknowledgement]) {
            self.write(message);
        }
        if all > PORTION {
            self.send_again = Some(TimeoutFuture::new(SEND_AGAIN_MS));
        }
    }

    /// False when nothing came for too long.
    fn tick(&mut self) -> bool {
        let acknowledgement = self.session.borrow_mut().acknowledgement();
        self.write(&acknowledgement);
        std::mem::take(&mut self.heard)
    }
}

impl Connection for WebSocketConnection {
    fn send(&mut self, request: Request) {
        summary::report_request(&self.tracer, &request);
        self.ticks
            .get_or_insert_with(|| IntervalStream::new(PING_EVERY_MS));
        let message = self.session.borrow_mut().handle_request(request);
        if let Some(message) = message {
            self.write(&message);
        }
    }
}

impl Stream for WebSocketConnection {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                summary::report_event(&self.tracer, &event);
                return Poll::Ready(Some(event));
            }
            // Before the clock: what has come already counts.
            match self.socket.poll_next_unpin(context) {
                Poll::Ready(Some(Ok(Message::Text(text)))) => {
                    if !self.take_in(&text) {
                        self.tracer.error("message", "a message is missing");
                        return Poll::Ready(None);
                    }
                    continue;
                }
                Poll::Ready(Some(Ok(Message::Bytes(_)))) => {
                    let what = "a binary message".to_owned();
                    self.ready.push_back(Event::Malformed(what));
                    continue;
                }
                Poll::Ready(Some(Err(WebSocketError::ConnectionClose(close)))) => {
                    let what = detail![close.code, " ", close.reason];
                    self.tracer.event("close", what);
                    return Poll::Ready((close.code == REPLACED).then_some(Event::Replaced));
                }
                // Its close event follows.
                Poll::Ready(Some(Err(_))) => continue,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => {}
            }
            if let Some(pause) = &mut self.send_again
                && pause.poll_unpin(context).is_ready()
            {
                self.send_again = None;
                self.write_again();
            }
            let Some(ticks) = &mut self.ticks else {
                return Poll::Pending;
            };
            std::task::ready!(ticks.poll_next_unpin(context));
            if !self.tick() {
                self.tracer.error("WebSocket", "no sign of life");
                return Poll::Ready(None);
            }
        }
    }
}
