//! Two peer connections in one page, joined without a network: each end's signals go straight
//! to the other, in order.

use std::rc::Rc;

use signaling_protocol::PeerSignal;

use crate::call::links::{LinkEvent, Links};
use crate::error::JsError;
use crate::negotiation::Role;
use crate::rtc::peer_connection::PeerConnection;
use crate::signaling::summary;
use crate::trace::vocabulary::InPagePeer;
use crate::trace::{Direction, Payload, Private, Trace, detail};

/// One end of a pair, named as in the tutorial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    Local,
    Remote,
}

impl End {
    pub const BOTH: [Self; 2] = [Self::Local, Self::Remote];

    pub fn other(self) -> Self {
        match self {
            Self::Local => Self::Remote,
            Self::Remote => Self::Local,
        }
    }

    /// `localPeer` or `remotePeer`
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Local => InPagePeer::Local.as_str(),
            Self::Remote => InPagePeer::Remote.as_str(),
        }
    }
}

/// Both connections; dropping it closes them. The local end speaks first, so it must have
/// something to send.
pub struct Pair {
    links: Links<End>,
}

impl Pair {
    pub fn new(trace: &Trace) -> Result<Self, JsError> {
        let mut links = Links::new();
        for (end, role) in [(End::Local, Role::Impolite), (End::Remote, Role::Polite)] {
            let tracer = trace.tracer(end.name()).toward(end.other().name());
            links.add(end, role, &[], tracer)?;
        }
        Ok(Self { links })
    }

    /// One end's connection, to add media or data channels to.
    pub fn connection(&self, end: End) -> Option<&Rc<PeerConnection>> {
        self.links.get(&end)
    }

    /// What happens next, at which end. A signal that is told was already handed over.
    pub async fn next(&mut self) -> (End, LinkEvent) {
        let (end, event) = self.links.next().await;
        if let LinkEvent::Signal(signal) = &event {
            self.report(end, signal);
            self.links.handle_signal(&end.other(), signal.clone());
        }
        (end, event)
    }

    /// It is sent and has arrived: one entry for both.
    fn report(&self, from: End, signal: &PeerSignal) {
        let Some(connection) = self.links.get(&from) else {
            return;
        };
        let to = from.other().name();
        let payload = Payload::Signal {
            direction: Direction::Sent,
            other: Some(to.to_owned()),
            message: summary::json_of_signal(signal),
        };
        let what = detail![summary::of_signal(signal), " to ", Private::Peer.of(to)];
        connection.tracer().with(payload).signal("send", what);
    }
}
