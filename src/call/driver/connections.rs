//! The driver's part about connections: what they tell, and how they begin.

use futures_util::FutureExt;
use signaling_protocol::{ChannelMessage, LeaveReason, PeerId, PeerMessage};

use super::{ChannelEvent, Driver};
use crate::call::connection::{CHANNEL, ConnectionKey};
use crate::call::links::LinkEvent;
use crate::call::pairing::PairingOutcome;
use crate::call::participant::Participant;
use crate::error::JsError;
use crate::negotiation::Role;
use crate::rtc::data_channel::{DataChannel, DataChannelOptions, Message, WaterMarks};
use crate::rtc::senders::LocalTracks;
use crate::rtc::{all_settled, now_ms};
use crate::states::{ConnectionState, DataChannelState, IceGatheringState, SignalingState};

impl Driver {
    pub(super) fn handle_link(&mut self, key: ConnectionKey, event: LinkEvent, now: f64) {
        let Some(connection) = self.connections.get_mut(&key) else {
            return;
        };
        match event {
            LinkEvent::Signal(signal) => {
                let message = connection.pairing.message(Some(signal));
                self.roster
                    .handle_message_to_send(key.peer().clone(), message);
            }
            LinkEvent::Failed(error) => self.failure = Some(error),
            // Whoever was only introduced has no other path over which a new one could be negotiated.
            LinkEvent::Broken(_) if !self.direct && connection.may_begin_anew(now) => {
                self.begin_anew(&key, None);
            }
            LinkEvent::Broken(error) => self.failure = Some(error),
            LinkEvent::DataChannel(channel) if channel.label() == CHANNEL => {
                self.adopt(&key, channel);
            }
            // Of a later version, perhaps. Nobody would read what comes over it.
            LinkEvent::DataChannel(channel) => {
                channel.refuse("nothing here knows a channel of this label");
            }
            LinkEvent::States(states) => {
                // Before it was connected it may still come: people carry texts slowly, and Chromium
                // finds a path also after it gave up, and may say so late.
                let lost = states.connection == ConnectionState::Failed
                    && connection.health.was_connected();
                connection.health.handle_state(states.connection, now);
                self.mesh.handle_ice_state(&key, states.ice_connection, now);
                if states.connection == ConnectionState::Connected {
                    self.failure = None;
                }
                let settled = states.signaling == SignalingState::Stable;
                let gathered = states.ice_gathering == IceGatheringState::Complete
                    && connection.states.ice_gathering != states.ice_gathering;
                connection.states = states;
                if settled {
                    self.limit_video();
                }
                self.handle_path(&key);
                if gathered {
                    self.handle_gathered(&key);
                }
                if lost {
                    self.handle_end(key.peer().clone(), LeaveReason::Disconnected);
                }
            }
            // The view that follows looks at every track.
            LinkEvent::Muted => {}
            LinkEvent::Track { track, stream } => connection.received.add_track(track, stream),
        }
    }

    pub(super) fn handle_channel(&mut self, key: &ConnectionKey, serial: u64, event: ChannelEvent) {
        let present = self.connections.get(key).map(|there| &there.channels);
        if !present.is_some_and(|channels| channels.is_current(CHANNEL, serial)) {
            return;
        }
        let peer = key.peer();
        match event {
            ChannelEvent::Open => {
                self.greet(peer);
                self.take_back(key);
            }
            ChannelEvent::Text(text) => self.handle_text(peer, &text),
            ChannelEvent::Closed => {
                self.stop_sharing_traces(peer);
                self.handle_end(peer.clone(), LeaveReason::Left);
            }
        }
    }

    pub(super) fn deliver(&mut self, from: &PeerId, message: PeerMessage) {
        let key = self.mesh.connection_of(from);
        let Some(connection) = self.connections.get_mut(&key) else {
            return;
        };
        match connection.pairing.handle_message(&message) {
            PairingOutcome::Deliver => {}
            PairingOutcome::Stale => return,
            // Each costs many messages; a peer that keeps asking must not make us flood the server.
            PairingOutcome::Replace | PairingOutcome::Announce
                if !connection.may_begin_anew(now_ms()) =>
            {
                return;
            }
            PairingOutcome::Replace => self.begin_anew(&key, Some(&message)),
            PairingOutcome::Announce => {
                let message = connection.pairing.announcement();
                return self.roster.handle_message_to_send(from.clone(), message);
            }
        }
        if let Some(signal) = message.signal {
            self.links.handle_signal(&key, signal);
        }
    }

    /// A new connection in place of the one there is.
    pub(super) fn begin_anew(&mut self, key: &ConnectionKey, because: Option<&PeerMessage>) {
        if let Some(connection) = self.connections.get_mut(key) {
            connection.begin_anew(because, now_ms());
            self.stop_sharing_traces(key.peer());
            self.connect(key);
        }
    }

    pub(super) fn connect(&mut self, key: &ConnectionKey) {
        if let Err(error) = self.try_connect(key) {
            self.links.remove(key);
            self.tracer.error("RTCPeerConnection", &error);
            self.failure = Some(error);
        }
    }

    /// Makes the connection, and adds what is sent. The impolite end, which makes the first offer,
    /// opens the data channel; the polite one only says that it is there.
    pub(super) fn try_connect(&mut self, key: &ConnectionKey) -> Result<(), JsError> {
        let Some(connection) = self.connections.get(key) else {
            return Ok(());
        };
        let role = connection.role;
        let peer = key.peer();
        let tracer = self.trace.tracer(peer.as_str()).toward(peer.as_str());
        let ice_servers = self.roster.ice_servers();
        let sent = self.tracks_for(key);
        let link = self.links.add(key.clone(), role, ice_servers, tracer)?;
        if let Some(sent) = sent {
            let promises = link.send(&sent)?;
            self.operations.push(all_settled(promises).boxed_local());
        }
        match role {
            Role::Polite => {
                let message = connection.pairing.message(None);
                self.roster.handle_message_to_send(peer.clone(), message);
            }
            Role::Impolite => {
                let options = DataChannelOptions::default();
                let channel = link.create_data_channel(CHANNEL, &options)?;
                self.adopt(key, channel);
            }
        }
        Ok(())
    }

    pub(super) fn adopt(&mut self, key: &ConnectionKey, channel: DataChannel) {
        self.stop_sharing_traces(key.peer());
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        channel.set_water_marks(WaterMarks::SHARED);
        let serial = connection.channels.next_serial(CHANNEL);
        let tell = {
            let (hear, key) = (self.hear.clone(), key.clone());
            // The queue is gone only together with every channel.
            move |event| drop(hear.unbounded_send((key.clone(), serial, event)))
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
            DataChannelState::Open if waiting => tell(ChannelEvent::Open),
            DataChannelState::Closed => tell(ChannelEvent::Closed),
            _ => {}
        });
        connection.channels.insert(channel);
    }

    pub(super) fn send(&mut self, local_tracks: LocalTracks) {
        self.local_tracks = Some(local_tracks);
        if !self.is_audible() {
            self.answer_mute_requests();
        }
        self.send_to_all();
    }

    /// Sends everybody what is sent now, and tells them what it is.
    pub(super) fn send_to_all(&mut self) {
        let status = ChannelMessage::Status(self.status());
        let keys: Vec<_> = self.connections.keys().cloned().collect();
        for key in keys {
            if let Some(connection) = self.connections.get(&key) {
                connection.say(&status);
            }
            self.send_to(&key);
        }
        self.limit_video();
    }

    /// Sends over this connection what is sent now, and wanted at the other end.
    pub(super) fn send_to(&mut self, key: &ConnectionKey) {
        let (Some(sent), Some(link)) = (self.tracks_for(key), self.links.get(key)) else {
            return;
        };
        match link.send(&sent) {
            Ok(promises) => self.operations.push(all_settled(promises).boxed_local()),
            Err(error) => self.failure = Some(error),
        }
    }

    fn tracks_for(&self, key: &ConnectionKey) -> Option<LocalTracks> {
        let participant = self.roster.participants().get(key.peer());
        let wants_video = participant.is_none_or(Participant::wants_video);
        let mut tracks = self.local_tracks.clone()?;
        let sends_video = wants_video && !self.is_video_paused;
        tracks.camera = tracks.camera.filter(|_| sends_video);
        Some(tracks)
    }
}
