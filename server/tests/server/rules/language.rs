//! What is an expression and a file of rules, what they mean, and what is refused with which words.

use serde_json::json;
use webrtc_tour_server::rtdb::Node;
use webrtc_tour_server::rtdb::rules::{Request, Rules};

use super::{NOW, allows, path, refusal};

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
