//! The language of security rules, and how they judge reads and writes.
//!
//! What the cases expect was compared with what Firebase is known to answer.

mod judgement;
mod language;
mod properties;

use serde_json::json;
use webrtc_tour_server::rtdb::rules::{Request, Rules};
use webrtc_tour_server::rtdb::{Key, Node, Path};

const NOW: u64 = 1_700_000_000_000;

fn path(text: &str) -> Path {
    let keys = text.split('/').filter(|key| !key.is_empty());
    keys.map(Key::new).collect()
}

/// The error of rules that have this one for reading below `/$a/$b`.
fn refusal(expression: &str) -> String {
    let rules = json!({"rules": {"$a": {"$b": {".read": expression}}}});
    match Rules::parse(&rules.to_string()) {
        Ok(_) => panic!("taken: {expression}"),
        Err(error) => error.to_string(),
    }
}

/// Whether a rule at `/users/bob` lets read.
fn allows(expression: &str) -> bool {
    let rules = json!({"rules": {"$a": {"$b": {".read": expression}}}});
    let rules =
        Rules::parse(&rules.to_string()).unwrap_or_else(|error| panic!("{expression}: {error}"));
    let auth = json!({
        "uid": "bob", "provider": "anonymous", "admin": true, "one": 1, "text": "one",
        "token": {"sub": "bob", "firebase": {"sign_in_provider": "anonymous"}},
    });
    let tree = Node::from_json(&json!({
        "users": {"bob": {"name": "Bob", "age": 42, "ok": true, "list": ["a"]}},
        "smile": "😀é",
    }));
    let request = Request {
        auth: Some(&auth),
        now_ms: NOW,
        before: &tree,
        after: None,
    };
    rules.may_read(request, &path("users/bob"))
}
