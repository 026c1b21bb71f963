//! Who we are in which room, as long as the page is open, and in this tab after it was loaded again.
//!
//! People who come back take their own seat instead of being a second person or finding the room full.

use leptos::prelude::*;
use signaling_protocol::{RoomId, Token};

use super::use_stored::Memory::Tab;
use super::use_stored::{load_from, store_in};
use crate::rtc::random_hex;

/// One at a time: a tab is in one call.
const KEY: &str = "seat";

/// At one server, which alone may know the token: with it, it could be us elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seat {
    server: String,
    room: RoomId,
    token: Token,
}

impl Seat {
    fn from_text(text: &str) -> Option<Self> {
        let (server, rest) = text.split_once('\n')?;
        let (token, room) = rest.split_once('\n')?;
        Some(Self {
            server: server.to_owned(),
            room: RoomId::new(room).ok()?,
            token: Token::new(token).ok()?,
        })
    }

    /// Lines: a reader of JSON would be much to load for three texts. Neither an address nor a token has a
    /// line break.
    fn to_text(&self) -> String {
        let (token, room) = (self.token.expose(), self.room.as_str());
        [&self.server, token, room].join("\n")
    }

    fn is_in(&self, server: &str, room: &RoomId) -> bool {
        self.server == server && self.room == *room
    }
}

/// The seat of a call, at the signaling server.
#[derive(Clone, Copy)]
pub(super) struct SeatHook(StoredValue<Option<Seat>>);

/// None yet, in this page.
pub(super) fn use_seat() -> SeatHook {
    SeatHook(StoredValue::new(None))
}

impl SeatHook {
    /// The token of the seat that this page or tab had there, or a new one.
    pub(super) fn token(self, server: &str, room: &RoomId) -> Option<Token> {
        let known = self.0.get_value().filter(|seat| seat.is_in(server, room));
        let known = known.or_else(|| in_tab(server, room));
        // Sixteen bytes are as many digits as a token needs.
        known.map_or_else(
            || Token::new(random_hex::<16>()).ok(),
            |seat| Some(seat.token),
        )
    }

    /// We are about to enter this room with this token.
    pub(super) fn set(self, server: String, room: RoomId, token: Token) {
        self.0.set_value(Some(Seat {
            server,
            room,
            token,
        }));
    }

    /// The seat is ours, and is when the page is loaded again.
    pub(super) fn keep(self) {
        let text = self.0.with_value(|seat| seat.as_ref().map(Seat::to_text));
        store_in(Tab, KEY, &text.unwrap_or_default());
    }
}

/// Whether this tab had a seat there, before the page was loaded again or in another tab of which this is
/// the duplicate.
pub(super) fn is_in_tab(server: &str, room: &RoomId) -> bool {
    in_tab(server, room).is_some()
}

/// The seat is given up.
pub(super) fn forget_in_tab() {
    store_in(Tab, KEY, "");
}

fn in_tab(server: &str, room: &RoomId) -> Option<Seat> {
    let seat = Seat::from_text(&load_from(Tab, KEY));
    seat.filter(|seat| seat.is_in(server, room))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again_and_for_its_own_room_and_server_only() {
        let seat = Seat {
            server: "wss://example/ws".to_owned(),
            room: RoomId::new("“hall”").unwrap(),
            token: Token::new("0".repeat(32)).unwrap(),
        };
        let read = Seat::from_text(&seat.to_text()).unwrap();
        assert_eq!(read, seat);
        assert!(read.is_in("wss://example/ws", &seat.room));
        assert!(!read.is_in("wss://other.example/ws", &seat.room));
        assert!(!read.is_in("wss://example/ws", &RoomId::new("hall").unwrap()));
    }

    #[test]
    fn what_was_never_written_so_is_nothing() {
        let short = "wss://example/ws\n0\nhall";
        for text in ["", "{}", "a\nb", "a\nb\n", short, "\u{0}"] {
            assert_eq!(Seat::from_text(text), None, "{text}");
        }
    }
}
