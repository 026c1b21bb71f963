//! The state machines of a connection, as the standard has them: states, transitions, and where
//! to draw them. Pure.

mod graph;

use crate::trace::Entry;

/// One of the machines that a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Machine {
    Signaling,
    IceGathering,
    IceConnection,
    DtlsTransport,
    Connection,
}

/// A state, as the standard spells it, and where it is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) name: &'static str,
    /// The middle of its box, see [`Machine::SIZE`].
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// A way from one state to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Transition {
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    /// What makes it happen.
    pub(crate) by: &'static str,
}

impl Machine {
    pub const ALL: [Self; 5] = [
        Self::Signaling,
        Self::IceGathering,
        Self::IceConnection,
        Self::DtlsTransport,
        Self::Connection,
    ];

    /// The drawing's width and height.
    pub(crate) const SIZE: (f64, f64) = (520.0, 230.0);
    /// A box's width and height.
    pub(crate) const BOX: (f64, f64) = (138.0, 34.0);

    /// The attribute that tells the state; the trace's name for it, too.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Signaling => "signalingState",
            Self::IceGathering => "iceGatheringState",
            Self::IceConnection => "iceConnectionState",
            Self::DtlsTransport => "RTCDtlsTransport.state",
            Self::Connection => "connectionState",
        }
    }

    /// As people read it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Signaling => "Signaling",
            Self::IceGathering => "ICE gathering",
            Self::IceConnection => "ICE connection",
            Self::DtlsTransport => "DTLS transport",
            Self::Connection => "Connection",
        }
    }

    /// Where the standard defines the states.
    pub(crate) fn specification(self) -> &'static str {
        match self {
            Self::Signaling => "https://www.w3.org/TR/webrtc/#dom-rtcsignalingstate",
            Self::IceGathering => "https://www.w3.org/TR/webrtc/#dom-rtcicegatheringstate",
            Self::IceConnection => "https://www.w3.org/TR/webrtc/#dom-rtciceconnectionstate",
            Self::DtlsTransport => "https://www.w3.org/TR/webrtc/#dom-rtcdtlstransportstate",
            Self::Connection => "https://www.w3.org/TR/webrtc/#dom-rtcpeerconnectionstate",
        }
    }

    /// The state of a connection that was just made; a DTLS transport comes only later.
    pub(crate) fn initial(self) -> Option<&'static str> {
        match self {
            Self::Signaling => Some("stable"),
            Self::DtlsTransport => None,
            _ => Some("new"),
        }
    }

    /// Whether `close()` leads to the state “closed”, without an event.
    pub(crate) fn closes(self) -> bool {
        self != Self::IceGathering
    }

    pub(crate) fn states(self) -> &'static [State] {
        graph::states(self)
    }

    /// Those to “closed” by `close()` are left out: they lead there from every state.
    pub(crate) fn transitions(self) -> &'static [Transition] {
        graph::transitions(self)
    }

    pub(crate) fn state(self, name: &str) -> Option<&'static State> {
        self.states().iter().find(|state| state.name == name)
    }

    /// Whether the standard has this way.
    pub fn knows(self, from: &str, to: &str) -> bool {
        let closing = to == "closed" && self.closes() && self.state(from).is_some();
        let mut transitions = self.transitions().iter();
        closing || transitions.any(|way| way.from == from && way.to == to)
    }

    /// The machine whose state an entry tells.
    pub(crate) fn of(entry: &Entry) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|machine| machine.attribute() == entry.name)
    }
}

/// Where a transition's line begins and ends, from box to box: two ways between the same states
/// run beside each other.
pub(crate) fn line(from: &State, to: &State) -> [(f64, f64); 2] {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx.hypot(dy).max(1.0);
    let aside = (-dy / length * 6.0, dx / length * 6.0);
    let (half_width, half_height) = (Machine::BOX.0 / 2.0, Machine::BOX.1 / 2.0);
    // How far along the line its box ends.
    let reach = |slack: f64| {
        let by = |half: f64, part: f64| {
            if part == 0.0 {
                f64::INFINITY
            } else {
                (half + slack) / part.abs()
            }
        };
        by(half_width, dx).min(by(half_height, dy)).min(0.5)
    };
    let (start, end) = (reach(0.0), reach(3.0));
    [
        (from.x + dx * start + aside.0, from.y + dy * start + aside.1),
        (to.x - dx * end + aside.0, to.y - dy * end + aside.1),
    ]
}

#[cfg(test)]
mod tests;
