//! What the methods of HTTP do, and how their answers look.

use serde_json::{Value, json};

use crate::common::rtdb::Rtdb;

/// Reference, "API Usage": each method's example and answer.
#[tokio::test]
async fn the_methods_answer_as_documented() {
    let rtdb = Rtdb::start().await;
    let name = "/users/jack/name.json";
    let sent = json!({"first": "Jack", "last": "Sparrow"});
    assert_eq!(rtdb.put(name, sent.clone()).await, sent);
    let read = rtdb.ask("GET", name, &[], "").await;
    assert_eq!(read.json(), sent);
    let kind = read.header("content-type");
    assert_eq!(kind, Some("application/json; charset=utf-8"));

    let pushed = rtdb
        .ask(
            "POST",
            "/message_list.json",
            &[],
            r#"{"user_id" : "jack", "text" : "Ahoy!"}"#,
        )
        .await
        .json();
    let id = pushed["name"].as_str().unwrap();
    assert_eq!((id.len(), &id[..1]), (20, "-"));
    let message = json!({"user_id": "jack", "text": "Ahoy!"});
    assert_eq!(rtdb.get("/message_list.json").await, json!({id: message}));

    let changed = rtdb
        .patch("/users/jack/name/.json", json!({"last": "Jones"}))
        .await;
    assert_eq!(changed, json!({"last": "Jones"}));
    assert_eq!(
        rtdb.get(name).await,
        json!({"first": "Jack", "last": "Jones"})
    );

    let removed = rtdb
        .ask("DELETE", "/users/jack/name/last.json", &[], "")
        .await;
    assert_eq!((removed.status, removed.json()), (200, Value::Null));
    assert_eq!(
        rtdb.get("/users.json").await,
        json!({"jack": {"name": {"first": "Jack"}}})
    );
    rtdb.ask("DELETE", "/.json", &[], "").await;
    assert_eq!(rtdb.get("/.json").await, Value::Null);
}

/// Saving, "Saving Lists of Data": ids are in the order of their making.
#[tokio::test]
async fn pushed_ids_are_in_order() {
    let rtdb = Rtdb::start().await;
    let mut ids = Vec::new();
    for number in 0..20 {
        let pushed = rtdb
            .ask("POST", "/list.json", &[], number.to_string())
            .await;
        ids.push(pushed.json()["name"].as_str().unwrap().to_owned());
    }
    assert!(ids.is_sorted_by(|one, next| one < next), "{ids:?}");
    let list = rtdb.get("/list.json").await;
    let values: Vec<_> = ids.iter().map(|id| list[id].as_u64().unwrap()).collect();
    assert!(values.is_sorted());
}

/// Saving, "Updating Data with PATCH": several places at once, by paths as keys.
#[tokio::test]
async fn an_update_reaches_several_places_or_none() {
    let rtdb = Rtdb::start().await;
    rtdb.put(
        "/users.json",
        json!({"alan": {"name": "Alan"}, "grace": {"name": "Grace"}}),
    )
    .await;
    let sent = json!({"alan/nickname": "A", "grace/nickname": "G", "gone": null});
    assert_eq!(rtdb.patch("/users.json", sent.clone()).await, sent);
    let expected = json!({
        "alan": {"name": "Alan", "nickname": "A"},
        "grace": {"name": "Grace", "nickname": "G"},
    });
    assert_eq!(rtdb.get("/users.json").await, expected);

    let refused = rtdb
        .ask(
            "PATCH",
            "/.json",
            &[],
            r#"{"users/alan": 1, "secret/x": 2}"#,
        )
        .await;
    assert_eq!(refused.error(401), "Permission denied");
    for sent in [
        r#"{"a": 1, "a/b": 2}"#,
        r#"{"a": 1, "b.c": 2}"#,
        r#"{"a": 1, "": 2}"#,
        r#"{"a": 1, "b": {"c/d": 2}}"#,
        "[1]",
        "7",
        "{",
    ] {
        let refused = rtdb.ask("PATCH", "/users.json", &[], sent).await;
        assert!(refused.error(400).starts_with("Invalid"), "{sent}");
    }
    assert_eq!(rtdb.get("/users.json").await, expected);
}

/// Reference, "Method Override", as header and, as a beacon needs it, as parameter.
#[tokio::test]
async fn a_post_may_stand_for_another_method() {
    let rtdb = Rtdb::start().await;
    rtdb.put("/a.json", json!({"b": 1, "c": 2})).await;
    let header = [("X-HTTP-Method-Override", "DELETE")];
    rtdb.ask("POST", "/a/b.json", &header, "").await;
    assert_eq!(rtdb.get("/a.json").await, json!({"c": 2}));
    let beacon = "/a.json?x-http-method-override=PATCH&auth=token-alan";
    let sent = rtdb
        .ask(
            "POST",
            beacon,
            &[("Content-Type", "text/plain")],
            r#"{"d": 3}"#,
        )
        .await;
    assert_eq!(sent.json(), json!({"d": 3}));
    assert_eq!(rtdb.get("/a.json").await, json!({"c": 2, "d": 3}));
    // Only a POST is overridden.
    let read = rtdb.ask("GET", "/a.json", &header, "").await;
    assert_eq!(read.json(), json!({"c": 2, "d": 3}));
    let unknown = [("X-HTTP-Method-Override", "BREW")];
    assert!(
        rtdb.ask("POST", "/a.json", &unknown, "1")
            .await
            .error(405)
            .contains("PATCH")
    );
}

/// Reference, "Query Parameters": `print`.
#[tokio::test]
async fn answers_are_pretty_or_silent() {
    let rtdb = Rtdb::start().await;
    let silent = rtdb
        .ask("PUT", "/a.json?print=silent", &[], r#"{"b":1}"#)
        .await;
    assert_eq!((silent.status, silent.body.as_str()), (204, ""));
    let silent = rtdb.ask("GET", "/a.json?print=silent", &[], "").await;
    assert_eq!((silent.status, silent.body.as_str()), (204, ""));
    let pretty = rtdb.ask("GET", "/a.json?print=pretty", &[], "").await;
    assert_eq!(pretty.body, "{\n  \"b\": 1\n}\n");
    let plain = rtdb
        .ask("GET", "/a.json?ns=demo&timeout=5s&format=export", &[], "")
        .await;
    assert_eq!(plain.body, r#"{"b":1}"#);
}
