//! socket.io 4 over a WebSocket alone: <https://socket.io/docs/v4/engine-io-protocol/> (packets
//! `0` to `4`) around <https://socket.io/docs/v4/socket-io-protocol/> (the digit after a `4`).
//! The events are those of `peers/socketio.js`.

use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::{Heard, Refused};
use crate::payload::Kind;

pub(super) struct Conversation {
    room: String,
    id: String,
}

impl Conversation {
    pub(super) fn new(room: String) -> Self {
        let id = String::new();
        Self { room, id }
    }
}

impl super::Conversation for Conversation {
    fn path(&self) -> String {
        "/socket.io/?EIO=4&transport=websocket".to_owned()
    }

    /// The server begins.
    fn open(&mut self, _: &mut Vec<Utf8Bytes>) {}

    fn handle(&mut self, text: &str, out: &mut Vec<Utf8Bytes>) -> Result<Heard, Refused> {
        if text.starts_with(r#"42["signal","#) {
            return Ok(Heard::Signal);
        }
        if text == "2" {
            out.push(Utf8Bytes::from_static("3"));
        } else if text.starts_with("0{") {
            out.push(Utf8Bytes::from_static("40"));
        } else if let Some(rest) = text.strip_prefix(r#"40{"sid":""#) {
            rest.split('"')
                .next()
                .unwrap_or_default()
                .clone_into(&mut self.id);
            // Number 0 asks for an answer with that number.
            out.push(format!(r#"420["join","{}"]"#, self.room).into());
        } else if text.starts_with("430") {
            return Ok(Heard::Joined(self.id.clone()));
        } else if text.starts_with("44") || text.starts_with("41") {
            return Err(Refused::with(text));
        }
        Ok(Heard::Other)
    }

    fn signal(&mut self, to: &str, _: Kind, payload: &str) -> Utf8Bytes {
        let frame = [
            r#"42["signal",{"to":""#,
            to,
            r#"","signal":"#,
            payload,
            "}]",
        ];
        frame.concat().into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Conversation as _;
    use super::*;

    #[test]
    fn a_client_opens_connects_and_joins() {
        let mut conversation = Conversation::new("r".to_owned());
        let mut out = Vec::new();
        let open = r#"0{"sid":"e1","upgrades":[],"pingInterval":25000}"#;
        assert_eq!(conversation.handle(open, &mut out), Ok(Heard::Other));
        let connected = r#"40{"sid":"s1"}"#;
        assert_eq!(conversation.handle(connected, &mut out), Ok(Heard::Other));
        assert_eq!(out, ["40", r#"420["join","r"]"#]);
        let joined = conversation.handle(r#"430[["s0"]]"#, &mut out);
        assert_eq!(joined, Ok(Heard::Joined("s1".to_owned())));
    }

    #[test]
    fn pings_are_answered() {
        let mut out = Vec::new();
        let mut conversation = Conversation::new(String::new());
        assert_eq!(conversation.handle("2", &mut out), Ok(Heard::Other));
        assert_eq!(out, ["3"]);
    }

    #[test]
    fn signals_are_events() {
        let mut conversation = Conversation::new(String::new());
        let frame = conversation.signal("s0", Kind::Offer, "{}");
        assert_eq!(frame.as_str(), r#"42["signal",{"to":"s0","signal":{}}]"#);
        let text = r#"42["signal",{"from":"s0","signal":{}}]"#;
        let heard = conversation.handle(text, &mut Vec::new());
        assert_eq!(heard, Ok(Heard::Signal));
        let refused = conversation.handle(r#"44{"message":"no"}"#, &mut Vec::new());
        assert!(refused.is_err());
    }
}
