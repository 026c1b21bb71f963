//! The driver's part about other participants: what they say, and what is said to them.

use signaling_protocol::{ChannelMessage, PeerId, Reaction};

use super::Driver;
use crate::call::CallEvent;
use crate::rtc::now_ms;
use crate::signaling::{Event, summary};

impl Driver {
    /// A channel to a participant opened: says what it has not heard.
    pub(super) fn greet(&mut self, id: &PeerId) {
        let key = self.mesh.connection_of(id);
        let (Some(participant), Some(connection)) = (
            self.roster.participants().get(id),
            self.connections.get(&key),
        ) else {
            return;
        };
        connection.say(&ChannelMessage::Status(self.status()));
        for message in participant.mailbox.handle_open() {
            connection.say(&message);
        }
    }

    /// A participant says something.
    pub(super) fn handle_text(&mut self, id: &PeerId, text: &str) {
        let key = self.mesh.connection_of(id);
        let (Some(participant), Some(connection)) = (
            self.roster.participants_mut().get_mut(id),
            self.connections.get_mut(&key),
        ) else {
            return;
        };
        match serde_json::from_str::<ChannelMessage>(text) {
            Ok(ChannelMessage::Status(status)) => {
                connection.received.handle_status(&status);
                let wanted = participant.wants_video();
                participant.status = Some(status);
                if participant.wants_video() != wanted {
                    self.send_to(&key);
                }
            }
            Ok(ChannelMessage::Acknowledgement { received }) => {
                participant.mailbox.handle_acknowledgement(received);
            }
            Ok(ChannelMessage::Chat(chat)) => {
                let mailbox = &mut participant.mailbox;
                let (new, acknowledgement) = mailbox.handle_chat(chat, js_sys::Date::now());
                connection.say(&acknowledgement);
                if let Some(chat) = new {
                    let author = participant.name().to_owned();
                    self.line(Some(id.clone()), author, chat.text, chat.sent_at_ms);
                }
            }
            Ok(ChannelMessage::Reaction(reaction)) => {
                (self.on_event)(CallEvent::Reaction(Some(id.clone()), reaction));
            }
            Ok(ChannelMessage::AskToMute {}) => {
                let is_audible = self.is_audible();
                if let Some(participant) = self.roster.participants_mut().get_mut(id) {
                    participant.mute_request.handle_asked(is_audible, now_ms());
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

    /// Raises the hand, or lowers it.
    pub(super) fn raise_hand(&mut self, is_raised: bool) {
        self.hand_raised_at_ms = is_raised.then(|| js_sys::Date::now() as u64);
        self.say_status_to_all();
    }

    /// Asks everybody to send no video of cameras, or to send it again.
    pub(super) fn set_audio_only(&mut self, is_audio_only: bool) {
        self.is_audio_only = is_audio_only;
        self.say_status_to_all();
    }

    /// Begins or ends recording, which everybody is to know.
    pub(super) fn announce_recording(&mut self, is_recording: bool) {
        self.is_recording = is_recording;
        self.say_status_to_all();
    }

    /// Sends nobody the video of our camera, or sends it again.
    pub(super) fn pause_video(&mut self, is_paused: bool) {
        self.is_video_paused = is_paused;
        self.send_to_all();
    }

    /// Asks a participant to mute its microphone.
    pub(super) fn ask_to_mute(&self, id: &PeerId) {
        if let Some(connection) = self.connections.get(&self.mesh.connection_of(id)) {
            connection.say(&ChannelMessage::AskToMute {});
        }
    }

    /// We have muted ourselves, or do not want to.
    pub(super) fn answer_mute_requests(&mut self) {
        for (_, participant) in self.roster.participants_mut().here_mut() {
            participant.mute_request.handle_answered();
        }
    }

    fn say_status_to_all(&self) {
        self.say_to_all(&ChannelMessage::Status(self.status()));
    }

    pub(super) fn react(&mut self, reaction: Reaction) {
        self.say_to_all(&ChannelMessage::Reaction(reaction));
        (self.on_event)(CallEvent::Reaction(None, reaction));
    }

    /// Whoever has no channel yet does not hear it.
    fn say_to_all(&self, message: &ChannelMessage) {
        for connection in self.connections.values() {
            connection.say(message);
        }
    }

    /// Writes to everybody who is in the room.
    pub(super) fn chat(&mut self, text: String) {
        let now = js_sys::Date::now();
        for (id, participant) in self.roster.participants_mut().here_mut() {
            let message = participant.mailbox.handle_text(text.clone(), now);
            // Without a channel it waits in the mailbox.
            if let Some(connection) = self.connections.get(&self.mesh.connection_of(id)) {
                connection.say(&message);
            }
        }
        self.line(None, self.roster.name().to_owned(), text, now);
    }
}
