//! Who may ask: tokens, the owner, pages of any origin.

use serde_json::Value;

use crate::common::rtdb::{OWNER, Rtdb, ask};

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
