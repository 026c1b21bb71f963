//! The one task of a call: whatever happens wakes it, the machines decide, it carries out.

mod direct;
mod peers;
mod trace_sharing;
mod view;

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::task::{Context, Poll};

use futures_channel::mpsc;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use signaling_protocol::{IceServer, PeerId};

use super::connection_order::ConnectionQueue;
use super::links::{LinkEvent, Links};
use super::mailbox::Mailbox;
use super::peer::Peer;
use super::roster::{Action, Roster};
use super::{CallEvent, CallOptions, CallView, Command};
use crate::error::JsError;
use crate::rtc::now_ms;
use crate::rtc::senders::LocalTracks;
use crate::signaling::{Connection, Event, Signaling, Unreachable};
use crate::trace::vocabulary::Part;
use crate::trace::{Trace, Tracer};
use crate::trace_sharing::TraceSharing;

/// The data channel of a call.
const CHANNEL: &str = "call";

type Connecting = LocalBoxFuture<'static, Result<Box<dyn Connection>, Unreachable>>;
type Operation = LocalBoxFuture<'static, Result<(), JsError>>;

pub(super) struct Driver {
    roster: Roster,
    connection_queue: ConnectionQueue,
    links: Links<PeerId>,
    peers: BTreeMap<PeerId, Peer>,
    /// Also of peers that left: they may come back.
    mailboxes: BTreeMap<PeerId, Mailbox>,
    trace_sharings: BTreeMap<PeerId, TraceSharing>,
    ice_servers: Vec<IceServer>,
    signaling: Box<dyn Signaling>,
    /// Peers that were introduced signal over their own connection.
    direct: bool,
    _goodbye: Option<EventListener>,
    name: String,
    local_tracks: Option<LocalTracks>,
    lines: u64,
    failure: Option<JsError>,
    shown: Option<CallView>,
    trace: Trace,
    tracer: Tracer,
    on_event: Box<dyn Fn(CallEvent)>,
    commands: mpsc::UnboundedReceiver<Command>,
    hear: mpsc::UnboundedSender<(PeerId, u64, ChannelEvent)>,
    heard: mpsc::UnboundedReceiver<(PeerId, u64, ChannelEvent)>,
    connecting: Option<Connecting>,
    connection: Option<Box<dyn Connection>>,
    /// The next deadline of any machine, and the timer for it.
    alarm: Option<(f64, TimeoutFuture)>,
    /// What is being done to senders.
    operations: FuturesUnordered<Operation>,
}

/// What a data channel tells.
enum ChannelEvent {
    Open,
    Text(String),
    Closed,
}

/// What woke the driver.
enum Wake {
    Command(Command),
    Connected(Result<Box<dyn Connection>, Unreachable>),
    Signaling(Option<Event>),
    Alarm,
    Operated(Result<(), JsError>),
    Channel(PeerId, u64, ChannelEvent),
    Link(PeerId, LinkEvent),
}

impl Driver {
    pub(super) fn new(
        signaling: Box<dyn Signaling>,
        options: CallOptions,
        trace: &Trace,
        on_event: Box<dyn Fn(CallEvent)>,
        (command, commands): (
            mpsc::UnboundedSender<Command>,
            mpsc::UnboundedReceiver<Command>,
        ),
    ) -> Self {
        let (hear, heard) = mpsc::unbounded();
        let direct = signaling.only_introduces();
        Self {
            _goodbye: direct.then(|| direct::leave_with_page(command)).flatten(),
            roster: Roster::enter(options.room, options.kind, options.name.clone()),
            connection_queue: ConnectionQueue::new(options.order),
            links: Links::new(),
            peers: BTreeMap::new(),
            mailboxes: BTreeMap::new(),
            trace_sharings: BTreeMap::new(),
            ice_servers: Vec::new(),
            direct,
            signaling,
            name: options.name,
            local_tracks: options.local_tracks,
            lines: 0,
            failure: None,
            shown: None,
            trace: trace.clone(),
            tracer: trace.tracer(Part::Call),
            on_event,
            commands,
            hear,
            heard,
            connecting: None,
            connection: None,
            alarm: None,
            operations: FuturesUnordered::new(),
        }
    }

    pub(super) async fn run(mut self) {
        loop {
            loop {
                if let Some(action) = self.roster.poll_action() {
                    self.perform(action);
                } else if let Some(due) = self.connection_queue.poll_due(now_ms()) {
                    self.begin(due);
                } else {
                    break;
                }
            }
            self.pass_traces_on();
            self.show();
            if self.roster.phase().is_over() {
                return;
            }
            self.set_alarm();
            let wake = poll_fn(|context| self.poll_wake(context)).await;
            self.handle(wake);
        }
    }

    fn poll_wake(&mut self, context: &mut Context<'_>) -> Poll<Wake> {
        if let Poll::Ready(Some(command)) = self.commands.poll_next_unpin(context) {
            return Poll::Ready(Wake::Command(command));
        }
        if let Some(connecting) = &mut self.connecting
            && let Poll::Ready(result) = connecting.poll_unpin(context)
        {
            self.connecting = None;
            return Poll::Ready(Wake::Connected(result));
        }
        if let Some(connection) = &mut self.connection
            && let Poll::Ready(event) = connection.poll_next_unpin(context)
        {
            return Poll::Ready(Wake::Signaling(event));
        }
        if let Some((_, timer)) = &mut self.alarm
            && timer.poll_unpin(context).is_ready()
        {
            self.alarm = None;
            return Poll::Ready(Wake::Alarm);
        }
        if let Poll::Ready(Some(result)) = self.operations.poll_next_unpin(context) {
            return Poll::Ready(Wake::Operated(result));
        }
        if let Poll::Ready(Some((peer, serial, event))) = self.heard.poll_next_unpin(context) {
            return Poll::Ready(Wake::Channel(peer, serial, event));
        }
        self.links
            .poll_next(context)
            .map(|(peer, event)| Wake::Link(peer, event))
    }

    fn handle(&mut self, wake: Wake) {
        let (now, random) = (now_ms(), js_sys::Math::random());
        match wake {
            Wake::Command(Command::HangUp) => self.roster.handle_hang_up(),
            Wake::Command(Command::Send(local_tracks)) => self.send(local_tracks),
            Wake::Command(Command::Chat(text)) => self.chat(text),
            Wake::Command(Command::Reconnect(peer)) => {
                if !self.connection_queue.handle_impatience(&peer) {
                    self.begin_anew(&peer, None);
                }
            }
            Wake::Command(Command::Trace(peer, wish)) => self.handle_wish(&peer, wish),
            Wake::Connected(Ok(connection)) => {
                self.connection = Some(connection);
                self.roster.handle_connected();
            }
            Wake::Connected(Err(error)) => self.roster.handle_disconnected(error.0, now, random),
            Wake::Signaling(Some(Event::Lost(reason))) => {
                self.roster.handle_disconnected(reason, now, random);
            }
            Wake::Signaling(Some(event)) => {
                if let Event::Joined { me, peers, .. } = &event {
                    let others = peers.iter().map(|peer| peer.peer_id.clone());
                    let others = others.filter(|peer| peer != me).collect();
                    self.connection_queue.handle_joined(others, now);
                }
                self.roster.handle_event(event, now, random);
            }
            Wake::Signaling(None) => {
                let reason = "the connection was lost".to_owned();
                self.roster.handle_disconnected(reason, now, random);
            }
            Wake::Alarm => self.look_at_clock(now),
            Wake::Operated(Ok(())) => {}
            Wake::Operated(Err(error)) => {
                self.tracer.error("send", &error);
                self.failure = Some(error);
            }
            Wake::Channel(peer, serial, event) => self.handle_channel(&peer, serial, event),
            Wake::Link(peer, event) => self.handle_link(peer, event, now),
        }
    }

    fn perform(&mut self, action: Action) {
        let now = now_ms();
        match action {
            Action::Connect => self.connecting = Some(self.signaling.connect()),
            Action::Disconnect => {
                self.connecting = None;
                self.connection = None;
            }
            Action::Send(request) => self.request(request),
            Action::AddPeer {
                peer,
                role,
                ice_servers,
            } => {
                self.ice_servers = ice_servers;
                match Peer::new(role, now) {
                    Ok(added) => {
                        self.peers.insert(peer.clone(), added);
                        let reachable = self.roster.is_reachable(&peer);
                        self.tell_reachable(&peer, reachable, now);
                        self.connection_queue.handle_added(peer);
                    }
                    Err(error) => self.failure = Some(error),
                }
                self.limit_video();
            }
            // Whose turn has not come hears of our connection when it is made.
            Action::KeepPeer(id) if self.connection_queue.is_waiting(&id) => {}
            Action::KeepPeer(id) => {
                if let Some(peer) = self.peers.get(&id) {
                    let message = peer.pairing.message(None);
                    self.roster.handle_message_to_send(id.clone(), message);
                    self.links.repeat_offer(&id);
                }
            }
            Action::SetReachable { peer, reachable } => {
                self.tell_reachable(&peer, reachable, now);
            }
            Action::RemovePeer(peer) => {
                self.connection_queue.handle_removed(&peer);
                self.links.remove(&peer);
                self.peers.remove(&peer);
                self.stop_sharing_traces(&peer);
                if let Some(mailbox) = self.mailboxes.get_mut(&peer) {
                    mailbox.handle_left();
                }
                self.failure = None;
                self.limit_video();
            }
            Action::Deliver { from, message } => {
                if let Some(message) = self.connection_queue.handle_message(&from, message) {
                    self.deliver(&from, message);
                }
            }
        }
    }

    fn look_at_clock(&mut self, now: f64) {
        self.roster.handle_timeout(now);
        self.connection_queue.handle_timeout(now);
        for (id, peer) in &mut self.peers {
            if peer.health.handle_timeout(now) {
                self.links.restart(id);
            }
        }
        self.tell_traces();
    }

    fn set_alarm(&mut self) {
        let deadlines = self
            .peers
            .values()
            .filter_map(|peer| peer.health.deadline());
        let next = deadlines
            .chain(self.roster.deadline())
            .chain(self.connection_queue.deadline())
            .chain(self.trace_deadline())
            .reduce(f64::min);
        if self.alarm.as_ref().map(|(at, _)| *at) == next {
            return;
        }
        self.alarm = next.map(|at| {
            let pause = (at - now_ms()).ceil().clamp(0.0, f64::from(i32::MAX));
            (at, TimeoutFuture::new(pause as u32))
        });
    }
}

/// Whoever goes without hanging up, by leaving the page for another chapter, leaves the room, too:
/// the server must not keep a seat for somebody who will not come back.
impl Drop for Driver {
    fn drop(&mut self) {
        self.roster.handle_hang_up();
        while let Some(action) = self.roster.poll_action() {
            self.perform(action);
        }
    }
}
