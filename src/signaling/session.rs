//! A seat in a room that outlives its connections. Pure.
//!
//! Numbers what is sent, keeps it until the server has receipted it, and takes what arrives once;
//! so that after a lost connection both ends go on where they were. Knows no socket: text and
//! time are [`super::websocket`]'s.

use std::collections::VecDeque;

use signaling_protocol::{
    ClientMessage, ErrorCode, ErrorMessage, PeerMessage, RoomId, RoomKind, ServerFrame,
    ServerMessage, Token,
};

use super::{Event, Request};

/// So many messages without a receipt make one due before its time.
const RECEIPT_AFTER: u64 = 64;

/// Names and secret of a participant.
#[derive(Clone, Debug)]
struct Seat {
    room: RoomId,
    kind: RoomKind,
    name: String,
    /// Given by the server; `None` before the first `joined`.
    token: Option<Token>,
}

/// What a frame of the server led to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) event: Option<Event>,
    /// To be sent now, in this order.
    pub(super) replies: Vec<ClientMessage>,
    /// Something is missing: only a new connection, which resumes, can bring it.
    pub(super) broken: bool,
}

/// One participant's conversation with the server, over any number of connections.
#[derive(Debug, Default)]
pub(super) struct Session {
    seat: Option<Seat>,
    /// `resume` was sent on this connection and not answered yet.
    resuming: bool,
    /// The number of the last message taken.
    received: u64,
    /// … as the server knows it.
    receipted: u64,
    /// The number of the last signal sent.
    sent: u64,
    /// Signals without a receipt, oldest first.
    kept: VecDeque<ClientMessage>,
}

impl Session {
    /// What to send for a request; nothing where it has no meaning.
    pub(super) fn handle_request(&mut self, request: Request) -> Option<ClientMessage> {
        match request {
            Request::Join { room, kind, name } => {
                let token = self
                    .seat
                    .take_if(|seat| seat.room == room && seat.kind == kind)
                    .and_then(|seat| seat.token);
                self.seat = Some(Seat {
                    room,
                    kind,
                    name,
                    token: token.clone(),
                });
                self.resuming = token.is_some();
                match token {
                    Some(token) => Some(ClientMessage::Resume {
                        token,
                        received: self.received,
                    }),
                    None => self.join(),
                }
            }
            Request::Leave => {
                *self = Self::default();
                Some(ClientMessage::Leave)
            }
            Request::Signal { to, message } => {
                self.seat.as_ref()?;
                self.sent += 1;
                let message = ClientMessage::Signal {
                    to,
                    seq: Some(self.sent),
                    // Strings and numbers always have a JSON text.
                    signal: serde_json::value::to_raw_value(&message).ok()?,
                };
                self.kept.push_back(message.clone());
                Some(message)
            }
        }
    }

    /// The receipt for everything that has arrived, also a sign of life.
    pub(super) fn receipt(&mut self) -> ClientMessage {
        self.receipted = self.received;
        ClientMessage::Ping {
            received: self.received,
        }
    }

    pub(super) fn handle_frame(&mut self, frame: ServerFrame) -> Outcome {
        if let Some(seq) = frame.seq {
            if seq <= self.received {
                return Outcome::default();
            }
            if seq > self.received + 1 {
                return Outcome {
                    broken: true,
                    ..Outcome::default()
                };
            }
            self.received = seq;
        }
        let mut outcome = self.take(frame.message);
        if self.received >= self.receipted + RECEIPT_AFTER {
            let receipt = self.receipt();
            outcome.replies.push(receipt);
        }
        outcome
    }

    fn take(&mut self, message: ServerMessage) -> Outcome {
        Outcome::event(match message {
            ServerMessage::Joined {
                peer_id,
                token,
                grace_ms,
                created,
                capacity,
                peers,
                ice_servers,
                ..
            } => {
                if let Some(seat) = &mut self.seat {
                    seat.token = Some(token);
                }
                self.begin_anew();
                Event::Joined {
                    me: peer_id,
                    grace_ms,
                    created,
                    capacity,
                    peers,
                    ice_servers,
                }
            }
            ServerMessage::Resumed { received } => {
                self.resuming = false;
                self.forget_until(received);
                return Outcome {
                    replies: self.kept.iter().cloned().collect(),
                    ..Outcome::event(Event::Resumed)
                };
            }
            ServerMessage::Pong { received } => {
                self.forget_until(received);
                return Outcome::default();
            }
            ServerMessage::Error(ErrorMessage {
                code: ErrorCode::CannotResume,
                ..
            }) if self.resuming => {
                self.resuming = false;
                return Outcome {
                    replies: self.join().into_iter().collect(),
                    ..Outcome::default()
                };
            }
            ServerMessage::PeerJoined { peer_id, name } => Event::PeerJoined {
                peer: peer_id,
                name,
            },
            ServerMessage::PeerDisconnected { peer_id } => Event::PeerDisconnected(peer_id),
            ServerMessage::PeerResumed { peer_id } => Event::PeerResumed(peer_id),
            ServerMessage::PeerLeft { peer_id, reason } => Event::PeerLeft {
                peer: peer_id,
                reason,
            },
            ServerMessage::Left { .. } => Event::Left,
            ServerMessage::Signal { from, signal } => {
                match serde_json::from_str::<PeerMessage>(signal.get()) {
                    Ok(message) => Event::Signal { from, message },
                    Err(error) => Event::Malformed(format!("a signal from {from}: {error}")),
                }
            }
            ServerMessage::Error(error) => Event::Refused(error),
            ServerMessage::GoingAway { retry_after_ms } => Event::GoingAway { retry_after_ms },
        })
    }

    fn join(&self) -> Option<ClientMessage> {
        let seat = self.seat.clone()?;
        Some(ClientMessage::Join {
            room: seat.room.as_str().to_owned(),
            kind: seat.kind,
            name: seat.name,
            token: seat.token,
        })
    }

    /// Nothing that was numbered has a meaning on a new seat.
    fn begin_anew(&mut self) {
        self.resuming = false;
        self.received = 0;
        self.receipted = 0;
        self.sent = 0;
        self.kept.clear();
    }

    fn forget_until(&mut self, received: u64) {
        let first = self.sent - self.kept.len() as u64 + 1;
        let done = received
            .min(self.sent)
            .saturating_add(1)
            .saturating_sub(first);
        self.kept
            .drain(..usize::try_from(done).unwrap_or(self.kept.len()));
    }
}

impl Outcome {
    fn event(event: Event) -> Self {
        Self {
            event: Some(event),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests;
