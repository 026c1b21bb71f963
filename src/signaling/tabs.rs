//! Signaling between two tabs of one browser, without any server: a
//! [`BroadcastChannel`](https://html.spec.whatwg.org/multipage/web-messaging.html#broadcasting-to-other-browsing-contexts)
//! for each room, on which messages arrive in the order of their sending.
//!
//! Who is there is known from locks, which the browser takes back also from a tab that crashed:
//! each room has two seats, and each participant a lock of its own that others wait for.

mod locks;
mod session;

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_channel::mpsc;
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, ready};
use futures_util::stream::{Stream, StreamExt};
use gloo_events::EventListener;
use signaling_protocol::{ErrorCode, ErrorMessage, PeerId, RoomId};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use super::{Connection, Event, Request, Signaling, Unreachable, summary};
use crate::error::JsError;
use crate::rtc::random_hex;
use crate::trace::{Private, Tracer, detail};
use locks::{Free, Lock, LockManager};
use session::{Letter, TabSession};

const SEATS: usize = 2;

/// The transport between tabs.
pub struct TabSignaling {
    tracer: Tracer,
}

impl TabSignaling {
    pub fn new(tracer: Tracer) -> Self {
        Self { tracer }
    }
}

impl Signaling for TabSignaling {
    fn connect(&self) -> LocalBoxFuture<'static, Result<Box<dyn Connection>, Unreachable>> {
        let connection: Box<dyn Connection> = Box::new(TabConnection {
            joining: None,
            seat: None,
            ready: VecDeque::new(),
            tracer: self.tracer.clone(),
        });
        ready(Ok(connection)).boxed_local()
    }
}

/// What entering a room led to.
type Entered = Result<Option<(Seat, Event)>, JsError>;

struct TabConnection {
    joining: Option<LocalBoxFuture<'static, Entered>>,
    seat: Option<Seat>,
    ready: VecDeque<Event>,
    tracer: Tracer,
}

/// A seat in a room, and the way to whoever has the other. Dropping it leaves the room.
struct Seat {
    session: TabSession,
    channel: Channel,
    /// The one who is here with us.
    watched: Option<(PeerId, Free)>,
    ready: VecDeque<Event>,
    room: String,
    locks: LockManager,
    /// Held, so that others see us.
    _locks: [Lock; 2],
}

/// An open channel and its listener.
struct Channel {
    inner: BroadcastChannel,
    heard: mpsc::UnboundedReceiver<JsValue>,
    _listener: EventListener,
}

impl Channel {
    fn open(name: &str) -> Result<Self, JsError> {
        let inner = BroadcastChannel::new(name)?;
        let (tell, heard) = mpsc::unbounded();
        let listener = EventListener::new(&inner, "message", move |event| {
            // The queue is gone only together with the listener.
            drop(tell.unbounded_send(event.unchecked_ref::<MessageEvent>().data()));
        });
        Ok(Self {
            inner,
            heard,
            _listener: listener,
        })
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.inner.close();
    }
}

/// Takes a seat; nothing when both are taken.
async fn enter(room: RoomId, name: String, tracer: Tracer) -> Entered {
    let locks = locks::manager()?;
    let named = Private::Room.of(&room);
    let room = format!("webrtc-tour/rooms/{room}");
    tracer.call("new BroadcastChannel", detail!["webrtc-tour/rooms/", named]);
    // Before the seat: whoever sits down after us says hello to us.
    let channel = Channel::open(&room)?;
    let me = PeerId::new(random_hex::<8>());
    let own = locks::take(&locks, &format!("{room}/{me}")).await;
    let mut seat = None;
    for number in 0..SEATS {
        if seat.is_none() {
            let lock = locks::take(&locks, &format!("{room}/seat {number}")).await;
            seat = lock.map(|lock| (number, lock));
        }
    }
    let (Some(own), Some((number, seat))) = (own, seat) else {
        return Ok(None);
    };
    let other = format!("{room}/seat {}", SEATS - 1 - number);
    let created = !locks::is_held(&locks, &other).await?;
    let event = Event::Joined {
        me: me.clone(),
        grace_ms: 0,
        created,
        capacity: SEATS,
        peers: Vec::new(),
        ice_servers: Vec::new(),
        rights: None,
    };
    let seat = Seat {
        session: TabSession::new(me, name),
        channel,
        watched: None,
        ready: VecDeque::new(),
        room,
        locks,
        _locks: [own, seat],
    };
    Ok(Some((seat, event)))
}

impl Seat {
    fn write(&self, letter: &Letter) -> Result<(), JsError> {
        let text = serde_json::to_string(letter)
            .map_err(|error| JsError::new("DataError", error.to_string()))?;
        Ok(self.channel.inner.post_message(&text.into())?)
    }

    fn take_in(&mut self, data: &JsValue) -> Result<(), String> {
        let text = data.as_string().ok_or("a message that is no text")?;
        let letter = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let outcome = self.session.handle_letter(letter);
        if let Some(reply) = &outcome.reply {
            self.write(reply).map_err(|error| error.to_string())?;
        }
        if let Some(peer) = outcome.watch {
            let gone = Free::wait(&self.locks, &format!("{}/{peer}", self.room));
            self.watched = Some((peer, gone));
        }
        self.ready.extend(outcome.events);
        Ok(())
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        // Before the locks: what somebody said before it went was said.
        while self.ready.is_empty()
            && let Poll::Ready(Some(data)) = self.channel.heard.poll_next_unpin(context)
        {
            if let Err(error) = self.take_in(&data) {
                return Poll::Ready(Event::Malformed(error));
            }
        }
        if let Some(event) = self.ready.pop_front() {
            return Poll::Ready(event);
        }
        if let Some((peer, gone)) = &mut self.watched
            && gone.poll_unpin(context).is_ready()
        {
            let event = self.session.handle_gone(peer);
            self.watched = None;
            if let Some(event) = event {
                return Poll::Ready(event);
            }
        }
        Poll::Pending
    }
}

impl TabConnection {
    fn handle_entered(&mut self, entered: Entered) {
        let error = match entered {
            Ok(Some((seat, joined))) => {
                if let Err(error) = seat.write(&seat.session.hello()) {
                    self.tracer.error("BroadcastChannel", &error);
                }
                self.seat = Some(seat);
                return self.ready.push_back(joined);
            }
            Ok(None) => ErrorMessage::new(
                ErrorCode::RoomFull,
                "Two tabs of this browser are in the room already.",
            ),
            Err(error) => {
                self.tracer.error("BroadcastChannel", &error);
                let text = format!(
                    "Tabs cannot find each other here ({error}): that takes a page over HTTPS or on localhost, in a browser that has BroadcastChannel and Web Locks."
                );
                ErrorMessage::new(ErrorCode::Unknown, text)
            }
        };
        self.ready.push_back(Event::Refused(error));
    }
}

impl Connection for TabConnection {
    fn send(&mut self, request: Request) {
        summary::report_request(&self.tracer, &request);
        match request {
            Request::Join { room, name, .. } => {
                self.seat = None;
                self.joining = Some(enter(room, name, self.tracer.clone()).boxed_local());
            }
            Request::Leave => {
                self.joining = None;
                self.seat = None;
                self.ready.push_back(Event::Left);
            }
            Request::Signal { to, message } => {
                if let Some(seat) = &self.seat {
                    let letter = seat.session.signal(to, message);
                    if let Err(error) = seat.write(&letter) {
                        self.tracer.error("BroadcastChannel", &error);
                    }
                }
            }
            // Tabs know no hosts.
            Request::Host(_) => {}
        }
    }
}

impl Stream for TabConnection {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        if let Some(joining) = &mut self.joining
            && let Poll::Ready(entered) = joining.poll_unpin(context)
        {
            self.joining = None;
            self.handle_entered(entered);
        }
        let event = match (self.ready.pop_front(), &mut self.seat) {
            (Some(event), _) => event,
            (None, Some(seat)) => std::task::ready!(seat.poll_event(context)),
            (None, None) => return Poll::Pending,
        };
        summary::report_event(&self.tracer, &event);
        Poll::Ready(Some(event))
    }
}
