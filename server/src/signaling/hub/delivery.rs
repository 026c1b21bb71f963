//! What the rooms decided, carried out: who gets which message, in which queue.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use signaling_protocol::{ServerMessage, numbered};
use tokio::sync::mpsc;

use super::now;
use super::passphrases::Order;
use crate::signaling::frames::{self, serialised};
use crate::signaling::metrics::Metrics;
use crate::signaling::outbox::{Closing, Full, Outbox};
use crate::signaling::rooms::{ClientId, Output, Outputs, Rooms, SeatId, WorkDone};

#[derive(Debug)]
pub(super) struct State {
    pub(super) rooms: Rooms,
    pub(super) clients: HashMap<ClientId, Arc<Outbox>>,
    /// The queue of every seat that is taken: its client's, or its lost client's.
    pub(super) seats: HashMap<SeatId, Arc<Outbox>>,
    pub(super) next_client: u64,
    pub(super) going_away: bool,
    pub(super) work: mpsc::Sender<Order>,
    /// For whom there was no place among the work any more.
    pub(super) too_busy_for: Vec<ClientId>,
    pub(super) metrics: Arc<Metrics>,
}

/// Whose queue overflowed.
enum Slow {
    Seat(SeatId),
    /// A client that was told something for its connection alone.
    Client(ClientId),
}

impl State {
    /// Carries out `outputs` of an input of `asker`; whoever's queue overflows is removed, which
    /// others are told in turn.
    pub(super) fn deliver(&mut self, outputs: Outputs, asker: Option<(ClientId, &Arc<Outbox>)>) {
        let mut slow = Vec::new();
        self.carry_out(outputs, asker, &mut slow);
        while let Some(client) = self.too_busy_for.pop() {
            let outputs = (self.rooms).handle_work_done(client, WorkDone::Busy, now());
            self.carry_out(outputs, asker, &mut slow);
        }
        while let Some(whose) = slow.pop() {
            self.metrics.overflows.inc();
            let outputs = match whose {
                Slow::Seat(seat) => {
                    tracing::info!(peer = %seat.peer_id(), "removed: its queue is full");
                    self.rooms.handle_overflow(seat)
                }
                Slow::Client(client) => {
                    tracing::info!(client = client.0, "removed: its queue is full");
                    let removed = signaling_protocol::LeaveReason::Removed;
                    self.rooms.handle_gone(client, removed)
                }
            };
            self.carry_out(outputs, None, &mut slow);
        }
    }

    fn carry_out(
        &mut self,
        outputs: Outputs,
        asker: Option<(ClientId, &Arc<Outbox>)>,
        slow: &mut Vec<Slow>,
    ) {
        for output in outputs {
            match output {
                Output::Answer(message) => {
                    if let Some((client, outbox)) = asker {
                        self.say(client, outbox, &message, slow);
                    }
                }
                Output::Inform { client, message } => {
                    if let Some(outbox) = self.clients.get(&client) {
                        self.say(client, outbox, &message, slow);
                    }
                }
                Output::Tell { to, message } => {
                    let body = serialised(&message);
                    for seat in to {
                        self.push(seat, |seq| numbered(&body, seq).into(), slow);
                    }
                }
                Output::Signal { from, to, signal } => {
                    self.metrics.signals.inc();
                    self.push(to, |seq| frames::signal(seq, from, &signal), slow);
                }
                Output::Seated { client, seat } => {
                    if let Some(outbox) = self.clients.get(&client) {
                        let former = self.seats.insert(seat, Arc::clone(outbox));
                        if let Some(former) = former {
                            self.metrics.resumes.inc();
                            outbox.take_over(&former);
                        }
                    }
                }
                Output::Vacated(seat) => {
                    if let Some(outbox) = self.seats.remove(&seat) {
                        outbox.end();
                    }
                }
                Output::Replaced(client) => {
                    if let Some(outbox) = self.clients.get(&client) {
                        outbox.close(Closing::Replaced);
                    }
                }
                Output::Work { client, work } => {
                    if self.work.try_send(Order { client, work }).is_err() {
                        self.too_busy_for.push(client);
                    }
                }
            }
        }
    }

    /// Queues a message for one connection.
    fn say(
        &self,
        client: ClientId,
        outbox: &Outbox,
        message: &ServerMessage,
        slow: &mut Vec<Slow>,
    ) {
        if let ServerMessage::Error(error) = message {
            self.metrics.refused(error.code);
        }
        if outbox.push(serialised(message).into()).is_err() {
            slow.push(Slow::Client(client));
        }
    }

    fn push(&self, seat: SeatId, text: impl FnOnce(u64) -> Utf8Bytes, slow: &mut Vec<Slow>) {
        if let Some(outbox) = self.seats.get(&seat)
            && outbox.push_numbered(text) == Err(Full)
        {
            slow.push(Slow::Seat(seat));
        }
    }
}
