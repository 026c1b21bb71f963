//! `matchbox_server`: the room is the path; `matchbox_protocol` names the messages.

use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::{Heard, Refused};
use crate::payload::Kind;

pub(super) struct Conversation {
    room: String,
}

impl Conversation {
    pub(super) fn new(room: String) -> Self {
        Self { room }
    }
}

impl super::Conversation for Conversation {
    fn path(&self) -> String {
        format!("/{}", self.room)
    }

    fn open(&mut self, _: &mut Vec<Utf8Bytes>) {}

    fn handle(&mut self, text: &str, _: &mut Vec<Utf8Bytes>) -> Result<Heard, Refused> {
        if text.starts_with(r#"{"Signal":"#) {
            Ok(Heard::Signal)
        } else if let Some(rest) = text.strip_prefix(r#"{"IdAssigned":""#) {
            let id = rest
                .strip_suffix("\"}")
                .ok_or_else(|| Refused::with(text))?;
            Ok(Heard::Joined(id.to_owned()))
        } else {
            Ok(Heard::Other)
        }
    }

    fn signal(&mut self, to: &str, _: Kind, payload: &str) -> Utf8Bytes {
        let frame = [
            r#"{"Signal":{"receiver":""#,
            to,
            r#"","data":"#,
            payload,
            "}}",
        ];
        frame.concat().into()
    }

    fn heartbeat(&mut self) -> Option<Utf8Bytes> {
        Some(Utf8Bytes::from_static(r#""KeepAlive""#))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Conversation as _;
    use super::*;

    #[test]
    fn the_id_comes_first() {
        let mut conversation = Conversation::new("r".to_owned());
        assert_eq!(conversation.path(), "/r");
        let mut out = Vec::new();
        let mut heard = |text: &str| conversation.handle(text, &mut out).unwrap();
        let id = "9a0c4c5e-6c0f-4b0a-8f9c-0d6d4f4f0a11";
        assert_eq!(
            heard(&format!(r#"{{"IdAssigned":"{id}"}}"#)),
            Heard::Joined(id.to_owned())
        );
        assert_eq!(heard(&format!(r#"{{"NewPeer":"{id}"}}"#)), Heard::Other);
        let signal = format!(r#"{{"Signal":{{"sender":"{id}","data":1}}}}"#);
        assert_eq!(heard(&signal), Heard::Signal);
    }

    #[test]
    fn a_signal_names_its_receiver() {
        let frame = Conversation::new(String::new()).signal("b", Kind::Offer, r#"{"a":1}"#);
        assert_eq!(
            frame.as_str(),
            r#"{"Signal":{"receiver":"b","data":{"a":1}}}"#
        );
    }
}
