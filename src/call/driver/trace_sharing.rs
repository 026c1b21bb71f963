//! The driver's part about showing each other what both browsers do.

use signaling_protocol::{ChannelMessage, PeerId, TraceMessage};

use super::Driver;
use crate::call::connection::Connection;
use crate::call::participant::Participant;
use crate::call::{CallEvent, Wish};
use crate::trace_sharing::TraceSharingView;

impl Driver {
    pub(super) fn handle_wish(&mut self, id: &PeerId, wish: Wish) {
        let connection = self.connections.get(&self.mesh.connection_of(id));
        let is_open = connection.is_some_and(Connection::can_say);
        let Some(trace_sharing) = self.roster.participants_mut().trace_sharing_mut(id) else {
            return;
        };
        match wish {
            Wish::Ask if is_open => trace_sharing.handle_ask(&self.trace),
            Wish::Ask => {}
            Wish::Accept => trace_sharing.handle_accept(&self.trace),
            Wish::Refuse => trace_sharing.handle_refuse(&self.trace),
            Wish::Stop => trace_sharing.handle_stop(&self.trace),
        }
    }

    pub(super) fn handle_trace(&mut self, id: &PeerId, message: TraceMessage) {
        if let Some(trace_sharing) = self.roster.participants_mut().trace_sharing_mut(id) {
            trace_sharing.handle_message(message, &self.trace);
        }
    }

    /// The channel to a peer is gone, or about to be another.
    pub(super) fn stop_sharing_traces(&mut self, id: &PeerId) {
        if let Some(trace_sharing) = self.roster.participants_mut().trace_sharing_mut(id) {
            trace_sharing.handle_closed(&self.trace);
        }
    }

    /// It is time to tell something.
    pub(super) fn tell_traces(&mut self) {
        let now_ms = self.trace.now_ms();
        for (id, participant) in self.roster.participants_mut().known_mut() {
            let trace_sharing = &mut participant.trace_sharing;
            let connection = self.connections.get(&self.mesh.connection_of(id));
            if trace_sharing.deadline().is_some_and(|at| at <= now_ms) {
                let is_free = connection.is_some_and(Connection::has_room);
                trace_sharing.handle_timeout(&self.trace, is_free);
            }
        }
    }

    pub(super) fn trace_deadline(&self) -> Option<f64> {
        let known = self.roster.participants().known();
        let deadlines = known.filter_map(|(_, known)| known.trace_sharing.deadline());
        Some(self.trace.clock_at(deadlines.reduce(f64::min)?))
    }

    /// Sends and tells what came of all that.
    pub(super) fn pass_traces_on(&mut self) {
        for (id, participant) in self.roster.participants_mut().known_mut() {
            let trace_sharing = &mut participant.trace_sharing;
            let connection = self.connections.get(&self.mesh.connection_of(id));
            trace_sharing.tell(&self.trace, |message| {
                let message = ChannelMessage::Trace(message);
                connection.is_some_and(|connection| connection.say(&message))
            });
            while let Some(event) = trace_sharing.poll_event() {
                (self.on_event)(CallEvent::Trace(id.clone(), event));
            }
        }
    }
}

/// How we stand with a participant; `None` while nothing can be said over its connection.
pub(super) fn trace_sharing_view(
    participant: &Participant,
    connection: &Connection,
) -> Option<TraceSharingView> {
    let view = || participant.trace_sharing.view();
    connection.can_say().then(view)
}
