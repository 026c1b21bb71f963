//! What must hold of any rules and trees.

use proptest::prelude::*;
use serde_json::{Value, json};
use webrtc_tour_server::rtdb::Node;
use webrtc_tour_server::rtdb::rules::{Request, Rules};

use super::{NOW, allows, path};

/// Words of the language, in any order.
fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "auth",
        "data",
        "newData",
        "root",
        "now",
        "$a",
        "$b",
        "null",
        "true",
        "1",
        "2.5",
        "'a'",
        "\"b\"",
        ".",
        ".uid",
        ".val()",
        ".child('a')",
        ".child($b)",
        ".parent()",
        ".exists()",
        ".length",
        ".matches(/^a|b*$/i)",
        ".replace('a', 'b')",
        "['a']",
        "(",
        ")",
        "[",
        "]",
        ",",
        "+",
        "-",
        "*",
        "/",
        "%",
        "==",
        "!==",
        "<",
        ">=",
        "&&",
        "||",
        "!",
        "?",
        ":",
        ".hasChild('a')",
        ".hasChildren(['a'])",
        ".isString()",
        ".contains('a')",
        ".toUpperCase()",
    ]);
    prop::collection::vec(word, 0..12).prop_map(|words| words.join(" ").replace(" .", "."))
}

/// Expressions that are valid more often than not.
fn conditions() -> impl Strategy<Value = String> {
    let value = prop::sample::select(vec![
        "auth.uid",
        "auth.x",
        "data.val()",
        "newData.val()",
        "root.child('a/b').val()",
        "now",
        "$a",
        "1",
        "'a'",
        "null",
        "newData.parent().val()",
        "data.child(auth.uid).val()",
        "newData.val().length",
        "data.parent().parent().parent().val()",
        "auth.uid + 1",
        "data.val() * 2",
        "newData.val().replace('a', auth.uid)",
        "1 / 0",
    ]);
    let comparison = (
        value.clone(),
        prop::sample::select(vec!["==", "!=", "<", ">="]),
        value,
    )
        .prop_map(|(one, operator, two)| format!("{one} {operator} {two}"));
    comparison.prop_recursive(4, 16, 3, |inner| {
        (inner.clone(), inner.clone(), inner, 0..4).prop_map(|(a, b, c, form)| match form {
            0 => format!("({a}) && ({b})"),
            1 => format!("({a}) || ({b})"),
            2 => format!("!({a})"),
            _ => format!("({a}) ? ({b}) : ({c})"),
        })
    })
}

fn trees() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[ab]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 20, 3, |inner| {
        prop::collection::btree_map("[ab]", inner, 0..3)
            .prop_map(|map| Value::Object(map.into_iter().collect()))
    })
}

proptest! {
    #[test]
    fn any_text_is_taken_or_refused(text in "\\PC{0,60}") {
        let _ = Rules::parse(&text);
        let rules = json!({"rules": {"$a": {".write": text}}});
        let _ = Rules::parse(&rules.to_string());
    }

    #[test]
    fn any_rule_that_is_taken_judges_any_tree(
        rule in prop_oneof![words(), conditions()],
        before in trees(),
        after in trees(),
        auth in trees(),
        at in "([ab]/){0,4}",
    ) {
        let rules = json!({"rules": {"$a": {"$b": {".write": rule, ".validate": rule}}}});
        let Ok(rules) = Rules::parse(&rules.to_string()) else {
            return Ok(());
        };
        let (before, after) = (Node::from_json(&before), Node::from_json(&after));
        let request = Request {
            auth: Some(&auth),
            now_ms: NOW,
            before: &before,
            after: Some(&after),
        };
        let _ = rules.may_write(request, &path(&at));
    }

    #[test]
    fn conditions_are_taken(rule in conditions()) {
        let rules = json!({"rules": {"$a": {"$b": {".write": rule}}}});
        let taken = Rules::parse(&rules.to_string());
        // The only ones that are not compare a number with a text.
        if let Err(error) = taken {
            prop_assert!(error.to_string().contains("two numbers or two texts"), "{error}");
        }
    }

    #[test]
    fn a_pattern_of_letters_matches_what_contains_it(pattern in "[a-c]{1,3}", text in "[a-c]{0,9}") {
        let expression = format!("'{text}'.matches(/{pattern}/)");
        prop_assert_eq!(allows(&expression), text.contains(&pattern));
    }
}
