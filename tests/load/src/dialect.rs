//! PURE: how each server is spoken to. Text frames in, text frames out; no socket, no clock.

use clap::ValueEnum;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::payload::Kind;

mod matchbox;
mod peerjs;
mod socketio;
mod webrtc_tour;

/// The servers that can be spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dialect {
    /// This project's own
    WebrtcTour,
    /// A socket.io 4 server such as `peers/socketio.js`
    Socketio,
    /// The server of PeerJS
    Peerjs,
    /// `matchbox_server`
    Matchbox,
}

/// One client's part in one dialect, over all its connections.
pub(crate) trait Conversation: Send {
    /// The path and query of the WebSocket.
    fn path(&self) -> String;

    fn subprotocol(&self) -> Option<&'static str> {
        None
    }

    /// What a client says first on each new connection.
    fn open(&mut self, out: &mut Vec<Utf8Bytes>);

    /// Takes in one frame; `out` gets what is to be answered.
    fn handle(&mut self, text: &str, out: &mut Vec<Utf8Bytes>) -> Result<Heard, Refused>;

    /// The frame that carries `payload`, JSON, to the participant `to`.
    fn signal(&mut self, to: &str, kind: Kind, payload: &str) -> Utf8Bytes;

    /// What is to be said every [`HEARTBEAT`](crate::client::HEARTBEAT).
    fn heartbeat(&mut self) -> Option<Utf8Bytes> {
        None
    }
}

/// What a frame meant.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// The client is in its room, under this name.
    Joined(String),
    /// The client is the participant again that it was.
    Resumed,
    /// A signal; its payload is somewhere in the frame.
    Signal,
    /// Nothing that matters here.
    Other,
}

/// The server said that something cannot be done; in its own words.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server says: {0}")]
pub(crate) struct Refused(pub(crate) String);

impl Refused {
    /// Of a frame that was not expected.
    fn with(text: &str) -> Self {
        Self(text.chars().take(200).collect())
    }
}

impl Dialect {
    /// The conversation of client number `index`, in the room `room`.
    pub(crate) fn conversation(self, room: String, index: usize) -> Box<dyn Conversation> {
        match self {
            Self::WebrtcTour => Box::new(webrtc_tour::Conversation::new(room)),
            Self::Socketio => Box::new(socketio::Conversation::new(room)),
            Self::Peerjs => Box::new(peerjs::Conversation::new(&room, index)),
            Self::Matchbox => Box::new(matchbox::Conversation::new(room)),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WebrtcTour => "webrtc-tour",
            Self::Socketio => "socketio",
            Self::Peerjs => "peerjs",
            Self::Matchbox => "matchbox",
        }
    }
}

/// A string in JSON; everything here is made of letters, digits and a few signs, but the ids
/// come from servers.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
