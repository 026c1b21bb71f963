//! What the driver tells whoever shows the call.

use signaling_protocol::{MediaStatus, PeerId};
use web_sys::MediaStreamTrack;

use super::Driver;
use super::trace_sharing::trace_sharing_view;
use crate::call::{
    CallEvent, CallView, ChatLine, ConnectionView, ParticipantView, Presence, SharedConnection,
};
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
            (self.on_event)(CallEvent::Changed(Box::new(view)));
        }
    }

    pub(super) fn view(&self) -> CallView {
        let here = self.roster.participants().here();
        let participants = here.filter_map(|(id, participant)| {
            let key = self.mesh.connection_of(id);
            let connection = self.connections.get(&key)?;
            let begun = (!self.mesh.is_waiting(id)).then(|| connection.health.condition());
            let received = &connection.received;
            let screen = received.shared_screen(participant.status.as_ref());
            Some(ParticipantView {
                id: id.clone(),
                name: participant.name().to_owned(),
                presence: Presence::of(begun, participant.is_away()),
                camera: Clone::clone(&received.person),
                has_video: !self.is_audio_only && received.has_video(participant.camera_on()),
                screen: screen.cloned(),
                microphone_on: participant.microphone_on(),
                camera_on: participant.camera_on(),
                hand_raised_at_ms: participant.hand_raised_at_ms(),
                is_recording: participant.is_recording(),
                host: participant.is_host(),
                silenced: participant.is_silenced(),
                spotlight: participant.is_spotlit(),
                is_video_paused: participant.is_video_paused(),
                asks_to_mute: participant.mute_request.is_open(),
                undelivered: participant.mailbox.waiting(),
                trace_sharing: trace_sharing_view(participant, connection),
                connection: key,
            })
        });
        let connections = self.connections.iter().map(|(key, connection)| {
            let view = ConnectionView {
                states: connection.states,
                peer_connection: self.links.get(key).cloned().map(SharedConnection::from),
            };
            (key.clone(), view)
        });
        CallView {
            phase: self.roster.phase().clone(),
            me: self.roster.me().cloned(),
            capacity: self.roster.capacity(),
            participants: participants.collect(),
            connections: connections.collect(),
            departed: self.roster.departed().cloned(),
            failure: self.failure.clone(),
            refusal: self.roster.refusal().cloned(),
            connection_times: self.mesh.times(),
            rights: self.roster.rights().cloned(),
        }
    }

    /// What others are told about what is sent, and wanted.
    pub(super) fn status(&self) -> MediaStatus {
        let tracks = self.local_tracks.as_ref();
        let has_video = tracks.is_some_and(|tracks| tracks.camera.is_some());
        MediaStatus {
            microphone: self.is_audible(),
            camera: has_video && !self.is_video_paused,
            screen_stream: tracks
                .filter(|tracks| tracks.screen.is_some())
                .map(LocalTracks::screen_stream),
            hand_raised_at_ms: self.hand_raised_at_ms,
            audio_only: self.is_audio_only,
            recording: self.is_recording,
            video_paused: has_video && self.is_video_paused,
        }
    }

    /// Whether our microphone can be heard.
    pub(super) fn is_audible(&self) -> bool {
        let tracks = self.local_tracks.as_ref();
        let microphone = tracks.and_then(|tracks| tracks.microphone.as_ref());
        microphone.is_some_and(MediaStreamTrack::enabled)
    }
}
