//! What must hold of any values, writes and queries.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::access::Open;
use super::database::Caller;
use super::event::Event;
use super::json::{DataError, Draft};
use super::listeners::Told;
use super::query::Parameters;
use super::write::Write;
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
