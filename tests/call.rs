//! Calls between two participants in one page, over a signaling service that lives in it.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_channel::mpsc;
use futures_util::future::{AbortHandle, Abortable, FutureExt, LocalBoxFuture};
use futures_util::stream::{Stream, StreamExt};
use signaling_protocol::{ErrorCode, ErrorMessage, LeaveReason, PeerId, RoomId, RoomKind};
use support::{record_connections, recorded, trace, until, within};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use webrtc_tour::call::roster::Phase;
use webrtc_tour::call::{CallHandle, CallOptions, CallView, prepare};
use webrtc_tour::rtc::media::{self, AudioRequest, LocalMedia, MediaRequest, VideoRequest};
use webrtc_tour::signaling::websocket::WebSocketSignaling;
use webrtc_tour::signaling::{Connection, Event, Request, Signaling, Unreachable};

wasm_bindgen_test_configure!(run_in_browser);

/// One room of two. It keeps the promises of the wire specification: who joins is told who is
/// there, the others are told who comes and goes, signals arrive in order.
#[derive(Clone, Default)]
struct Room(Rc<RefCell<RoomState>>);

#[derive(Default)]
struct RoomState {
    members: Vec<(PeerId, mpsc::UnboundedSender<Event>)>,
    joins: u32,
    down: bool,
}

struct Seat {
    room: Room,
    me: Option<PeerId>,
    sender: mpsc::UnboundedSender<Event>,
    events: mpsc::UnboundedReceiver<Event>,
}

impl Signaling for Room {
    fn address(&self) -> String {
        "this page".to_owned()
    }

    fn connect(&self) -> LocalBoxFuture<'static, Result<Box<dyn Connection>, Unreachable>> {
        let room = self.clone();
        async move {
            if room.0.borrow().down {
                return Err(Unreachable("it is down".to_owned()));
            }
            let (sender, events) = mpsc::unbounded();
            let connection: Box<dyn Connection> = Box::new(Seat {
                room,
                me: None,
                sender,
                events,
            });
            Ok(connection)
        }
        .boxed_local()
    }
}

impl Connection for Seat {
    fn send(&mut self, request: Request) {
        let mut room = self.room.0.borrow_mut();
        match request {
            Request::Join { .. } if room.members.len() == 2 => {
                let error = ErrorMessage::new(ErrorCode::RoomFull, "the room is full");
                self.sender.unbounded_send(Event::Refused(error)).unwrap();
            }
            Request::Join { .. } => {
                room.joins += 1;
                let me = PeerId::new(format!("peer-{}", room.joins));
                let joined = Event::Joined {
                    me: me.clone(),
                    created: room.members.is_empty(),
                    peers: room.members.iter().map(|(id, _)| id.clone()).collect(),
                    ice_servers: Vec::new(),
                };
                self.sender.unbounded_send(joined).unwrap();
                for (_, other) in &room.members {
                    let _ = other.unbounded_send(Event::PeerJoined(me.clone()));
                }
                room.members.push((me.clone(), self.sender.clone()));
                self.me = Some(me);
            }
            Request::Leave => {
                drop(room);
                self.leave(LeaveReason::Left);
            }
            Request::Signal { to, signal } => {
                let from = self.me.clone().unwrap();
                if let Some((_, other)) = room.members.iter().find(|(id, _)| *id == to) {
                    let _ = other.unbounded_send(Event::Signal { from, signal });
                }
            }
        }
    }
}

impl Seat {
    fn leave(&mut self, reason: LeaveReason) {
        let Some(me) = self.me.take() else { return };
        let mut room = self.room.0.borrow_mut();
        room.members.retain(|(id, _)| *id != me);
        for (_, other) in &room.members {
            let peer = me.clone();
            let _ = other.unbounded_send(Event::PeerLeft { peer, reason });
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.leave(LeaveReason::Disconnected);
    }
}

impl Stream for Seat {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        self.events.poll_next_unpin(context)
    }
}

impl Room {
    /// Cuts every connection, as a server that ends does.
    fn go_down(&self) {
        let mut room = self.0.borrow_mut();
        room.down = true;
        for (_, sender) in room.members.drain(..) {
            sender.close_channel();
        }
    }

    fn come_back(&self) {
        self.0.borrow_mut().down = false;
    }
}

/// A participant whose call runs until dropped.
struct Participant {
    view: Rc<RefCell<Option<CallView>>>,
    handle: CallHandle,
    running: AbortHandle,
}

impl Drop for Participant {
    fn drop(&mut self) {
        self.running.abort();
    }
}

fn join(signaling: impl Signaling + 'static, media: Option<&LocalMedia>) -> Participant {
    let view = Rc::new(RefCell::new(None));
    let shown = view.clone();
    let options = CallOptions {
        room: RoomId::new("kitchen").unwrap(),
        kind: RoomKind::Call,
        stream: media.map(|media| Clone::clone(media.stream())),
    };
    let (handle, call) = prepare(Box::new(signaling), options, &trace(), move |view| {
        *shown.borrow_mut() = Some(view);
    });
    let (running, registration) = AbortHandle::new_pair();
    #[expect(clippy::disallowed_methods, reason = "ended by the participant's drop")]
    wasm_bindgen_futures::spawn_local(Abortable::new(call, registration).map(|_| ()));
    Participant {
        view,
        handle,
        running,
    }
}

impl Participant {
    fn see<T>(&self, f: impl FnOnce(&CallView) -> T) -> Option<T> {
        self.view.borrow().as_ref().map(f)
    }

    /// Connected to exactly one other, and receiving so many tracks.
    fn is_connected(&self, tracks: u32) -> bool {
        self.see(|view| {
            matches!(&view.peers[..], [peer] if peer.states.connection == "connected"
                && peer.stream.get_tracks().length() == tracks)
        }) == Some(true)
    }

    fn is_alone(&self) -> bool {
        self.see(|view| matches!(view.phase, Phase::InRoom { .. }) && view.peers.is_empty())
            == Some(true)
    }
}

fn picture_and_sound() -> LocalMedia {
    let request = MediaRequest {
        video: Some(VideoRequest::default()),
        audio: Some(AudioRequest::default()),
    };
    media::synthesize(&request, trace().tracer("test")).unwrap()
}

async fn connected(one: &Participant, other: &Participant, tracks: u32) {
    until("both are connected", || {
        one.is_connected(tracks) && other.is_connected(tracks)
    })
    .await;
}

#[wasm_bindgen_test]
async fn two_who_join_see_and_hear_each_other() {
    let room = Room::default();
    let (media, other_media) = (picture_and_sound(), picture_and_sound());
    let one = join(room.clone(), Some(&media));
    let other = join(room.clone(), Some(&other_media));
    connected(&one, &other, 2).await;
    assert_eq!(
        one.see(|view| view.phase.clone()),
        Some(Phase::InRoom { created: true })
    );
    assert_eq!(
        other.see(|view| view.phase.clone()),
        Some(Phase::InRoom { created: false })
    );
}

#[wasm_bindgen_test]
async fn who_hangs_up_is_gone_and_may_come_back() {
    record_connections();
    let room = Room::default();
    let media = picture_and_sound();
    let one = join(room.clone(), Some(&media));
    for _ in 0..3 {
        let other = join(room.clone(), Some(&media));
        connected(&one, &other, 2).await;
        other.handle.hang_up();
        until("the other is gone", || one.is_alone()).await;
        assert_eq!(one.see(|view| view.departed), Some(Some(LeaveReason::Left)));
        assert_eq!(other.see(|view| view.phase.clone()), Some(Phase::Left));
    }
    let (made, closed) = recorded();
    assert_eq!(
        (made, closed),
        (6, 6),
        "every connection of an earlier call is closed"
    );
}

#[wasm_bindgen_test]
async fn a_call_that_is_dropped_closes_everything() {
    record_connections();
    let room = Room::default();
    let media = picture_and_sound();
    let one = join(room.clone(), Some(&media));
    let other = join(room.clone(), Some(&media));
    connected(&one, &other, 2).await;
    drop(other);
    until("the other is gone", || one.is_alone()).await;
    assert_eq!(
        one.see(|view| view.departed),
        Some(Some(LeaveReason::Disconnected))
    );
    assert_eq!(recorded(), (2, 2));
}

#[wasm_bindgen_test]
async fn a_third_is_refused_and_harms_nobody() {
    let room = Room::default();
    let media = picture_and_sound();
    let one = join(room.clone(), Some(&media));
    let other = join(room.clone(), Some(&media));
    connected(&one, &other, 2).await;
    let third = join(room.clone(), Some(&media));
    until("the third is refused", || {
        third.see(|view| matches!(&view.phase, Phase::Refused(e) if e.code == ErrorCode::RoomFull))
            == Some(true)
    })
    .await;
    assert!(one.is_connected(2) && other.is_connected(2));
}

#[wasm_bindgen_test]
async fn both_come_back_by_themselves_when_the_service_does() {
    let room = Room::default();
    let media = picture_and_sound();
    let one = join(room.clone(), Some(&media));
    let other = join(room.clone(), Some(&media));
    connected(&one, &other, 2).await;
    room.go_down();
    let unreachable = |p: &Participant| {
        p.see(|view| matches!(view.phase, Phase::Unreachable { .. })) == Some(true)
    };
    until("both notice", || unreachable(&one) && unreachable(&other)).await;
    assert!(one.is_connected(2), "media goes on meanwhile");
    room.come_back();
    until("both have a new seat", || room.0.borrow().joins == 4).await;
    connected(&one, &other, 2).await;
}

#[wasm_bindgen_test]
async fn without_media_of_ones_own_one_still_receives() {
    let room = Room::default();
    let media = picture_and_sound();
    let one = join(room.clone(), Some(&media));
    let other = join(room.clone(), None);
    until("the one without media receives", || other.is_connected(2)).await;
    assert!(one.see(|view| view.failure.is_none()).unwrap());
}

#[wasm_bindgen_test]
async fn media_may_come_after_the_call_has_begun() {
    let room = Room::default();
    let media = picture_and_sound();
    let one = join(room.clone(), Some(&media));
    let other = join(room.clone(), None);
    until("the one without media receives", || other.is_connected(2)).await;
    let late = picture_and_sound();
    other
        .handle
        .replace_stream(Some(Clone::clone(late.stream())));
    until("the first receives it", || {
        one.see(|view| view.peers[0].stream.get_tracks().iter().count()) == Some(2)
    })
    .await;
}

#[wasm_bindgen_test]
async fn who_stops_sending_a_picture_is_no_longer_seen() {
    let room = Room::default();
    let (media, other_media) = (picture_and_sound(), picture_and_sound());
    let one = join(room.clone(), Some(&media));
    let other = join(room.clone(), Some(&other_media));
    connected(&one, &other, 2).await;
    let seen = || one.see(|view| view.peers[0].has_picture) == Some(true);
    until("the picture is there", seen).await;
    let sound = MediaRequest {
        video: None,
        audio: Some(AudioRequest::default()),
    };
    let sound = media::synthesize(&sound, trace().tracer("test")).unwrap();
    other
        .handle
        .replace_stream(Some(Clone::clone(sound.stream())));
    until("the picture is gone", || !seen()).await;
    other
        .handle
        .replace_stream(Some(Clone::clone(other_media.stream())));
    until("the picture is back", seen).await;
}

#[wasm_bindgen_test]
async fn a_server_that_is_not_there_is_said_to_be_unreachable() {
    // Port 9 is the discard service, where nobody listens.
    let address = "ws://127.0.0.1:9/ws".to_owned();
    let signaling = WebSocketSignaling::new(address.clone(), trace().tracer("test"));
    assert_eq!(signaling.address(), address);
    let result = within("the failure", signaling.connect()).await;
    assert!(result.is_err());
}

#[wasm_bindgen_test]
async fn an_address_that_is_none_is_an_error_and_not_a_panic() {
    let signaling = WebSocketSignaling::new("nonsense".to_owned(), trace().tracer("test"));
    assert!(within("the failure", signaling.connect()).await.is_err());
}
