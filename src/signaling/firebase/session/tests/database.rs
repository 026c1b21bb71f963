//! A model of the database.

use std::collections::BTreeMap;

use serde_json::Map;
use signaling_protocol::database::Record;

use super::super::*;
use crate::signaling::firebase::inbox::How;

/// A database of one room that keeps the rules, as far as they matter here.
#[derive(Default)]
pub(super) struct Database {
    pub(super) now: u64,
    pub(super) participants: BTreeMap<String, Value>,
    /// By recipient and then sender and id.
    pub(super) messages: BTreeMap<String, BTreeMap<String, Value>>,
}

/// Whose inbox changed, and how.
pub(super) type Told = Vec<(String, Change)>;

pub(super) fn at(how: How, data: Value) -> Change {
    let path = "/".to_owned();
    Change { how, path, data }
}

impl Database {
    fn entry(&self, uid: &str) -> Option<&Value> {
        self.participants.get(uid)
    }

    pub(super) fn inbox(&self, uid: &str) -> Value {
        let mut inbox = Map::new();
        for (path, record) in self.messages.get(uid).into_iter().flatten() {
            let (from, id) = path.split_once('/').unwrap();
            let letters = inbox.entry(from).or_insert_with(|| json!({}));
            letters[id] = record.clone();
        }
        if inbox.is_empty() {
            Value::Null
        } else {
            inbox.into()
        }
    }

    pub(super) fn run(
        &mut self,
        me: &str,
        request: &DatabaseRequest,
    ) -> (Result<Value, DatabaseError>, Told) {
        self.now += 1;
        let mut told = Vec::new();
        let result = match request {
            DatabaseRequest::Enter(_) if self.entry(me).is_some() => Err(DatabaseError::Denied),
            DatabaseRequest::Enter(value) => {
                let (joined_at, seen_at) = (self.now, self.now);
                let entry = json!({ "name": value["name"], "kind": value["kind"], "joinedAt": joined_at, "seenAt": seen_at });
                self.participants.insert(me.to_owned(), entry);
                Ok(Value::Null)
            }
            DatabaseRequest::Renew => match self.participants.get_mut(me) {
                Some(entry) => {
                    entry["seenAt"] = self.now.into();
                    Ok(Value::Null)
                }
                None => Err(DatabaseError::Denied),
            },
            DatabaseRequest::List => Ok(serde_json::to_value(&self.participants).unwrap()),
            DatabaseRequest::Send(letters) => self.send(me, letters, &mut told),
            DatabaseRequest::Remove(nulls) => {
                if let Some(inbox) = self.messages.get_mut(me) {
                    inbox.retain(|path, _| nulls.get(path).is_none());
                }
                told.push((me.to_owned(), at(How::Patch, nulls.clone())));
                Ok(Value::Null)
            }
            DatabaseRequest::Tidy(update) | DatabaseRequest::Leave(update) => {
                self.update(me, update, &mut told);
                Ok(Value::Null)
            }
        };
        (result, told)
    }

    fn send(
        &mut self,
        me: &str,
        letters: &[Letter],
        told: &mut Told,
    ) -> Result<Value, DatabaseError> {
        let here = |uid: &str| self.entry(uid).is_some();
        if !here(me) || !letters.iter().all(|letter| here(letter.to.as_str())) {
            return Err(DatabaseError::Denied);
        }
        for letter in letters {
            let record = Record {
                message: letter.text.clone(),
                sent_at: self.now,
            };
            let record = serde_json::to_value(record).unwrap();
            let to = letter.to.to_string();
            let path = format!("{me}/{}", letter.id);
            let mut change = at(How::Put, record.clone());
            change.path = format!("/{path}");
            told.push((to.clone(), change));
            self.messages.entry(to).or_default().insert(path, record);
        }
        Ok(Value::Null)
    }

    /// Several paths below the room, all or none.
    fn update(&mut self, me: &str, update: &Value, told: &mut Told) {
        let recipients = update.as_object().unwrap().keys().filter_map(|path| {
            let (to, _) = path.strip_prefix("messages/")?.split_once('/')?;
            Some(to)
        });
        if !recipients.into_iter().all(|to| self.entry(to).is_some()) {
            return;
        }
        for (path, value) in update.as_object().unwrap() {
            let keys: Vec<_> = path.split('/').collect();
            match keys[..] {
                ["participants", uid] => drop(self.participants.remove(uid)),
                ["messages", uid] => {
                    self.messages.remove(uid);
                    told.push((uid.to_owned(), at(How::Put, Value::Null)));
                }
                ["messages", to, from, id] if from == me => {
                    let record = json!({ "message": value["message"], "sentAt": self.now });
                    let path = format!("{from}/{id}");
                    told.push((to.to_owned(), at(How::Patch, json!({ &*path: record }))));
                    let inbox = self.messages.entry(to.to_owned()).or_default();
                    inbox.insert(path, record);
                }
                _ => panic!("{path}"),
            }
        }
    }
}
