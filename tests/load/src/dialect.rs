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

    /// The frame that carries `payload`, JSON, to the participant `to`, whose name is plain.
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
    /// Of an id that is not plain.
    pub(crate) fn id(id: &str) -> Self {
        Self(format!("your id is {id:?}, which no client can handle"))
    }

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

/// Whether `id`, which comes from a server, stands in JSON as it is. All do; and writing them so
/// spares much of the work.
pub(crate) fn is_plain(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    id.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_would_have_to_be_escaped_are_not_plain() {
        assert!(is_plain("9a0c-4c5e_X"));
        for id in ["a b", "a\"b", "a\\b", "ä", "a\n"] {
            assert!(!is_plain(id), "{id:?}");
        }
    }
}
