//! How rules of several places together judge reads and writes.

use serde_json::{Value, json};
use webrtc_tour_server::rtdb::Node;
use webrtc_tour_server::rtdb::rules::{Request, Rules};

use super::{NOW, path};

/// A tree before, writes, and whether rules allow each of them.
struct Judge {
    rules: Rules,
    before: Node,
}

impl Judge {
    fn new(rules: Value, before: Value) -> Self {
        let rules = Rules::parse(&json!({ "rules": rules }).to_string()).unwrap();
        Self {
            rules,
            before: Node::from_json(&before),
        }
    }

    fn reads(&self, at: &str) -> bool {
        let request = Request {
            auth: None,
            now_ms: NOW,
            before: &self.before,
            after: None,
        };
        self.rules.may_read(request, &path(at))
    }

    fn writes(&self, values: &[(&str, Value)]) -> bool {
        let mut after = self.before.clone();
        for (at, value) in values {
            after.set(&path(at), Node::from_json(value));
        }
        let request = Request {
            auth: None,
            now_ms: NOW,
            before: &self.before,
            after: Some(&after),
        };
        values
            .iter()
            .all(|(at, _)| self.rules.may_write(request, &path(at)))
    }
}

#[test]
fn reading_and_writing_cascade() {
    let rules = json!({
        "a": {".read": true, ".write": true, "b": {".read": false, ".write": false}},
        "c": {"d": {".read": true, ".write": true}},
        "$other": {"e": {".read": "$other == 'x'"}},
    });
    let judge = Judge::new(rules, json!({}));
    for (at, granted) in [
        ("a", true),
        ("a/b", true),
        ("a/b/deeper", true),
        ("c", false),
        ("c/d", true),
        ("c/x", false),
        ("", false),
    ] {
        assert_eq!(judge.reads(at), granted, "{at}");
        assert_eq!(judge.writes(&[(at, json!(1))]), granted, "{at}");
    }
    assert!(judge.reads("x/e"));
    // A variable stands for what is not named beside it.
    assert!(!judge.reads("c/e"));
}

#[test]
fn what_is_written_must_be_valid_with_all_below_and_above_it() {
    let rules = json!({
        ".write": true,
        "item": {
            ".validate": "newData.hasChildren(['name'])",
            "name": {".validate": "newData.isString()"},
            "count": {".validate": "newData.isNumber() && newData.val() > data.val()"},
            "$other": {".validate": false},
        },
    });
    let judge = Judge::new(rules, json!({"item": {"name": "a", "count": 1}}));
    for (writes, valid) in [
        (vec![("item", json!({"name": "b"}))], true),
        (vec![("item", json!({"name": 1}))], false),
        (vec![("item", json!({"count": 2}))], false),
        (vec![("item", json!({"name": "b", "more": 1}))], false),
        (vec![("item/count", json!(2))], true),
        (vec![("item/count", json!(1))], false),
        (vec![("item/more", json!(1))], false),
        (vec![("", json!({"item": {"name": 1}}))], false),
        (vec![("", json!({"else": {"name": 1}}))], true),
        // What is deleted needs no validity, but what it leaves behind does.
        (vec![("item", json!(null))], true),
        (vec![("item/count", json!(null))], true),
        (vec![("item/name", json!(null))], false),
        (vec![("item/more", json!(null))], true),
        // Each place of several.
        (vec![("else", json!(1)), ("item/more", json!(1))], false),
        (vec![("else", json!(1)), ("item/count", json!(2))], true),
    ] {
        assert_eq!(judge.writes(&writes), valid, "{writes:?}");
    }
}

#[test]
fn several_writes_are_judged_by_what_all_of_them_make() {
    let rules = json!({
        "one": {".write": "newData.parent().child('two').val() === 2 && !root.hasChild('two')"},
        "two": {".write": "newData.parent().child('one').exists() && !data.exists()"},
    });
    let judge = Judge::new(rules, json!({}));
    assert!(judge.writes(&[("one", json!(1)), ("two", json!(2))]));
    assert!(!judge.writes(&[("one", json!(1))]));
    assert!(!judge.writes(&[("two", json!(2))]));
}
