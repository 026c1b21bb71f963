//! What the server answers to a message it cannot carry out.

use serde::{Deserialize, Serialize};

/// Stable identifiers of errors; a client decides by these, never by the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ErrorCode {
    /// The frame is not JSON, or not a JSON object with a `type`.
    InvalidJson,
    /// No message of this protocol has this `type`.
    UnknownType,
    /// The `type` is known; a field is missing or has the wrong form.
    InvalidMessage,
    /// A binary frame: this protocol is text only.
    BinaryUnsupported,
    /// The message has more than [`crate::MAX_MESSAGE_BYTES`] bytes.
    MessageTooLarge,
    /// The room's name is empty, too long, or has control characters.
    InvalidRoom,
    /// The participant's name is too long, or has control characters.
    InvalidName,
    /// There is no seat to resume: it was given up, what was missed is no longer there, or the
    /// server was restarted. `join` with the same token is the way back.
    CannotResume,
    /// Pages of this origin may not use the server.
    OriginNotAllowed,
    /// The message needs a room; `join` comes first.
    NotJoined,
    /// The connection is in a room already; `leave` comes first.
    AlreadyJoined,
    /// The room has as many participants as it may have.
    RoomFull,
    /// Nobody new is let into the room.
    RoomLocked,
    /// The room has a passphrase, and the client gave none.
    PassphraseRequired,
    /// The room has another passphrase.
    WrongPassphrase,
    /// A host did not let the client in.
    NotAdmitted,
    /// A host took the seat of this token away, and the room still remembers.
    RemovedByHost,
    /// Everybody left the room for which the client waited.
    RoomClosed,
    /// Only hosts of the room may do this, or nobody may.
    NotAllowed,
    /// Passphrases take time to check, and too many are to be checked now; nothing was done.
    Busy,
    /// A host decided something else before this could be carried out; nothing of it was done.
    Overtaken,
    /// The addressee is not in this room.
    UnknownPeer,
    /// More messages than the limit allows; this one was not carried out.
    RateLimited,
    /// A signal before this one was not taken; neither was this one. The client sends again all
    /// that have no acknowledgement.
    MissedSignal,
    /// The server has as many rooms or clients as it may have.
    ServerFull,
    /// A code of a later version; show the text.
    #[serde(other)]
    Unknown,
}

/// An error as it travels: a code for programs, a text for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorMessage {
    pub code: ErrorCode,
    /// One English sentence that says what to do.
    pub message: String,
}

impl ErrorMessage {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}
