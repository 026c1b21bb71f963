//! What the machine wants done.

use std::sync::Arc;

use serde_json::value::RawValue;
use signaling_protocol::{ErrorCode, ErrorMessage, Passphrase, ServerMessage};
use smallvec::{SmallVec, smallvec};

use super::{ClientId, SeatId};
use crate::signaling::passphrase::PassphraseHash;

/// Seats, mostly the one other of a call.
pub(crate) type SeatIds = SmallVec<[SeatId; 2]>;

/// One effect.
#[derive(Clone, Debug)]
pub(crate) enum Output {
    /// The answer to the client whose input this was.
    Answer(ServerMessage),
    /// A message for another client, which is in no room or about to be in one.
    Inform {
        client: ClientId,
        message: ServerMessage,
    },
    /// A message of the room: each recipient gets it with the next number of its seat, also one
    /// that is away. One message may have many recipients, so that it is serialised once.
    Tell { to: SeatIds, message: ServerMessage },
    /// `signal` is for `to`, numbered as above.
    Signal {
        from: SeatId,
        to: SeatId,
        signal: Box<RawValue>,
    },
    /// The client has that seat now, and what waits there is for it.
    Seated { client: ClientId, seat: SeatId },
    /// The seat is given up; nothing is kept for it any more.
    Vacated(SeatId),
    /// Another connection has taken this client's seat: end its connection.
    Replaced(ClientId),
    /// To be done without holding anybody up; [`super::Rooms::handle_work_done`] tells what came
    /// of it.
    Work { client: ClientId, work: Work },
}

/// What is to be done away from the machine.
#[derive(Clone, Debug)]
pub(crate) enum Work {
    Verify(Arc<PassphraseHash>, Passphrase),
    Hash(Passphrase),
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
