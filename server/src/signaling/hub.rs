//! Drives [`Rooms`] and owns every seat's outgoing queue.
//!
//! One lock guards the machine and decides the order: what the machine decided first is queued
//! first, for everybody. It is held for hash lookups, one serialisation and pushes that never
//! wait; sockets are written by their own tasks, without it. The hub knows no socket.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::extract::ws::Utf8Bytes;
use prometheus_client::registry::Registry;
use signaling_protocol::{ErrorCode, ServerMessage};
use tokio::sync::{Notify, mpsc};

use crate::http::ClientAddress;
use crate::http::metrics::{Level, register_levels};
use crate::limits::Limits;
use crate::services::Shutdown;
use crate::signaling::frames::{self, serialised};
use crate::signaling::ice::IceServerSource;
use crate::signaling::metrics::Metrics;
use crate::signaling::outbox::{Closing, Outbox, QueueLimits};
use crate::signaling::queue_memory::QueueMemory;
use crate::signaling::rooms::{Capacities, ClientId, RoomLimits, Rooms};

mod client;
mod delivery;
mod passphrases;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub(crate) use client::Client;
use delivery::State;
use passphrases::{MOST_WORK, Order};

/// All clients of this server.
#[derive(Debug)]
pub(crate) struct Hub {
    limits: Limits,
    ice_servers: Arc<dyn IceServerSource>,
    metrics: Arc<Metrics>,
    /// Of all queues.
    memory: Arc<QueueMemory>,
    state: Mutex<State>,
    /// Passphrases to look at; whoever drives the hub takes them.
    work: tokio::sync::Mutex<mpsc::Receiver<Order>>,
    /// Told whenever the last client is gone.
    empty: Notify,
    /// Told whenever the next deadline may have changed.
    deadline: Notify,
}

/// How much there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// WebSockets, in a room or not.
    pub clients: usize,
    pub rooms: usize,
    /// Seats whose client is away.
    pub away: usize,
}

/// What to say to a connection for which there is no place, before closing it.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) text: Utf8Bytes,
    pub(crate) closing: Closing,
}

impl Hub {
    pub(crate) fn new(limits: Limits, ice_servers: Arc<dyn IceServerSource>) -> Arc<Self> {
        let metrics = Arc::new(Metrics::default());
        let (order, work) = mpsc::channel(MOST_WORK);
        Arc::new(Self {
            limits,
            ice_servers,
            metrics: Arc::clone(&metrics),
            memory: QueueMemory::new(limits.max_queued_bytes, limits.max_clients),
            state: Mutex::new(State {
                rooms: Rooms::new(RoomLimits::from(limits)),
                clients: HashMap::new(),
                seats: HashMap::new(),
                next_client: 0,
                going_away: false,
                work: order,
                too_busy_for: Vec::new(),
                metrics,
            }),
            work: tokio::sync::Mutex::new(work),
            empty: Notify::new(),
            deadline: Notify::new(),
        })
    }

    pub(crate) fn counts(&self) -> Counts {
        let state = self.state();
        Counts {
            clients: state.clients.len(),
            rooms: state.rooms.room_count(),
            away: state.rooms.away_count(),
        }
    }

    /// Clients that wait to be let into a room.
    fn waiting(&self) -> usize {
        self.state().rooms.waiting_count()
    }

    /// Bytes that wait for clients, or are kept until they are acknowledged.
    pub(crate) fn queued_bytes(&self) -> usize {
        self.memory.used()
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// What is counted and how much there is, as long as the hub lives.
    pub(crate) fn register(self: &Arc<Self>, registry: &mut Registry) {
        self.metrics.register(registry);
        let hub = Arc::clone(self);
        register_levels(registry, move || {
            let counts = hub.counts();
            let level = |name, help, value| Level { name, help, value };
            [
                level("rooms", "Rooms with somebody in them", counts.rooms),
                level("clients", "WebSocket clients", counts.clients),
                level("seats_away", "Seats that wait to be resumed", counts.away),
                level("waiting", "Clients that wait to be let in", hub.waiting()),
                level(
                    "queued_bytes",
                    "Bytes that wait for clients or are kept until they are acknowledged",
                    hub.queued_bytes(),
                ),
            ]
        });
    }

    /// Gives up seats in time and looks at passphrases until `shutdown`; then says goodbye to all clients and waits until
    /// they are gone.
    pub(crate) async fn run(self: Arc<Self>, mut shutdown: Shutdown) {
        tokio::select! {
            () = shutdown.requested() => {}
            never = self.expire() => match never {},
            never = self.work() => match never {},
        }
        tracing::info!(clients = self.counts().clients, "going away");
        self.go_away();
        self.drained().await;
    }

    /// Gives up the seats whose grace is over, for as long as it is awaited.
    pub(crate) async fn expire(&self) -> Infallible {
        loop {
            let next = self.state().rooms.poll_timeout();
            let changed = self.deadline.notified();
            match next {
                None => changed.await,
                Some(at) => tokio::select! {
                    () = changed => {}
                    () = tokio::time::sleep_until(at.into()) => {
                        let mut state = self.state();
                        let outputs = state.rooms.handle_timeout(now());
                        state.deliver(outputs, None);
                    }
                },
            }
        }
    }

    /// Tells all clients, also those still to come, when to come back, and closes their
    /// connections.
    pub(crate) fn go_away(&self) {
        let mut state = self.state();
        state.going_away = true;
        for outbox in state.clients.values() {
            // Who overflows now is being closed anyway.
            let _ = outbox.push(self.goodbye());
            outbox.close(Closing::GoingAway);
        }
    }

    /// Waits until there is no client.
    pub(crate) async fn drained(&self) {
        loop {
            let notified = self.empty.notified();
            if self.state().clients.is_empty() {
                return;
            }
            notified.await;
        }
    }

    /// A place for one more connection, if there is one.
    pub(crate) fn connect(self: &Arc<Self>, address: ClientAddress) -> Result<Client, Refusal> {
        let mut state = self.state();
        if state.going_away {
            return Err(Refusal {
                text: self.goodbye(),
                closing: Closing::GoingAway,
            });
        }
        if state.clients.len() >= self.limits.max_clients {
            drop(state);
            let text = "the server has no place for one more client: try again later";
            return Err(self.refusal(ErrorCode::ServerFull, text, Closing::ServerFull));
        }
        let id = ClientId(state.next_client);
        state.next_client += 1;
        let limits = QueueLimits::from(self.limits);
        let outbox = Arc::new(Outbox::new(limits, Arc::clone(&self.memory)));
        state.clients.insert(id, Arc::clone(&outbox));
        drop(state);
        tracing::debug!(client = id.0, "connected");
        Ok(Client::new(Arc::clone(self), id, address, outbox))
    }

    pub(crate) fn refusal(&self, code: ErrorCode, text: &str, closing: Closing) -> Refusal {
        self.metrics.refused(code);
        Refusal {
            text: frames::error(code, text),
            closing,
        }
    }

    /// The pause differs from client to client, so that they do not all come back at once.
    fn goodbye(&self) -> Utf8Bytes {
        let pause = u32::try_from(self.limits.retry_after.as_millis()).unwrap_or(u32::MAX / 2);
        let spread = rand::random_range(0..=pause);
        serialised(&ServerMessage::GoingAway {
            retry_after_ms: pause.saturating_add(spread),
        })
        .into()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<Limits> for RoomLimits {
    fn from(limits: Limits) -> Self {
        Self {
            max_rooms: limits.max_rooms,
            max_seats: limits.max_clients,
            capacities: Capacities {
                call: limits.call_capacity,
                mesh: limits.mesh_capacity,
            },
            max_room_chars: limits.max_room_chars,
            max_name_chars: limits.max_name_chars,
            grace: limits.resume_grace,
        }
    }
}

impl From<Limits> for QueueLimits {
    fn from(limits: Limits) -> Self {
        Self {
            messages: limits.queue_messages,
            bytes: limits.queue_bytes,
        }
    }
}

/// Follows tokio's clock, which tests may pause.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
