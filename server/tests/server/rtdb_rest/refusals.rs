//! What is refused: bad data, bad paths, and what is too much.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::common::rtdb::{OWNER, Rtdb};
use crate::common::{closed, within};

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
