//! Single values, writes and queries: what is documented of them, and what is refused.

use serde_json::{Value, json};

use super::json::{DataError, Draft};
use super::query::{Parameters, QueryError};
use super::write::Write;
use super::*;

const NOW: u64 = 1_700_000_000_000;

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
