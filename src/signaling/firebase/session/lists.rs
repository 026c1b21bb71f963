//! What the lists of the room's entries mean for us.

use serde_json::{Map, Value};
use signaling_protocol::database::{EXPIRES_AFTER_MS, Message};
use signaling_protocol::{ErrorCode, Participant};

use super::{DatabaseRequest, FirebaseSession, LOST_SEAT, Stage, nothing_of, parsed};
use crate::signaling::Event;
use crate::signaling::firebase::members::{self, Membership};

impl FirebaseSession {
    pub(super) fn list(&mut self) {
        if self.listing {
            self.list_again = true;
        } else {
            self.listing = true;
            self.lists += 1;
            self.members.handle_asked();
            self.requests.push_back(DatabaseRequest::List);
        }
    }

    pub(super) fn handle_list(
        &mut self,
        entries: &Value,
        now_ms: u64,
        random: [u8; 12],
    ) -> Result<(), &'static str> {
        self.listing = false;
        let entries = parsed(entries);
        match self.stage {
            Stage::Out => return Ok(()),
            Stage::Entering => match self.members.handle_first_list(&entries, &self.me) {
                Membership::In { peers, capacity } => self.let_in(peers, capacity, now_ms, random),
                Membership::RoomFull { capacity } => {
                    self.stage = Stage::Out;
                    let nothing = Value::Object(nothing_of(&self.me).collect());
                    self.requests.push_back(DatabaseRequest::Leave(nothing));
                    self.refuse(
                        ErrorCode::RoomFull,
                        format!("The room is full: {capacity} may be in it."),
                    );
                }
                Membership::None => return Err(LOST_SEAT),
            },
            Stage::Resuming | Stage::In => match self.members.handle_list(&entries, &self.me) {
                Some(events) => {
                    if self.stage == Stage::Resuming {
                        self.events.push_back(Event::Resumed);
                    }
                    self.stage = Stage::In;
                    self.events.extend(events);
                }
                None if self.stage == Stage::Resuming => self.enter(),
                None => {
                    self.stage = Stage::Out;
                    return Err(LOST_SEAT);
                }
            },
        }
        if self.stage == Stage::In {
            self.doubtful = false;
            let members = &self.members;
            self.outbox.keep_only(|peer| members.contains(peer));
            self.take_held();
            let expired = members::expired(&entries, &self.me);
            let nothing: Map<_, _> = expired.into_iter().flat_map(nothing_of).collect();
            if !nothing.is_empty() {
                self.requests
                    .push_back(DatabaseRequest::Tidy(nothing.into()));
            }
        }
        if std::mem::take(&mut self.list_again) {
            self.list();
        }
        Ok(())
    }

    fn let_in(&mut self, peers: Vec<Participant>, capacity: usize, now_ms: u64, random: [u8; 12]) {
        self.stage = Stage::In;
        let hello = Message::Joined {
            name: self.name.clone(),
        };
        for peer in &peers {
            self.write(peer.peer_id.clone(), &hello, now_ms, random);
        }
        self.events.push_back(Event::Joined {
            me: self.me.clone(),
            grace_ms: EXPIRES_AFTER_MS,
            created: peers.is_empty(),
            capacity,
            peers,
            ice_servers: self.ice_servers.clone(),
            rights: None,
        });
    }

    /// What came too early, now that there is a list.
    fn take_held(&mut self) {
        for held in std::mem::take(&mut self.held) {
            let known = self.members.contains(&held.from);
            let greeting = matches!(held.message, Message::Joined { .. });
            let decided = held.until.is_some_and(|until| until <= self.lists);
            if known && greeting {
                // It has done its work.
            } else if known || held.until.is_none() {
                self.take(held.from, held.message);
            } else if !decided {
                self.held.push(held);
            }
            // Whoever is not in the list that decides is not in the room.
        }
    }
}
