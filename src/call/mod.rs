//! A call: who connects to whom, and in which state.
//!
//! *Participants* stand over *connections*. [`roster`] decides who is there, and keeps for each
//! participant what it publishes, its chat ([`mailbox`]) and what it shows of its trace
//! ([`crate::trace_sharing`]). The mesh decides which connections there are, who is reached over which,
//! and when each is made. A connection is a link to a peer: [`pairing`] decides which two ends belong
//! together, [`health`] how it is and when to look for a new path. [`Presence`] makes of both how a
//! participant is, [`mute_request`] who asks you to mute. [`links`] holds the peer connections with their
//! negotiation, and the driver joins them all with a signaling transport. It works for any number of peers.
//! Knows no view: what shows the call gets a [`CallEvent`] at every change.

pub(crate) mod bitrate;
mod connection;
mod driver;
pub(crate) mod health;
pub mod links;
mod loading;
pub mod mailbox;
mod mesh;
mod mute_request;
pub mod pairing;
mod participant;
mod presence;
mod received;
pub(crate) mod roster;
mod shared_connection;

use std::collections::BTreeMap;

use futures_channel::mpsc;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use signaling_protocol::{
    ErrorMessage, HostMessage, Passphrase, PeerId, PolicyChange, Reaction, RoomId, RoomKind,
};
use web_sys::MediaStream;

use crate::error::JsError;
use crate::rtc::peer_connection::ConnectionStates;
use crate::rtc::senders::LocalTracks;
use crate::signaling::Signaling;
use crate::trace::Trace;
use crate::trace_sharing::{TraceSharingEvent, TraceSharingView};
pub(crate) use connection::ConnectionKey;
pub use health::Condition;
pub(crate) use loading::prefetch;
pub use mesh::ConnectionOrder;
pub(crate) use mesh::ConnectionTimes;
pub(crate) use mute_request::MUTE_REQUEST_PAUSE_MS;
pub use presence::Presence;
pub(crate) use roster::Departed;
pub use roster::{Newcomer, Phase, RightsView};
pub use shared_connection::SharedConnection;

/// What a call tells.
pub enum CallEvent {
    /// It looks different now.
    Changed(Box<CallView>),
    /// Somebody wrote, perhaps we ourselves.
    Chat(ChatLine),
    /// Somebody reacts, perhaps we ourselves.
    Reaction(Option<PeerId>, Reaction),
    /// What came of showing each other what both browsers do.
    Trace(PeerId, TraceSharingEvent),
}

/// What the call looks like now.
#[derive(Clone, Debug, PartialEq)]
pub struct CallView {
    pub phase: Phase,
    pub me: Option<PeerId>,
    /// How many may be in the room.
    pub(crate) capacity: Option<usize>,
    /// Everybody else, by id, which says nothing about who came first.
    pub participants: Vec<ParticipantView>,
    /// Over what they are reached; several may share one.
    pub connections: BTreeMap<ConnectionKey, ConnectionView>,
    /// Who left last, until the next one comes.
    pub departed: Option<Departed>,
    /// The newest failure of a peer connection, until something succeeds.
    pub failure: Option<JsError>,
    /// What the server did not carry out.
    pub(crate) refusal: Option<ErrorMessage>,
    /// How long it took to connect to those who were here before us; `None` if nobody was.
    pub connection_times: Option<ConnectionTimes>,
    /// What we may do in the room, and how others get in. `None` outside the room, and where no
    /// server enforces it: over a database, tabs, and copy and paste.
    pub rights: Option<RightsView>,
}

impl CallView {
    /// Before anything is known of the room.
    fn empty(phase: Phase) -> Self {
        Self {
            phase,
            me: None,
            capacity: None,
            participants: Vec::new(),
            connections: BTreeMap::new(),
            departed: None,
            failure: None,
            refusal: None,
            connection_times: None,
            rights: None,
        }
    }

    /// Another participant in the room.
    pub(crate) fn participant(&self, id: &PeerId) -> Option<&ParticipantView> {
        self.participants.iter().find(|there| there.id == *id)
    }

    /// Over what a participant is reached.
    pub fn connection_of(&self, participant: &ParticipantView) -> Option<&ConnectionView> {
        self.connections.get(&participant.connection)
    }
}

/// One other participant.
#[derive(Clone, Debug, PartialEq)]
pub struct ParticipantView {
    pub id: PeerId,
    /// Empty for who gave none.
    pub name: String,
    pub presence: Presence,
    /// Microphone and camera; empty until the first track, and the same object all along.
    pub camera: MediaStream,
    /// Whether video of the person arrives now.
    pub has_video: bool,
    pub screen: Option<MediaStream>,
    /// What the participant says; true until it has said something.
    pub microphone_on: bool,
    pub camera_on: bool,
    /// While the participant's hand is raised, by its own clock.
    pub(crate) hand_raised_at_ms: Option<u64>,
    /// Whether the participant records what it sees and hears, as it says.
    pub(crate) is_recording: bool,
    /// Whether it may decide who comes in, and more.
    pub host: bool,
    /// Whether a host has decided that nobody is to hear it: play none of its audio.
    pub silenced: bool,
    /// Whether everybody is to see it large, as a host has decided.
    pub(crate) spotlight: bool,
    /// Whether its camera is on and its network too weak for the video, as it says.
    pub(crate) is_video_paused: bool,
    /// Whether it asks us to mute our microphone, and waits for an answer.
    pub(crate) asks_to_mute: bool,
    /// Chat messages that wait for the participant.
    pub undelivered: usize,
    /// Whether both sides' traces are shared; `None` while there is no channel to ask over.
    pub trace_sharing: Option<TraceSharingView>,
    pub(crate) connection: ConnectionKey,
}

/// One connection of the call.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectionView {
    pub states: ConnectionStates,
    /// `None` before its turn comes, and when it could not be made; `failure` says why.
    pub peer_connection: Option<SharedConnection>,
}

/// One line of the conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatLine {
    /// Counts the lines of this call.
    pub(crate) id: u64,
    /// Who wrote it, and what it is called; may be empty.
    pub(crate) peer: Option<PeerId>,
    pub author: String,
    pub own: bool,
    pub text: String,
    /// When it was written, by the writer's clock, in milliseconds since 1970.
    pub(crate) at_ms: f64,
}

/// What to enter, and with what.
pub struct CallOptions {
    pub room: RoomId,
    pub kind: RoomKind,
    /// What others call us; may be empty.
    pub name: String,
    /// For a room that asks for one.
    pub passphrase: Option<Passphrase>,
    /// What is sent to every peer.
    pub local_tracks: Option<LocalTracks>,
    /// Whether nobody is to send us the video of a camera.
    pub is_audio_only: bool,
    /// How to connect to those who are here before us.
    pub order: ConnectionOrder,
}

/// What we want of seeing each other's traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To see the other's, and to show ours.
    Ask,
    Accept,
    Refuse,
    /// No more; also takes a question back.
    Stop,
}

impl Wish {
    /// Whether it leads to showing more.
    pub(crate) fn shows_more(self) -> bool {
        matches!(self, Self::Ask | Self::Accept)
    }
}

enum CallCommand {
    Send(LocalTracks),
    Chat(String),
    RaiseHand(bool),
    SetAudioOnly(bool),
    AnnounceRecording(bool),
    PauseVideo(bool),
    AskToMute(PeerId),
    RefuseToMute,
    React(Reaction),
    Reconnect(PeerId),
    Trace(PeerId, Wish),
    Host(HostMessage),
    HangUp,
}

/// Controls a running call; the call goes on without it.
#[derive(Clone)]
pub struct CallHandle(mpsc::UnboundedSender<CallCommand>);

impl CallHandle {
    /// Sends this to every peer from now on, and tells them what it is. A track that was switched
    /// on or off (`enabled`) is to be told by this, too.
    pub fn send(&self, local_tracks: LocalTracks) {
        self.tell(CallCommand::Send(local_tracks));
    }

    /// Writes to everybody who is in the room.
    pub fn chat(&self, text: String) {
        self.tell(CallCommand::Chat(text));
    }

    /// Raises the hand, or lowers it.
    pub(crate) fn raise_hand(&self, is_raised: bool) {
        self.tell(CallCommand::RaiseHand(is_raised));
    }

    /// Asks everybody to send no video of cameras, or to send it again.
    pub(crate) fn set_audio_only(&self, is_audio_only: bool) {
        self.tell(CallCommand::SetAudioOnly(is_audio_only));
    }

    /// Tells everybody that we record what we see and hear, or do no more.
    pub(crate) fn announce_recording(&self, is_recording: bool) {
        self.tell(CallCommand::AnnounceRecording(is_recording));
    }

    /// Sends nobody the video of our camera, because the network is too weak for it, or sends it again.
    pub(crate) fn pause_video(&self, is_paused: bool) {
        self.tell(CallCommand::PauseVideo(is_paused));
    }

    /// Asks a participant to mute its microphone.
    pub(crate) fn ask_to_mute(&self, peer: PeerId) {
        self.tell(CallCommand::AskToMute(peer));
    }

    /// Goes on unmuted, whoever asked for something else.
    pub(crate) fn refuse_to_mute(&self) {
        self.tell(CallCommand::RefuseToMute);
    }

    /// Shows this to everybody for a moment.
    pub(crate) fn react(&self, reaction: Reaction) {
        self.tell(CallCommand::React(reaction));
    }

    /// Makes a new connection to this peer.
    pub fn reconnect(&self, peer: PeerId) {
        self.tell(CallCommand::Reconnect(peer));
    }

    /// Asks this peer to see both sides' traces, answers, or ends it.
    pub fn share_traces(&self, peer: PeerId, wish: Wish) {
        self.tell(CallCommand::Trace(peer, wish));
    }

    /// As a host: decides how newcomers get in. What is `None` stays as it is. The view says when it
    /// is so, or what was refused.
    pub fn set_policy(&self, change: PolicyChange) {
        self.tell(CallCommand::Host(HostMessage::SetPolicy(change)));
    }

    /// As a host: lets somebody in who waits.
    pub fn admit(&self, peer_id: PeerId) {
        self.tell(CallCommand::Host(HostMessage::Admit { peer_id }));
    }

    /// As a host: sends somebody away who waits.
    pub fn refuse(&self, peer_id: PeerId) {
        self.tell(CallCommand::Host(HostMessage::Refuse { peer_id }));
    }

    /// As a host: takes a participant out of the room.
    pub fn remove(&self, peer_id: PeerId) {
        self.tell(CallCommand::Host(HostMessage::Remove { peer_id }));
    }

    /// As a host: makes a participant a host, too. That cannot be taken back.
    pub fn make_host(&self, peer_id: PeerId) {
        self.tell(CallCommand::Host(HostMessage::SetParticipant {
            peer_id,
            host: Some(true),
            silenced: None,
            spotlight: None,
        }));
    }

    /// As a host: decides whether nobody is to hear a participant, or everybody again.
    pub fn silence(&self, peer_id: PeerId, silenced: bool) {
        self.tell(CallCommand::Host(HostMessage::SetParticipant {
            peer_id,
            host: None,
            silenced: Some(silenced),
            spotlight: None,
        }));
    }

    /// As a host: puts a participant, perhaps ourselves, in the spotlight, where there is one at a time, or
    /// takes it back.
    pub(crate) fn set_spotlight(&self, peer_id: PeerId, spotlight: bool) {
        self.tell(CallCommand::Host(HostMessage::SetParticipant {
            peer_id,
            host: None,
            silenced: None,
            spotlight: Some(spotlight),
        }));
    }

    /// Leaves the room; the call's task ends.
    pub fn hang_up(&self) {
        self.tell(CallCommand::HangUp);
    }

    fn tell(&self, command: CallCommand) {
        // A call that has ended has nothing left to do.
        drop(self.0.unbounded_send(command));
    }
}

/// Prepares a call. The future runs it until it is over; dropping the future leaves the room and
/// closes everything.
pub fn prepare(
    signaling: Box<dyn Signaling>,
    options: CallOptions,
    trace: &Trace,
    on_event: impl Fn(CallEvent) + 'static,
) -> (CallHandle, LocalBoxFuture<'static, ()>) {
    let (sender, commands) = mpsc::unbounded();
    let handle = CallHandle(sender.clone());
    on_event(CallEvent::Changed(Box::new(CallView::empty(
        Phase::Connecting,
    ))));
    let (trace, on_event) = (trace.clone(), Box::new(on_event));
    let running = async move {
        if let Some((run, commands)) = loading::driver(&sender, commands, &*on_event).await {
            run(signaling, options, trace, on_event, (sender, commands)).await;
        }
    };
    (handle, running.boxed_local())
}
