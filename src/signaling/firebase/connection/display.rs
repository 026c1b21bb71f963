//! What is seen of the database, for whoever watches it.

use futures_util::FutureExt;
use gloo_timers::future::TimeoutFuture;
use serde_json::Value;
use signaling_protocol::PeerId;
use signaling_protocol::database::Record;

use super::{FirebaseConnection, LONGEST_LOOK_MS, inbox};
use crate::rtc::now_ms;
use crate::signaling::firebase::error::DatabaseError;
use crate::signaling::firebase::inbox::News;
use crate::signaling::firebase::outbox::Letter;
use crate::signaling::firebase::shared_state::wall_ms;
use crate::signaling::firebase::watch::{DatabaseView, MessageKey};

impl FirebaseConnection {
    pub(super) fn show(&self, change: impl Fn(&mut DatabaseView)) {
        (self.shared.borrow().watch)(&mut |view| change(view));
    }

    pub(super) fn show_news(&self, news: &[News]) {
        if news.is_empty() {
            return;
        }
        let me = self.me.as_str();
        self.show(|view| {
            for news in news {
                match news {
                    News::There(slot, record) => {
                        let key = MessageKey::new(me, slot.from.as_str(), &slot.id);
                        view.handle_message(key.clone(), record, now_ms());
                        view.handle_read(&key);
                    }
                    News::Gone(slot) => {
                        let key = MessageKey::new(me, slot.from.as_str(), &slot.id);
                        view.handle_gone(&key, now_ms());
                    }
                    News::Message(..) | News::Unreadable(..) => {}
                }
            }
        });
    }

    pub(super) fn show_sent(&self, letters: &[Letter]) {
        let me = self.me.as_str();
        self.show(|view| {
            for letter in letters {
                let key = MessageKey::new(letter.to.as_str(), me, &letter.id);
                let record = Record {
                    message: letter.text.clone(),
                    sent_at: wall_ms(),
                };
                view.handle_message(key, &record, now_ms());
            }
        });
    }

    /// Asks which of our messages still lie there: their removal is told only to their recipients.
    pub(super) fn look_for_unread(&mut self) {
        if self.unread.is_empty() {
            return;
        }
        self.look_pause_ms = (self.look_pause_ms * 2).min(LONGEST_LOOK_MS);
        self.look = Some(TimeoutFuture::new(self.look_pause_ms));
        if !self.looking.is_empty() {
            return;
        }
        for to in self.unread.keys().cloned() {
            let database = self.database.clone();
            let path = format!("{}/{}", inbox(&self.room, &to), self.me);
            let look = async move { (to, database.get(&path, "shallow=true").await) };
            self.looking.push(look.boxed_local());
        }
    }

    pub(super) fn handle_looked(&mut self, to: &PeerId, found: Result<Value, DatabaseError>) {
        let found = match found {
            Ok(found) => found,
            // Not ours to see any more.
            Err(DatabaseError::Denied) => Value::Null,
            Err(_) => return,
        };
        let Some(ids) = self.unread.get_mut(to) else {
            return;
        };
        let mut gone = Vec::new();
        ids.retain(|id| {
            let lies = found.get(id).is_some();
            if !lies {
                gone.push(MessageKey::new(to.as_str(), self.me.as_str(), id));
            }
            lies
        });
        if ids.is_empty() {
            self.unread.remove(to);
        }
        self.show(|view| {
            for key in &gone {
                view.handle_gone(key, now_ms());
            }
        });
    }
}
