//! The driver's part about other participants: their connections and what is said over them.

use futures_util::FutureExt;
use signaling_protocol::{ChannelMessage, LeaveReason, PeerId, PeerMessage};

use super::view::status;
use super::{CHANNEL, ChannelEvent, Driver};
use crate::call::budget;
use crate::call::connection_order::Due;
use crate::call::links::LinkEvent;
use crate::call::mailbox::Mailbox;
use crate::call::pairing::Verdict;
use crate::error::JsError;
use crate::negotiation::Role;
use crate::rtc::data_channel::{DataChannel, DataChannelOptions, Message};
use crate::rtc::senders::LocalTracks;
use crate::rtc::{all_settled, now_ms};
use crate::signaling::{Event, summary};

impl Driver {
    pub(super) fn handle_link(&mut self, id: PeerId, event: LinkEvent, now: f64) {
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
                // Before it was connected it may still come: people carry texts slowly, and Chromium
                // finds a way also after it gave up, and may say so late.
                let lost = states.connection == "failed" && peer.health.was_connected();
                peer.health.handle_state(&states.connection, now);
                self.connection_queue
                    .handle_ice_state(&id, &states.ice_connection, now);
                if states.connection == "connected" {
                    self.failure = None;
                }
                let settled = states.signaling == "stable";
                let gathered = states.ice_gathering == "complete"
                    && peer.states.ice_gathering != states.ice_gathering;
                peer.states = states;
                if settled {
                    self.limit_video();
                }
                self.handle_path(&id);
                if gathered {
                    self.handle_gathered(&id);
                }
                if lost {
                    self.handle_end(id, LeaveReason::Disconnected);
                }
            }
            // The view that follows looks at every track.
            LinkEvent::Muted => {}
            LinkEvent::Track { track, stream } => peer.add_track(track, stream),
        }
    }

    pub(super) fn handle_channel(&mut self, id: &PeerId, serial: u64, event: ChannelEvent) {
        let present = self.peers.get(id).map(|peer| peer.channel_serial);
        if present != Some(serial) {
            return;
        }
        if matches!(event, ChannelEvent::Closed) {
            self.stop_sharing_traces(id);
        }
        let Some(peer) = self.peers.get_mut(id) else {
            return;
        };
        let mailbox = self.mailboxes.entry(id.clone()).or_insert_with(new_mailbox);
        let text = match event {
            ChannelEvent::Open => {
                peer.say(&ChannelMessage::Status(status(self.local_tracks.as_ref())));
                for message in mailbox.handle_open() {
                    peer.say(&message);
                }
                return self.take_back(id);
            }
            ChannelEvent::Closed => return self.handle_end(id.clone(), LeaveReason::Left),
            ChannelEvent::Text(text) => text,
        };
        match serde_json::from_str::<ChannelMessage>(&text) {
            Ok(ChannelMessage::Status(status)) => peer.set_status(status),
            Ok(ChannelMessage::Acknowledgement { received }) => {
                mailbox.handle_acknowledgement(received)
            }
            Ok(ChannelMessage::Chat(chat)) => {
                let (new, acknowledgement) = mailbox.handle_chat(chat, js_sys::Date::now());
                peer.say(&acknowledgement);
                if let Some(chat) = new {
                    let author = self.roster.name_of(id).unwrap_or_default().to_owned();
                    self.line(Some(id.clone()), author, chat.text, chat.sent_at_ms);
                }
            }
            Ok(ChannelMessage::Signal(message)) => {
                let event = Event::Signal {
                    from: id.clone(),
                    message,
                };
                summary::report_event(&self.tracer, &event);
                if let Event::Signal { message, .. } = event {
                    self.deliver(id, message);
                }
            }
            Ok(ChannelMessage::Trace(message)) => self.handle_trace(id, message),
            // Of a later version, perhaps.
            Err(error) => self.tracer.error("data channel", error.to_string()),
        }
    }

    /// The peer's turn has come.
    pub(super) fn begin(&mut self, due: Due) {
        if let Some(peer) = self.peers.get_mut(&due.peer) {
            peer.health = peer.health.renewed(now_ms());
        }
        self.connect(&due.peer);
        for message in due.kept {
            self.deliver(&due.peer, message);
        }
    }

    pub(super) fn deliver(&mut self, from: &PeerId, message: PeerMessage) {
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
    pub(super) fn begin_anew(&mut self, id: &PeerId, because: Option<&PeerMessage>) {
        if let Some(peer) = self.peers.get_mut(id) {
            peer.begin_anew(because, now_ms());
            self.stop_sharing_traces(id);
            self.connect(id);
        }
    }

    pub(super) fn connect(&mut self, id: &PeerId) {
        if let Err(error) = self.try_connect(id) {
            self.links.remove(id);
            self.tracer.error("RTCPeerConnection", &error);
            self.failure = Some(error);
        }
    }

    /// Makes the connection, and adds what is sent. The impolite end, which makes the first offer,
    /// opens the data channel; the polite one only says that it is there.
    pub(super) fn try_connect(&mut self, id: &PeerId) -> Result<(), JsError> {
        let Some(peer) = self.peers.get(id) else {
            return Ok(());
        };
        let role = peer.role;
        let tracer = self.trace.tracer(id.as_str()).toward(id.as_str());
        let connection = self
            .links
            .add(id.clone(), role, &self.ice_servers, tracer)?;
        if let Some(local_tracks) = &self.local_tracks {
            let promises = connection.send(local_tracks)?;
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

    pub(super) fn adopt(&mut self, id: &PeerId, channel: DataChannel) {
        self.stop_sharing_traces(id);
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
        let waiting = !channel.is_open();
        if !waiting {
            tell(ChannelEvent::Open);
        }
        channel.on_state_change(move |state| match state {
            "open" if waiting => tell(ChannelEvent::Open),
            "closed" => tell(ChannelEvent::Closed),
            _ => {}
        });
        peer.channel = Some(channel);
    }

    pub(super) fn send(&mut self, local_tracks: LocalTracks) {
        let status = ChannelMessage::Status(status(Some(&local_tracks)));
        for (id, peer) in &self.peers {
            peer.say(&status);
            let Some(connection) = self.links.get(id) else {
                continue;
            };
            match connection.send(&local_tracks) {
                Ok(promises) => self.operations.push(all_settled(promises).boxed_local()),
                Err(error) => self.failure = Some(error),
            }
        }
        self.local_tracks = Some(local_tracks);
        self.limit_video();
    }

    pub(super) fn limit_video(&mut self) {
        let videos = self.local_tracks.as_ref().map_or(0, LocalTracks::videos);
        let kbps = budget::video_kbps(self.peers.len()) / videos.max(1);
        for connection in self.peers.keys().filter_map(|id| self.links.get(id)) {
            let promises = connection.limit_video(kbps);
            if !promises.is_empty() {
                self.operations.push(all_settled(promises).boxed_local());
            }
        }
    }

    pub(super) fn chat(&mut self, text: String) {
        let now = js_sys::Date::now();
        for (id, peer) in &self.peers {
            let mailbox = self.mailboxes.entry(id.clone()).or_insert_with(new_mailbox);
            // Without a channel it waits in the mailbox.
            peer.say(&mailbox.handle_text(text.clone(), now));
        }
        self.line(None, self.name.clone(), text, now);
    }
}

/// Times are greater in each later call.
fn new_mailbox() -> Mailbox {
    Mailbox::new(js_sys::Date::now() as u64)
}
