//! What the page shows of the database: the part of the room's subtree that this participant may
//! read, as it changes. The transport tells it what it reads and writes. Pure: time is an
//! argument, in milliseconds.

use std::collections::BTreeMap;

use signaling_protocol::PeerSignal;
use signaling_protocol::database::{Entry, Message, Record};

/// So long what was removed stays in sight, crossed out.
pub const GONE_FOR_MS: f64 = 3_000.0;

/// The most messages that are kept; the oldest go first.
pub(crate) const MOST_MESSAGES: usize = 200;

/// A message's path: `messages/{to}/{from}/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageKey {
    pub to: String,
    pub from: String,
    /// A push id: keys of one sender and recipient sort by time.
    pub id: String,
}

impl MessageKey {
    pub fn new(to: &str, from: &str, id: &str) -> Self {
        Self {
            to: to.to_owned(),
            from: from.to_owned(),
            id: id.to_owned(),
        }
    }
}

/// How it is with something in the database.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stage {
    /// It is there.
    There,
    /// It was read, and is still there.
    Read,
    /// It was there until this time.
    Gone { at: f64 },
}

/// A message as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageRow {
    pub key: MessageKey,
    pub(crate) content: Content,
    pub stage: Stage,
    /// When this page first saw it, by its own clock.
    pub(crate) seen_at: f64,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Content {
    /// `offer`, `candidate`, `joined` …
    pub(crate) kind: &'static str,
    /// One line.
    pub(crate) summary: String,
    /// All of it, where it is longer than the line.
    pub(crate) whole: Option<String>,
}

/// A participant as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ParticipantRow {
    pub(crate) uid: String,
    pub(crate) entry: Entry,
    pub(crate) stage: Stage,
}

/// What this participant sees of one room.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DatabaseView {
    /// Where it is, such as `rooms/kitchen`; empty before the first room.
    room: String,
    me: String,
    participants: BTreeMap<String, ParticipantRow>,
    messages: BTreeMap<MessageKey, MessageRow>,
}

impl DatabaseView {
    /// We are in this room, under this id; nothing of it has been seen yet.
    pub fn handle_entered(&mut self, room: String, me: String) {
        *self = Self {
            room,
            me,
            ..Self::default()
        };
    }

    /// All participants there are now.
    pub fn handle_participants(&mut self, entries: &BTreeMap<String, Entry>, now: f64) {
        for row in self.participants.values_mut() {
            if !entries.contains_key(&row.uid) {
                row.stage = gone(row.stage, now);
            }
        }
        for (uid, entry) in entries {
            let row = ParticipantRow {
                uid: uid.clone(),
                entry: entry.clone(),
                stage: Stage::There,
            };
            self.participants.insert(uid.clone(), row);
        }
    }

    /// A message is in the database: it arrived in our inbox, or we have written it. Telling it
    /// again changes only what it says.
    pub fn handle_message(&mut self, key: MessageKey, record: &Record, now: f64) {
        let content = Content::of(record);
        if let Some(row) = self.messages.get_mut(&key) {
            row.content = content;
            if let Stage::Gone { .. } = row.stage {
                row.stage = Stage::There;
            }
            return;
        }
        if self.messages.len() >= MOST_MESSAGES {
            self.forget_oldest();
        }
        let row = MessageRow {
            key: key.clone(),
            content,
            stage: Stage::There,
            seen_at: now,
        };
        self.messages.insert(key, row);
    }

    /// A message to us was read; it may stay, or go next.
    pub fn handle_read(&mut self, key: &MessageKey) {
        if let Some(row) = self.messages.get_mut(key)
            && row.stage == Stage::There
        {
            row.stage = Stage::Read;
        }
    }

    /// A message is no longer in the database: we have removed it, or its recipient has.
    pub fn handle_gone(&mut self, key: &MessageKey, now: f64) {
        if let Some(row) = self.messages.get_mut(key) {
            row.stage = gone(row.stage, now);
        }
    }

    /// We have left; what of the room still stands is no longer seen.
    pub(crate) fn handle_left(&mut self, now: f64) {
        for row in self.participants.values_mut() {
            row.stage = gone(row.stage, now);
        }
        for row in self.messages.values_mut() {
            row.stage = gone(row.stage, now);
        }
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub(crate) fn deadline(&self) -> Option<f64> {
        let participants = self.participants.values().map(|row| row.stage);
        let stages = participants.chain(self.messages.values().map(|row| row.stage));
        let deadlines = stages.filter_map(|stage| match stage {
            Stage::Gone { at } => Some(at + GONE_FOR_MS),
            Stage::There | Stage::Read => None,
        });
        deadlines.reduce(f64::min)
    }

    /// Puts out of sight what went long enough ago.
    pub(crate) fn handle_timeout(&mut self, now: f64) {
        let in_sight = |stage| !matches!(stage, Stage::Gone { at } if at + GONE_FOR_MS <= now);
        self.participants.retain(|_, row| in_sight(row.stage));
        self.messages.retain(|_, row| in_sight(row.stage));
    }

    /// The path of the room; empty before the first.
    pub(crate) fn room(&self) -> &str {
        &self.room
    }

    /// Our own id.
    pub(crate) fn me(&self) -> &str {
        &self.me
    }

    /// By id.
    pub(crate) fn participants(&self) -> impl Iterator<Item = &ParticipantRow> {
        self.participants.values()
    }

    /// Messages to us, each sender's in the order of their sending.
    pub fn inbox(&self) -> impl Iterator<Item = &MessageRow> {
        let mine = |row: &&MessageRow| row.key.to == self.me;
        self.messages.values().filter(mine)
    }

    /// Messages from us.
    pub fn sent(&self) -> impl Iterator<Item = &MessageRow> {
        let mine = |row: &&MessageRow| row.key.from == self.me && row.key.to != self.me;
        self.messages.values().filter(mine)
    }

    /// What is gone goes before what is there, and then by age.
    fn forget_oldest(&mut self) {
        let is_there = |row: &MessageRow| !matches!(row.stage, Stage::Gone { .. });
        let age = |row: &MessageRow| (is_there(row), row.seen_at);
        let oldest = self.messages.values().min_by(|one, other| {
            let ((one_there, one), (other_there, other)) = (age(one), age(other));
            one_there.cmp(&other_there).then(one.total_cmp(&other))
        });
        if let Some(key) = oldest.map(|row| row.key.clone()) {
            self.messages.remove(&key);
        }
    }
}

fn gone(stage: Stage, now: f64) -> Stage {
    match stage {
        Stage::Gone { .. } => stage,
        Stage::There | Stage::Read => Stage::Gone { at: now },
    }
}

impl Content {
    fn of(record: &Record) -> Self {
        let (kind, whole) = match serde_json::from_str(&record.message) {
            Ok(Message::Joined { name }) => ("joined", name),
            Ok(Message::Left) => ("left", String::new()),
            Ok(Message::Signal { signal }) => match signal.signal {
                Some(PeerSignal::Description(description)) => {
                    (description.kind.as_str(), description.sdp)
                }
                Some(PeerSignal::Candidate(candidate)) if candidate.candidate.is_empty() => {
                    ("candidate", "end of candidates".to_owned())
                }
                Some(PeerSignal::Candidate(candidate)) => ("candidate", candidate.candidate),
                None => ("connection", signal.connection.as_str().to_owned()),
            },
            // Of a later version, perhaps.
            Err(_) => ("unknown", record.message.clone()),
        };
        let media = media_of(&whole);
        let line = match media.as_str() {
            "" => whole.lines().next().unwrap_or_default(),
            media => media,
        };
        let mut summary: String = line.chars().take(LINE_CHARS).collect();
        if summary.len() < line.len() {
            summary.push('…');
        }
        let whole = (summary != whole).then_some(whole);
        Self {
            kind,
            summary,
            whole,
        }
    }
}

/// What a description negotiates: the media of its sections (RFC 8866, section 5.14).
fn media_of(sdp: &str) -> String {
    let sections = sdp.lines().filter_map(|line| line.strip_prefix("m="));
    let media: Vec<_> = sections
        .filter_map(|section| section.split(' ').next())
        .collect();
    media.join(", ")
}

/// The longest line, in characters: candidates fit.
const LINE_CHARS: usize = 160;

#[cfg(test)]
mod tests;
