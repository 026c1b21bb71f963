//! What the driver tells whoever shows the call.

use signaling_protocol::{MediaStatus, PeerId};

use super::Driver;
use crate::call::mailbox::Mailbox;
use crate::call::{CallEvent, CallView, ChatLine, PeerView, Presence, SharedConnection};
use crate::rtc::senders::LocalTracks;

impl Driver {
    pub(super) fn line(&mut self, peer: Option<PeerId>, author: String, text: String, at_ms: f64) {
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

    pub(super) fn show(&mut self) {
        let view = self.view();
        if self.shown.as_ref() != Some(&view) {
            self.shown = Some(view.clone());
            (self.on_event)(CallEvent::Changed(view));
        }
    }

    pub(super) fn view(&self) -> CallView {
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
                waiting: self.connection_queue.is_waiting(id),
                states: peer.states,
                camera: Clone::clone(&peer.person),
                has_video: peer.has_video(),
                screen: peer.shares_screen().then(|| Clone::clone(&peer.screen)),
                microphone_on: status.is_none_or(|status| status.microphone),
                camera_on: status.is_none_or(|status| status.camera),
                undelivered: mailbox.map_or(0, Mailbox::waiting),
                trace_sharing: self.trace_sharing_view(id),
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
            connection_times: self.connection_queue.times(),
        }
    }
}

/// What others are told about what is sent.
pub(super) fn status(local_tracks: Option<&LocalTracks>) -> MediaStatus {
    local_tracks.map_or_else(MediaStatus::default, |local_tracks| MediaStatus {
        microphone: local_tracks
            .microphone
            .as_ref()
            .is_some_and(|track| track.enabled()),
        camera: local_tracks.camera.is_some(),
        screen_stream: local_tracks
            .screen
            .is_some()
            .then(|| local_tracks.screen_stream()),
    })
}
