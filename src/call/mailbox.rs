//! Chat messages to and from one peer, over data channels that may end. Pure.
//!
//! What was sent is kept until the peer has acknowledged it, and sent again over the next channel;
//! what arrives twice is taken once. It is kept for a while after the peer left, so that the
//! numbers go on should the same participant come back.

use std::collections::VecDeque;

use signaling_protocol::{ChannelMessage, Chat};

/// So many messages may wait for one peer; the oldest go first.
const MOST_KEPT: usize = 1000;

/// The last moment that a `Date` can hold
/// (<https://tc39.es/ecma262/#sec-time-values-and-time-range>).
const FURTHEST_DATE_MS: f64 = 8.64e15;

#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    /// The number of the last message sent, and of the last one taken.
    sent: u64,
    received: u64,
    /// Without an acknowledgement, oldest first.
    kept: VecDeque<Chat>,
}

impl Mailbox {
    /// Counts from `start`, which is to be greater in each later call: the same participant may come
    /// back after it left, and its first message must not look like one that is known.
    pub(crate) fn new(start: u64) -> Self {
        Self {
            sent: start,
            ..Self::default()
        }
    }

    /// The next message to the peer; to be sent now if there is a channel.
    pub(crate) fn handle_text(&mut self, text: String, sent_at_ms: f64) -> ChannelMessage {
        self.sent += 1;
        let chat = Chat {
            seq: self.sent,
            text,
            sent_at_ms,
        };
        if self.kept.len() == MOST_KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(chat.clone());
        ChannelMessage::Chat(chat)
    }

    /// A channel opened: what to send over it first.
    pub(crate) fn handle_open(&self) -> impl Iterator<Item = ChannelMessage> + '_ {
        self.kept.iter().cloned().map(ChannelMessage::Chat)
    }

    /// A message arrived at `now_ms`: the message if it is new, and the acknowledgement to send. A peer may
    /// say anything: what is too long is cut, and what is no time is now.
    pub(crate) fn handle_chat(
        &mut self,
        chat: Chat,
        now_ms: f64,
    ) -> (Option<Chat>, ChannelMessage) {
        let new = chat.seq > self.received;
        self.received = self.received.max(chat.seq);
        let acknowledgement = ChannelMessage::Acknowledgement {
            received: self.received,
        };
        let chat = Chat {
            seq: chat.seq,
            text: chat.text.chars().take(Chat::MAX_CHARS).collect(),
            sent_at_ms: if chat.sent_at_ms.abs() <= FURTHEST_DATE_MS {
                chat.sent_at_ms
            } else {
                now_ms
            },
        };
        (new.then_some(chat), acknowledgement)
    }

    /// The peer has everything up to this number.
    pub(crate) fn handle_acknowledgement(&mut self, received: u64) {
        self.kept.retain(|chat| chat.seq > received);
    }

    /// The peer left the room: what waits is not for whoever it is when it comes back.
    pub(crate) fn handle_left(&mut self) {
        self.kept.clear();
    }

    /// The number of the last message to the peer.
    pub(crate) fn sent(&self) -> u64 {
        self.sent
    }

    /// How many messages wait for an acknowledgement.
    pub(crate) fn waiting(&self) -> usize {
        self.kept.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Two mailboxes and a channel that ends now and then, with what is on its way.
    #[derive(Default)]
    struct Wire {
        ends: [Mailbox; 2],
        /// To each end.
        under_way: [VecDeque<ChannelMessage>; 2],
        open: bool,
        taken: [Vec<String>; 2],
    }

    impl Wire {
        fn write(&mut self, me: usize, text: &str) {
            let message = self.ends[me].handle_text(text.to_owned(), 0.0);
            if self.open {
                self.under_way[1 - me].push_back(message);
            }
        }

        fn deliver(&mut self, me: usize) {
            match self.under_way[me].pop_front() {
                Some(ChannelMessage::Chat(chat)) => {
                    let (new, acknowledgement) = self.ends[me].handle_chat(chat, 0.0);
                    self.taken[me].extend(new.map(|chat| chat.text));
                    self.under_way[1 - me].push_back(acknowledgement);
                }
                Some(ChannelMessage::Acknowledgement { received }) => {
                    self.ends[me].handle_acknowledgement(received);
                }
                _ => {}
            }
        }

        fn set_open(&mut self, open: bool) {
            self.open = open;
            self.under_way = Default::default();
            if open {
                for me in [0, 1] {
                    let messages: Vec<_> = self.ends[me].handle_open().collect();
                    self.under_way[1 - me].extend(messages);
                }
            }
        }
    }

    #[test]
    fn what_makes_no_sense_is_made_sensible() {
        for sent_at_ms in [1e300, -1e300, f64::NAN, f64::INFINITY] {
            let chat = Chat {
                seq: 1,
                text: "ä".repeat(Chat::MAX_CHARS + 1),
                sent_at_ms,
            };
            let taken = Mailbox::default().handle_chat(chat, 5.0).0.unwrap();
            assert_eq!(taken.sent_at_ms, 5.0);
            assert_eq!(taken.text.chars().count(), Chat::MAX_CHARS);
        }
    }

    proptest! {
        #[test]
        fn every_message_arrives_once_and_in_order(
            steps in proptest::collection::vec((0_u8..5, 0_usize..2), 0..120)
        ) {
            let mut wire = Wire::default();
            let mut written: [Vec<String>; 2] = Default::default();
            for (step, me) in steps {
                match step {
                    0 | 1 => {
                        let text = written[me].len().to_string();
                        wire.write(me, &text);
                        written[me].push(text);
                    }
                    2 | 3 => wire.deliver(me),
                    _ => wire.set_open(!wire.open),
                }
            }
            wire.set_open(true);
            while wire.under_way.iter().any(|way| !way.is_empty()) {
                wire.deliver(0);
                wire.deliver(1);
            }
            let [by_0, by_1] = written;
            prop_assert_eq!(&wire.taken[1], &by_0);
            prop_assert_eq!(&wire.taken[0], &by_1);
            prop_assert!(wire.ends.iter().all(|end| end.waiting() == 0));
        }
    }
}
