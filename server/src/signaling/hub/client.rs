//! One connection's place in the hub.

use std::sync::Arc;
use std::time::SystemTime;

use axum::extract::ws::Utf8Bytes;
use rand::Rng;
use rand::distr::Alphanumeric;
use signaling_protocol::{
    ClientMessage, ErrorCode, ErrorMessage, LeaveReason, ServerMessage, Token,
};

use super::{Hub, State, now};
use crate::http::ClientAddress;
use crate::signaling::outbox::{Closing, Outbox, Outgoing};
use crate::signaling::rooms::{self, ClientId, Join, Outputs, SeatId};

/// Given back on drop; a seat that it still has then is kept, as for a connection that is lost.
#[derive(Debug)]
pub(crate) struct Client {
    hub: Arc<Hub>,
    id: ClientId,
    address: ClientAddress,
    pub(super) outbox: Arc<Outbox>,
}

impl Client {
    pub(super) fn new(
        hub: Arc<Hub>,
        id: ClientId,
        address: ClientAddress,
        outbox: Arc<Outbox>,
    ) -> Self {
        Self {
            hub,
            id,
            address,
            outbox,
        }
    }

    /// Carries out what the client asks for; answers go into its queue.
    pub(crate) fn handle_message(&self, message: ClientMessage) {
        match message {
            ClientMessage::Join {
                room,
                kind,
                name,
                token,
                passphrase,
            } => {
                // Random numbers, digests and credentials are made outside the lock.
                let token = token.unwrap_or_else(new_token);
                let seat = SeatId::of(&token);
                let ice_servers =
                    (self.hub.ice_servers).servers(&seat.peer_id(), SystemTime::now());
                let join = Join {
                    room,
                    kind,
                    name,
                    token,
                    seat,
                    address: self.address,
                    passphrase,
                    ice_servers,
                };
                self.ask(|state| state.rooms.handle_join(self.id, join, now()));
            }
            ClientMessage::Resume { token, received } => {
                let seat = SeatId::of(&token);
                self.ask(|state| self.resume(state, seat, received));
            }
            ClientMessage::Leave => self.ask(|state| state.rooms.handle_leave(self.id)),
            ClientMessage::Signal { to, seq, signal } => {
                self.ask(|state| state.rooms.handle_signal(self.id, &to, seq, signal));
            }
            ClientMessage::Ping { received } => self.ask(|state| self.ping(state, received)),
            ClientMessage::Host(message) => {
                self.ask(|state| (state.rooms).handle_host(self.id, self.address, message, now()));
            }
        }
    }

    fn ask(&self, handle: impl FnOnce(&mut State) -> Outputs) {
        let mut state = self.hub.state();
        if self.outbox.is_closing() {
            return;
        }
        let outputs = handle(&mut state);
        state.deliver(outputs, Some((self.id, &self.outbox)));
    }

    fn resume(&self, state: &mut State, seat: SeatId, received: u64) -> Outputs {
        if state.rooms.seat_of(self.id).is_none() {
            // Where there is no seat, the rooms know why.
            if let Some(outbox) = state.seats.get(&seat) {
                if outbox.acknowledge(received).is_err() {
                    return never_sent();
                }
                if outbox.forgotten() > received {
                    return rooms::cannot_resume();
                }
            }
        }
        state.rooms.handle_resume(self.id, seat)
    }

    fn ping(&self, state: &mut State, received: u64) -> Outputs {
        // Outside a room nothing has a number, and the room may have ended a moment ago.
        let seated = state.rooms.seat_of(self.id).is_some();
        if seated && self.outbox.acknowledge(received).is_err() {
            return never_sent();
        }
        let received = state.rooms.taken(self.id);
        rooms::answer(ServerMessage::Pong { received })
    }

    /// Answers a message that is longer than `limit` may be. Nothing of it is carried out.
    pub(crate) fn handle_too_long(&self, text: &str, limit: usize) {
        match ClientMessage::from_json(text) {
            Ok(ClientMessage::Signal { seq, .. }) => {
                self.ask(|state| state.rooms.handle_too_long_signal(self.id, seq, limit));
            }
            _ => self.answer(ErrorMessage::new(
                ErrorCode::MessageTooLarge,
                format!("a message has at most {limit} bytes"),
            )),
        }
    }

    /// Answers bad input; the rooms are not asked.
    pub(crate) fn answer(&self, error: ErrorMessage) {
        tracing::debug!(client = self.id.0, code = ?error.code, "refused");
        self.ask(|_| rooms::answer(ServerMessage::Error(error)));
    }

    /// Ends the connection, for something the client did or because the server ends.
    pub(crate) fn remove(&self, closing: Closing) {
        match closing {
            Closing::GoingAway => return self.gone(LeaveReason::Disconnected),
            // The seat is another's.
            Closing::Replaced => return,
            _ => {}
        }
        tracing::info!(client = self.id.0, ?closing, "removed");
        self.outbox.close(closing);
        self.gone(LeaveReason::Removed);
    }

    /// The client said goodbye.
    pub(crate) fn leave(&self) {
        self.gone(LeaveReason::Left);
    }

    /// The connection is lost; the seat in the room is kept for a while from now.
    pub(crate) fn lose(&self) {
        let mut state = self.hub.state();
        if state.going_away {
            drop(state);
            return self.gone(LeaveReason::Disconnected);
        }
        if state.rooms.seat_of(self.id).is_some() {
            self.outbox.detach();
        }
        let outputs = state.rooms.handle_lost(self.id, now());
        state.deliver(outputs, None);
        drop(state);
        self.hub.deadline.notify_one();
    }

    fn gone(&self, reason: LeaveReason) {
        let mut state = self.hub.state();
        let outputs = state.rooms.handle_gone(self.id, reason);
        state.deliver(outputs, None);
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.hub
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.outbox.is_closing()
    }

    /// What to send next. Dropping the future loses nothing.
    pub(crate) async fn next(&self) -> Outgoing {
        self.outbox.next().await
    }

    /// The next text to send, if one waits.
    pub(crate) fn try_next(&self) -> Option<Utf8Bytes> {
        self.outbox.try_next()
    }

    /// Waits until the queue overflowed.
    pub(crate) async fn overflowed(&self) {
        self.outbox.overflowed().await;
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.lose();
        let mut state = self.hub.state();
        state.clients.remove(&self.id);
        let empty = state.clients.is_empty();
        drop(state);
        tracing::debug!(client = self.id.0, "disconnected");
        if empty {
            self.hub.empty.notify_waiters();
        }
    }
}

/// A token that nobody guesses: 190 random bits.
fn new_token() -> Token {
    let random = rand::rng().sample_iter(Alphanumeric);
    let text: String = random.take(Token::MIN_CHARS).map(char::from).collect();
    Token::new(text).expect("letters and digits, as many as a token has")
}

fn never_sent() -> Outputs {
    let text = "\"received\" is greater than the number of any message that was sent";
    rooms::refuse(ErrorCode::InvalidMessage, text)
}
