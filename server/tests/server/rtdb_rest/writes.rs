//! What a write makes of what it is sent: on a condition, with values of the server, empty things.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::common::rtdb::{BRIEF_MS, Rtdb};
use crate::common::{closed, within};

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
