//! `/metrics` counts what happened.

use crate::common::{Server, http};
use serde_json::json;

async fn metrics(server: &Server) -> String {
    let (head, body) = http(server.address, "GET /metrics HTTP/1.1").await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(head.contains("cache-control: no-store"), "{head}");
    let expected = "content-type: application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert!(head.contains(expected), "{head}");
    String::from_utf8(body).unwrap()
}

#[track_caller]
fn assert_has(metrics: &str, line: &str) {
    let line = format!("webrtc_tour_{line}");
    assert!(metrics.lines().any(|l| l == line), "{line}\n{metrics}");
}

#[tokio::test]
async fn what_happens_is_counted() {
    let server = Server::with(|limits| limits.queue_messages = 4).await;
    let ((mut a, _), (mut b, b_id)) = server.pair("hall").await;
    a.signal(&b_id, "hello").await;
    b.receive().await;
    let text = metrics(&server).await;
    for line in [
        "rooms 1",
        "clients 2",
        "seats_away 0",
        "signals_relayed_total 1",
        "messages_received_total 3",
        // joined twice, peerJoined, signal
        "messages_sent_total 4",
        "resumes_total 0",
        "queue_overflows_total 0",
    ] {
        assert_has(&text, line);
    }
    assert!(text.ends_with("# EOF\n"));

    // A refusal, a seat that waits, one that is resumed, one that overflows.
    a.expect_silence().await;
    let mut c = server.client().await;
    let joined = c.joined(json!({"room": "other"})).await;
    let (mut d, _) = server.joined("other").await;
    assert_eq!(c.receive().await["type"], "peerJoined");
    drop(c);
    assert_eq!(d.receive().await["type"], "peerDisconnected");
    let text = metrics(&server).await;
    assert_has(&text, "seats_away 1");
    assert_has(&text, "refusals_total{code=\"unknownType\"} 1");
    let mut c = server.client().await;
    let resume = json!({"type": "resume", "token": joined["token"], "received": 1});
    c.send(resume).await;
    assert_eq!(c.receive().await["type"], "resumed");
    assert_eq!(d.receive().await["type"], "peerResumed");
    drop(c);
    assert_eq!(d.receive().await["type"], "peerDisconnected");
    for n in 0..5 {
        d.signal(joined["peerId"].as_str().unwrap(), n).await;
    }
    assert_eq!(d.receive().await["reason"], "removed");
    let text = metrics(&server).await;
    assert_has(&text, "seats_away 0");
    assert_has(&text, "resumes_total 1");
    assert_has(&text, "queue_overflows_total 1");
    assert_has(&text, "signals_relayed_total 6");
}

#[tokio::test]
async fn bytes_are_those_of_the_messages() {
    let server = Server::start().await;
    let mut client = server.client().await;
    let before = metrics(&server).await;
    assert_has(&before, "message_bytes_received_total 0");
    client.send_text("{}").await;
    let answer = client.receive().await.to_string();
    let text = metrics(&server).await;
    assert_has(&text, "message_bytes_received_total 2");
    assert_has(&text, &format!("message_bytes_sent_total {}", answer.len()));
}
