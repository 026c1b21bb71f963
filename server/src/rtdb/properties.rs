//! What must hold of any values, writes and queries.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::access::Open;
use super::json::{DataError, Draft};
use super::query::{Parameters, QueryError};
use super::*;

const NOW: u64 = 1_700_000_000_000;

fn key() -> impl Strategy<Value = String> {
    prop_oneof!["[abc]", "[0-3]", "-?[0-9]{1,2}", "[äé%]"]
}

fn plain() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3_i64..3).prop_map(Value::from),
        (-3.0..3.0).prop_map(Value::from),
        "[a-c]{0,2}".prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    plain().prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            btree_map(key(), inner.clone(), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
            vec(inner, 0..4).prop_map(Value::Array),
        ]
    })
}

fn path() -> impl Strategy<Value = Path> {
    vec(key(), 0..4).prop_map(|keys| keys.iter().map(|key| Key::new(key)).collect())
}

#[derive(Clone, Debug)]
enum Step {
    Set(Path, Value),
    Update(Path, BTreeMap<String, Value>),
}

fn step() -> impl Strategy<Value = Step> {
    let ways = vec(key(), 1..4).prop_map(|keys| keys.join("/"));
    prop_oneof![
        (path(), value()).prop_map(|(path, value)| Step::Set(path, value)),
        (path(), btree_map(ways, value(), 0..4))
            .prop_map(|(path, members)| Step::Update(path, members)),
    ]
}

/// `None` for an update that is no update, because of a path in another.
fn write(step: &Step) -> Option<Write> {
    match step {
        Step::Set(path, value) => Some(Write::set(path.clone(), value).unwrap()),
        Step::Update(path, members) => match Write::update(path.clone(), &json!(members)) {
            Err(DataError::Overlap(_)) => None,
            write => Some(write.unwrap()),
        },
    }
}

/// A client's copy of what it listens to, made of nothing but the texts of the events.
#[derive(Debug, Default)]
struct Copy(Node);

impl Copy {
    fn hear(&mut self, event: &Event) {
        let data: Value = serde_json::from_str(&event.data()).unwrap();
        let path: Path = data["path"].as_str().unwrap().parse().unwrap();
        match event.name() {
            "put" => {
                self.0.set(&path, Node::from_json(&data["data"]));
            }
            _ => {
                for (way, value) in data["data"].as_object().unwrap() {
                    let way: Path = way.parse().unwrap();
                    self.0.set(&path.join(&way), Node::from_json(value));
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn any_writes_applied_through_events_equal_the_tree(
        steps in vec(step(), 1..20),
        listeners in vec((path(), 0_usize..10), 1..6),
    ) {
        let limits = DatabaseLimits { bytes: usize::MAX, listeners: 10, listeners_of_user: 10, queue_bytes: usize::MAX };
        let database = Arc::new(Database::new(limits, Arc::new(Open)));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut all = Vec::new();
            let mut root = Node::Null;
            for (number, step) in steps.iter().enumerate() {
                for (path, _) in listeners.iter().filter(|(_, from)| *from == number) {
                    let nobody = Caller::User(None);
                    let overflow = Arc::default();
                    let listener = database.listen(nobody, path.clone(), None, overflow, NOW);
                    all.push((path, listener.unwrap(), Copy::default()));
                }
                let Some(write) = write(step) else { continue };
                root = write.clone().apply(&root, NOW).after;
                let after = database.write(&Caller::User(None), write, None, || NOW).await.unwrap();
                assert_eq!(after, root);
                assert_eq!(database.counts().1, root.size());
            }
            database.close();
            for (path, mut listener, mut copy) in all {
                while let Some(Told::Event(event)) = listener.next().await {
                    copy.hear(&event);
                }
                assert_eq!(&copy.0, root.get(path), "at {path}");
            }
        });
    }

    #[test]
    fn an_event_comes_only_when_something_changed(steps in vec(step(), 1..20), at in path()) {
        let mut root = Node::Null;
        for step in &steps {
            let Some(write) = write(step) else { continue };
            let change = write.apply(&root, NOW);
            let changed = root.get(&at) != change.after.get(&at);
            prop_assert_eq!(Event::of(&change, &at, None).is_some(), changed);
            root = change.after;
        }
    }

    #[test]
    fn a_value_survives_its_json(value in value()) {
        let node = Node::from_json(&value);
        let text = node.to_json().to_string();
        prop_assert_eq!(Node::from_json(&serde_json::from_str(&text).unwrap()), node.clone());
        let draft = Draft::parse(&value, 0).unwrap();
        prop_assert_eq!(draft.resolve(&Node::Null, NOW), node);
    }

    #[test]
    fn an_etag_is_that_of_the_value(one in value(), two in value()) {
        let (one, two) = (Node::from_json(&one), Node::from_json(&two));
        prop_assert_eq!(one.etag() == two.etag(), one == two);
    }

    #[test]
    fn a_query_is_what_a_simple_one_finds(
        value in btree_map(key(), value(), 0..8),
        by_child in any::<bool>(),
        bounds in (any::<bool>(), plain(), any::<bool>(), plain()),
        limit in (0_usize..4, any::<bool>()),
    ) {
        let node = Node::from_json(&json!(value));
        let (has_start, start, has_end, end) = bounds;
        let (limit, first) = limit;
        let text = |has: bool, value: &Value| has.then(|| value.to_string());
        let query = Parameters {
            order_by: Some(if by_child { r#""a""# } else { r#""$value""# }.to_owned()),
            start_at: text(has_start, &start),
            end_at: text(has_end, &end),
            limit_to_first: (limit > 0 && first).then(|| limit.to_string()),
            limit_to_last: (limit > 0 && !first).then(|| limit.to_string()),
            ..Parameters::default()
        };
        let query = query.query().unwrap().unwrap();

        let by = |child: &Node| if by_child {
            child.child(&Key::new("a")).cloned().unwrap_or_default()
        } else {
            child.clone()
        };
        let (start, end) = (Node::from_json(&start), Node::from_json(&end));
        let mut expected: Vec<_> = node.children().filter(|(_, child)| {
            (!has_start || by(child).compare(&start).is_ge())
                && (!has_end || by(child).compare(&end).is_le())
        }).collect();
        expected.sort_by(|(key, child), (other, another)| {
            by(child).compare(&by(another)).then(key.cmp(other))
        });
        if limit > 0 && first {
            expected.truncate(limit);
        } else if limit > 0 {
            expected.drain(..expected.len().saturating_sub(limit));
        }
        let expected = Node::object(expected.into_iter().map(|(k, v)| (k.clone(), v.clone())));
        prop_assert_eq!(query.select(&node), expected);
    }

}

proptest! {
    // Each waits for the disk.
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn what_is_in_a_file_is_there_again(steps in vec(step(), 1..8)) {
        let limits = DatabaseLimits { bytes: usize::MAX, listeners: 0, listeners_of_user: 0, queue_bytes: 0 };
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("database");
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut root = Node::Null;
        let database = Database::open(limits, Arc::new(Open), &file).unwrap();
        for step in &steps {
            let Some(write) = write(step) else { continue };
            let written = database.write(&Caller::Administrator, write, None, || NOW);
            root = runtime.block_on(written).unwrap();
        }
        drop(database);
        let database = Database::open(limits, Arc::new(Open), &file).unwrap();
        let read = database.read(&Caller::Administrator, &Path::root(), NOW).unwrap();
        prop_assert_eq!(&read, &root);
        prop_assert_eq!(database.counts().1, root.size());
    }
}

/// <https://firebase.google.com/docs/database/rest/retrieve-data#section-rest-ordered-data>
#[test]
fn values_are_in_the_documented_order() {
    let node = Node::from_json(&json!({
        "object": {"a": 1}, "text b": "b", "text a": "a", "number": 1.5, "less": -1, "true": true,
        "false": false,
    }));
    let first = |count: usize| {
        let query = Parameters {
            order_by: Some(r#""$value""#.to_owned()),
            limit_to_first: Some(count.to_string()),
            ..Parameters::default()
        };
        query.query().unwrap().unwrap().select(&node)
    };
    let order = [
        "false", "true", "less", "number", "text a", "text b", "object",
    ];
    for (count, last) in (1..).zip(order) {
        let chosen = first(count);
        assert_eq!(chosen.children().count(), count);
        assert!(chosen.child(&Key::new(last)).is_some(), "{last}");
    }
}

/// <https://firebase.google.com/docs/database/rest/retrieve-data#orderbykey>
#[test]
fn keys_that_are_integers_come_first() {
    let keys = ["-2", "1", "2", "10", "01", "2147483648", "a", "b"];
    let node = Node::object(keys.map(|key| (Key::new(key), Node::Bool(true))));
    assert_eq!(
        node.children()
            .map(|(key, _)| key.as_str())
            .collect::<Vec<_>>(),
        keys
    );
}

/// <https://firebase.blog/posts/2014/04/best-practices-arrays-in-firebase>
#[test]
fn objects_become_arrays_when_most_is_there() {
    for (given, expected) in [
        (json!({"0": "a", "1": "b"}), json!(["a", "b"])),
        (json!(["a", null, "b"]), json!(["a", null, "b"])),
        (json!({"1": "a"}), json!([null, "a"])),
        (json!({"0": "a", "4": "b"}), json!({"0": "a", "4": "b"})),
        (
            json!({"0": "a", "1": "b", "x": "c"}),
            json!({"0": "a", "1": "b", "x": "c"}),
        ),
        (json!({"00": "a"}), json!({"00": "a"})),
        (json!({"-1": "a", "0": "b"}), json!({"-1": "a", "0": "b"})),
        (
            json!({"a": {}, "b": [], "c": [null], "d": {"e": null}}),
            Value::Null,
        ),
    ] {
        assert_eq!(Node::from_json(&given).to_json(), expected, "{given}");
    }
}

#[test]
fn server_values_are_computed_from_what_is_there() {
    let root = Node::from_json(&json!({"n": 40, "s": "text", "big": i64::MAX}));
    let value = json!({
        "t": {".sv": "timestamp"},
        "n": {".sv": {"increment": 2}},
        "s": {".sv": {"increment": 0.5}},
        "new": {"deep": {".sv": {"increment": -1}}},
        "big": {".sv": {"increment": 1}},
    });
    let after = Write::set(Path::root(), &value)
        .unwrap()
        .apply(&root, NOW)
        .after
        .to_json();
    assert_eq!(after["t"], NOW);
    assert_eq!(after["n"], 42);
    assert_eq!(after["s"], 0.5);
    assert_eq!(after["new"]["deep"], -1);
    assert_eq!(after["big"], 9_223_372_036_854_775_807_f64);
}

#[test]
fn what_is_no_value_is_refused() {
    let wrong_key = |key: &str| DataError::Key(key.to_owned());
    for (value, error) in [
        (json!({"a": {"": 1}}), wrong_key("")),
        (json!({"a/b": 1}), wrong_key("a/b")),
        (json!({"a$": 1}), wrong_key("a$")),
        (json!({"\u{7f}": 1}), wrong_key("\u{7f}")),
        (json!({".sv": "timestamp", "a": 1}), wrong_key("a")),
        (json!({".foo": 1}), wrong_key(".foo")),
        (json!({"a": {".sv": "now"}}), DataError::ServerValue),
        (json!({".sv": {"increment": "1"}}), DataError::ServerValue),
        (json!({".value": {"a": 1}}), DataError::DotValue),
        (json!({".value": 1, ".priority": 2}), DataError::Priority),
        (json!({"x".repeat(769): 1}), DataError::KeyTooLong),
    ] {
        assert_eq!(Draft::parse(&value, 0).unwrap_err(), error, "{value}");
    }
    let plain = Draft::parse(&json!({".value": 1, ".priority": null}), 0).unwrap();
    assert_eq!(plain.resolve(&Node::Null, NOW).to_json(), 1);
    let nested = |depth| (0..depth).fold(json!(1), |inner, _| json!({"a": inner}));
    assert!(Draft::parse(&nested(32), 0).is_ok());
    assert!(Draft::parse(&nested(30), 2).is_ok());
    assert_eq!(
        Draft::parse(&nested(33), 0).unwrap_err(),
        DataError::TooDeep
    );
    assert_eq!(
        Draft::parse(&nested(30), 3).unwrap_err(),
        DataError::TooDeep
    );
}

#[test]
fn an_update_has_no_path_in_another() {
    for (value, refused) in [
        (json!({"a": 1, "a/b": 2}), true),
        (json!({"a/b": 1, "/a//b/": 2}), true),
        (json!({"a/b": 1, "a/c": 2, "ab": 3}), false),
        (json!({"1/a": 1, "10": 2, "01": 2}), false),
    ] {
        let update = Write::update(Path::root(), &value);
        assert_eq!(
            matches!(update, Err(DataError::Overlap(_))),
            refused,
            "{value}"
        );
    }
    for value in [json!(1), json!([1]), json!(null)] {
        let update = Write::update(Path::root(), &value);
        assert_eq!(update.unwrap_err(), DataError::NoObject);
    }
    assert!(Write::update(Path::root(), &json!({"/": 1})).is_err());
}

#[test]
fn bounds_may_name_a_key_and_exclude_their_value() {
    let node = Node::from_json(&json!({"a": 1, "b": 1, "c": 2, "d": 3}));
    let with = |change: fn(&mut Parameters)| {
        let mut parameters = Parameters {
            order_by: Some(r#""$value""#.to_owned()),
            ..Parameters::default()
        };
        change(&mut parameters);
        parameters.query().unwrap().unwrap().select(&node).to_json()
    };
    assert_eq!(
        with(|p| p.equal_to = Some("1".to_owned())),
        json!({"a": 1, "b": 1})
    );
    assert_eq!(
        with(|p| p.equal_to = Some(r#"1,"b""#.to_owned())),
        json!({"b": 1})
    );
    assert_eq!(
        with(|p| p.start_after = Some("1".to_owned())),
        json!({"c": 2, "d": 3})
    );
    assert_eq!(
        with(|p| p.end_before = Some("2".to_owned())),
        json!({"a": 1, "b": 1})
    );
    let by_key = Parameters {
        order_by: Some(r#""$key""#.to_owned()),
        start_at: Some(r#""b""#.to_owned()),
        end_before: Some(r#""d""#.to_owned()),
        ..Parameters::default()
    };
    let chosen = by_key.query().unwrap().unwrap().select(&node);
    assert_eq!(chosen.to_json(), json!({"b": 1, "c": 2}));
}

#[test]
fn queries_that_make_no_sense_are_refused() {
    let query = |change: fn(&mut Parameters)| {
        let mut parameters = Parameters::default();
        change(&mut parameters);
        parameters.query().unwrap_err()
    };
    assert_eq!(
        query(|p| p.limit_to_first = Some("1".to_owned())),
        QueryError::NoOrder
    );
    for order in ["name", "1", r#""""#, r#""a.b""#, r#""$other""#] {
        let parameters = Parameters {
            order_by: Some(order.to_owned()),
            ..Parameters::default()
        };
        assert_eq!(parameters.query(), Err(QueryError::Order), "{order}");
    }
    fn ordered(p: &mut Parameters, by: &str) {
        p.order_by = Some(by.to_owned());
    }
    assert_eq!(
        query(|p| {
            ordered(p, r#""a""#);
            p.start_at = Some("{}".to_owned())
        }),
        QueryError::Bound("startAt")
    );
    assert_eq!(
        query(|p| {
            ordered(p, r#""$key""#);
            p.equal_to = Some("1".to_owned())
        }),
        QueryError::KeyBound("equalTo")
    );
    assert_eq!(
        query(|p| {
            ordered(p, r#""a""#);
            p.limit_to_last = Some("0".to_owned())
        }),
        QueryError::Limit("limitToLast")
    );
    assert_eq!(
        query(|p| {
            ordered(p, r#""a""#);
            p.limit_to_first = Some("1".to_owned());
            p.limit_to_last = Some("1".to_owned());
        }),
        QueryError::TwoLimits
    );
    assert_eq!(
        query(|p| {
            ordered(p, r#""a""#);
            p.equal_to = Some("1".to_owned());
            p.end_at = Some("1".to_owned());
        }),
        QueryError::TwoBounds
    );
}
