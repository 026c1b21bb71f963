//! The database's REST protocol, as Firebase documents it. Sections are those of
//! <https://firebase.google.com/docs/reference/rest/database> ("reference"),
//! <https://firebase.google.com/docs/database/rest/save-data> ("saving") and
//! <https://firebase.google.com/docs/database/rest/retrieve-data> ("retrieving").

#![allow(clippy::unwrap_used, reason = "this is a test")]

mod common;

use std::time::Duration;

use common::rtdb::{BRIEF_MS, OWNER, Rtdb, ask};
use common::{closed, within};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

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

/// Retrieving, "shallow": names only, but plain values as they are.
#[tokio::test]
async fn shallow_answers_have_names_only() {
    let rtdb = Rtdb::start().await;
    rtdb.put(
        "/message.json",
        json!({"user": {"name": "Chris"}, "body": "Hello!"}),
    )
    .await;
    let shallow = rtdb.get("/message.json?shallow=true").await;
    assert_eq!(shallow, json!({"user": true, "body": true}));
    assert_eq!(rtdb.get("/message/body.json?shallow=true").await, "Hello!");
    let mixed = "/message.json?shallow=true&orderBy=%22$key%22";
    assert!(
        rtdb.ask("GET", mixed, &[], "")
            .await
            .error(400)
            .contains("shallow")
    );
}

async fn dinosaurs() -> Rtdb {
    let rtdb = Rtdb::start().await;
    let dinosaurs = json!({
        "bruhathkayosaurus": {"height": 25, "dimensions": {"height": 25}},
        "lambeosaurus": {"height": 2.1, "dimensions": {"height": 2.1}},
        "linhenykus": {"height": 0.6, "dimensions": {"height": 0.6}},
        "pterodactyl": {"height": 0.6, "dimensions": {"height": 0.6}},
        "stegosaurus": {"height": 4, "dimensions": {"height": 4}},
        "triceratops": {"height": 3, "dimensions": {"height": 3}},
    });
    rtdb.put("/dinosaurs.json", dinosaurs).await;
    let scores = json!({
        "bruhathkayosaurus": 55, "lambeosaurus": 21, "linhenykus": 80, "pterodactyl": 93,
        "stegosaurus": 5, "triceratops": 22,
    });
    rtdb.put("/scores.json", scores).await;
    rtdb
}

/// Retrieving, "Filtering Data" and "Complex filtering": the sections' examples.
#[tokio::test]
async fn queries_find_what_the_documentation_says() {
    let rtdb = dinosaurs().await;
    for (target, expected) in [
        (
            r#"/dinosaurs.json?orderBy="height"&startAt=3"#,
            &["bruhathkayosaurus", "stegosaurus", "triceratops"][..],
        ),
        (
            r#"/dinosaurs.json?orderBy="dimensions/height"&startAt=3&limitToFirst=1"#,
            &["triceratops"],
        ),
        (
            r#"/dinosaurs.json?orderBy="$key"&startAt="a"&endAt="m""#,
            &["bruhathkayosaurus", "lambeosaurus", "linhenykus"],
        ),
        (
            r#"/dinosaurs.json?orderBy="$key"&startAt="b"&endAt="b\uf8ff""#,
            &["bruhathkayosaurus"],
        ),
        (
            r#"/dinosaurs.json?orderBy="height"&equalTo=0.6"#,
            &["linhenykus", "pterodactyl"],
        ),
        (
            r#"/dinosaurs.json?orderBy="height"&equalTo=0.6&limitToLast=1"#,
            &["pterodactyl"],
        ),
        (
            r#"/dinosaurs.json?orderBy="$key"&limitToLast=2"#,
            &["stegosaurus", "triceratops"],
        ),
        (
            r#"/dinosaurs.json?orderBy="height"&limitToFirst=2"#,
            &["linhenykus", "pterodactyl"],
        ),
        (r#"/dinosaurs.json?orderBy="weight"&startAt=1"#, &[]),
        (
            r#"/scores.json?orderBy="$value"&limitToLast=2"#,
            &["linhenykus", "pterodactyl"],
        ),
        (
            r#"/scores.json?orderBy="$value"&startAt=50&endAt=80"#,
            &["bruhathkayosaurus", "linhenykus"],
        ),
        (
            r#"/scores.json?orderBy="$priority"&limitToFirst=1"#,
            &["bruhathkayosaurus"],
        ),
        (r#"/scores/stegosaurus.json?orderBy="$key""#, &[]),
    ] {
        let found = rtdb
            .get(&target.replace('"', "%22").replace('\\', "%5C"))
            .await;
        let found: Vec<_> = found
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, _)| key)
            .collect();
        assert_eq!(found, expected, "{target}");
    }
}

#[tokio::test]
async fn queries_that_make_no_sense_are_told_why() {
    let rtdb = dinosaurs().await;
    for (query, expected) in [
        (
            "limitToFirst=1",
            "orderBy must be defined when other query parameters are defined",
        ),
        (
            "orderBy=height",
            "orderBy must be a valid JSON encoded path",
        ),
        (
            "orderBy=%22a.b%22",
            "orderBy must be a valid JSON encoded path",
        ),
        (
            "orderBy=%22height%22&startAt=a",
            "Constraint index field must be a JSON primitive",
        ),
        (
            "orderBy=%22height%22&limitToFirst=a",
            "limitToFirst must be a positive integer",
        ),
        ("orderBy=%22height%22&orderBy=%22a%22", "cannot be read"),
    ] {
        let refused = rtdb
            .ask("GET", &format!("/dinosaurs.json?{query}"), &[], "")
            .await;
        let error = refused.error(400);
        assert!(error.contains(expected), "{query}: {error}");
    }
}

/// Saving, "Conditional Requests": reading with an ETag, writing with one, and 412 with the value
/// that is there.
#[tokio::test]
async fn writes_may_be_conditional() {
    let rtdb = Rtdb::start().await;
    let counter = "/posts/12345/upvotes.json";
    let wants = [("X-Firebase-ETag", "true")];
    let empty = rtdb.ask("GET", counter, &wants, "").await;
    assert_eq!((empty.etag(), empty.json()), ("null_etag", Value::Null));
    let written = rtdb
        .ask("PUT", counter, &[("if-match", "null_etag")], "10")
        .await;
    assert_eq!(written.status, 200);
    let etag = rtdb.ask("GET", counter, &wants, "").await.etag().to_owned();
    assert_eq!(written.etag(), etag);

    let written = rtdb.ask("PUT", counter, &[("if-match", &etag)], "11").await;
    assert_eq!((written.status, written.json()), (200, json!(11)));
    let refused = rtdb.ask("PUT", counter, &[("if-match", &etag)], "12").await;
    assert_eq!((refused.status, refused.json()), (412, json!(11)));
    assert_eq!(refused.etag(), written.etag());
    let refused = rtdb
        .ask("DELETE", counter, &[("if-match", &etag)], "")
        .await;
    assert_eq!(refused.status, 412);
    let removed = rtdb
        .ask("DELETE", counter, &[("if-match", written.etag())], "")
        .await;
    assert_eq!((removed.status, removed.etag()), (200, "null_etag"));

    let unchanged = rtdb
        .ask("GET", counter, &[("if-none-match", "null_etag")], "")
        .await;
    assert_eq!((unchanged.status, unchanged.body.as_str()), (304, ""));
    let changed = rtdb
        .ask("GET", counter, &[("if-none-match", &etag)], "")
        .await;
    assert_eq!((changed.status, changed.etag()), (200, "null_etag"));
    assert!(
        rtdb.ask("GET", counter, &[], "")
            .await
            .header("etag")
            .is_none()
    );
    for method in ["PATCH", "POST"] {
        let refused = rtdb
            .ask(method, counter, &[("if-match", "null_etag")], "{}")
            .await;
        assert!(refused.error(400).contains("condition"));
    }
    // Who may write but not read learns nothing by asking with conditions.
    rtdb.put("/.json", json!({"locked": true, "dynamic": 1}))
        .await;
    let refused = rtdb
        .ask("PUT", "/dynamic.json", &[("if-match", "x")], "2")
        .await;
    assert_eq!(refused.error(401), "Permission denied");
    assert_eq!(rtdb.put("/dynamic.json", json!(2)).await, 2);
}

/// A transaction of many at once loses nothing: each repeats until its condition holds.
#[tokio::test]
async fn conditional_writes_of_many_add_up() {
    let rtdb = Rtdb::start().await;
    let add = async || {
        for _ in 0..5 {
            let mut read = rtdb
                .ask("GET", "/n.json", &[("X-Firebase-ETag", "true")], "")
                .await;
            loop {
                let next = read.json().as_u64().unwrap_or(0) + 1;
                let condition = [("if-match", read.etag())];
                let written = rtdb
                    .ask("PUT", "/n.json", &condition, next.to_string())
                    .await;
                if written.status == 200 {
                    break;
                }
                assert_eq!(written.status, 412);
                read = written;
            }
        }
    };
    tokio::join!(add(), add(), add(), add());
    assert_eq!(rtdb.get("/n.json").await, 20);
}

/// Reference, "Server Values".
#[tokio::test]
async fn server_values_are_made_by_the_server() {
    let rtdb = Rtdb::start().await;
    let before = webrtc_tour_server::rtdb::now_ms();
    let written = rtdb
        .put("/startedAt.json", json!({".sv": "timestamp"}))
        .await;
    let at = written.as_u64().unwrap();
    assert!((before..before + 20_000).contains(&at));
    assert_eq!(rtdb.get("/startedAt.json").await, at);
    let more = json!({"a/n": {".sv": {"increment": 5}}});
    rtdb.patch("/.json", more.clone()).await;
    assert_eq!(rtdb.patch("/.json", more).await, json!({"a/n": 10}));
}

/// A write is done when all of it is there: that is its time, and its token must be valid then.
#[tokio::test]
async fn a_slow_write_is_of_the_time_of_its_end() {
    let rtdb = Rtdb::start().await;
    let timestamp = json!({".sv": "timestamp"});
    let time = async || {
        rtdb.put("/other.json", timestamp.clone())
            .await
            .as_u64()
            .unwrap()
    };
    let body = timestamp.to_string();
    for (target, wait_ms, expected) in [
        ("/slow.json", 1, "HTTP/1.1 200"),
        ("/slow.json?auth=brief", BRIEF_MS, "HTTP/1.1 401"),
    ] {
        let mut slow = TcpStream::connect(rtdb.root).await.unwrap();
        let head = format!(
            "PUT {target} HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n\
             connection: close\r\nexpect: 100-continue\r\n\r\n",
            rtdb.root,
            body.len()
        );
        slow.write_all(head.as_bytes()).await.unwrap();
        // The server has seen the head and waits for the body.
        let mut proceed = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
        let read = slow.read_exact(&mut proceed);
        within("a word to go on", read).await.unwrap();
        let first = time().await;
        let passed = async {
            loop {
                let now = time().await;
                if now >= first + wait_ms {
                    return now;
                }
            }
        };
        let before = within("some time", passed).await;
        slow.write_all(body.as_bytes()).await.unwrap();
        let said = closed(&mut slow).await;
        assert!(said.starts_with(expected), "{said}");
        let stored = rtdb.get("/slow.json").await.as_u64().unwrap();
        // Of the first one, which the second one must not replace.
        assert_eq!(stored >= before, wait_ms == 1, "{stored} {before}");
    }
}

/// <https://firebase.google.com/docs/database/web/structure-data>, and arrays as in
/// <https://firebase.blog/posts/2014/04/best-practices-arrays-in-firebase>.
#[tokio::test]
async fn empty_things_vanish_and_arrays_come_back() {
    let rtdb = Rtdb::start().await;
    let sent = json!({"a": {}, "b": [], "c": null, "d": ["x", null, "z"], "e": {"f": {"g": null}}});
    assert_eq!(
        rtdb.put("/t.json", sent).await,
        json!({"d": ["x", null, "z"]})
    );
    assert_eq!(rtdb.get("/t/d/2.json").await, "z");
    rtdb.put("/t/d.json", json!({"5": 1, "x": 2})).await;
    assert_eq!(rtdb.get("/t.json").await, json!({"d": {"5": 1, "x": 2}}));
    // A plain value gives way to children.
    rtdb.put("/t/d/x/y.json", json!(3)).await;
    assert_eq!(
        rtdb.get("/t.json").await,
        json!({"d": {"5": 1, "x": {"y": 3}}})
    );
}

/// Reference, "Error Conditions": 400 for what cannot be parsed, is missing or too large, and for
/// child names that may not be.
#[tokio::test]
async fn bad_data_and_bad_paths_are_400() {
    let rtdb = Rtdb::with(|limits| limits.rtdb_max_value_bytes = 4096).await;
    let deep = "{\"a\":".repeat(40) + "1" + &"}".repeat(40);
    let very_deep = "[".repeat(2000) + &"]".repeat(2000);
    let huge = format!("\"{}\"", "x".repeat(100_000));
    for (body, expected) in [
        (&b""[..], "No data supplied"),
        (b"{", "couldn't parse JSON"),
        (b"nonsense", "couldn't parse JSON"),
        (b"1 2", "couldn't parse JSON"),
        (b"\"\xff\"", "couldn't parse JSON"),
        (br#"{"a.b": 1}"#, "couldn't parse key \"a.b\""),
        (br#"{"a\u0000": 1}"#, "couldn't parse key"),
        (br#"{".priority": 1, ".value": 2}"#, "priorities"),
        (deep.as_bytes(), "32 levels"),
        (very_deep.as_bytes(), "couldn't parse JSON"),
        (huge.as_bytes(), "--rtdb-max-value-bytes"),
    ] {
        for method in ["PUT", "POST"] {
            let refused = rtdb.ask(method, "/a.json", &[], body).await;
            let error = refused.error(400);
            assert!(error.contains(expected), "{error} is not {expected}");
        }
    }
    let long = format!("/{}.json", "k".repeat(769));
    let deep = format!("{}.json", "/a".repeat(33));
    for target in [
        "/a.b.json",
        "/a%2Fb.json",
        "/%24a.json",
        "/%00.json",
        "/%ff.json",
        "/a%5B.json",
        &long,
        &deep,
    ] {
        for method in ["GET", "PUT"] {
            let error = rtdb.ask(method, target, &[], "1").await.error(400);
            assert!(error.starts_with("Invalid path"), "{target}: {error}");
        }
    }
    assert_eq!(rtdb.get("/.json").await, Value::Null);
}

#[tokio::test]
async fn what_is_no_request_to_a_database_is_refused() {
    let rtdb = Rtdb::start().await;
    for target in ["/", "/a", "/a.json/b", "/a.JSON"] {
        assert!(
            rtdb.ask("GET", target, &[], "")
                .await
                .error(404)
                .contains(".json")
        );
    }
    let refused = rtdb.ask("BREW", "/a.json", &[], "").await;
    assert!(refused.header("allow").unwrap().contains("PATCH"));
    assert!(refused.error(405).contains("PATCH"));
    let head = rtdb.ask("HEAD", "/a.json", &[], "").await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

/// Reference, "Authentication" and 401 in "Error Conditions".
#[tokio::test]
async fn tokens_come_in_three_ways_and_rules_decide() {
    let rtdb = Rtdb::start().await;
    for target in [
        "/secret.json?auth=token-agent",
        "/secret.json?access_token=token-agent",
    ] {
        assert_eq!(rtdb.ask("PUT", target, &[], "7").await.status, 200);
        assert_eq!(rtdb.get(target).await, 7);
    }
    let bearer = [("Authorization", "Bearer token-agent")];
    assert_eq!(rtdb.ask("GET", "/secret.json", &bearer, "").await.json(), 7);
    for (target, expected) in [
        ("/secret.json", "Permission denied"),
        ("/secret.json?auth=token-other", "Permission denied"),
        ("/open.json?auth=expired", "Auth token is expired"),
        ("/open.json?auth=nonsense", "Could not parse auth token."),
    ] {
        for method in ["GET", "PUT", "PATCH", "POST", "DELETE"] {
            let refused = rtdb.ask(method, target, &[], r#"{"a":1}"#).await;
            assert_eq!(refused.error(401), expected, "{method} {target}");
        }
    }
    let refused = rtdb
        .ask("PUT", "/public.json?auth=token-agent", &[], "1")
        .await;
    assert_eq!(refused.error(401), "Permission denied");
    assert_eq!(rtdb.get("/public.json").await, Value::Null);
}

/// As in Firebase's emulator, but on its own listener only, and never for a page.
#[tokio::test]
async fn the_owner_is_administrator_at_one_place_only() {
    let rtdb = Rtdb::start().await;
    let written = rtdb.ask("PUT", "/public.json", &[OWNER], "1").await;
    assert_eq!(written.status, 200);
    let refused = ask(rtdb.main, "PUT", "/rtdb/public.json", &[OWNER], "2").await;
    assert_eq!(refused.error(401), "Could not parse auth token.");
    for page in [
        ("Origin", "http://evil.example"),
        ("Sec-Fetch-Site", "cross-site"),
        // A page whose name has become an address of ours.
        ("Host", "evil.example"),
        ("Host", "localhost.evil.example:9000"),
    ] {
        for method in ["GET", "PUT"] {
            let refused = rtdb.ask(method, "/public.json", &[OWNER, page], "2").await;
            assert_eq!(refused.error(401), "Could not parse auth token.");
        }
    }
    for host in [
        "localhost:9000",
        "rtdb.localhost",
        "192.0.2.1:9000",
        "[::1]",
    ] {
        let read = rtdb
            .ask("GET", "/public.json", &[OWNER, ("Host", host)], "")
            .await;
        assert_eq!(read.json(), 1, "{host}");
    }
    let refused = rtdb.ask("PUT", "/public.json?auth=owner", &[], "2").await;
    assert_eq!(refused.error(401), "Could not parse auth token.");

    // https://firebase.google.com/docs/database/admin/start#authenticate-with-limited-privileges
    for (as_whom, status) in [
        ("%7B%22uid%22:%22agent%22%7D", 200),
        ("null", 401),
        ("%7B", 401),
    ] {
        let target = format!("/secret.json?auth_variable_override={as_whom}");
        assert_eq!(
            rtdb.ask("PUT", &target, &[OWNER], "1").await.status,
            status,
            "{as_whom}"
        );
    }
    assert_eq!(
        ask(rtdb.main, "GET", "/rtdb/public.json", &[], "")
            .await
            .json(),
        1
    );
}

/// Pages of any origin may use the REST protocol, as they may at Firebase.
#[tokio::test]
async fn pages_of_any_origin_may_ask() {
    let rtdb = Rtdb::start().await;
    let page = ("Origin", "https://pages.example");
    let asks = ("Access-Control-Request-Headers", "x-firebase-etag,if-match");
    for (address, prefix) in [(rtdb.root, ""), (rtdb.main, "/rtdb")] {
        let target = format!("{prefix}/a.json");
        let preflight = ask(address, "OPTIONS", &target, &[page, asks], "").await;
        assert_eq!(preflight.status, 200);
        assert_eq!(
            preflight.header("access-control-allow-headers"),
            Some(asks.1)
        );
        let methods = preflight.header("access-control-allow-methods").unwrap();
        assert!(
            ["PUT", "PATCH", "DELETE"]
                .iter()
                .all(|method| methods.contains(method))
        );
        for (target, status) in [(target, 200), (format!("{prefix}/secret.json"), 401)] {
            let answer = ask(address, "GET", &target, &[page], "").await;
            assert_eq!(answer.status, status);
            assert_eq!(answer.header("access-control-allow-origin"), Some(page.1));
            assert_eq!(answer.header("access-control-expose-headers"), Some("ETag"));
            assert_eq!(answer.header("vary"), Some("Origin"));
        }
    }
}

#[tokio::test]
async fn a_full_database_takes_no_more_but_gives_and_forgets() {
    let rtdb = Rtdb::with(|limits| {
        limits.rtdb_max_bytes = 200_000;
        limits.rtdb_max_value_bytes = 150_000;
    })
    .await;
    let large = "x".repeat(100_000);
    rtdb.put("/a.json", json!(large)).await;
    let refused = rtdb
        .ask("PUT", "/b.json", &[], json!(large).to_string())
        .await;
    assert!(refused.error(503).contains("--rtdb-max-bytes"));
    // What takes less room may take the place of what takes more.
    rtdb.put("/a.json", json!("small")).await;
    rtdb.put("/b.json", json!(large)).await;
    assert_eq!(
        rtdb.get("/.json?shallow=true").await,
        json!({"a": true, "b": true})
    );
}

/// Reference, "Error Conditions": 503 means that a request was not attempted.
#[tokio::test]
async fn one_user_writes_only_so_often() {
    let rtdb = Rtdb::with(|limits| {
        limits.message_rate = 1;
        limits.message_burst = 3;
    })
    .await;
    let flood = async |target: &str| {
        let mut refused = 0;
        for _ in 0..20 {
            let answer = rtdb.ask("PUT", target, &[], "1").await;
            if answer.status != 200 {
                let error = answer.error(503);
                assert!(error.contains("--message-rate"), "{error}");
                refused += 1;
            }
        }
        refused
    };
    // It may have become more while it lasted.
    let refused = flood("/a.json?auth=token-ann").await;
    assert!((1..=17).contains(&refused), "{refused}");
    // It can still read, and others are not concerned.
    assert_eq!(rtdb.get("/a.json?auth=token-ann").await, 1);
    let bob = rtdb.ask("DELETE", "/a.json?auth=token-bob", &[], "").await;
    assert_eq!(bob.status, 200);
    for _ in 0..20 {
        let written = rtdb.ask("PUT", "/a.json", &[OWNER], "1").await;
        assert_eq!(written.status, 200);
    }
}

#[tokio::test]
async fn half_a_request_does_not_stay() {
    let rtdb = Rtdb::with(|limits| limits.header_timeout = Duration::from_millis(100)).await;
    let mut half = TcpStream::connect(rtdb.root).await.unwrap();
    let head = b"PUT /a.json HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{\"half\":";
    half.write_all(head).await.unwrap();
    let said = closed(&mut half).await;
    assert!(said.starts_with("HTTP/1.1 408"), "{said}");
    let gone = TcpStream::connect(rtdb.root).await.unwrap();
    drop(gone);
    assert_eq!(within("an answer", rtdb.get("/a.json")).await, Value::Null);
}
