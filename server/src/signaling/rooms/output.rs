//! What the machine wants done.

use serde_json::value::RawValue;
use signaling_protocol::{ErrorCode, ErrorMessage, ServerMessage};
use smallvec::{SmallVec, smallvec};

use super::{ClientId, SeatId};

/// Seats, mostly the one other of a call.
pub(crate) type SeatIds = SmallVec<[SeatId; 2]>;

/// One effect.
#[derive(Clone, Debug)]
pub(crate) enum Output {
    /// The answer to the client whose input this was.
    Answer(ServerMessage),
    /// A message of the room: each recipient gets it with the next number of its seat, also one
    /// that is away. One message may have many recipients, so that it is serialised once.
    Tell { to: SeatIds, message: ServerMessage },
    /// `signal` is for `to`, numbered as above.
    Signal {
        from: SeatId,
        to: SeatId,
        signal: Box<RawValue>,
    },
    /// The client whose input this was has that seat now, and what waits there is for it.
    Seated(SeatId),
    /// The seat is given up; nothing is kept for it any more.
    Vacated(SeatId),
    /// Another connection has taken this client's seat: end its connection.
    Replaced(ClientId),
}

/// Effects, in the order in which they must be carried out.
pub(crate) type Outputs = SmallVec<[Output; 2]>;

pub(crate) fn answer(message: ServerMessage) -> Outputs {
    smallvec![Output::Answer(message)]
}

pub(crate) fn refuse(code: ErrorCode, text: impl Into<String>) -> Outputs {
    answer(ServerMessage::Error(ErrorMessage::new(code, text)))
}

pub(super) fn not_joined() -> Outputs {
    refuse(ErrorCode::NotJoined, "you are in no room: join first")
}

pub(super) fn tell(outputs: &mut Outputs, to: SeatIds, message: ServerMessage) {
    if !to.is_empty() {
        outputs.push(Output::Tell { to, message });
    }
}
