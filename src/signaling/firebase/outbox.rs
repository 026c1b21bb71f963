//! What we write to others, in the order of its writing and in few requests. Pure.
//!
//! One request is under way at a time; what is said meanwhile goes with the next. What a lost
//! connection has not confirmed is written again under the same ids, so that whoever has read it
//! already does not take it twice.

use std::collections::VecDeque;

use serde_json::{Map, Value, json};
use signaling_protocol::PeerId;
use signaling_protocol::database::{MAX_MESSAGE_UNITS, Message};
use signaling_protocol::push_id::PushIds;

/// So many messages, and characters, in one request: less than half of what the strictest limit
/// for one write allows, 1 MB of a REST request with `writeSizeLimit=tiny`.
const MOST_MESSAGES: usize = 100;
const MOST_CHARS: usize = 200_000;

/// The database's own time. <https://firebase.google.com/docs/database/rest/save-data>
pub(super) fn timestamp() -> Value {
    json!({ ".sv": "timestamp" })
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) to: PeerId,
    pub(super) id: String,
    /// A [`Message`] as JSON text.
    pub(super) text: String,
}

#[derive(Debug, Default)]
pub(super) struct Outbox {
    pub(super) ids: PushIds,
    letters: VecDeque<Letter>,
    /// How many of them, from the first on, are under way.
    under_way: usize,
}

/// A message longer than the database takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLong;

impl Outbox {
    /// A new connection: what was under way goes again.
    pub(super) fn begin(&mut self) {
        self.under_way = 0;
    }

    pub(super) fn push(&mut self, letter: Letter) {
        self.letters.push_back(letter);
    }

    /// A letter whose id is greater than those of all before.
    pub(super) fn letter(
        &mut self,
        to: PeerId,
        message: &Message,
        now_ms: u64,
        random: [u8; 12],
    ) -> Result<Letter, TooLong> {
        // Strings and numbers always have a JSON text.
        let text = serde_json::to_string(message).map_err(|_| TooLong)?;
        // As the rules count.
        if text.encode_utf16().count() > MAX_MESSAGE_UNITS {
            return Err(TooLong);
        }
        let id = self.ids.next(now_ms, random);
        Ok(Letter { to, id, text })
    }

    /// The next letters to write.
    pub(super) fn poll_batch(&mut self) -> Option<Vec<Letter>> {
        if self.under_way > 0 || self.letters.is_empty() {
            return None;
        }
        let mut chars = 0;
        let fits = |letter: &&Letter| {
            chars += letter.text.len();
            chars <= MOST_CHARS
        };
        let batch = self.letters.iter().take(MOST_MESSAGES).take_while(fits);
        self.under_way = batch.count().max(1);
        Some(self.letters.iter().take(self.under_way).cloned().collect())
    }

    pub(super) fn handle_written(&mut self) {
        self.letters.drain(..self.under_way);
        self.under_way = 0;
    }

    /// Nothing of it was written, and all of it is still to be.
    pub(super) fn handle_refused(&mut self) {
        self.under_way = 0;
    }

    /// Forgets what was meant for others than these. Only while nothing is under way.
    pub(super) fn keep_only(&mut self, is_here: impl Fn(&PeerId) -> bool) {
        if self.under_way == 0 {
            self.letters.retain(|letter| is_here(&letter.to));
        }
    }

    pub(super) fn clear(&mut self) {
        self.letters.clear();
        self.under_way = 0;
    }
}

/// What to write at `messages`.
pub(super) fn at_messages(letters: &[Letter], me: &PeerId) -> Map<String, Value> {
    let records = letters.iter().map(|letter| {
        let path = format!("{}/{me}/{}", letter.to, letter.id);
        let record = json!({ "message": letter.text, "sentAt": timestamp() });
        (path, record)
    });
    records.collect()
}
