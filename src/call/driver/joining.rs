//! The driver's part about showing each other what both browsers do.

use signaling_protocol::{ChannelMessage, PeerId, TraceMessage};

use super::Driver;
use crate::call::{CallEvent, Wish};
use crate::joining::{Joining, JoiningView};

/// While more bytes than these wait in a channel, entries of the trace wait for them.
const MOST_BUFFERED: u32 = 64 * 1024;

impl Driver {
    pub(super) fn handle_wish(&mut self, id: &PeerId, wish: Wish) {
        let is_open = self.peers.get(id).is_some_and(|peer| peer.can_say());
        let trace = self.trace.clone();
        let joining = self.joining(id);
        match wish {
            Wish::Ask if is_open => joining.handle_ask(&trace),
            Wish::Ask => {}
            Wish::Accept => joining.handle_accept(&trace),
            Wish::Refuse => joining.handle_refuse(&trace),
            Wish::Stop => joining.handle_stop(&trace),
        }
    }

    pub(super) fn handle_trace(&mut self, id: &PeerId, message: TraceMessage) {
        let trace = self.trace.clone();
        self.joining(id).handle_message(message, &trace);
    }

    /// The channel to a peer is gone, or about to be another.
    pub(super) fn part_traces(&mut self, id: &PeerId) {
        if let Some(joining) = self.joinings.get_mut(id) {
            joining.handle_closed(&self.trace);
        }
    }

    /// It is time to tell something.
    pub(super) fn tell_traces(&mut self) {
        let now_ms = self.trace.now_ms();
        for (id, joining) in &mut self.joinings {
            let buffered = self.peers.get(id).and_then(|peer| peer.buffered());
            if joining.deadline().is_some_and(|at| at <= now_ms) {
                let is_free = buffered.is_some_and(|bytes| bytes <= MOST_BUFFERED);
                joining.handle_timeout(&self.trace, is_free);
            }
        }
    }

    pub(super) fn trace_deadline(&self) -> Option<f64> {
        let deadlines = self.joinings.values().filter_map(Joining::deadline);
        Some(self.trace.clock_at(deadlines.reduce(f64::min)?))
    }

    /// Sends and tells what came of all that.
    pub(super) fn pass_traces_on(&mut self) {
        for (id, joining) in &mut self.joinings {
            let peer = self.peers.get(id);
            joining.tell(&self.trace, |message| {
                peer.is_some_and(|peer| peer.say(&ChannelMessage::Trace(message)))
            });
            while let Some(event) = joining.poll_event() {
                (self.on_event)(CallEvent::Trace(id.clone(), event));
            }
        }
    }

    /// How we stand with a peer; `None` while nothing can be said.
    pub(super) fn joining_view(&self, id: &PeerId) -> Option<JoiningView> {
        self.peers.get(id).filter(|peer| peer.can_say())?;
        Some(self.joinings.get(id).map(Joining::view).unwrap_or_default())
    }

    fn joining(&mut self, id: &PeerId) -> &mut Joining {
        let new = || Joining::new(id.as_str());
        self.joinings.entry(id.clone()).or_insert_with(new)
    }
}
