//! A participant's conversation with the others through a database, over any number of
//! connections. Pure: time and randomness are arguments.
//!
//! Decides what is written and read, and what that means; knows neither addresses nor tokens.

mod lists;

use std::collections::VecDeque;

use serde::Deserialize;
use serde_json::{Value, json};
use signaling_protocol::database::{Entry, MAX_MESSAGE_UNITS, MAX_NAME_UNITS, Message, room_path};
use signaling_protocol::push_id::PushIds;
use signaling_protocol::{ErrorCode, ErrorMessage, IceServer, PeerId, RoomId, RoomKind};

use super::error::DatabaseError;
use super::inbox::{Change, Inbox, News};
use super::members::{Entries, Members};
use super::outbox::{Letter, Outbox, TooLong, at_messages, timestamp};
use crate::signaling::{Event, Request};
use crate::trace::Detail;

/// One request to the database. Paths are below the room.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum DatabaseRequest {
    /// Write our entry.
    Enter(Value),
    /// Renew it.
    Renew,
    /// Read all entries.
    List,
    Send(Vec<Letter>),
    /// Remove these from our inbox.
    Remove(Value),
    /// Remove what somebody left behind.
    Tidy(Value),
    /// Remove all that is ours; nobody waits for the answer.
    Leave(Value),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Not in the room, as far as we know.
    Out,
    /// The entry is written, or is about to be.
    Entering,
    /// In the room before, and not yet sure of it now.
    Resuming,
    In,
}

/// A message of somebody who is not known (yet).
#[derive(Debug)]
struct Held {
    from: PeerId,
    message: Message,
    /// The list that decides about the sender; `None` while we are not in the room ourselves.
    until: Option<u64>,
}

/// More than that wait for no list: they are no part of a call.
const MOST_HELD: usize = 1000;

/// So often in a row messages may be refused although all recipients are there.
const MOST_REFUSALS: u32 = 3;

#[derive(Debug)]
pub(super) struct FirebaseSession {
    me: PeerId,
    room: RoomId,
    kind: RoomKind,
    name: String,
    stage: Stage,
    members: Members,
    inbox: Inbox,
    outbox: Outbox,
    held: Vec<Held>,
    /// How many lists have been asked for.
    lists: u64,
    ice_servers: Vec<IceServer>,
    renewing: bool,
    listing: bool,
    list_again: bool,
    /// How often in a row messages were refused; until the next list, nothing is sent.
    refusals: u32,
    doubtful: bool,
    requests: VecDeque<DatabaseRequest>,
    events: VecDeque<Event>,
}

impl FirebaseSession {
    /// Nobody yet, in no room.
    pub(super) fn new(me: PeerId, room: RoomId, kind: RoomKind) -> Self {
        Self {
            me,
            room,
            kind,
            name: String::new(),
            stage: Stage::Out,
            members: Members::default(),
            inbox: Inbox::default(),
            outbox: Outbox::default(),
            held: Vec::new(),
            lists: 0,
            ice_servers: Vec::new(),
            renewing: false,
            listing: false,
            list_again: false,
            refusals: 0,
            doubtful: false,
            requests: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    /// We are this participant, and if we were another before, everything begins anew. Where the
    /// room is.
    pub(super) fn sit_down(&mut self, me: PeerId) -> String {
        if self.me != me {
            let (keep, ids) = (self.inbox.keep, std::mem::take(self.ids()));
            *self = Self::new(me, self.room.clone(), self.kind);
            self.inbox.keep = keep;
            *self.ids() = ids;
        }
        room_path(&self.room)
    }

    /// A new connection: nothing is under way, and what was may have been done or not.
    pub(super) fn begin(&mut self, ice_servers: Vec<IceServer>) {
        self.ice_servers = ice_servers;
        self.inbox.begin();
        self.outbox.begin();
        self.renewing = false;
        self.listing = false;
        self.list_again = false;
        self.refusals = 0;
        self.doubtful = false;
        self.requests.clear();
        if self.stage == Stage::In {
            self.stage = Stage::Resuming;
        }
    }

    /// Whether what was read is left in the database.
    pub(super) fn set_keep(&mut self, keep: bool) {
        self.inbox.keep = keep;
    }

    /// The keys of what we have written go on growing in the next session.
    pub(super) fn ids(&mut self) -> &mut PushIds {
        &mut self.outbox.ids
    }

    pub(super) fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    pub(super) fn poll_request(&mut self) -> Option<DatabaseRequest> {
        let request = self.requests.pop_front();
        let request = request.or_else(|| {
            let sending = self.stage == Stage::In && !self.doubtful;
            let batch = sending.then(|| self.outbox.poll_batch()).flatten();
            batch.map(DatabaseRequest::Send)
        });
        request.or_else(|| self.inbox.poll_removal().map(DatabaseRequest::Remove))
    }

    pub(super) fn handle_request(&mut self, request: Request, now_ms: u64, random: [u8; 12]) {
        match request {
            Request::Join {
                room, kind, name, ..
            } => {
                let same = room == self.room && kind == self.kind;
                (self.room, self.kind, self.name) = (room, kind, name);
                if same && self.stage == Stage::Resuming {
                    self.requests.push_back(DatabaseRequest::Renew);
                } else {
                    self.enter();
                }
            }
            Request::Leave => {
                if self.stage != Stage::Out {
                    let goodbye = self.goodbye(now_ms, random);
                    self.requests.push_back(DatabaseRequest::Leave(goodbye));
                }
                self.stage = Stage::Out;
                self.members.clear();
                self.outbox.clear();
                self.held.clear();
            }
            Request::Signal { to, message } => {
                let message = Message::Signal { signal: message };
                self.write(to, &message, now_ms, random);
            }
            // A database knows no hosts.
            Request::Host(_) => {}
        }
    }

    /// What to write at the room in order to be gone from it, and to tell it to the others.
    pub(super) fn goodbye(&mut self, now_ms: u64, random: [u8; 12]) -> Value {
        let letters = self.members.iter().filter_map(|peer| {
            let letter = self
                .outbox
                .letter(peer.clone(), &Message::Left, now_ms, random);
            letter.ok()
        });
        let letters: Vec<_> = letters.collect();
        let records = at_messages(&letters, &self.me).into_iter();
        let told = records.map(|(path, record)| (format!("messages/{path}"), record));
        Value::Object(told.chain(nothing_of(&self.me)).collect())
    }

    /// The same, for a page that is about to go without having left.
    pub(super) fn goodbye_if_in(&mut self, now_ms: u64, random: [u8; 12]) -> Option<Value> {
        (self.stage != Stage::Out).then(|| self.goodbye(now_ms, random))
    }

    /// Somebody wrote to us, or something was removed.
    pub(super) fn handle_change(&mut self, change: &Change) -> Vec<News> {
        let news = self.inbox.handle_change(change);
        for news in &news {
            match news {
                News::Message(from, message) => self.take(from.clone(), message.clone()),
                News::Unreadable(from, what) => {
                    let what = format!("a message from {from}: {what}");
                    self.events.push_back(Event::Malformed(what));
                }
                News::There(..) | News::Gone(_) => {}
            }
        }
        news
    }

    /// It is time for a sign of life.
    pub(super) fn handle_heartbeat(&mut self) {
        // The next one comes when the database is as slow as that.
        if self.stage == Stage::In && !self.renewing {
            self.renewing = true;
            self.requests.push_back(DatabaseRequest::Renew);
        }
    }

    /// A request was carried out, or not.
    ///
    /// # Errors
    ///
    /// Why this connection is of no use any more, in words for people.
    pub(super) fn handle_result(
        &mut self,
        request: DatabaseRequest,
        result: Result<Value, DatabaseError>,
        now_ms: u64,
        random: [u8; 12],
    ) -> Result<(), Detail> {
        self.renewing &= request != DatabaseRequest::Renew;
        match (request, result) {
            (DatabaseRequest::Enter(_) | DatabaseRequest::Renew, Ok(_)) => self.list(),
            // It may be there already, from an attempt whose success was not told.
            (DatabaseRequest::Enter(_), Err(DatabaseError::Denied)) => {
                self.requests.push_back(DatabaseRequest::Renew)
            }
            (DatabaseRequest::Renew, Err(DatabaseError::Denied))
                if self.stage == Stage::Resuming =>
            {
                self.enter();
            }
            (DatabaseRequest::Renew, Err(DatabaseError::Denied)) if self.stage == Stage::In => {
                self.stage = Stage::Out;
                return Err(LOST_SEAT.into());
            }
            (DatabaseRequest::List, Ok(entries)) => self.handle_list(&entries, now_ms, random)?,
            (DatabaseRequest::Send(_), Ok(_)) => {
                self.outbox.handle_written();
                self.refusals = 0;
            }
            // A recipient may have gone.
            (DatabaseRequest::Send(_), Err(DatabaseError::Denied))
                if self.refusals < MOST_REFUSALS =>
            {
                self.refusals += 1;
                self.doubtful = true;
                self.outbox.handle_refused();
                self.list();
            }
            (DatabaseRequest::Remove(_), Ok(_)) => self.inbox.handle_removed(),
            // Somebody else was quicker, or it was renewed; and who has left waits for nothing.
            (DatabaseRequest::Tidy(_) | DatabaseRequest::Leave(_), _) => {}
            (_, Err(error)) => return Err(error.detail()),
        }
        Ok(())
    }

    fn enter(&mut self) {
        self.stage = Stage::Entering;
        self.members.clear();
        self.outbox.clear();
        self.requests.push_back(DatabaseRequest::Enter(json!({
            "name": shortened(&self.name),
            "kind": self.kind,
            "joinedAt": timestamp(),
            "seenAt": timestamp(),
        })));
    }

    fn write(&mut self, to: PeerId, message: &Message, now_ms: u64, random: [u8; 12]) {
        match self.outbox.letter(to, message, now_ms, random) {
            Ok(letter) => self.outbox.push(letter),
            Err(TooLong) => self.refuse(
                ErrorCode::MessageTooLarge,
                format!(
                    "A message has more than {MAX_MESSAGE_UNITS} characters: send fewer tracks."
                ),
            ),
        }
    }

    fn refuse(&mut self, code: ErrorCode, message: String) {
        let error = ErrorMessage::new(code, message);
        self.events.push_back(Event::Refused(error));
    }

    fn take(&mut self, from: PeerId, message: Message) {
        let known = self.members.contains(&from);
        match message {
            _ if self.stage != Stage::In => self.hold(from, message, None),
            Message::Left => self.events.extend(self.members.handle_left(from)),
            Message::Signal { signal } if known => self.events.push_back(Event::Signal {
                from,
                message: signal,
            }),
            // Who is in the room, and under which name, only the list of entries says. It may be
            // older than the sender's entry when it is on its way already.
            message => {
                let until = self.lists + 1;
                self.list();
                if !known {
                    self.hold(from, message, Some(until));
                }
            }
        }
    }

    fn hold(&mut self, from: PeerId, message: Message, until: Option<u64>) {
        if self.held.len() < MOST_HELD {
            self.held.push(Held {
                from,
                message,
                until,
            });
        }
    }
}

/// As much of a name as the rules allow; JavaScript counts UTF-16 units.
fn shortened(name: &str) -> String {
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= MAX_NAME_UNITS
    };
    name.chars().take_while(fits).collect()
}

const LOST_SEAT: &str = "the own entry is no longer in the database";

/// What removes a participant from the room.
fn nothing_of(peer: &PeerId) -> impl Iterator<Item = (String, Value)> + use<> {
    let paths = [format!("participants/{peer}"), format!("messages/{peer}")];
    paths.into_iter().map(|path| (path, Value::Null))
}

/// What looks like entries; others may have written anything.
pub(super) fn parsed(entries: &Value) -> Entries {
    let entries = entries.as_object().into_iter().flatten();
    let entries = entries.filter_map(|(uid, entry)| {
        let entry = Entry::deserialize(entry).ok()?;
        Some((PeerId::new(uid.as_str()), entry))
    });
    entries.collect()
}

#[cfg(test)]
mod tests;
