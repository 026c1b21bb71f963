//! The transports that signals can take, as addresses name them. Pure.

use signaling_protocol::RoomKind;
use thiserror::Error;

use crate::routes;

/// What carries the signals of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// Our own server.
    #[default]
    WebSocket,
    /// A Firebase Realtime Database.
    Firebase,
    /// Two tabs of one browser.
    Tabs,
    /// People, who copy and paste.
    Paste,
}

/// A `?via=` that names nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("“{0}” is no way for signals to take")]
pub(crate) struct UnknownTransport(String);

/// The parameter of addresses that names a transport.
pub(crate) const VIA: &str = "via";

impl Transport {
    pub(crate) const ALL: &[Self] = &[Self::WebSocket, Self::Firebase, Self::Tabs, Self::Paste];

    /// The transports into a room of this kind. Tabs and people introduce two to each other, not many.
    pub(crate) fn of(kind: RoomKind) -> &'static [Self] {
        match kind {
            RoomKind::Call => Self::ALL,
            RoomKind::Mesh => &[Self::WebSocket, Self::Firebase],
        }
    }

    /// What a page uses, by the value of its `?via=`; one of `transports`.
    pub(crate) fn from_query(
        via: Option<&str>,
        transports: &[Self],
    ) -> Result<Self, UnknownTransport> {
        let Some(via) = via.filter(|via| !via.is_empty()) else {
            return Ok(Self::WebSocket);
        };
        let mut transports = transports.iter();
        let known = transports.find(|transport| transport.via() == Some(via));
        known
            .copied()
            .ok_or_else(|| UnknownTransport(via.to_owned()))
    }

    /// The value of `?via=` that leads here.
    pub(crate) fn via(self) -> Option<&'static str> {
        match self {
            Self::WebSocket => None,
            Self::Firebase => Some("firebase"),
            Self::Tabs => Some("tab"),
            Self::Paste => Some("paste"),
        }
    }

    /// The kind of room that more than two can be in, where this transport introduces more than two.
    pub(crate) fn largest_kind(self) -> RoomKind {
        if Self::of(RoomKind::Mesh).contains(&self) {
            RoomKind::Mesh
        } else {
            RoomKind::Call
        }
    }

    /// The page of calls of this kind, which the room's name is put behind.
    pub(crate) fn path(self, kind: RoomKind) -> &'static str {
        match (self, kind) {
            (Self::Firebase, RoomKind::Call) => routes::FIREBASE,
            (Self::Firebase, RoomKind::Mesh) => routes::FIREBASE_MESH,
            (_, RoomKind::Call) => routes::CALL,
            (_, RoomKind::Mesh) => routes::MESH,
        }
    }

    /// As people read it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WebSocket => "WebSocket",
            Self::Firebase => "Firebase",
            Self::Tabs => "Two tabs",
            Self::Paste => "Copy and paste",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_says_is_what_it_meant() {
        for &transport in Transport::ALL {
            let read = Transport::from_query(transport.via(), Transport::ALL);
            assert_eq!(read, Ok(transport));
        }
    }

    #[test]
    fn who_is_introduced_to_one_only_is_in_a_call_of_two() {
        assert_eq!(Transport::Firebase.largest_kind(), RoomKind::Mesh);
        assert_eq!(Transport::Tabs.largest_kind(), RoomKind::Call);
    }

    #[test]
    fn an_unknown_way_is_named() {
        for (via, kind) in [("pigeon", RoomKind::Call), ("tab", RoomKind::Mesh)] {
            let error = Transport::from_query(Some(via), Transport::of(kind)).unwrap_err();
            assert!(error.to_string().contains(via));
        }
        assert_eq!(
            Transport::from_query(Some(""), Transport::of(RoomKind::Mesh)),
            Ok(Transport::WebSocket)
        );
    }
}
