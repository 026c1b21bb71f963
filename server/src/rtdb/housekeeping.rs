//! What the server does in its own database: it offers ICE servers, and removes from the rooms
//! who has gone without a word. [`expired`], which decides that, is pure.

use std::convert::Infallible;
use std::time::Duration;

use serde_json::Value;
use signaling_protocol::database::EXPIRES_AFTER_MS;

use super::clock::now_ms;
use super::database::{Caller, Database, Refusal};
use super::json::DataError;
use super::key::Key;
use super::node::Node;
use super::path::Path;
use super::write::Write;
use crate::Error;

/// How often it is looked after.
const INTERVAL: Duration = Duration::from_secs(5);

/// What removes the participants who have not renewed their entries, and the inboxes of nobody;
/// `None` if there are none.
pub(super) fn expired(root: &Node, now_ms: u64) -> Option<Write> {
    let rooms: Path = [Key::new("rooms")].into_iter().collect();
    let (participants, messages) = (Key::new("participants"), Key::new("messages"));
    let mut gone = Vec::new();
    for (room, content) in root.get(&rooms).children() {
        let place = rooms.child(room.clone());
        let entries = content.child(&participants).unwrap_or(&Node::Null);
        let is_there = |uid: &Key| entries.child(uid).is_some_and(|it| is_alive(it, now_ms));
        for part in [&participants, &messages] {
            let children = content.child(part).unwrap_or(&Node::Null).children();
            let of_nobody = children.map(|(uid, _)| uid).filter(|uid| !is_there(uid));
            let place = place.child(part.clone());
            gone.extend(of_nobody.map(|uid| place.child(uid.clone())));
        }
    }
    (!gone.is_empty()).then(|| Write::remove(rooms, gone))
}

/// An entry without a time is nobody's.
fn is_alive(entry: &Node, now_ms: u64) -> bool {
    let seen_at = match entry.child(&Key::new("seenAt")) {
        Some(Node::Number(number)) => number.as_f64().unwrap_or_default(),
        _ => 0.0,
    };
    #[expect(clippy::cast_precision_loss, reason = "a time is far below 2^53")]
    let expired = now_ms.saturating_sub(EXPIRES_AFTER_MS) as f64;
    seen_at >= expired
}

impl Database {
    /// Puts a value where the owner keeps one. With `keep`, only if nothing is there.
    ///
    /// # Errors
    ///
    /// When the value is none, or cannot be kept.
    pub async fn provide(
        &self,
        path: &Path,
        value: &Value,
        keep: bool,
        now_ms: u64,
    ) -> Result<(), Error> {
        if keep && !self.state().root.get(path).is_null() {
            return Ok(());
        }
        let wrong = |error: DataError| Error::Configuration(format!("{path}: {error}"));
        let write = Write::set(path.clone(), value).map_err(wrong)?;
        let written = self
            .write(&Caller::Administrator, write, None, || now_ms)
            .await;
        written.map_err(|refusal| Error::Configuration(format!("{path}: {refusal}")))?;
        Ok(())
    }

    /// Removes who has gone without a word, and what nobody will read; tells how many places
    /// that are.
    ///
    /// # Errors
    ///
    /// When it cannot be saved.
    pub async fn clean(&self, now_ms: u64) -> Result<usize, Refusal> {
        let (removed, saved) = {
            // Decided and done in one, so that nobody is removed who has just come back.
            let mut state = self.state();
            let Some(write) = expired(&state.root, now_ms) else {
                return Ok(0);
            };
            let change = write.apply(&state.root, now_ms);
            let saved = self.carry_out(&mut state, &change, now_ms)?;
            (change.paths.len(), saved)
        };
        if let Some(saved) = saved {
            saved.wait().await?;
        }
        Ok(removed)
    }
}

/// Cleans for as long as it is awaited.
pub(crate) async fn run(database: &Database) -> Infallible {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match database.clean(now_ms()).await {
            Ok(0) => {}
            Ok(removed) => tracing::debug!(removed, "removed who has gone from the database"),
            Err(error) => tracing::warn!(%error, "cannot remove who has gone from the database"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW: u64 = 1_700_000_000_000;

    fn cleaned(rooms: Value) -> Option<Value> {
        let root = Node::from_json(&json!({"rooms": rooms, "other": {"participants": {"a": 1}}}));
        let change = expired(&root, NOW)?.apply(&root, NOW);
        let [other, rooms] = ["other", "rooms"].map(|path| path.parse::<Path>().unwrap());
        assert_eq!(change.after.get(&other), root.get(&other));
        Some(change.after.get(&rooms).to_json())
    }

    #[test]
    fn who_is_silent_for_too_long_goes_with_its_inbox() {
        let (alive, gone) = (NOW - EXPIRES_AFTER_MS, NOW - EXPIRES_AFTER_MS - 1);
        let rooms = json!({"hall": {
            "participants": {"a": {"seenAt": alive}, "b": {"seenAt": gone}, "c": {"name": ""}},
            "messages": {"a": {"b": {"1": 1}}, "b": {"a": {"1": 1}}, "nobody": {"a": {"1": 1}}},
        }});
        let expected = json!({"hall": {
            "participants": {"a": {"seenAt": alive}},
            "messages": {"a": {"b": [null, 1]}},
        }});
        assert_eq!(cleaned(rooms), Some(expected));
    }

    #[test]
    fn an_empty_room_vanishes_and_a_live_one_stays() {
        let gone = json!({"hall": {"participants": {"a": {"seenAt": 1}}}});
        assert_eq!(cleaned(gone), Some(Value::Null));
        let alive = json!({"hall": {"participants": {"a": {"seenAt": NOW + 1}}}});
        assert_eq!(cleaned(alive), None);
        assert_eq!(cleaned(json!("no rooms")), None);
    }
}
