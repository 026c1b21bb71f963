//! The one task of a call: whatever happens wakes it, the machines decide, it carries out.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::task::{Context, Poll};

use futures_channel::mpsc;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use gloo_timers::future::TimeoutFuture;
use signaling_protocol::{ChannelMessage, IceServer, MediaStatus, PeerId, PeerMessage};

use super::links::{LinkEvent, Links};
use super::mailbox::Mailbox;
use super::pairing::Verdict;
use super::peer::Peer;
use super::roster::{Action, Roster};
use super::{
    CallEvent, CallOptions, CallView, ChatLine, Command, PeerView, Presence, SharedConnection,
    budget,
};
use crate::error::JsError;
use crate::negotiation::Role;
use crate::rtc::data_channel::{DataChannel, DataChannelOptions, Message};
use crate::rtc::senders::Outgoing;
use crate::rtc::{all_settled, now_ms};
use crate::signaling::{Connection, Event, Signaling, Unreachable};
use crate::trace::{Trace, Tracer};

/// The data channel of a call.
const CHANNEL: &str = "call";

type Connecting = LocalBoxFuture<'static, Result<Box<dyn Connection>, Unreachable>>;
type Operation = LocalBoxFuture<'static, Result<(), JsError>>;

pub(super) struct Driver {
    roster: Roster,
    links: Links<PeerId>,
    peers: BTreeMap<PeerId, Peer>,
    /// Also of peers that left: they may come back.
    mailboxes: BTreeMap<PeerId, Mailbox>,
    ice_servers: Vec<IceServer>,
    signaling: Box<dyn Signaling>,
    name: String,
    outgoing: Option<Outgoing>,
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
        commands: mpsc::UnboundedReceiver<Command>,
    ) -> Self {
        let (hear, heard) = mpsc::unbounded();
        Self {
            roster: Roster::enter(options.room, options.kind, options.name.clone()),
            links: Links::new(),
            peers: BTreeMap::new(),
            mailboxes: BTreeMap::new(),
            ice_servers: Vec::new(),
            signaling,
            name: options.name,
            outgoing: options.outgoing,
            lines: 0,
            failure: None,
            shown: None,
            trace: trace.clone(),
            tracer: trace.tracer("call"),
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
            while let Some(action) = self.roster.poll_action() {
                self.perform(action);
            }
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
        let (now, chance) = (now_ms(), js_sys::Math::random());
        match wake {
            Wake::Command(Command::HangUp) => self.roster.handle_hang_up(),
            Wake::Command(Command::Send(outgoing)) => self.send(outgoing),
            Wake::Command(Command::Chat(text)) => self.chat(text),
            Wake::Command(Command::Reconnect(peer)) => self.begin_anew(&peer, None),
            Wake::Connected(Ok(connection)) => {
                self.connection = Some(connection);
                self.roster.handle_connected();
            }
            Wake::Connected(Err(error)) => self.roster.handle_disconnected(error.0, now, chance),
            Wake::Signaling(Some(event)) => self.roster.handle_event(event, now, chance),
            Wake::Signaling(None) => {
                let reason = "the connection to the server was lost".to_owned();
                self.roster.handle_disconnected(reason, now, chance);
            }
            Wake::Alarm => self.look_at_clock(now),
            Wake::Operated(Ok(())) => {}
            Wake::Operated(Err(error)) => {
                self.tracer.error("send", error.to_string());
                self.failure = Some(error);
            }
            Wake::Channel(peer, serial, event) => self.handle_channel(&peer, serial, event),
            Wake::Link(peer, event) => self.handle_link(peer, event, now),
        }
    }

    fn handle_link(&mut self, id: PeerId, event: LinkEvent, now: f64) {
        let Some(peer) = self.peers.get_mut(&id) else {
            return;
        };
        match event {
            LinkEvent::Signal(signal) => {
                let message = peer.pairing.message(Some(signal));
                self.roster.handle_message_to_send(id, message);
            }
            LinkEvent::Failed(error) => self.failure = Some(error),
            LinkEvent::DataChannel(channel) if channel.label() == CHANNEL => {
                self.adopt(&id, channel);
            }
            LinkEvent::DataChannel(_) => {}
            LinkEvent::States(states) => {
                peer.health.handle_state(&states.connection, now);
                if states.connection == "connected" {
                    self.failure = None;
                }
                let settled = states.signaling == "stable";
                peer.states = states;
                if settled {
                    self.limit_video();
                }
            }
            // The view that follows looks at every track.
            LinkEvent::Muted => {}
            LinkEvent::Track { track, stream } => peer.add_track(track, stream),
        }
    }

    fn handle_channel(&mut self, id: &PeerId, serial: u64, event: ChannelEvent) {
        let Some(peer) = self.peers.get_mut(id) else {
            return;
        };
        if peer.channel_serial != serial {
            return;
        }
        let mailbox = self.mailboxes.entry(id.clone()).or_insert_with(new_mailbox);
        let text = match event {
            ChannelEvent::Open => {
                peer.say(&ChannelMessage::Status(status(self.outgoing.as_ref())));
                for message in mailbox.handle_open() {
                    peer.say(&message);
                }
                return;
            }
            ChannelEvent::Text(text) => text,
        };
        match serde_json::from_str::<ChannelMessage>(&text) {
            Ok(ChannelMessage::Status(status)) => peer.set_status(status),
            Ok(ChannelMessage::Receipt { received }) => mailbox.handle_receipt(received),
            Ok(ChannelMessage::Chat(chat)) => {
                let (new, receipt) = mailbox.handle_chat(chat, js_sys::Date::now());
                peer.say(&receipt);
                if let Some(chat) = new {
                    let author = self.roster.name_of(id).unwrap_or_default().to_owned();
                    self.line(Some(id.clone()), author, chat.text, chat.sent_at_ms);
                }
            }
            // Of a later version, perhaps.
            Err(error) => self.tracer.error("data channel", error.to_string()),
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
                self.ice_servers = ice_servers;
                match Peer::new(role, now) {
                    Ok(mut added) => {
                        let reachable = self.roster.is_reachable(&peer);
                        added.health.handle_reachable(reachable, now);
                        self.peers.insert(peer.clone(), added);
                        self.connect(&peer);
                    }
                    Err(error) => self.failure = Some(error),
                }
                self.limit_video();
            }
            Action::KeepPeer(id) => {
                if let Some(peer) = self.peers.get(&id) {
                    let message = peer.pairing.message(None);
                    self.roster.handle_message_to_send(id.clone(), message);
                    self.links.repeat_offer(&id);
                }
            }
            Action::SetReachable { peer, reachable } => {
                if let Some(peer) = self.peers.get_mut(&peer) {
                    peer.health.handle_reachable(reachable, now);
                }
            }
            Action::RemovePeer(peer) => {
                self.links.remove(&peer);
                self.peers.remove(&peer);
                if let Some(mailbox) = self.mailboxes.get_mut(&peer) {
                    mailbox.handle_left();
                }
                self.failure = None;
                self.limit_video();
            }
            Action::Deliver { from, message } => self.deliver(&from, message),
        }
    }

    fn deliver(&mut self, from: &PeerId, message: PeerMessage) {
        let Some(peer) = self.peers.get_mut(from) else {
            return;
        };
        match peer.pairing.handle_message(&message) {
            Verdict::Deliver => {}
            Verdict::Stale => return,
            // Each costs many messages; a peer that keeps asking must not make us flood the server.
            Verdict::Replace | Verdict::Announce if !peer.may_begin_anew(now_ms()) => return,
            Verdict::Replace => self.begin_anew(from, Some(&message)),
            Verdict::Announce => {
                let message = peer.pairing.announcement();
                return self.roster.handle_message_to_send(from.clone(), message);
            }
        }
        if let Some(signal) = message.signal {
            self.links.handle_signal(from, signal);
        }
    }

    /// A new connection in place of the one there is.
    fn begin_anew(&mut self, id: &PeerId, because: Option<&PeerMessage>) {
        if let Some(peer) = self.peers.get_mut(id) {
            peer.begin_anew(because, now_ms());
            self.connect(id);
        }
    }

    fn connect(&mut self, id: &PeerId) {
        if let Err(error) = self.try_connect(id) {
            self.links.remove(id);
            self.tracer.error("RTCPeerConnection", error.to_string());
            self.failure = Some(error);
        }
    }

    /// Makes the connection, and adds what is sent. The impolite end, which makes the first offer,
    /// opens the data channel; the polite one only says that it is there.
    fn try_connect(&mut self, id: &PeerId) -> Result<(), JsError> {
        let Some(peer) = self.peers.get(id) else {
            return Ok(());
        };
        let role = peer.role;
        let tracer = self.trace.tracer(id.as_str());
        let connection = self
            .links
            .add(id.clone(), role, &self.ice_servers, tracer)?;
        if let Some(outgoing) = &self.outgoing {
            let promises = connection.send(outgoing)?;
            self.operations.push(all_settled(promises).boxed_local());
        }
        match role {
            Role::Polite => {
                let message = peer.pairing.message(None);
                self.roster.handle_message_to_send(id.clone(), message);
            }
            Role::Impolite => {
                let options = DataChannelOptions::default();
                let channel = connection.create_data_channel(CHANNEL, &options)?;
                self.adopt(id, channel);
            }
        }
        Ok(())
    }

    fn adopt(&mut self, id: &PeerId, channel: DataChannel) {
        let Some(peer) = self.peers.get_mut(id) else {
            return;
        };
        peer.channel_serial += 1;
        let tell = {
            let (hear, id, serial) = (self.hear.clone(), id.clone(), peer.channel_serial);
            // The queue is gone only together with every channel.
            move |event| drop(hear.unbounded_send((id.clone(), serial, event)))
        };
        let tell_text = tell.clone();
        channel.on_message(move |message| {
            if let Message::Text(text) = message {
                tell_text(ChannelEvent::Text(text));
            }
        });
        if channel.is_open() {
            tell(ChannelEvent::Open);
        } else {
            channel.on_state_change(move |state| {
                if state == "open" {
                    tell(ChannelEvent::Open);
                }
            });
        }
        peer.channel = Some(channel);
    }

    fn send(&mut self, outgoing: Outgoing) {
        let status = ChannelMessage::Status(status(Some(&outgoing)));
        for (id, peer) in &self.peers {
            peer.say(&status);
            let Some(connection) = self.links.get(id) else {
                continue;
            };
            match connection.send(&outgoing) {
                Ok(promises) => self.operations.push(all_settled(promises).boxed_local()),
                Err(error) => self.failure = Some(error),
            }
        }
        self.outgoing = Some(outgoing);
        self.limit_video();
    }

    fn limit_video(&mut self) {
        let pictures = self.outgoing.as_ref().map_or(0, Outgoing::pictures);
        let kbps = budget::video_kbps(self.peers.len()) / pictures.max(1);
        for connection in self.peers.keys().filter_map(|id| self.links.get(id)) {
            let promises = connection.limit_video(kbps);
            if !promises.is_empty() {
                self.operations.push(all_settled(promises).boxed_local());
            }
        }
    }

    fn chat(&mut self, text: String) {
        let now = js_sys::Date::now();
        for (id, peer) in &self.peers {
            let mailbox = self.mailboxes.entry(id.clone()).or_insert_with(new_mailbox);
            // Without a channel it waits in the mailbox.
            peer.say(&mailbox.handle_text(text.clone(), now));
        }
        self.line(None, self.name.clone(), text, now);
    }

    fn line(&mut self, peer: Option<PeerId>, author: String, text: String, at_ms: f64) {
        let line = ChatLine {
            id: self.lines,
            own: peer.is_none(),
            peer,
            author,
            text,
            at_ms,
        };
        self.lines += 1;
        (self.on_event)(CallEvent::Chat(line));
    }

    fn look_at_clock(&mut self, now: f64) {
        self.roster.handle_timeout(now);
        for (id, peer) in &mut self.peers {
            if peer.health.handle_timeout(now) {
                self.links.restart(id);
            }
        }
    }

    fn set_alarm(&mut self) {
        let deadlines = self
            .peers
            .values()
            .filter_map(|peer| peer.health.deadline());
        let next = deadlines.chain(self.roster.deadline()).reduce(f64::min);
        if self.alarm.as_ref().map(|(at, _)| *at) == next {
            return;
        }
        self.alarm = next.map(|at| {
            let pause = (at - now_ms()).ceil().clamp(0.0, f64::from(i32::MAX));
            (at, TimeoutFuture::new(pause as u32))
        });
    }

    fn show(&mut self) {
        let view = self.view();
        if self.shown.as_ref() != Some(&view) {
            self.shown = Some(view.clone());
            (self.on_event)(CallEvent::Changed(view));
        }
    }

    fn view(&self) -> CallView {
        let peers = self.peers.iter().map(|(id, peer)| {
            let status = peer.status.as_ref();
            let mailbox = self.mailboxes.get(id);
            let away = self.roster.is_away(id);
            let presence = match peer.health.presence() {
                Presence::Connected if away => Presence::Reconnecting,
                presence => presence,
            };
            PeerView {
                id: id.clone(),
                name: self.roster.name_of(id).unwrap_or_default().to_owned(),
                presence,
                away,
                states: peer.states.clone(),
                camera: Clone::clone(&peer.person),
                has_picture: peer.has_picture(),
                screen: peer.shares_screen().then(|| Clone::clone(&peer.screen)),
                microphone_on: status.is_none_or(|status| status.microphone),
                camera_on: status.is_none_or(|status| status.camera),
                undelivered: mailbox.map_or(0, Mailbox::waiting),
                connection: self.links.get(id).cloned().map(SharedConnection),
            }
        });
        CallView {
            phase: self.roster.phase().clone(),
            me: self.roster.me().cloned(),
            capacity: self.roster.capacity(),
            peers: peers.collect(),
            departed: self.roster.departed().cloned(),
            failure: self.failure.clone(),
            refusal: self.roster.refusal().cloned(),
        }
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

/// Times are greater in each later call.
fn new_mailbox() -> Mailbox {
    Mailbox::new(js_sys::Date::now() as u64)
}

/// What others are told about what is sent.
fn status(outgoing: Option<&Outgoing>) -> MediaStatus {
    outgoing.map_or_else(MediaStatus::default, |outgoing| MediaStatus {
        microphone: outgoing
            .microphone
            .as_ref()
            .is_some_and(|track| track.enabled()),
        camera: outgoing.camera.is_some(),
        screen_stream: outgoing.screen.is_some().then(|| outgoing.screen_stream()),
    })
}
