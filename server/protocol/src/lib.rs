//! The messages that browser and server exchange, as types.
//!
//! Owns the wire format of `webrtc-tour.v1`: names, spelling, validation of identifiers, and
//! how text becomes a message. Knows only serde: no socket, no room, no browser. The
//! specification in prose, with an example of every message, is `README.md` beside this crate;
//! a test holds the two together.

mod channel;
pub mod database;
mod error;
mod ids;
mod message;
pub mod push_id;
mod rights;
mod signal;

pub use channel::{ChannelMessage, Chat, MediaStatus, Reaction, TraceMessage};
pub use error::{ErrorCode, ErrorMessage};
pub use ids::{InvalidRoomId, InvalidToken, PeerId, RoomId, Token};
pub use message::{
    ClientMessage, IceServer, LeaveReason, MalformedMessage, Participant, RoomKind, ServerFrame,
    ServerMessage, numbered,
};
pub use rights::{HostMessage, InvalidPassphrase, Passphrase, Policy, PolicyChange};
pub use signal::{
    ConnectionId, IceCandidate, PeerMessage, PeerSignal, SdpType, SessionDescription,
};

/// The WebSocket subprotocol that both ends must agree on (`Sec-WebSocket-Protocol`).
pub const SUBPROTOCOL: &str = "webrtc-tour.v1";

/// The largest message, in bytes of UTF-8 text, that either end accepts.
pub const MAX_MESSAGE_BYTES: usize = 64 * 1024;
