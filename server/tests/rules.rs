//! The language of security rules, and how they judge reads and writes.
//!
//! What the cases expect was compared with what Firebase is known to answer.

#![allow(clippy::unwrap_used, reason = "this is a test")]

use proptest::prelude::*;
use serde_json::{Value, json};
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

#[test]
fn expressions_that_hold() {
    for expression in [
        "true",
        "1 < 2 && 'a' < 'b' && 2 >= 2 && !(1 > 2)",
        "1 + 2 * 3 == 7 && (1 + 2) * 3 === 9 && 7 % 4 - 1 == 2 && 10 - 3 - 2 == 5",
        "-auth.one == -1 && 1 / auth.one == 1",
        "1 + 'a' == '1a' && 'a' + 1.5 + 2 === 'a1.52'",
        "(1 / 0 + '') == 'NaN'",
        "'1' != 1 && 1 !== '1' && null == null && true == true",
        "false || true && true",
        "auth.uid === 'bob' && auth['uid'] == $b && auth.provider === \"anonymous\"",
        "auth.token.firebase.sign_in_provider == 'anonymous'",
        "auth.nothing == null && auth.nothing.at.all == null",
        "auth.admin == true ? true : false",
        "now == 1700000000000",
        "$a == 'users' && $a + '/' + $b == 'users/bob'",
        "root.child('users/bob').child('name').val() == 'Bob'",
        "root.child('/users//bob/age').val() > 41",
        "data.child('name').isString() && data.child('age').isNumber()",
        "data.child('ok').isBoolean() && !data.isString() && !data.child('no').isNumber()",
        "data.exists() && data.val() != null && !data.child('no').exists()",
        "data.parent().hasChild('bob') && data.parent().parent().hasChild('users/bob/age')",
        "data.hasChildren() && data.hasChildren(['name', 'age']) && !data.hasChild('')",
        "!data.hasChildren(['name', 'no']) && !data.child('name').hasChildren()",
        "data.getPriority() == null",
        "data.child('list/0').val() == 'a'",
        "root['exists']() == true",
        "data.child('name').val().length == 3 && root.child('smile').val().length == 3",
        "'foobar'.contains('ob') && 'foobar'.beginsWith('foo') && 'foobar'.endsWith('bar')",
        "'a.b.c'.replace('.', ',') == 'a,b,c'",
        "'Ab'.toLowerCase() == 'ab' && 'Ab'.toUpperCase() == 'AB'",
        "'it\\'s \\u0041'.endsWith(\"'s A\")",
        "'foobar'.matches(/^foo/) && 'foobar'.matches(/bar$/) && !'foobar'.matches(/^bar/)",
        "'BAR'.matches(/bar/i) && !'BAR'.matches(/bar/)",
        "'ab12'.matches(/^[a-c]{2}\\d+$/) && 'a/b'.matches(/a\\/b/) && '{a'.matches(/\\{a/)",
        "'-x_9'.matches(/^[-0-9A-Z_a-z]{4}$/) && 'a-'.matches(/^[a-]+$/) && '$'.matches(/\\$/)",
        "'aXbc'.matches(/^a[^a-z]b?(c|d)$/) && ' '.matches(/^\\s$/) && 'é'.matches(/^\\W$/)",
        "'a\nb'.matches(/^a.b$/) && '&&~~--'.matches(/^[&&~~\\-]+$/)",
        "data.child('no').val() == null || data.child('no').val().length > 1",
    ] {
        assert!(allows(expression), "{expression}");
    }
}

#[test]
fn expressions_that_do_not_hold_or_have_no_value() {
    for expression in [
        "false",
        "auth == null",
        "1 / 0 > 2 || 1 / 0 < 2",
        // Values of a kind that does not fit.
        "auth.admin + 1 == 2",
        "auth.text - 1 == 0 || true",
        "auth.nothing < 1 || true",
        "auth.text > auth.one || true",
        "data.child('age').val().length > 0 || true",
        "data.child('no').val().contains('a') || true",
        "!data.child('no').val().contains('a')",
        "root.child(auth.nothing).exists() == false",
        "'a'.contains(auth.one) || true",
        "root.parent().exists() == false",
        "auth.uid",
        "auth.one == 1 ? auth.text : true",
        "data.val().length == 4",
    ] {
        assert!(!allows(expression), "{expression}");
    }
}

#[test]
fn without_a_token_auth_is_null() {
    let rules = json!({"rules": {
        "a": {".read": "auth == null && auth.uid !== 'x'"},
        "b": {".read": "auth.uid.contains('x') || true"},
    }});
    let rules = Rules::parse(&rules.to_string()).unwrap();
    let request = Request {
        auth: None,
        now_ms: NOW,
        before: &Node::Null,
        after: None,
    };
    assert!(rules.may_read(request, &path("a")));
    assert!(!rules.may_read(request, &path("b")));
}

#[test]
fn what_is_no_expression_says_where_and_what_was_expected() {
    for (expression, expected) in [
        ("", "character 1: expected a value"),
        ("auth.uid == ", "character 13: expected a value"),
        ("auth = null", "character 6: there is no operator `=`"),
        (
            "true true",
            "character 6: expected an operator or the end of the rule, found `true`",
        ),
        ("(true", "character 6: expected `)`, found the end"),
        ("'é' == user", "character 8: there is no variable `user`"),
        ("$c == 'x'", "there is no variable `$c`"),
        (
            "newData.exists()",
            "there is no `newData` in a rule for reading",
        ),
        ("data.exist()", "character 6: there is no method `exist`"),
        (
            "data['ex' + 'ists']()",
            "character 6: only what `auth` says",
        ),
        (
            "data.name == 1",
            "character 6: nothing here is called `name`",
        ),
        ("data.val().name == 1", "nothing here is called `name`"),
        ("auth.uid.foo() == 1", "there is no method `foo`"),
        (
            "data.child().exists()",
            "the number of texts that `child` takes is 1, not 0",
        ),
        (
            "data.child(1).exists()",
            "character 12: the argument is a text",
        ),
        (
            "data.hasChildren('a')",
            "`hasChildren` takes nothing or a list",
        ),
        ("data.hasChildren([])", "the list of children is empty"),
        ("data.hasChildren(['a', 1])", "the argument is a text"),
        ("'a'.matches('b')", "expected a regular expression"),
        ("'a'.matches(/b/g)", "the only flag"),
        ("'a'.matches(/(^b)/)", "`^` stands only at an end"),
        ("'a'.matches(/b{/)", "expected `{n}`"),
        ("'a'.matches(/(b/)", "is not a regular expression"),
        ("'a'.matches(/b", "expected a `/` at the end"),
        (
            "'a'.matches(/((a{99}){99}){99}/)",
            "is not a regular expression",
        ),
        ("'a", "expected a `'` at the end"),
        ("7", "a rule is true or false"),
        ("'a'", "a rule is true or false"),
        ("data", "a rule is true or false"),
        (
            "!auth.admin",
            "character 2: `!`, `&&` and `||` work on conditions",
        ),
        ("auth.admin && true", "work on conditions"),
        ("data == null", "works on values"),
        ("data.val() > true", "works on numbers or texts"),
        ("1 > 'a'", "works on two numbers or two texts"),
        ("1 + true == 2", "works on numbers and texts"),
        ("'a' * 2 == 2", "works on numbers"),
    ] {
        let said = refusal(expression);
        assert!(
            said.starts_with("in /$a/$b/.read, character "),
            "{expression}: {said}"
        );
        assert!(said.contains(expected), "{expression}: {said}");
    }
}

#[test]
fn what_is_no_file_of_rules_says_where_and_why() {
    for (text, expected) in [
        ("", "not JSON"),
        ("{\n \"rules\": // here\n x}", "line 3 column 2"),
        ("[]", "expected an object with `rules`"),
        (
            r#"{"rules": {}, "more": {}}"#,
            "expected an object with `rules`",
        ),
        (r#"{"rules": true}"#, "at /: expected an object with rules"),
        (
            r#"{"rules": {"a": {".reed": true}}}"#,
            "at /a: there is no rule `.reed`",
        ),
        (
            r#"{"rules": {"a": {".read": 1}}}"#,
            "at /a: .read takes true, false",
        ),
        (
            r#"{"rules": {"a": {"b/c": {}}}}"#,
            "at /a: `b/c` cannot be a key",
        ),
        (
            r#"{"rules": {"a": {"$": {}}}}"#,
            "at /a: `$` cannot be a key",
        ),
        (
            r#"{"rules": {"$a": {"$a": {}}}}"#,
            "at /$a: there is another $a above",
        ),
        (
            r#"{"rules": {"$a": {}, "$b": {}}}"#,
            "at /: there is another variable beside",
        ),
    ] {
        let error = Rules::parse(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn comments_and_indexes_are_no_rules() {
    let rules = r#"{
        // "rules": {".read": false},
        "rules": { /* all of "it"
          */ ".read": "'// no comment /*' != ''", ".indexOn": ["a"] } /**/
    }"#;
    let request = Request {
        auth: None,
        now_ms: NOW,
        before: &Node::Null,
        after: None,
    };
    assert!(Rules::parse(rules).unwrap().may_read(request, &path("x")));
}

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

#[test]
fn depth_is_bounded_and_no_stack_is_exhausted() {
    let deep = [
        format!("{}true{}", "(".repeat(100_000), ")".repeat(100_000)),
        format!("{}true", "!".repeat(100_000)),
        format!("{}1 == 1", "-".repeat(100_000)),
        format!("1{} == 1", " + 1".repeat(100_000)),
        format!("true{}", " && true".repeat(100_000)),
        format!("{}true", "true ? true : ".repeat(100_000)),
        format!("root{}.exists()", ".child('a')".repeat(100_000)),
        format!("auth{} == 1", ".a".repeat(100_000)),
        format!(
            "auth{}1{} == 1",
            "[auth".repeat(100_000),
            "]".repeat(100_000)
        ),
        format!(
            "'a'.matches(/{}a{}/)",
            "(".repeat(100_000),
            ")".repeat(100_000)
        ),
    ];
    for expression in deep {
        let start = &expression[..40];
        let said = refusal(&expression);
        let deep = said.contains("more than 100 expressions in each other");
        assert!(
            deep || said.contains("is not a regular expression"),
            "{start}: {}",
            &said[..80]
        );
    }
    let nested = format!("{}{}", r#"{"rules":{"a":"#.repeat(1000), "}}".repeat(1000));
    assert!(Rules::parse(&nested).is_err());
    assert!(allows(&format!("{}true{}", "(".repeat(98), ")".repeat(98))));
    assert!(allows(&format!("{}true", "true && ".repeat(98))));
}

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
