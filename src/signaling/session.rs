//! A seat in a room that outlives its connections. Pure.
//!
//! Numbers what is sent, keeps it until the server has acknowledged it, and takes what arrives once;
//! so that after a lost connection both ends go on where they were. Knows no socket: text and
//! time are [`super::websocket`]'s.

use std::collections::VecDeque;

use signaling_protocol::{
    ClientMessage, ErrorCode, ErrorMessage, Passphrase, PeerMessage, RoomId, RoomKind, ServerFrame,
    ServerMessage, Token,
};

use super::{Event, Request, Rights};

/// So many messages without an acknowledgement make one due before its time.
const ACKNOWLEDGE_AFTER: u64 = 64;

/// Where a participant wants to be, and as whom.
#[derive(Clone, Debug)]
struct Seat {
    room: RoomId,
    kind: RoomKind,
    name: String,
    passphrase: Option<Passphrase>,
}

/// What a frame of the server led to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) event: Option<Event>,
    /// To be sent now, in this order.
    pub(super) replies: Vec<ClientMessage>,
    /// Something is missing: only a new connection, which resumes, can bring it.
    pub(super) broken: bool,
    /// What has no acknowledgement is to be sent again, after a while.
    pub(super) send_again: bool,
}

/// One participant's conversation with the server, over any number of connections.
#[derive(Debug)]
pub(super) struct WebSocketSession {
    token: Token,
    seat: Option<Seat>,
    /// The server said `joined`, and has not yet said that there is nothing to resume. A `joined`
    /// that was lost on its way is no seat that could be resumed: what it said is not known.
    seated: bool,
    /// The number of the last message taken.
    received: u64,
    /// … as the server knows it.
    acknowledged: u64,
    /// The number of the last signal sent.
    sent: u64,
    /// Signals without an acknowledgement, oldest first.
    kept: VecDeque<ClientMessage>,
}

impl WebSocketSession {
    /// A participant who is whoever has this secret.
    pub(super) fn new(token: Token) -> Self {
        Self {
            token,
            seat: None,
            seated: false,
            received: 0,
            acknowledged: 0,
            sent: 0,
            kept: VecDeque::new(),
        }
    }

    /// What to send for a request; nothing where it has no meaning.
    pub(super) fn handle_request(&mut self, request: Request) -> Option<ClientMessage> {
        match request {
            Request::Join {
                room,
                kind,
                name,
                passphrase,
            } => {
                let same = |seat: &Seat| seat.room == room && seat.kind == kind;
                self.seated &= self.seat.as_ref().is_some_and(same);
                self.seat = Some(Seat {
                    room,
                    kind,
                    name,
                    passphrase,
                });
                if !self.seated {
                    self.begin_anew();
                    return self.join();
                }
                Some(ClientMessage::Resume {
                    token: self.token.clone(),
                    received: self.received,
                })
            }
            Request::Leave => {
                *self = Self::new(self.token.clone());
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
            Request::Host(message) => {
                self.seat.as_ref()?;
                Some(ClientMessage::Host(message))
            }
        }
    }

    /// What has no acknowledgement yet, to be sent again after the server refused some of it.
    pub(super) fn unacknowledged(&self) -> impl Iterator<Item = &ClientMessage> {
        self.kept.iter()
    }

    /// The acknowledgement for everything that has arrived, also a sign of life.
    pub(super) fn acknowledgement(&mut self) -> ClientMessage {
        self.acknowledged = self.received;
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
        if self.received >= self.acknowledged + ACKNOWLEDGE_AFTER {
            let acknowledgement = self.acknowledgement();
            outcome.replies.push(acknowledgement);
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
                host,
                silenced,
                spotlight,
                policy,
                ..
            } => {
                self.token = token;
                self.seated = true;
                self.begin_anew();
                Event::Joined {
                    me: peer_id,
                    grace_ms,
                    created,
                    capacity,
                    peers,
                    ice_servers,
                    rights: Some(Rights {
                        host,
                        silenced,
                        spotlight,
                        policy,
                    }),
                }
            }
            ServerMessage::Waiting { .. } => Event::Waiting,
            ServerMessage::Resumed { received } => {
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
            }) if self.seated => {
                self.seated = false;
                self.begin_anew();
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
            ServerMessage::Policy {
                policy,
                passphrase_by,
            } => Event::Policy {
                policy,
                passphrase_by,
            },
            ServerMessage::PeerChanged {
                peer_id,
                host,
                silenced,
                spotlight,
            } => Event::PeerChanged {
                peer: peer_id,
                host,
                silenced,
                spotlight,
            },
            ServerMessage::Knock { peer_id, name } => Event::Knock {
                peer: peer_id,
                name,
            },
            ServerMessage::KnockEnded { peer_id } => Event::KnockEnded(peer_id),
            ServerMessage::Left { .. } => Event::Left,
            ServerMessage::Removed { .. } => {
                *self = Self::new(self.token.clone());
                Event::Removed
            }
            ServerMessage::Signal { from, signal } => {
                match serde_json::from_str::<PeerMessage>(signal.get()) {
                    Ok(message) => Event::Signal { from, message },
                    Err(error) => Event::Malformed(format!("a signal from {from}: {error}")),
                }
            }
            // The server was not ready for it; it is sent again.
            ServerMessage::Error(ErrorMessage {
                code: ErrorCode::RateLimited | ErrorCode::MissedSignal,
                ..
            }) if self.seated => {
                return Outcome {
                    send_again: true,
                    ..Outcome::default()
                };
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
            token: Some(self.token.clone()),
            passphrase: seat.passphrase,
        })
    }

    /// Nothing that was numbered has a meaning on a new seat.
    fn begin_anew(&mut self) {
        self.received = 0;
        self.acknowledged = 0;
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
