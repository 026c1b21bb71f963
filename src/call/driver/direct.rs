//! The driver's part about transports that only introduce: who was introduced is signaled to over
//! the connection itself, for as long as that stands, and gone when it ends.

use futures_channel::mpsc;
use gloo_events::EventListener;
use signaling_protocol::{
    ChannelMessage, IceCandidate, LeaveReason, PeerId, PeerMessage, PeerSignal,
};

use super::Driver;
use crate::call::Command;
use crate::rtc::now_ms;
use crate::signaling::{Event, Request, summary};

/// A browser that closes a page says nothing to the peers of its connections, and no server will: who
/// hangs up first is gone for the other at once.
pub(super) fn leave_with_page(commands: mpsc::UnboundedSender<Command>) -> Option<EventListener> {
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "pagehide", move |_| {
        // A call that has ended has nothing left to do.
        drop(commands.unbounded_send(Command::HangUp));
    }))
}

impl Driver {
    /// Hands a request to the transport, or says it to the peer itself.
    pub(super) fn request(&mut self, request: Request) {
        if self.direct
            && let Request::Signal { to, message } = &request
            && let Some(peer) = self.peers.get(to)
            && peer.say(&ChannelMessage::Signal(message.clone()))
        {
            summary::report_request(&self.tracer, &request);
            return;
        }
        if let Some(connection) = &mut self.connection {
            connection.send(request);
        }
    }

    /// The channel to a peer opened: what the transport could not deliver goes over it first.
    pub(super) fn take_back(&mut self, id: &PeerId) {
        let late = match &mut self.connection {
            Some(connection) if self.direct => connection.take_back(),
            _ => return,
        };
        for message in late {
            self.request(Request::Signal {
                to: id.clone(),
                message,
            });
        }
        self.handle_path(id);
    }

    /// The way to a peer may have come or gone.
    pub(super) fn handle_path(&mut self, id: &PeerId) {
        if self.direct {
            let reachable = self.roster.is_reachable(id);
            self.tell_reachable(id, reachable, now_ms());
        }
    }

    /// Tells the peer's health whether signals reach it, `reachable` being whether the transport
    /// says so.
    pub(super) fn tell_reachable(&mut self, id: &PeerId, reachable: bool, now: f64) {
        if let Some(peer) = self.peers.get_mut(id) {
            let reachable = reachable && (!self.direct || peer.has_path());
            peer.health.handle_reachable(reachable, now);
        }
    }

    /// The browser knows all its addresses. Not every browser says so by a candidate, and only
    /// who writes the candidates down has to know.
    pub(super) fn handle_gathered(&mut self, id: &PeerId) {
        let peer = self.peers.get(id).filter(|_| self.direct);
        if let Some(peer) = peer {
            let end = PeerSignal::Candidate(IceCandidate::default());
            let message: PeerMessage = peer.pairing.message(Some(end));
            if let Some(connection) = &mut self.connection {
                connection.send(Request::Signal {
                    to: id.clone(),
                    message,
                });
            }
        }
    }

    /// The connection to a peer ended, and with it the only way to hear of the peer again.
    pub(super) fn handle_end(&mut self, id: PeerId, reason: LeaveReason) {
        if self.direct {
            let event = Event::PeerLeft { peer: id, reason };
            self.roster
                .handle_event(event, now_ms(), js_sys::Math::random());
        }
    }
}
