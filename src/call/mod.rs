//! A call: who connects to whom, and in which state.
//!
//! [`roster`] decides, [`links`] holds the peer connections with their negotiation, and the
//! driver here joins them with a signaling transport. It works for any number of peers. Knows no
//! view: whoever shows the call gets a [`CallView`] at every change.

pub mod budget;
pub mod links;
pub mod pair;
pub mod roster;
pub mod throughput;

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::task::{Context, Poll};

use futures_channel::mpsc;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::StreamExt;
use gloo_timers::future::TimeoutFuture;
use signaling_protocol::{ErrorMessage, LeaveReason, PeerId, RoomId, RoomKind};
use wasm_bindgen::JsCast;
use web_sys::{MediaStream, MediaStreamTrack, MediaStreamTrackState};

use crate::error::JsError;
use crate::negotiation::Role;
use crate::rtc::data_channel::{DataChannel, DataChannelOptions};
use crate::rtc::peer_connection::{ConnectionStates, PeerConnection};
use crate::signaling::{Connection, Event, Signaling, Unreachable};
use crate::trace::{Trace, Tracer};
use links::{LinkEvent, Links};
use roster::{Action, Phase, Roster};

/// What the call looks like now.
#[derive(Clone, Debug)]
pub struct CallView {
    pub phase: Phase,
    pub me: Option<PeerId>,
    /// How many may be in the room; `None` before it was entered.
    pub capacity: Option<usize>,
    pub peers: Vec<PeerView>,
    /// Who left last, and why, until the next one comes.
    pub departed: Option<Departed>,
    /// The newest failure of a peer connection, until something succeeds.
    pub failure: Option<JsError>,
    /// What the server did not carry out.
    pub refusal: Option<ErrorMessage>,
}

/// One other participant.
#[derive(Clone, Debug, PartialEq)]
pub struct PeerView {
    pub id: PeerId,
    /// May be empty.
    pub name: String,
    pub presence: Presence,
    pub states: ConnectionStates,
    /// Microphone and camera of the peer; empty until the first track.
    pub camera: MediaStream,
    /// Whether the camera's picture arrives now.
    pub has_picture: bool,
    pub screen: Option<MediaStream>,
    pub microphone_on: bool,
    pub camera_on: bool,
    /// Chat messages that wait for it.
    pub undelivered: usize,
}

/// How it stands with a peer, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Connecting,
    Connected,
    Reconnecting,
    Failed,
}

impl Presence {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::Reconnecting => "reconnecting",
            Self::Failed => "failed",
        }
    }
}

/// Somebody who is no longer in the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departed {
    /// May be empty.
    pub name: String,
    pub reason: LeaveReason,
}

/// One message of the chat.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatLine {
    pub id: u64,
    pub author: String,
    pub own: bool,
    pub text: String,
    /// Milliseconds since 1970.
    pub at_ms: f64,
}

/// What to enter, and with what.
pub struct CallOptions {
    pub room: RoomId,
    pub kind: RoomKind,
    /// What is sent to every peer; `None` to only receive.
    pub stream: Option<MediaStream>,
}

enum Command {
    ReplaceStream(Option<MediaStream>),
    HangUp,
}

/// Controls a running call; the call goes on without it.
#[derive(Clone)]
pub struct CallHandle(mpsc::UnboundedSender<Command>);

impl CallHandle {
    /// Sends something else to every peer from now on.
    pub fn replace_stream(&self, stream: Option<MediaStream>) {
        self.tell(Command::ReplaceStream(stream));
    }

    /// Leaves the room; the call's task ends.
    pub fn hang_up(&self) {
        self.tell(Command::HangUp);
    }

    fn tell(&self, command: Command) {
        // A call that has ended has nothing left to do.
        drop(self.0.unbounded_send(command));
    }
}

/// Prepares a call. The future runs it until it is over; dropping the future closes everything.
pub fn prepare(
    signaling: Box<dyn Signaling>,
    options: CallOptions,
    trace: &Trace,
    on_change: impl Fn(CallView) + 'static,
) -> (CallHandle, LocalBoxFuture<'static, ()>) {
    let (sender, commands) = mpsc::unbounded();
    let driver = Driver {
        roster: Roster::enter(options.room, options.kind),
        links: Links::new(),
        peers: BTreeMap::new(),
        signaling,
        stream: options.stream,
        failure: None,
        trace: trace.clone(),
        tracer: trace.tracer("call"),
        on_change: Box::new(on_change),
        commands,
        connecting: None,
        connection: None,
        pause: None,
        replacing: None,
    };
    (CallHandle(sender), driver.run().boxed_local())
}

struct Peer {
    states: ConnectionStates,
    stream: MediaStream,
    /// Held, because dropping it would close it.
    channel: Option<DataChannel>,
}

type Connecting = LocalBoxFuture<'static, Result<Box<dyn Connection>, Unreachable>>;

struct Driver {
    roster: Roster,
    links: Links<PeerId>,
    peers: BTreeMap<PeerId, Peer>,
    signaling: Box<dyn Signaling>,
    stream: Option<MediaStream>,
    failure: Option<JsError>,
    trace: Trace,
    tracer: Tracer,
    on_change: Box<dyn Fn(CallView)>,
    commands: mpsc::UnboundedReceiver<Command>,
    connecting: Option<Connecting>,
    connection: Option<Box<dyn Connection>>,
    pause: Option<TimeoutFuture>,
    replacing: Option<LocalBoxFuture<'static, Result<(), JsError>>>,
}

/// What woke the driver.
enum Wake {
    Command(Command),
    Connected(Result<Box<dyn Connection>, Unreachable>),
    Signaling(Option<Event>),
    PauseOver,
    Replaced(Result<(), JsError>),
    Link(PeerId, LinkEvent),
}

impl Driver {
    async fn run(mut self) {
        loop {
            while let Some(action) = self.roster.poll_action() {
                self.perform(action);
            }
            (self.on_change)(self.view());
            if self.roster.phase().is_over() {
                return;
            }
            let wake = poll_fn(|context| self.poll_wake(context)).await;
            self.handle(wake);
        }
    }

    fn poll_wake(&mut self, context: &mut Context<'_>) -> Poll<Wake> {
        if let Poll::Ready(Some(command)) = self.commands.poll_next_unpin(context) {
            return Poll::Ready(Wake::Command(command));
        }
        if let Some(result) = poll_slot(&mut self.connecting, context) {
            return Poll::Ready(Wake::Connected(result));
        }
        if let Some(connection) = &mut self.connection
            && let Poll::Ready(event) = connection.poll_next_unpin(context)
        {
            return Poll::Ready(Wake::Signaling(event));
        }
        if poll_slot(&mut self.pause, context).is_some() {
            return Poll::Ready(Wake::PauseOver);
        }
        if let Some(result) = poll_slot(&mut self.replacing, context) {
            return Poll::Ready(Wake::Replaced(result));
        }
        self.links
            .poll_next(context)
            .map(|(peer, event)| Wake::Link(peer, event))
    }

    fn handle(&mut self, wake: Wake) {
        let chance = js_sys::Math::random();
        match wake {
            Wake::Command(Command::HangUp) => self.roster.handle_hang_up(),
            Wake::Command(Command::ReplaceStream(stream)) => self.replace_stream(stream),
            Wake::Connected(Ok(connection)) => {
                self.connection = Some(connection);
                self.roster.handle_connected();
            }
            Wake::Connected(Err(error)) => self.roster.handle_disconnected(error.0, chance),
            Wake::Signaling(Some(event)) => self.roster.handle_event(event, chance),
            Wake::Signaling(None) => {
                let reason = "the connection to the server was lost".to_owned();
                self.roster.handle_disconnected(reason, chance);
            }
            Wake::PauseOver => self.roster.handle_retry(),
            Wake::Replaced(Ok(())) => self.failure = None,
            Wake::Replaced(Err(error)) => self.failure = Some(error),
            Wake::Link(peer, event) => self.handle_link(peer, event),
        }
    }

    fn handle_link(&mut self, id: PeerId, event: LinkEvent) {
        match event {
            LinkEvent::Signal(signal) => self.roster.handle_signal_to_send(id, signal),
            LinkEvent::Failed(error) => self.failure = Some(error),
            LinkEvent::DataChannel(channel) => {
                if let Some(peer) = self.peers.get_mut(&id) {
                    peer.channel = Some(channel);
                }
            }
            LinkEvent::States(states) => {
                if states.connection == "connected" {
                    self.failure = None;
                }
                if let Some(peer) = self.peers.get_mut(&id) {
                    peer.states = states;
                }
            }
            // The view that follows looks at every track.
            LinkEvent::Muted => {}
            LinkEvent::Track(track) => {
                if let Some(peer) = self.peers.get(&id) {
                    peer.stream.add_track(&track);
                }
            }
        }
    }

    fn perform(&mut self, action: Action) {
        match action {
            Action::Connect => self.connecting = Some(self.signaling.connect()),
            Action::Wait { ms } => self.pause = Some(TimeoutFuture::new(ms)),
            Action::Disconnect => {
                self.connecting = None;
                self.connection = None;
            }
            Action::Send(request) => {
                if let Some(connection) = &mut self.connection {
                    connection.send(request);
                }
            }
            Action::AddPeer {
                peer,
                role,
                ice_servers,
            } => {
                let tracer = self.trace.tracer(peer.as_str());
                let id = peer.clone();
                let added = self.links.add(peer.clone(), role, &ice_servers, tracer);
                let begun = added.and_then(|connection| {
                    let channel = begin(&connection, role, self.stream.as_ref())?;
                    let there = Peer {
                        states: connection.states(),
                        stream: MediaStream::new()?,
                        channel,
                    };
                    self.peers.insert(peer, there);
                    Ok(())
                });
                if let Err(error) = begun {
                    self.links.remove(&id);
                    self.tracer.error("RTCPeerConnection", error.to_string());
                    self.failure = Some(error);
                }
            }
            Action::RemovePeer(peer) => {
                self.links.remove(&peer);
                self.peers.remove(&peer);
                self.failure = None;
            }
            Action::Deliver { from, signal } => self.links.handle_signal(&from, signal),
        }
    }

    fn replace_stream(&mut self, stream: Option<MediaStream>) {
        self.stream.clone_from(&stream);
        let connections: Vec<_> = self
            .links
            .keys()
            .filter_map(|peer| self.links.get(peer).cloned())
            .collect();
        // A newer stream overtakes an older one that is still being put in place.
        self.replacing = Some(
            async move {
                for connection in connections {
                    connection.replace_stream(stream.as_ref()).await?;
                }
                Ok(())
            }
            .boxed_local(),
        );
    }

    fn view(&self) -> CallView {
        let peers = self.peers.iter().map(|(id, peer)| PeerView {
            id: id.clone(),
            name: String::new(),
            presence: match peer.states.connection.as_str() {
                "connected" => Presence::Connected,
                "disconnected" => Presence::Reconnecting,
                "failed" => Presence::Failed,
                _ => Presence::Connecting,
            },
            states: peer.states.clone(),
            camera: Clone::clone(&peer.stream),
            has_picture: has_picture(&peer.stream),
            screen: None,
            microphone_on: true,
            camera_on: true,
            undelivered: 0,
        });
        CallView {
            phase: self.roster.phase().clone(),
            me: self.roster.me().cloned(),
            capacity: None,
            peers: peers.collect(),
            departed: self.roster.departed().map(|reason| Departed {
                name: String::new(),
                reason,
            }),
            failure: self.failure.clone(),
            refusal: self.roster.refusal().cloned(),
        }
    }
}

/// Adds what is sent; the impolite end, which makes the first offer, opens a data channel, too, so
/// that there is something to negotiate also between two who send no media yet.
fn begin(
    connection: &PeerConnection,
    role: Role,
    stream: Option<&MediaStream>,
) -> Result<Option<DataChannel>, JsError> {
    if let Some(stream) = stream {
        for track in stream.get_tracks().iter() {
            connection.add_track(track.unchecked_ref(), stream)?;
        }
    }
    match role {
        Role::Polite => Ok(None),
        Role::Impolite => {
            let options = DataChannelOptions::default();
            connection.create_data_channel("call", &options).map(Some)
        }
    }
}

/// A track is muted while its sender sends nothing.
fn has_picture(stream: &MediaStream) -> bool {
    stream.get_video_tracks().iter().any(|track| {
        let track: MediaStreamTrack = track.unchecked_into();
        !track.muted() && track.ready_state() == MediaStreamTrackState::Live
    })
}

fn poll_slot<F: Future + Unpin>(
    slot: &mut Option<F>,
    context: &mut Context<'_>,
) -> Option<F::Output> {
    let Poll::Ready(output) = slot.as_mut()?.poll_unpin(context) else {
        return None;
    };
    *slot = None;
    Some(output)
}
