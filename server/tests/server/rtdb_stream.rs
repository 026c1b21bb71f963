//! The database's event streams: <https://firebase.google.com/docs/reference/rest/database>,
//! section "Streaming from the REST API" ("reference").

use std::time::Duration;

use crate::common::rtdb::{BRIEF_MS, Events, OWNER, Rtdb, STREAM, ask};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// Reference: the form of events, `put` with the whole value first.
#[tokio::test]
async fn events_look_as_documented() {
    let rtdb = Rtdb::start().await;
    let mut events = rtdb.listen("/cache.json").await;
    let put = "event: put\ndata: ";
    let expected = format!(r#"{put}{{"path":"/","data":null}}"#);
    assert_eq!(events.raw().await.unwrap(), expected);
    rtdb.put("/cache.json", json!({"a": 1, "b": 2})).await;
    let expected = format!(r#"{put}{{"path":"/","data":{{"a":1,"b":2}}}}"#);
    assert_eq!(events.raw().await.unwrap(), expected);
    rtdb.put("/cache/c.json", json!({"foo": true, "bar": false}))
        .await;
    let expected = format!(r#"{put}{{"path":"/c","data":{{"bar":false,"foo":true}}}}"#);
    assert_eq!(events.raw().await.unwrap(), expected);
    rtdb.patch("/cache/c.json", json!({"foo": 3, "baz": 4}))
        .await;
    let expected = "event: patch\ndata: {\"path\":\"/c\",\"data\":{\"baz\":4,\"foo\":3}}";
    assert_eq!(events.raw().await.unwrap(), expected);
    // Some clients read what has no charset as Latin 1.
    let kind = "content-type: text/event-stream; charset=utf-8";
    assert!(events.head.contains(kind), "{}", events.head);
}

#[tokio::test]
async fn a_write_is_heard_above_and_below() {
    let rtdb = Rtdb::start().await;
    rtdb.put("/.json", json!({"a": {"b": {"c": 1}, "x": 9}}))
        .await;
    let mut root = rtdb.listen("/.json").await;
    let mut above = rtdb.listen("/a.json").await;
    let mut here = rtdb.listen("/a/b.json").await;
    let mut below = rtdb.listen("/a/b/c.json").await;
    let mut beside = rtdb.listen("/a/x.json").await;
    root.expect("put", "/", json!({"a": {"b": {"c": 1}, "x": 9}}))
        .await;
    above
        .expect("put", "/", json!({"b": {"c": 1}, "x": 9}))
        .await;
    here.expect("put", "/", json!({"c": 1})).await;
    below.expect("put", "/", json!(1)).await;
    beside.expect("put", "/", json!(9)).await;

    rtdb.put("/a/b.json", json!({"c": 2, "d": 3})).await;
    root.expect("put", "/a/b", json!({"c": 2, "d": 3})).await;
    above.expect("put", "/b", json!({"c": 2, "d": 3})).await;
    here.expect("put", "/", json!({"c": 2, "d": 3})).await;
    below.expect("put", "/", json!(2)).await;

    rtdb.patch("/a.json", json!({"b/d": null, "x": 8})).await;
    root.expect("patch", "/a", json!({"b/d": null, "x": 8}))
        .await;
    above
        .expect("patch", "/", json!({"b/d": null, "x": 8}))
        .await;
    here.expect("put", "/d", Value::Null).await;
    // What did not change is not told: the next that this one hears is the end.
    rtdb.ask("DELETE", "/a.json", &[], "").await;
    root.expect("put", "/a", Value::Null).await;
    above.expect("put", "/", Value::Null).await;
    here.expect("put", "/", Value::Null).await;
    below.expect("put", "/", Value::Null).await;
    beside.expect("put", "/", json!(8)).await;
    beside.expect("put", "/", Value::Null).await;
}

/// As the transport does it: a message is put below, read, and removed.
#[tokio::test]
async fn an_inbox_hears_its_messages_by_deep_updates() {
    let rtdb = Rtdb::start().await;
    let mut inbox = rtdb.listen("/rooms/hall/messages/bob.json").await;
    inbox.expect("put", "/", Value::Null).await;
    let messages = "/rooms/hall/messages.json";
    rtdb.patch(
        messages,
        json!({"bob/ann/-1": "one", "carl/ann/-2": "other"}),
    )
    .await;
    inbox.expect("put", "/ann/-1", json!("one")).await;
    rtdb.patch(
        messages,
        json!({"bob/ann/-3": "three", "bob/ann/-4": "four"}),
    )
    .await;
    inbox
        .expect("patch", "/", json!({"ann/-3": "three", "ann/-4": "four"}))
        .await;
    let read = json!({"ann/-1": null, "ann/-3": null, "ann/-4": null});
    rtdb.patch("/rooms/hall/messages/bob.json", read.clone())
        .await;
    inbox.expect("patch", "/", read).await;
}

/// Listeners that come while somebody counts hear a number first and then each next one.
#[tokio::test]
async fn nothing_is_lost_or_doubled_between_the_first_value_and_the_next() {
    const LAST: u64 = 150;
    let rtdb = Rtdb::start().await;
    let count = async {
        for number in 1..=LAST {
            rtdb.put("/n.json", json!(number)).await;
        }
    };
    let listen = async || {
        for _ in 0..10 {
            let mut events = rtdb.listen("/n.json").await;
            let (_, _, first) = events.next().await;
            let mut number = first.as_u64().unwrap_or(0);
            for _ in 0..5 {
                if number == LAST {
                    break;
                }
                number += 1;
                events.expect("put", "/", json!(number)).await;
            }
        }
    };
    tokio::join!(count, listen(), listen(), listen());
}

/// Reference, "keep-alive"; and a stream outlives the time that headers have.
#[tokio::test]
async fn a_silent_stream_stays() {
    let rtdb = Rtdb::with(|limits| {
        limits.rtdb_keep_alive = Duration::from_millis(40);
        limits.header_timeout = Duration::from_millis(80);
    })
    .await;
    let mut events = rtdb.listen("/a.json").await;
    events.raw().await.unwrap();
    for _ in 0..8 {
        assert_eq!(events.raw().await.unwrap(), "event: keep-alive\ndata: null");
    }
    rtdb.put("/a.json", json!(1)).await;
    events.expect("put", "/", json!(1)).await;
}

/// Reference, "auth_revoked".
#[tokio::test]
async fn a_stream_ends_when_its_token_expires() {
    let rtdb = Rtdb::start().await;
    let started = std::time::Instant::now();
    let target = "/secret.json?auth=brief";
    let mut events = Events::open(rtdb.root, target, &[]).await.unwrap();
    events.expect("put", "/", Value::Null).await;
    let revoked = "event: auth_revoked\ndata: credential is no longer valid";
    assert_eq!(events.raw().await.unwrap(), revoked);
    assert!(started.elapsed() >= Duration::from_millis(BRIEF_MS - 50));
    assert_eq!(events.raw().await, None);
    rtdb.listeners(0).await;
}

/// Reference, "cancel": when the rules no longer allow it, and nothing of what came with that.
#[tokio::test]
async fn a_stream_is_cancelled_when_it_may_no_longer_read() {
    let rtdb = Rtdb::start().await;
    let mut events = rtdb.listen("/dynamic.json").await;
    events.expect("put", "/", Value::Null).await;
    rtdb.put("/dynamic.json", json!(1)).await;
    events.expect("put", "/", json!(1)).await;
    rtdb.patch("/.json", json!({"locked": true, "dynamic": "hidden"}))
        .await;
    assert_eq!(events.raw().await.unwrap(), "event: cancel\ndata: null");
    assert_eq!(events.raw().await, None);
    let refused = Events::open(rtdb.root, "/dynamic.json", &[]).await;
    assert_eq!(refused.err().unwrap().error(401), "Permission denied");
    let mut owner = Events::open(rtdb.root, "/dynamic.json", &[OWNER])
        .await
        .unwrap();
    owner.expect("put", "/", json!("hidden")).await;
}

#[tokio::test]
async fn a_stream_of_a_query_tells_what_the_query_finds() {
    let rtdb = Rtdb::start().await;
    rtdb.put("/scores.json", json!({"a": 1, "b": 2, "c": 3}))
        .await;
    let target = "/scores.json?orderBy=%22$value%22&limitToLast=2";
    let mut events = rtdb.listen(target).await;
    events.expect("put", "/", json!({"b": 2, "c": 3})).await;
    // No change of what is found, then one.
    rtdb.put("/scores/a.json", json!(0)).await;
    rtdb.put("/scores/a.json", json!(4)).await;
    events.expect("put", "/", json!({"a": 4, "c": 3})).await;
    rtdb.ask("DELETE", "/scores.json", &[], "").await;
    events.expect("put", "/", Value::Null).await;
    let shallow = Events::open(rtdb.root, "/scores.json?shallow=true", &[]).await;
    assert!(shallow.err().unwrap().error(400).contains("shallow"));
}

#[tokio::test]
async fn a_closed_tab_is_no_listener() {
    let rtdb = Rtdb::start().await;
    let events = rtdb.listen("/a.json").await;
    let other = rtdb.listen("/a/b.json").await;
    rtdb.listeners(2).await;
    drop(events);
    rtdb.listeners(1).await;
    drop(other);
    rtdb.listeners(0).await;
}

/// The one who does not read is put out, while the other hears all.
#[tokio::test]
async fn who_reads_too_slowly_is_put_out() {
    let rtdb = Rtdb::with(|limits| limits.rtdb_queue_bytes = 200_000).await;
    let mut slow = TcpStream::connect(rtdb.root).await.unwrap();
    let head = format!(
        "GET /a.json HTTP/1.1\r\nhost: x\r\n{}: {}\r\n\r\n",
        STREAM.0, STREAM.1
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    let mut events = rtdb.listen("/a.json").await;
    events.expect("put", "/", Value::Null).await;
    rtdb.listeners(2).await;
    // As much as no buffer of the system holds.
    let mut number = 0;
    while rtdb.database.counts().0 == 2 {
        assert!(number < 2000, "the slow one is still there");
        let value = json!({"n": number, "text": "x".repeat(50_000)});
        rtdb.put("/a.json", value.clone()).await;
        events.expect("put", "/", value).await;
        number += 1;
    }
    // Its connection ends, although it never reads.
    let mut written = 0;
    while slow.write_all(b"x").await.is_ok() {
        written += 1;
        assert!(written < 10_000, "the connection is still there");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let text = ask(rtdb.main, "GET", "/metrics", &[], "").await.body;
    assert!(
        text.contains("webrtc_tour_rtdb_queue_overflows_total 1\n"),
        "{text}"
    );
    assert!(text.contains("webrtc_tour_rtdb_listeners 1\n"), "{text}");
    assert!(text.ends_with("# EOF\n"));
}

/// Streams have a limit of their own, not that of connections.
#[tokio::test]
async fn listeners_are_limited() {
    let rtdb = Rtdb::with(|limits| {
        limits.max_connections = 2;
        limits.rtdb_max_listeners = 5;
    })
    .await;
    let mut all = Vec::new();
    for _ in 0..5 {
        let mut events = rtdb.listen("/a.json").await;
        events.expect("put", "/", Value::Null).await;
        all.push(events);
    }
    let refused = Events::open(rtdb.root, "/a.json", &[]).await.err().unwrap();
    assert!(refused.error(503).contains("--rtdb-max-listeners"));
    rtdb.put("/a.json", json!(1)).await;
    for events in &mut all {
        events.expect("put", "/", json!(1)).await;
    }
    all.pop();
    rtdb.listeners(4).await;
    rtdb.listen("/a.json")
        .await
        .expect("put", "/", json!(1))
        .await;
}

/// Who has a token has a bound of its own, below that of all.
#[tokio::test]
async fn listeners_of_one_user_are_limited() {
    let rtdb = Rtdb::with(|limits| limits.rtdb_max_user_listeners = 2).await;
    let open = async |target: &str| Events::open(rtdb.root, target, &[]).await;
    let mut all = Vec::new();
    for target in ["/a.json?auth=token-ann", "/b.json?auth=token-ann"] {
        all.push(open(target).await.unwrap());
    }
    let refused = open("/c.json?auth=token-ann").await.err().unwrap();
    assert!(refused.error(503).contains("--rtdb-max-user-listeners"));
    for target in ["/a.json?auth=token-bob", "/a.json", "/b.json", "/c.json"] {
        all.push(open(target).await.unwrap());
    }
    for _ in 0..3 {
        all.push(Events::open(rtdb.root, "/a.json", &[OWNER]).await.unwrap());
    }
    let count = all.len();
    all.remove(0);
    rtdb.listeners(count - 1).await;
    open("/c.json?auth=token-ann").await.unwrap();
}

#[tokio::test]
async fn streams_end_properly_when_the_server_goes_away() {
    let mut rtdb = Rtdb::start().await;
    let mut at_root = rtdb.listen("/a.json").await;
    let mut beside = Events::open(rtdb.main, "/rtdb/a.json", &[]).await.unwrap();
    for events in [&mut at_root, &mut beside] {
        assert!(events.head.contains("connection: close"), "{}", events.head);
        events.expect("put", "/", Value::Null).await;
    }
    rtdb.put("/a.json", json!("last words")).await;
    rtdb.begin_shutdown();
    for events in [&mut at_root, &mut beside] {
        events.expect("put", "/", json!("last words")).await;
        assert_eq!(events.raw().await, None);
    }
    rtdb.ended().await;
}

/// What is removed by the server itself is heard as any other write.
#[tokio::test]
async fn who_has_gone_is_removed_and_that_is_heard() {
    let rtdb = Rtdb::start().await;
    let room = "/rooms/hall.json";
    let entry = json!({"name": "", "kind": "call", "joinedAt": 1, "seenAt": {".sv": "timestamp"}});
    rtdb.put(room, json!({"participants": {"ann": entry, "bob": entry}}))
        .await;
    rtdb.put("/rooms/hall/messages/bob/ann/-1.json", json!("x"))
        .await;
    let mut inbox = rtdb.listen("/rooms/hall/messages/bob.json").await;
    inbox.expect("put", "/", json!({"ann": {"-1": "x"}})).await;
    let now = webrtc_tour_server::rtdb::now_ms();
    assert_eq!(rtdb.database.clean(now).await.unwrap(), 0);
    assert_eq!(rtdb.database.clean(now + 31_000).await.unwrap(), 3);
    inbox.expect("put", "/", Value::Null).await;
    assert_eq!(rtdb.get("/.json").await, Value::Null);
}
