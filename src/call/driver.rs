//! The one task of a call: whatever happens wakes it, the machines decide, it carries out.

mod connections;
mod direct;
mod mesh;
mod participants;
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

use super::connection::{Connection, ConnectionKey};
use super::links::{LinkEvent, Links};
use super::mesh::Mesh;
use super::roster::{Action, Roster};
use super::{CallCommand, CallEvent, CallOptions, CallView};
use crate::error::JsError;
use crate::rtc::now_ms;
use crate::rtc::senders::LocalTracks;
use crate::signaling::{self, Event, Signaling, Unreachable};
use crate::trace::vocabulary::Part;
use crate::trace::{Trace, Tracer};

/// A connection to the signaling service.
type Service = Box<dyn signaling::Connection>;
type Connecting = LocalBoxFuture<'static, Result<Service, Unreachable>>;
type Operation = LocalBoxFuture<'static, Result<(), JsError>>;

pub(super) struct Driver {
    roster: Roster,
    mesh: Mesh,
    /// All connections that there are, or that are made when their turn comes.
    connections: BTreeMap<ConnectionKey, Connection>,
    links: Links<ConnectionKey>,
    signaling: Box<dyn Signaling>,
    /// Peers that were introduced signal over their own connection.
    direct: bool,
    _goodbye: Option<EventListener>,
    /// What everybody else receives.
    local_tracks: Option<LocalTracks>,
    /// While our hand is raised.
    hand_raised_at_ms: Option<u64>,
    is_audio_only: bool,
    /// Whether we record what we see and hear.
    is_recording: bool,
    /// Whether the network is too weak for the video of our camera.
    is_video_paused: bool,
    lines: u64,
    failure: Option<JsError>,
    shown: Option<CallView>,
    trace: Trace,
    tracer: Tracer,
    on_event: Box<dyn Fn(CallEvent)>,
    commands: mpsc::UnboundedReceiver<CallCommand>,
    hear: mpsc::UnboundedSender<(ConnectionKey, u64, ChannelEvent)>,
    heard: mpsc::UnboundedReceiver<(ConnectionKey, u64, ChannelEvent)>,
    connecting: Option<Connecting>,
    service: Option<Service>,
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
    Command(CallCommand),
    Connected(Result<Service, Unreachable>),
    Signaling(Option<Event>),
    Alarm,
    Operated(Result<(), JsError>),
    Channel(ConnectionKey, u64, ChannelEvent),
    Link(ConnectionKey, LinkEvent),
}

impl Driver {
    pub(super) fn new(
        signaling: Box<dyn Signaling>,
        options: CallOptions,
        trace: &Trace,
        on_event: Box<dyn Fn(CallEvent)>,
        (command, commands): (
            mpsc::UnboundedSender<CallCommand>,
            mpsc::UnboundedReceiver<CallCommand>,
        ),
    ) -> Self {
        let (hear, heard) = mpsc::unbounded();
        let direct = signaling.only_introduces();
        Self {
            _goodbye: direct.then(|| direct::leave_with_page(command)).flatten(),
            // Times are greater in each later call.
            roster: Roster::enter(
                options.room,
                options.kind,
                options.name,
                js_sys::Date::now() as u64,
            )
            .with_passphrase(options.passphrase),
            mesh: Mesh::new(options.order),
            connections: BTreeMap::new(),
            links: Links::new(),
            direct,
            signaling,
            local_tracks: options.local_tracks,
            hand_raised_at_ms: None,
            is_audio_only: options.is_audio_only,
            is_recording: false,
            is_video_paused: false,
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
            service: None,
            alarm: None,
            operations: FuturesUnordered::new(),
        }
    }

    pub(super) async fn run(mut self) {
        loop {
            loop {
                if let Some(action) = self.roster.poll_action() {
                    self.perform(action);
                } else if let Some(due) = self.mesh.poll_due(now_ms()) {
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
        if let Some(service) = &mut self.service
            && let Poll::Ready(event) = service.poll_next_unpin(context)
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
        if let Poll::Ready(Some((key, serial, event))) = self.heard.poll_next_unpin(context) {
            return Poll::Ready(Wake::Channel(key, serial, event));
        }
        self.links
            .poll_next(context)
            .map(|(key, event)| Wake::Link(key, event))
    }

    fn handle(&mut self, wake: Wake) {
        let (now, random) = (now_ms(), js_sys::Math::random());
        match wake {
            Wake::Command(CallCommand::HangUp) => self.roster.handle_hang_up(),
            Wake::Command(CallCommand::Send(local_tracks)) => self.send(local_tracks),
            Wake::Command(CallCommand::Chat(text)) => self.chat(text),
            Wake::Command(CallCommand::RaiseHand(is_raised)) => self.raise_hand(is_raised),
            Wake::Command(CallCommand::SetAudioOnly(is_audio_only)) => {
                self.set_audio_only(is_audio_only);
            }
            Wake::Command(CallCommand::AnnounceRecording(is_recording)) => {
                self.announce_recording(is_recording);
            }
            Wake::Command(CallCommand::PauseVideo(is_paused)) => self.pause_video(is_paused),
            Wake::Command(CallCommand::AskToMute(peer)) => self.ask_to_mute(&peer),
            Wake::Command(CallCommand::RefuseToMute) => self.answer_mute_requests(),
            Wake::Command(CallCommand::React(reaction)) => self.react(reaction),
            Wake::Command(CallCommand::Reconnect(peer)) => {
                if !self.mesh.handle_impatience(&peer) {
                    self.begin_anew(&self.mesh.connection_of(&peer), None);
                }
            }
            Wake::Command(CallCommand::Trace(peer, wish)) => self.handle_wish(&peer, wish),
            Wake::Command(CallCommand::Host(message)) => self.roster.handle_host(message),
            Wake::Connected(Ok(service)) => {
                self.service = Some(service);
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
                    self.mesh.handle_joined(others, now);
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
            Wake::Channel(key, serial, event) => self.handle_channel(&key, serial, event),
            Wake::Link(key, event) => self.handle_link(key, event, now),
        }
    }

    fn perform(&mut self, action: Action) {
        let now = now_ms();
        match action {
            Action::Connect => self.connecting = Some(self.signaling.connect()),
            Action::Disconnect => {
                self.connecting = None;
                self.service = None;
            }
            Action::Send(request) => self.request(request),
            Action::AddPeer(peer) => self.add(&peer, now),
            Action::KeepPeer(peer) => self.keep(peer),
            Action::SetReachable { peer, reachable } => {
                let key = self.mesh.connection_of(&peer);
                self.tell_reachable(&key, reachable, now);
            }
            Action::RemovePeer(peer) => self.remove(&peer),
            Action::Deliver { from, message } => {
                if let Some(message) = self.mesh.handle_message(&from, message) {
                    self.deliver(&from, message);
                }
            }
        }
    }

    fn look_at_clock(&mut self, now: f64) {
        self.roster.handle_timeout(now);
        self.mesh.handle_timeout(now);
        for (key, connection) in &mut self.connections {
            if connection.health.handle_timeout(now) {
                self.links.restart(key);
            }
        }
        self.tell_traces();
    }

    fn set_alarm(&mut self) {
        let connections = self.connections.values();
        let next = connections
            .filter_map(|connection| connection.health.deadline())
            .chain(self.roster.deadline())
            .chain(self.mesh.deadline())
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
