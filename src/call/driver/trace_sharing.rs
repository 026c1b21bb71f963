//! The driver's part about showing each other what both browsers do.

use signaling_protocol::{ChannelMessage, PeerId, TraceMessage};

use super::Driver;
use crate::call::peer::Peer;
use crate::call::{CallEvent, Wish};
use crate::trace_sharing::{TraceSharing, TraceSharingView};

impl Driver {
    pub(super) fn handle_wish(&mut self, id: &PeerId, wish: Wish) {
        let is_open = self.peers.get(id).is_some_and(|peer| peer.can_say());
        let trace = self.trace.clone();
        let trace_sharing = self.trace_sharing(id);
        match wish {
            Wish::Ask if is_open => trace_sharing.handle_ask(&trace),
            Wish::Ask => {}
            Wish::Accept => trace_sharing.handle_accept(&trace),
            Wish::Refuse => trace_sharing.handle_refuse(&trace),
            Wish::Stop => trace_sharing.handle_stop(&trace),
        }
    }

    pub(super) fn handle_trace(&mut self, id: &PeerId, message: TraceMessage) {
        let trace = self.trace.clone();
        self.trace_sharing(id).handle_message(message, &trace);
    }

    /// The channel to a peer is gone, or about to be another.
    pub(super) fn stop_sharing_traces(&mut self, id: &PeerId) {
        if let Some(trace_sharing) = self.trace_sharings.get_mut(id) {
            trace_sharing.handle_closed(&self.trace);
        }
    }

    /// It is time to tell something.
    pub(super) fn tell_traces(&mut self) {
        let now_ms = self.trace.now_ms();
        for (id, trace_sharing) in &mut self.trace_sharings {
            if trace_sharing.deadline().is_some_and(|at| at <= now_ms) {
                let is_free = self.peers.get(id).is_some_and(Peer::has_room);
                trace_sharing.handle_timeout(&self.trace, is_free);
            }
        }
    }

    pub(super) fn trace_deadline(&self) -> Option<f64> {
        let deadlines = self
            .trace_sharings
            .values()
            .filter_map(TraceSharing::deadline);
        Some(self.trace.clock_at(deadlines.reduce(f64::min)?))
    }

    /// Sends and tells what came of all that.
    pub(super) fn pass_traces_on(&mut self) {
        for (id, trace_sharing) in &mut self.trace_sharings {
            let peer = self.peers.get(id);
            trace_sharing.tell(&self.trace, |message| {
                peer.is_some_and(|peer| peer.say(&ChannelMessage::Trace(message)))
            });
            while let Some(event) = trace_sharing.poll_event() {
                (self.on_event)(CallEvent::Trace(id.clone(), event));
            }
        }
    }

    /// How we stand with a peer; `None` while nothing can be said.
    pub(super) fn trace_sharing_view(&self, id: &PeerId) -> Option<TraceSharingView> {
        self.peers.get(id).filter(|peer| peer.can_say())?;
        Some(
            self.trace_sharings
                .get(id)
                .map(TraceSharing::view)
                .unwrap_or_default(),
        )
    }

    fn trace_sharing(&mut self, id: &PeerId) -> &mut TraceSharing {
        let new = || TraceSharing::new(id.as_str());
        self.trace_sharings.entry(id.clone()).or_insert_with(new)
    }
}
