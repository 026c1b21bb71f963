//! The server of PeerJS: no rooms, but clients that name themselves and write to names.

use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::{Heard, Refused};
use crate::payload::Kind;

pub(super) struct Conversation {
    id: String,
}

impl Conversation {
    pub(super) fn new(room: &str, index: usize) -> Self {
        Self {
            id: format!("{room}-{index}"),
        }
    }
}

impl super::Conversation for Conversation {
    fn path(&self) -> String {
        let id = &self.id;
        format!("/peerjs?key=peerjs&id={id}&token=t{id}&version=1.5.5")
    }

    fn open(&mut self, _: &mut Vec<Utf8Bytes>) {}

    fn handle(&mut self, text: &str, _: &mut Vec<Utf8Bytes>) -> Result<Heard, Refused> {
        let kind = text.strip_prefix(r#"{"type":""#).unwrap_or_default();
        let kind = kind.split('"').next().unwrap_or_default();
        match kind {
            "OPEN" => Ok(Heard::Joined(self.id.clone())),
            "OFFER" | "ANSWER" | "CANDIDATE" => Ok(Heard::Signal),
            // It gave up on a message, or on somebody; the account will show whether it matters.
            "EXPIRE" | "LEAVE" => Ok(Heard::Other),
            _ => Err(Refused::with(text)),
        }
    }

    fn signal(&mut self, to: &str, kind: Kind, payload: &str) -> Utf8Bytes {
        let kind = match kind {
            Kind::Offer => "OFFER",
            Kind::Answer => "ANSWER",
            Kind::Candidate => "CANDIDATE",
        };
        let frame = [
            r#"{"type":""#,
            kind,
            r#"","payload":"#,
            payload,
            r#","dst":""#,
            to,
            "\"}",
        ];
        frame.concat().into()
    }

    fn heartbeat(&mut self) -> Option<Utf8Bytes> {
        Some(Utf8Bytes::from_static(r#"{"type":"HEARTBEAT"}"#))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Conversation as _;
    use super::*;

    fn conversation() -> Conversation {
        Conversation::new("r1", 4)
    }

    #[test]
    fn clients_name_themselves() {
        let path = "/peerjs?key=peerjs&id=r1-4&token=tr1-4&version=1.5.5";
        assert_eq!(conversation().path(), path);
        let heard = conversation().handle(r#"{"type":"OPEN"}"#, &mut Vec::new());
        assert_eq!(heard, Ok(Heard::Joined("r1-4".to_owned())));
    }

    #[test]
    fn a_refusal_is_told() {
        let text = r#"{"type":"ERROR","payload":{"msg":"limit"}}"#;
        assert!(conversation().handle(text, &mut Vec::new()).is_err());
    }

    #[test]
    fn signals_say_what_they_are() {
        let frame = conversation().signal("r1-5", Kind::Answer, "{}");
        let expected = r#"{"type":"ANSWER","payload":{},"dst":"r1-5"}"#;
        assert_eq!(frame.as_str(), expected);
        let text = r#"{"type":"ANSWER","src":"r1-5","dst":"r1-4","payload":{}}"#;
        let heard = conversation().handle(text, &mut Vec::new());
        assert_eq!(heard, Ok(Heard::Signal));
    }
}
