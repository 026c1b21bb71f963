//! A signaling service that lives in the page: one room. It keeps the promises of the wire
//! specification: who joins is told who is there, the others are told who comes and goes, a seat
//! whose connection is lost is kept, and whoever takes it again has missed nothing.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_channel::mpsc;
use futures_util::future::{FutureExt, LocalBoxFuture};
use futures_util::stream::{Stream, StreamExt};
use signaling_protocol::{ErrorCode, ErrorMessage, LeaveReason, Participant, PeerId};
use webrtc_tour::signaling::{Connection, Event, Request, Signaling, Unreachable};

#[derive(Clone)]
pub(crate) struct Room(Rc<RefCell<State>>);

struct State {
    capacity: usize,
    seats: Vec<Seat>,
    joins: u32,
    down: bool,
}

struct Seat {
    id: PeerId,
    name: String,
    /// `None` while the connection is lost.
    events: Option<mpsc::UnboundedSender<Event>>,
    missed: Vec<Event>,
}

/// One participant's way to the room; it is the same participant over all its connections.
pub(crate) struct Way {
    room: Room,
    id: Rc<RefCell<Option<PeerId>>>,
    /// No connection is made while it is closed.
    open: Rc<Cell<bool>>,
}

struct Line {
    room: Room,
    id: Rc<RefCell<Option<PeerId>>>,
    sender: mpsc::UnboundedSender<Event>,
    events: mpsc::UnboundedReceiver<Event>,
}

impl Room {
    pub(crate) fn new(capacity: usize) -> Self {
        Self(Rc::new(RefCell::new(State {
            capacity,
            seats: Vec::new(),
            joins: 0,
            down: false,
        })))
    }

    pub(crate) fn way(&self) -> Way {
        Way {
            room: self.clone(),
            id: Rc::default(),
            open: Rc::new(Cell::new(true)),
        }
    }

    /// How often somebody got a new seat.
    pub(crate) fn joins(&self) -> u32 {
        self.0.borrow().joins
    }

    /// Ends every connection and forgets every seat, as a server that is stopped does.
    pub(crate) fn go_down(&self) {
        let mut state = self.0.borrow_mut();
        state.down = true;
        for seat in state.seats.drain(..) {
            if let Some(events) = seat.events {
                events.close_channel();
            }
        }
    }

    pub(crate) fn come_back(&self) {
        self.0.borrow_mut().down = false;
    }

    /// Ends one connection; the seat is kept.
    pub(crate) fn cut(&self, peer: &PeerId) {
        let mut state = self.0.borrow_mut();
        let Some(seat) = state.seats.iter_mut().find(|seat| seat.id == *peer) else {
            return;
        };
        if let Some(events) = seat.events.take() {
            events.close_channel();
            state.tell_others(peer, &Event::PeerDisconnected(peer.clone()));
        }
    }

    /// The grace period of a seat is over.
    pub(crate) fn expire(&self, peer: &PeerId) {
        self.0.borrow_mut().vacate(peer, LeaveReason::Disconnected);
    }
}

impl State {
    fn tell_others(&mut self, me: &PeerId, event: &Event) {
        for seat in self.seats.iter_mut().filter(|seat| seat.id != *me) {
            seat.tell(event.clone());
        }
    }

    fn vacate(&mut self, peer: &PeerId, reason: LeaveReason) {
        let before = self.seats.len();
        self.seats.retain(|seat| seat.id != *peer);
        if self.seats.len() < before {
            let peer = peer.clone();
            self.tell_others(&peer.clone(), &Event::PeerLeft { peer, reason });
        }
    }
}

impl Seat {
    fn tell(&mut self, event: Event) {
        match &self.events {
            Some(events) => drop(events.unbounded_send(event)),
            None => self.missed.push(event),
        }
    }
}

impl Way {
    /// Whether connections can be made.
    pub(crate) fn switch(&self) -> Rc<Cell<bool>> {
        self.open.clone()
    }
}

impl Signaling for Way {
    fn connect(&self) -> LocalBoxFuture<'static, Result<Box<dyn Connection>, Unreachable>> {
        let (room, id, open) = (self.room.clone(), self.id.clone(), self.open.get());
        async move {
            if room.0.borrow().down || !open {
                return Err(Unreachable("it is down".to_owned()));
            }
            let (sender, events) = mpsc::unbounded();
            let connection: Box<dyn Connection> = Box::new(Line {
                room,
                id,
                sender,
                events,
            });
            Ok(connection)
        }
        .boxed_local()
    }
}

impl Line {
    fn join(&self, name: String) {
        let mut state = self.room.0.borrow_mut();
        let known = self.id.borrow().clone();
        if let Some(seat) = state
            .seats
            .iter_mut()
            .find(|seat| Some(&seat.id) == known.as_ref())
        {
            let id = seat.id.clone();
            seat.events = Some(self.sender.clone());
            seat.tell(Event::Resumed);
            for event in std::mem::take(&mut seat.missed) {
                seat.tell(event);
            }
            return state.tell_others(&id, &Event::PeerResumed(id.clone()));
        }
        if state.seats.len() == state.capacity {
            let error = ErrorMessage::new(ErrorCode::RoomFull, "the room is full");
            return self.sender.unbounded_send(Event::Refused(error)).unwrap();
        }
        state.joins += 1;
        let me = known.unwrap_or_else(|| PeerId::new(format!("peer-{}", state.joins)));
        *self.id.borrow_mut() = Some(me.clone());
        let there = state.seats.iter().map(|seat| Participant {
            peer_id: seat.id.clone(),
            name: seat.name.clone(),
            connected: seat.events.is_some(),
            host: false,
            silenced: false,
            spotlight: false,
        });
        let joined = Event::Joined {
            me: me.clone(),
            grace_ms: 30_000,
            created: state.seats.is_empty(),
            capacity: state.capacity,
            peers: there.collect(),
            ice_servers: Vec::new(),
            rights: None,
        };
        self.sender.unbounded_send(joined).unwrap();
        let peer = me.clone();
        let name_told = name.clone();
        state.seats.push(Seat {
            id: me.clone(),
            name,
            events: Some(self.sender.clone()),
            missed: Vec::new(),
        });
        state.tell_others(
            &me,
            &Event::PeerJoined {
                peer,
                name: name_told,
            },
        );
    }
}

impl Connection for Line {
    fn send(&mut self, request: Request) {
        match request {
            Request::Join { name, .. } => self.join(name),
            Request::Leave => {
                if let Some(me) = self.id.take() {
                    self.room.0.borrow_mut().vacate(&me, LeaveReason::Left);
                }
            }
            Request::Signal { to, message } => {
                let from = self.id.borrow().clone().unwrap();
                let mut state = self.room.0.borrow_mut();
                if let Some(seat) = state.seats.iter_mut().find(|seat| seat.id == to) {
                    seat.tell(Event::Signal { from, message });
                }
            }
            Request::Host(_) => {}
        }
    }
}

impl Drop for Line {
    /// A connection that ends without a word keeps its seat.
    fn drop(&mut self) {
        let Some(me) = self.id.borrow().clone() else {
            return;
        };
        let mine = |seat: &Seat| {
            let events = seat.events.as_ref();
            seat.id == me && events.is_some_and(|events| events.same_receiver(&self.sender))
        };
        let is_mine = self.room.0.borrow().seats.iter().any(mine);
        if is_mine {
            self.room.cut(&me);
        }
    }
}

impl Stream for Line {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        self.events.poll_next_unpin(context)
    }
}
