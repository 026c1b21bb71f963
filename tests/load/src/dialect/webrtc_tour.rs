//! This project's own protocol, `server/protocol/README.md`: a participant that survives its
//! connections.

use std::collections::VecDeque;

use signaling_protocol::{ClientMessage, RoomKind, SUBPROTOCOL, ServerFrame, ServerMessage, Token};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::{Heard, Refused};
use crate::payload::Kind;

/// So many messages in either direction without an acknowledgement call for one at once, as in the pages
/// of this project; fewer wait for the next heartbeat.
const ACKNOWLEDGE_AFTER: u64 = 64;

pub(super) struct Conversation {
    room: String,
    token: Option<Token>,
    /// The number of the last message from the server, and what the server knows of it.
    received: u64,
    acknowledged: u64,
    /// The number of the last own signal.
    sent: u64,
    /// Own signals for which there is no acknowledgement yet, with their numbers.
    unacknowledged: VecDeque<(u64, Utf8Bytes)>,
    asked_at: u64,
}

impl Conversation {
    pub(super) fn new(room: String) -> Self {
        Self {
            room,
            token: None,
            received: 0,
            acknowledged: 0,
            sent: 0,
            unacknowledged: VecDeque::new(),
            asked_at: 0,
        }
    }

    fn handle_message(
        &mut self,
        frame: ServerFrame,
        out: &mut Vec<Utf8Bytes>,
    ) -> Result<Heard, Refused> {
        Ok(match frame.message {
            ServerMessage::Joined { peer_id, token, .. } => {
                self.token = Some(token);
                Heard::Joined(peer_id.as_str().to_owned())
            }
            ServerMessage::Resumed { received } => {
                self.forget(received);
                out.extend(self.unacknowledged.iter().map(|(_, text)| text.clone()));
                Heard::Resumed
            }
            ServerMessage::Pong { received } => {
                self.forget(received);
                Heard::Other
            }
            ServerMessage::Signal { .. } => Heard::Signal,
            ServerMessage::Error(error) => return Err(Refused(error.message)),
            ServerMessage::GoingAway { .. } => return Err(Refused("going away".to_owned())),
            _ => Heard::Other,
        })
    }

    /// The server has taken all signals up to `received`.
    fn forget(&mut self, received: u64) {
        while self
            .unacknowledged
            .front()
            .is_some_and(|(seq, _)| *seq <= received)
        {
            self.unacknowledged.pop_front();
        }
        if self.unacknowledged.is_empty() {
            // An idle client keeps no memory for the burst it once had.
            self.unacknowledged = VecDeque::new();
        }
    }

    fn ping(&mut self) -> Utf8Bytes {
        self.acknowledged = self.received;
        self.asked_at = self.sent;
        text(&ClientMessage::Ping {
            received: self.received,
        })
    }

    fn is_acknowledgement_due(&self) -> bool {
        self.received - self.acknowledged >= ACKNOWLEDGE_AFTER
            || self.sent - self.asked_at >= ACKNOWLEDGE_AFTER
    }
}

impl super::Conversation for Conversation {
    fn path(&self) -> String {
        "/ws".to_owned()
    }

    fn subprotocol(&self) -> Option<&'static str> {
        Some(SUBPROTOCOL)
    }

    fn open(&mut self, out: &mut Vec<Utf8Bytes>) {
        out.push(match &self.token {
            Some(token) => {
                self.acknowledged = self.received;
                text(&ClientMessage::Resume {
                    token: token.clone(),
                    received: self.received,
                })
            }
            None => text(&ClientMessage::Join {
                room: self.room.clone(),
                kind: RoomKind::Mesh,
                name: String::new(),
                token: None,
                passphrase: None,
            }),
        });
    }

    fn handle(&mut self, text: &str, out: &mut Vec<Utf8Bytes>) -> Result<Heard, Refused> {
        let heard = if let Some(seq) = signal_number(text) {
            // What comes twice shows in the account of its payload.
            self.received = self.received.max(seq);
            Heard::Signal
        } else {
            let frame = ServerFrame::from_json(text).map_err(|error| Refused(error.to_string()))?;
            self.received = self.received.max(frame.seq.unwrap_or_default());
            self.handle_message(frame, out)?
        };
        if self.is_acknowledgement_due() {
            out.push(self.ping());
        }
        Ok(heard)
    }

    fn signal(&mut self, to: &str, _: Kind, payload: &str) -> Utf8Bytes {
        self.sent += 1;
        let seq = self.sent.to_string();
        let frame = [
            r#"{"type":"signal","to":""#,
            to,
            r#"","seq":"#,
            &seq,
            r#","signal":"#,
            payload,
            "}",
        ];
        let text = Utf8Bytes::from(frame.concat());
        self.unacknowledged.push_back((self.sent, text.clone()));
        text
    }

    fn heartbeat(&mut self) -> Option<Utf8Bytes> {
        Some(self.ping())
    }
}

fn text(message: &ClientMessage) -> Utf8Bytes {
    serde_json::to_string(message)
        .expect("protocol messages have only string keys and infallible fields")
        .into()
}

/// The number of a frame that is a signal, in the form in which the server writes it. What looks
/// otherwise is parsed in full; this spares the load generator most of its work.
fn signal_number(text: &str) -> Option<u64> {
    let rest = text.strip_prefix(r#"{"seq":"#)?;
    let (seq, rest) = rest.split_once(',')?;
    rest.starts_with(r#""type":"signal""#)
        .then(|| seq.parse().ok())?
}

#[cfg(test)]
mod tests {
    use signaling_protocol::{PeerId, numbered};

    use super::super::Conversation as _;
    use super::*;

    fn joined() -> Conversation {
        let mut conversation = Conversation::new("r".to_owned());
        let mut out = Vec::new();
        conversation.open(&mut out);
        let join: serde_json::Value = serde_json::from_str(&out[0]).unwrap();
        assert_eq!(join["type"], "join");
        let token = "t".repeat(32);
        let text = format!(
            r#"{{"type":"joined","room":"r","kind":"mesh","peerId":"p1","token":"{token}","graceMs":1,"created":true,"capacity":4,"peers":[],"iceServers":[]}}"#
        );
        let heard = conversation.handle(&text, &mut out);
        assert_eq!(heard, Ok(Heard::Joined("p1".to_owned())));
        conversation
    }

    fn signal(seq: u64) -> String {
        numbered(r#"{"type":"signal","from":"p2","signal":{}}"#, seq)
    }

    #[test]
    fn a_numbered_signal_is_known_without_parsing_it() {
        assert_eq!(signal_number(&signal(7)), Some(7));
        assert_eq!(signal_number(r#"{"seq":7,"type":"peerLeft"}"#), None);
        assert_eq!(signal_number(r#"{"type":"signal","seq":7}"#), None);
    }

    #[test]
    fn what_was_not_taken_is_sent_again_after_a_resume() {
        let mut conversation = joined();
        for _ in 0..3 {
            let _ = conversation.signal("p2", Kind::Candidate, "{}");
        }
        let mut out = Vec::new();
        conversation.handle(&signal(5), &mut out).unwrap();
        conversation.open(&mut out);
        let resume = ClientMessage::from_json(&out[0]).unwrap();
        assert!(matches!(resume, ClientMessage::Resume { received: 5, .. }));
        out.clear();
        let resumed = r#"{"type":"resumed","received":1}"#;
        assert_eq!(conversation.handle(resumed, &mut out), Ok(Heard::Resumed));
        let again = out.iter().map(|text| ClientMessage::from_json(text));
        let again = again.map(|message| match message {
            Ok(ClientMessage::Signal { seq, .. }) => seq,
            other => panic!("no signal but {other:?}"),
        });
        assert_eq!(again.collect::<Vec<_>>(), [Some(2), Some(3)]);
    }

    #[test]
    fn acknowledgements_are_asked_for_and_given() {
        let mut conversation = joined();
        let _ = conversation.signal("p2", Kind::Candidate, "{}");
        assert!(conversation.heartbeat().is_some());
        let pong = r#"{"type":"pong","received":1}"#;
        conversation.handle(pong, &mut Vec::new()).unwrap();
        assert!(conversation.unacknowledged.is_empty());
        let mut out = Vec::new();
        for seq in 1..=ACKNOWLEDGE_AFTER {
            conversation.handle(&signal(seq), &mut out).unwrap();
        }
        assert_eq!(out.len(), 1);
        let ping = ClientMessage::from_json(&out[0]).unwrap();
        assert!(matches!(
            ping,
            ClientMessage::Ping {
                received: ACKNOWLEDGE_AFTER
            }
        ));
    }

    #[test]
    fn signals_name_their_receiver_and_have_a_number() {
        let frame = joined().signal("p2", Kind::Offer, r#"{"a":1}"#);
        match ClientMessage::from_json(&frame).unwrap() {
            ClientMessage::Signal { to, seq, signal } => {
                assert_eq!((to, seq), (PeerId::new("p2"), Some(1)));
                assert_eq!(signal.get(), r#"{"a":1}"#);
            }
            other => panic!("no signal but {other:?}"),
        }
    }

    #[test]
    fn an_error_is_a_refusal() {
        let text = r#"{"type":"error","code":"roomFull","message":"full"}"#;
        let refused = joined().handle(text, &mut Vec::new());
        assert_eq!(refused, Err(Refused("full".to_owned())));
    }
}
