//! Somebody who signals through the database: what it is told, and what it sees there.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::mpsc;
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use serde_json::Value;
use signaling_protocol::database::room_path;
use signaling_protocol::{
    ConnectionId, IceCandidate, PeerId, PeerMessage, PeerSignal, RoomId, RoomKind, SdpType,
    SessionDescription,
};
use webrtc_tour::rtc::random_hex;
use webrtc_tour::signaling::firebase::config::Config;
use webrtc_tour::signaling::firebase::watch::DatabaseView;
use webrtc_tour::signaling::firebase::{Account, FirebaseSignaling, Keep, Watch};
use webrtc_tour::signaling::{Event, Request, Signaling};
use webrtc_tour::trace::Trace;

use crate::firebase::rest::{ask, asked_with};
use crate::support::{server, trace, until};

/// A room that nobody else uses.
#[derive(Clone)]
pub(crate) struct Room {
    pub(crate) kind: RoomKind,
    pub(crate) id: RoomId,
}

impl Room {
    pub(crate) fn new(kind: RoomKind) -> Self {
        // What keys must not have is in there, too.
        let id = RoomId::new(&format!("a.b/ä%{}", random_hex::<6>())).unwrap();
        Self { kind, id }
    }

    pub(crate) fn path(&self) -> String {
        room_path(&self.id)
    }

    pub(crate) fn signaling(&self, account: &Account, watch: Watch, trace: &Trace) -> Transport {
        let (account, room) = (account.clone(), self.id.clone());
        FirebaseSignaling::new(account, room, self.kind, watch, trace.tracer("test"))
    }
}

pub(crate) type Transport = FirebaseSignaling;

/// Nobody yet, at the server of the tests.
pub(crate) fn account() -> Account {
    Account::new(Config::embedded(server()))
}

pub(crate) fn nothing() -> Watch {
    Box::new(|_| {})
}

/// Connects again when the connection is lost, as a call does; leaves when it is dropped.
pub(crate) struct Person {
    pub(crate) account: Account,
    pub(crate) keep: Keep,
    pub(crate) view: Rc<RefCell<DatabaseView>>,
    trace: Trace,
    events: Rc<RefCell<Vec<Event>>>,
    room: Room,
    name: String,
    signaling: Rc<Transport>,
    /// `None` while there is to be no connection.
    requests: Option<mpsc::UnboundedSender<Request>>,
}

impl Person {
    /// Somebody new, once it is told whether it is in.
    pub(crate) async fn join(room: &Room, name: &str) -> Self {
        let (account, trace) = (account(), trace());
        let view = Rc::new(RefCell::new(DatabaseView::default()));
        let shown = view.clone();
        let watch: Watch = Box::new(move |change| change(&mut shown.borrow_mut()));
        let signaling = room.signaling(&account, watch, &trace);
        let mut person = Self {
            account,
            keep: signaling.keep(),
            view,
            trace,
            events: Rc::default(),
            room: room.clone(),
            name: name.to_owned(),
            signaling: Rc::new(signaling),
            requests: None,
        };
        person.connect();
        person
            .is_told("whether it is in", |event| {
                matches!(event, Event::Joined { .. } | Event::Refused(_))
            })
            .await;
        person
    }

    pub(crate) fn connect(&mut self) {
        let join = Request::Join {
            room: self.room.id.clone(),
            kind: self.room.kind,
            name: self.name.clone(),
            passphrase: None,
        };
        let (requests, received) = mpsc::unbounded();
        self.requests = Some(requests);
        let run = run(self.signaling.clone(), join, received, self.events.clone());
        #[expect(clippy::disallowed_methods, reason = "ended by the person's drop")]
        wasm_bindgen_futures::spawn_local(run);
    }

    /// Drops the connection, without having left.
    pub(crate) async fn disconnect(&mut self) {
        self.requests = None;
        until("the connection is dropped", || {
            Rc::strong_count(&self.signaling) == 1
        })
        .await;
    }

    pub(crate) async fn leave(&mut self) {
        self.request(Request::Leave);
        self.disconnect().await;
    }

    fn request(&self, request: Request) {
        let requests = self.requests.as_ref().unwrap();
        requests.unbounded_send(request).unwrap();
    }

    /// Sends messages of these numbers.
    pub(crate) fn send(&self, to: &Self, numbers: std::ops::Range<usize>) {
        for number in numbers {
            let (to, message) = (to.id(), message(&self.name, number));
            self.request(Request::Signal { to, message });
        }
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        self.events.borrow().clone()
    }

    /// How often it has begun to look into its inbox.
    pub(crate) fn streams(&self) -> usize {
        let entries = self.trace.entries().into_iter();
        entries
            .filter(|entry| entry.name == "new EventSource")
            .count()
    }

    pub(crate) async fn is_told(&self, what: &str, is_it: impl Fn(&Event) -> bool) {
        let told = || self.events.borrow().iter().any(&is_it);
        until(&format!("{} is told {what}", self.name), told).await;
    }

    /// The first that it was told.
    pub(crate) fn id(&self) -> PeerId {
        let events = self.events.borrow();
        let id = events.iter().find_map(|event| match event {
            Event::Joined { me, .. } => Some(me.clone()),
            _ => None,
        });
        id.unwrap_or_else(|| panic!("{} is not in: {events:?}", self.name))
    }

    pub(crate) fn received(&self, from: &Self) -> Vec<PeerMessage> {
        let id = from.id();
        let events = self.events.borrow();
        let messages = events.iter().filter_map(|event| match event {
            Event::Signal { from, message } if *from == id => Some(message.clone()),
            _ => None,
        });
        messages.collect()
    }

    /// Waits until the messages of these numbers are there: all of them, in order, each once.
    pub(crate) async fn receives(&self, from: &Self, numbers: std::ops::Range<usize>) {
        let count = numbers.len();
        let what = format!("{} has {count} messages", self.name);
        until(&what, || self.received(from).len() >= count).await;
        let received = self.received(from);
        let expected: Vec<_> = numbers.map(|n| message(&from.name, n)).collect();
        // Whole descriptions would hide what is wrong.
        let ids =
            |all: &[PeerMessage]| all.iter().map(|m| m.connection.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&received), ids(&expected));
        assert!(received == expected, "what arrived is not what was sent");
    }

    /// What is at a place, as this person may read it.
    pub(crate) async fn get(&self, path: &str) -> Value {
        loop {
            // A connection of its own renews the token when that is due.
            let other = self.room.signaling(&self.account, nothing(), &trace());
            drop(other.connect().await.unwrap());
            let (status, value) = ask("GET", path, &asked_with(), None).await;
            if status == 200 {
                return value;
            }
            // Its time was over just now.
            assert_eq!(value["error"], "Auth token is expired", "{path}: {value}");
        }
    }
}

async fn run(
    signaling: Rc<Transport>,
    join: Request,
    mut requests: mpsc::UnboundedReceiver<Request>,
    events: Rc<RefCell<Vec<Event>>>,
) {
    loop {
        let mut connection = signaling.connect().await.unwrap();
        connection.send(join.clone());
        loop {
            let next = match select(connection.next(), requests.next()).await {
                Either::Left((event, _)) => Either::Left(event),
                Either::Right((request, _)) => Either::Right(request),
            };
            match next {
                Either::Left(Some(event)) => events.borrow_mut().push(event),
                Either::Left(None) => break,
                Either::Right(Some(request)) => connection.send(request),
                Either::Right(None) => return,
            }
        }
    }
}

/// All kinds there are, with what a tree would lose or change: nulls, empty texts, lines.
pub(crate) fn message(from: &str, number: usize) -> PeerMessage {
    let signal = match number % 3 {
        0 => Some(PeerSignal::Description(SessionDescription {
            kind: SdpType::Offer,
            sdp: format!("v=0\r\ns=„{number}“ \u{1F600}\r\n{}", "a=b\r\n".repeat(500)),
        })),
        1 => Some(PeerSignal::Candidate(IceCandidate {
            candidate: format!("candidate:{number}"),
            sdp_mid: Some(String::new()),
            ..IceCandidate::default()
        })),
        _ => None,
    };
    PeerMessage {
        connection: ConnectionId::new(format!("{from}-{number}")),
        remote_connection: number.is_multiple_of(2).then(|| ConnectionId::new("other")),
        signal,
    }
}
