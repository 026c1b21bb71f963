//! Drives [`Rooms`] and owns every client's outgoing queue.
//!
//! One lock guards the machine and the queues together: what the machine decided first is
//! queued first, for everybody. It is held for hash lookups, one serialisation and pushes that
//! never wait; sockets are written by their own tasks, without it. The hub knows no socket.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::ws::Utf8Bytes;
use signaling_protocol::{
    ClientMessage, ErrorCode, ErrorMessage, IceServer, LeaveReason, MAX_MESSAGE_BYTES, PeerId,
    ServerMessage,
};
use tokio::sync::Notify;

use crate::limits::Limits;
use crate::outbox::{Closing, Outbox, Outgoing};
use crate::rooms::{ClientId, Outputs, Rooms};

#[cfg(test)]
mod tests;

/// Hexadecimal digits of a peer id: 128 random bits are unique without a look-up.
const PEER_ID_CHARS: usize = 32;

/// What a relayed signal may have at most, so that the envelope around it fits as well.
const MAX_SIGNAL_BYTES: usize =
    MAX_MESSAGE_BYTES - PEER_ID_CHARS - r#"{"type":"signal","from":"","signal":}"#.len();

/// All clients of this server.
#[derive(Debug)]
pub struct Hub {
    limits: Limits,
    ice_servers: Vec<IceServer>,
    state: Mutex<State>,
    /// Told whenever the last client is gone.
    empty: Notify,
}

#[derive(Debug)]
struct State {
    rooms: Rooms,
    clients: HashMap<ClientId, Arc<Outbox>>,
    next_client: u64,
    going_away: bool,
}

/// How much there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub clients: usize,
    pub rooms: usize,
}

/// What to say to a connection for which there is no place, before closing it.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) text: Utf8Bytes,
    pub(crate) closing: Closing,
}

/// One connection's place in the hub, given back on drop.
#[derive(Debug)]
pub(crate) struct Client {
    hub: Arc<Hub>,
    id: ClientId,
    outbox: Arc<Outbox>,
}

impl Hub {
    pub fn new(limits: Limits, ice_servers: Vec<IceServer>) -> Arc<Self> {
        Arc::new(Self {
            limits,
            ice_servers,
            state: Mutex::new(State {
                rooms: Rooms::new(limits.rooms()),
                clients: HashMap::new(),
                next_client: 0,
                going_away: false,
            }),
            empty: Notify::new(),
        })
    }

    pub fn counts(&self) -> Counts {
        let state = self.state();
        Counts {
            clients: state.clients.len(),
            rooms: state.rooms.room_count(),
        }
    }

    /// Tells all clients, also those still to come, when to come back, and closes their
    /// connections.
    pub fn go_away(&self) {
        let mut state = self.state();
        state.going_away = true;
        for outbox in state.clients.values() {
            // Who overflows now is being closed anyway.
            let _ = outbox.push(self.goodbye());
            outbox.close(Closing::GoingAway);
        }
    }

    /// Waits until there is no client.
    pub async fn drained(&self) {
        loop {
            let notified = self.empty.notified();
            if self.state().clients.is_empty() {
                return;
            }
            notified.await;
        }
    }

    /// A place for one more connection, if there is one.
    pub(crate) fn connect(self: &Arc<Self>) -> Result<Client, Refusal> {
        let mut state = self.state();
        if state.going_away {
            return Err(Refusal {
                text: self.goodbye(),
                closing: Closing::GoingAway,
            });
        }
        if state.clients.len() >= self.limits.max_clients {
            let text = "the server has no place for one more client: try again later";
            let error = ErrorMessage::new(ErrorCode::ServerFull, text);
            return Err(Refusal {
                text: serialised(&ServerMessage::Error(error)),
                closing: Closing::ServerFull,
            });
        }
        let id = ClientId(state.next_client);
        state.next_client += 1;
        let outbox = Arc::new(Outbox::new(self.limits.queue()));
        state.clients.insert(id, Arc::clone(&outbox));
        drop(state);
        tracing::debug!(client = id.0, "connected");
        Ok(Client {
            hub: Arc::clone(self),
            id,
            outbox,
        })
    }

    /// The pause differs from client to client, so that they do not all come back at once.
    fn goodbye(&self) -> Utf8Bytes {
        let pause = u32::try_from(self.limits.retry_after.as_millis()).unwrap_or(u32::MAX / 2);
        let spread = rand::random_range(0..=pause);
        serialised(&ServerMessage::GoingAway {
            retry_after_ms: pause.saturating_add(spread),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Queues `outputs`; whoever's queue overflows is removed, which others are told in turn.
    fn deliver(&mut self, outputs: Outputs) {
        let mut slow = Vec::new();
        self.queue(outputs, &mut slow);
        while let Some(client) = slow.pop() {
            tracing::info!(client = client.0, "removed: its queue is full");
            let outputs = self.rooms.handle_disconnect(client, LeaveReason::Removed);
            self.queue(outputs, &mut slow);
        }
    }

    fn queue(&self, outputs: Outputs, slow: &mut Vec<ClientId>) {
        for output in outputs {
            let text = serialised(&output.message);
            for client in output.to {
                if let Some(outbox) = self.clients.get(&client)
                    && outbox.push(text.clone()).is_err()
                {
                    slow.push(client);
                }
            }
        }
    }
}

impl Client {
    /// Carries out what the client asks for; answers go into its queue.
    pub(crate) fn handle_message(&self, message: ClientMessage) {
        if let ClientMessage::Signal { signal, .. } = &message
            && signal.get().len() > MAX_SIGNAL_BYTES
        {
            return self.answer(too_large());
        }
        // Made outside the lock; only `join` needs it.
        let peer = matches!(message, ClientMessage::Join { .. }).then(new_peer_id);
        let mut state = self.hub.state();
        if self.outbox.is_closing() {
            return;
        }
        let outputs = match (message, peer) {
            (ClientMessage::Join { room, kind }, peer) => state.rooms.handle_join(
                self.id,
                &room,
                kind,
                peer.unwrap_or_else(new_peer_id),
                &self.hub.ice_servers,
            ),
            (ClientMessage::Leave, _) => state.rooms.handle_leave(self.id),
            (ClientMessage::Signal { to, signal }, _) => {
                state.rooms.handle_signal(self.id, &to, signal)
            }
        };
        state.deliver(outputs);
    }

    /// Answers bad input; the rooms are not asked.
    pub(crate) fn answer(&self, error: ErrorMessage) {
        tracing::debug!(client = self.id.0, code = ?error.code, "refused");
        if self
            .outbox
            .push(serialised(&ServerMessage::Error(error)))
            .is_err()
        {
            tracing::info!(client = self.id.0, "removed: its queue is full");
            self.leave(LeaveReason::Removed);
        }
    }

    /// Ends the connection after what is queued, for something the client did.
    pub(crate) fn remove(&self, closing: Closing) {
        tracing::info!(client = self.id.0, ?closing, "removed");
        self.outbox.close(closing);
        self.leave(LeaveReason::Removed);
    }

    /// Gives up the seat in the room, now rather than on drop.
    pub(crate) fn leave(&self, reason: LeaveReason) {
        let mut state = self.hub.state();
        let outputs = state.rooms.handle_disconnect(self.id, reason);
        state.deliver(outputs);
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.outbox.is_closing()
    }

    /// What to send next. Dropping the future loses nothing.
    pub(crate) async fn next(&self) -> Outgoing {
        self.outbox.next().await
    }

    /// Waits until the queue overflowed.
    pub(crate) async fn overflowed(&self) {
        self.outbox.overflowed().await;
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let mut state = self.hub.state();
        state.clients.remove(&self.id);
        let outputs = state
            .rooms
            .handle_disconnect(self.id, LeaveReason::Disconnected);
        state.deliver(outputs);
        let empty = state.clients.is_empty();
        drop(state);
        tracing::debug!(client = self.id.0, "disconnected");
        if empty {
            self.hub.empty.notify_waiters();
        }
    }
}

/// The answer to a message that is too long, here or once it is wrapped for its addressee.
pub(crate) fn too_large() -> ErrorMessage {
    ErrorMessage::new(
        ErrorCode::MessageTooLarge,
        format!("a message has at most {MAX_MESSAGE_BYTES} bytes"),
    )
}

fn new_peer_id() -> PeerId {
    PeerId::new(format!(
        "{:0width$x}",
        rand::random::<u128>(),
        width = PEER_ID_CHARS
    ))
}

fn serialised(message: &ServerMessage) -> Utf8Bytes {
    serde_json::to_string(message)
        .expect("protocol messages have only string keys and infallible fields")
        .into()
}
