//! The driver's part about transports that only introduce: who was introduced is signaled to over
//! the connection itself, for as long as that stands, and gone when it ends.

use futures_channel::mpsc;
use gloo_events::EventListener;
use signaling_protocol::{
    ChannelMessage, IceCandidate, LeaveReason, PeerId, PeerMessage, PeerSignal,
};

use super::Driver;
use crate::call::CallCommand;
use crate::call::connection::ConnectionKey;
use crate::rtc::now_ms;
use crate::signaling::{Event, Request, summary};

/// A browser that closes a page says nothing to the peers of its connections, and no server will: who
/// hangs up first is gone for the other at once.
pub(super) fn leave_with_page(
    commands: mpsc::UnboundedSender<CallCommand>,
) -> Option<EventListener> {
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "pagehide", move |_| {
        // A call that has ended has nothing left to do.
        drop(commands.unbounded_send(CallCommand::HangUp));
    }))
}

impl Driver {
    /// Hands a request to the transport, or says it to the peer itself.
    pub(super) fn request(&mut self, request: Request) {
        if self.direct
            && let Request::Signal { to, message } = &request
            && let Some(connection) = self.connections.get(&self.mesh.connection_of(to))
            && connection.say(&ChannelMessage::Signal(message.clone()))
        {
            summary::report_request(&self.tracer, &request);
            return;
        }
        if let Some(service) = &mut self.service {
            service.send(request);
        }
    }

    /// The channel to a peer opened: what the transport could not deliver goes over it first.
    pub(super) fn take_back(&mut self, key: &ConnectionKey) {
        let late = match &mut self.service {
            Some(service) if self.direct => service.take_back(),
            _ => return,
        };
        for message in late {
            self.request(Request::Signal {
                to: key.peer().clone(),
                message,
            });
        }
        self.handle_path(key);
    }

    /// The path to a peer may have come or gone.
    pub(super) fn handle_path(&mut self, key: &ConnectionKey) {
        if self.direct {
            let reachable = self.roster.is_reachable(key.peer());
            self.tell_reachable(key, reachable, now_ms());
        }
    }

    /// Tells the connection's health whether signals reach its other end, `reachable` being whether
    /// the transport says so.
    pub(super) fn tell_reachable(&mut self, key: &ConnectionKey, reachable: bool, now: f64) {
        if let Some(connection) = self.connections.get_mut(key) {
            let reachable = reachable && (!self.direct || connection.has_path());
            connection.health.handle_reachable(reachable, now);
        }
    }

    /// The browser knows all its addresses. Not every browser says so by a candidate, and only
    /// who writes the candidates down has to know.
    pub(super) fn handle_gathered(&mut self, key: &ConnectionKey) {
        let connection = self.connections.get(key).filter(|_| self.direct);
        if let Some(connection) = connection {
            let end = PeerSignal::Candidate(IceCandidate::default());
            let message: PeerMessage = connection.pairing.message(Some(end));
            if let Some(service) = &mut self.service {
                service.send(Request::Signal {
                    to: key.peer().clone(),
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
