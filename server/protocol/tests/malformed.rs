//! Each kind of bad input has its own code, and none is read as something else.

use proptest::prelude::*;
use signaling_protocol::{ClientMessage, ErrorCode, ErrorMessage, ServerFrame};

#[track_caller]
fn code(text: &str) -> ErrorCode {
    match ClientMessage::from_json(text) {
        Ok(message) => panic!("read as {message:?}"),
        Err(error) => error.code(),
    }
}

#[test]
fn what_is_no_tagged_object_is_invalid_json() {
    for text in [
        "",
        "hello",
        "{",
        "null",
        "7",
        "\"leave\"",
        "[]",
        "[\"leave\"]",
        "[\"join\", \"room\"]",
        "{}",
        "{\"type\": 7}",
        "{\"type\": \"leave\"} trailing",
        "{\"type\": \"leave\", \"type\": \"leave\"}",
        "{\"type\":\"signal\",\"to\":\"a\",\"signal\":0,\"type\":\"leave\"}",
        "{\"type\":\"signal\",\"to\":\"a\",\"signal\":0} trailing",
    ] {
        assert_eq!(code(text), ErrorCode::InvalidJson, "{text}");
    }
}

#[test]
fn other_types_are_unknown_also_those_of_the_other_direction() {
    for text in [
        "{\"type\": \"\"}",
        "{\"type\": \"Join\"}",
        "{\"type\": \"joined\"}",
    ] {
        assert_eq!(code(text), ErrorCode::UnknownType, "{text}");
    }
}

#[test]
fn missing_and_wrong_fields_are_invalid_messages() {
    for text in [
        r#"{"type": "join"}"#,
        r#"{"type": "join", "room": 7}"#,
        r#"{"type": "join", "room": "a", "kind": "palace"}"#,
        r#"{"type": "join", "room": "a", "kind": null}"#,
        r#"{"type": "join", "room": "a", "name": 7}"#,
        r#"{"type": "join", "room": "a", "token": "too short"}"#,
        r#"{"type": "join", "room": "a", "passphrase": ""}"#,
        r#"{"type": "setPolicy", "locked": "yes"}"#,
        r#"{"type": "setPolicy", "passphrase": ""}"#,
        r#"{"type": "setPolicy", "passphrase": 7}"#,
        r#"{"type": "admit"}"#,
        r#"{"type": "remove", "peerId": 7}"#,
        r#"{"type": "setParticipant", "host": true}"#,
        r#"{"type": "resume"}"#,
        r#"{"type": "resume", "received": 0}"#,
        r#"{"type": "resume", "token": "01234567890123456789012345678901"}"#,
        r#"{"type": "resume", "token": "0123456789012345678901234567890!", "received": 0}"#,
        r#"{"type": "resume", "token": "01234567890123456789012345678901", "received": -1}"#,
        r#"{"type": "ping"}"#,
        r#"{"type": "ping", "received": 1.5}"#,
        r#"{"type": "signal", "to": "a", "seq": "1", "signal": {}}"#,
        r#"{"type": "signal", "to": "a"}"#,
        r#"{"type": "signal", "signal": {}}"#,
        r#"{"type": "signal", "to": ["a"], "signal": {}}"#,
    ] {
        assert_eq!(code(text), ErrorCode::InvalidMessage, "{text}");
    }
}

#[test]
fn unknown_fields_are_ignored_and_the_kind_has_a_default() {
    let text = r#" {"room": "a", "later": [1], "type": "join"}"#;
    let message = ClientMessage::from_json(text).unwrap();
    assert_eq!(
        serde_json::to_string(&message).unwrap(),
        r#"{"type":"join","room":"a","kind":"call"}"#
    );
}

#[test]
fn a_signal_is_kept_to_the_letter_however_deep() {
    let deep = format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000));
    for payload in ["{\"b\": 1.50,  \"a\": \"\\u00e9\"}", "null", &deep] {
        let text = format!(r#"{{"type":"signal","to":"p","signal":{payload}}}"#);
        let message = ClientMessage::from_json(&text).unwrap();
        assert_eq!(serde_json::to_string(&message).unwrap(), text);
    }
}

#[test]
fn an_error_text_does_not_tell_a_passphrase() {
    let long = "secret".repeat(22);
    for text in [
        format!(r#"{{"type": "join", "room": "a", "passphrase": "{long}"}}"#),
        format!(r#"{{"type": "setPolicy", "passphrase": "{long}"}}"#),
    ] {
        let error = ClientMessage::from_json(&text).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
    }
}

#[test]
fn an_error_text_does_not_carry_the_message_back() {
    let long = "x".repeat(60_000);
    for text in [
        format!(r#"{{"type": "{long}"}}"#),
        format!(r#"{{"type": "join", "room": "a", "kind": "{long}"}}"#),
    ] {
        let error = ClientMessage::from_json(&text).unwrap_err();
        let answer = ErrorMessage::from(&error);
        assert_eq!(answer.code, error.code());
        assert!(answer.message.len() < 300, "{}", answer.message.len());
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in ".{0,200}") {
        let _ = ClientMessage::from_json(&text);
        let _ = ServerFrame::from_json(&text);
    }

    #[test]
    fn no_json_like_text_panics(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "{", "}", "[", "]", ":", ",", "\"type\"", "\"join\"", "\"room\"", "\"signal\"",
                "\"to\"", "null", "1e999", "-0", "\"\\ud800\"", " ",
            ]),
            0..24,
        ),
    ) {
        let text = parts.concat();
        let _ = ClientMessage::from_json(&text);
        let _ = ServerFrame::from_json(&text);
    }
}
