//! Whatever a client sends: it gets its answer, stays connected where that is promised, and
//! nobody else notices.

#![allow(clippy::unwrap_used, reason = "this is a test")]

mod common;

use common::{Client, Server};
use futures_util::SinkExt;
use serde_json::{Value, json};
use signaling_protocol::{MAX_MESSAGE_BYTES, SUBPROTOCOL};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error, Message};

/// Two bystanders in a room, and a client that is going to misbehave outside of it.
struct Scene {
    a: Client,
    b: Client,
    b_id: String,
    bad: Client,
    server: Server,
}

impl Scene {
    async fn new() -> Self {
        Self::on(Server::start().await).await
    }

    async fn on(server: Server) -> Self {
        let ((a, _), (b, b_id)) = server.pair("bystanders").await;
        let bad = server.client().await;
        Self {
            a,
            b,
            b_id,
            bad,
            server,
        }
    }

    /// The bad client is as useful as ever: it joins a room, is heard and leaves.
    async fn assert_useful(&mut self) {
        let me = self.bad.join("a place to be").await;
        let mut other = self.server.client().await;
        other.join("a place to be").await;
        assert_eq!(self.bad.receive().await["type"], "peerJoined");
        other.signal(&me, "hello").await;
        assert_eq!(self.bad.receive().await["signal"], "hello");
        self.bad.send(json!({"type": "leave"})).await;
        assert_eq!(self.bad.receive().await["type"], "left");
    }

    /// The bystanders saw nothing and still reach each other.
    async fn assert_nobody_harmed(&mut self) {
        self.a.signal(&self.b_id, "still there?").await;
        assert_eq!(self.b.receive().await["signal"], "still there?");
        self.a.expect_silence().await;
        self.b.expect_silence().await;
    }

    async fn assert_refused(mut self, message: Value, code: &str) {
        self.bad.send(message).await;
        assert_eq!(self.bad.error().await, code);
        self.assert_useful().await;
        self.assert_nobody_harmed().await;
    }
}

#[tokio::test]
async fn invalid_json() {
    let mut scene = Scene::new().await;
    for text in [
        "",
        "hello",
        "{\"type\":",
        "[\"leave\"]",
        "null",
        "{}",
        "{\"type\":1}",
    ] {
        scene.bad.send_text(text).await;
        assert_eq!(scene.bad.error().await, "invalidJson", "{text}");
    }
    scene.assert_useful().await;
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn unknown_type() {
    let message = json!({"type": "dance"});
    Scene::new()
        .await
        .assert_refused(message, "unknownType")
        .await;
}

#[tokio::test]
async fn missing_fields() {
    let mut scene = Scene::new().await;
    for message in [
        json!({"type": "join"}),
        json!({"type": "join", "room": 1}),
        json!({"type": "join", "room": "a", "kind": "palace"}),
        json!({"type": "signal"}),
        json!({"type": "signal", "to": "somebody"}),
        json!({"type": "signal", "signal": {}}),
    ] {
        scene.bad.send(message.clone()).await;
        assert_eq!(scene.bad.error().await, "invalidMessage", "{message}");
    }
    scene.assert_useful().await;
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn a_signal_before_joining() {
    let scene = Scene::new().await;
    let message = json!({"type": "signal", "to": scene.b_id, "signal": {}});
    scene.assert_refused(message, "notJoined").await;
}

#[tokio::test]
async fn leaving_before_joining() {
    let message = json!({"type": "leave"});
    Scene::new()
        .await
        .assert_refused(message, "notJoined")
        .await;
}

#[tokio::test]
async fn joining_twice() {
    let mut scene = Scene::new().await;
    scene.bad.join("first").await;
    for room in ["first", "second", "bystanders", ""] {
        scene.bad.send(json!({"type": "join", "room": room})).await;
        assert_eq!(scene.bad.error().await, "alreadyJoined", "{room}");
    }
    scene.bad.send(json!({"type": "leave"})).await;
    assert_eq!(
        scene.bad.receive().await,
        json!({"type": "left", "room": "first"})
    );
    scene.assert_useful().await;
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn an_unknown_recipient() {
    let mut scene = Scene::new().await;
    let me = scene.bad.join("elsewhere").await;
    for to in ["", "nobody", &me, &"x".repeat(10_000)] {
        scene.bad.signal(to, 1).await;
        assert_eq!(scene.bad.error().await, "unknownPeer");
    }
    scene.bad.send(json!({"type": "leave"})).await;
    scene.bad.receive().await;
    scene.assert_useful().await;
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn a_recipient_of_a_foreign_room() {
    let mut scene = Scene::new().await;
    scene.bad.join("elsewhere").await;
    let foreign = scene.b_id.clone();
    scene.bad.signal(&foreign, "gotcha").await;
    assert_eq!(scene.bad.error().await, "unknownPeer");
    scene.bad.send(json!({"type": "leave"})).await;
    scene.bad.receive().await;
    scene.assert_useful().await;
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn a_recipient_that_was_in_the_room() {
    let mut scene = Scene::new().await;
    scene.bad.join("elsewhere").await;
    let (mut gone, gone_id) = scene.server.joined("elsewhere").await;
    scene.bad.receive().await;
    gone.send(json!({"type": "leave"})).await;
    assert_eq!(scene.bad.receive().await["type"], "peerLeft");
    gone.receive().await;
    gone.join("elsewhere").await;
    assert_eq!(scene.bad.receive().await["type"], "peerJoined");
    scene.bad.signal(&gone_id, "late").await;
    assert_eq!(scene.bad.error().await, "unknownPeer");
    gone.expect_silence().await;
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn an_empty_room_name() {
    for room in ["", "   "] {
        let message = json!({"type": "join", "room": room});
        Scene::new()
            .await
            .assert_refused(message, "invalidRoom")
            .await;
    }
}

#[tokio::test]
async fn a_room_name_that_is_too_long() {
    let message = json!({"type": "join", "room": "ü".repeat(65)});
    Scene::new()
        .await
        .assert_refused(message, "invalidRoom")
        .await;
}

#[tokio::test]
async fn a_room_name_with_control_characters() {
    for room in ["a\u{0}b", "a\nb", "\u{1b}[31m", "a\u{85}b"] {
        let message = json!({"type": "join", "room": room});
        Scene::new()
            .await
            .assert_refused(message, "invalidRoom")
            .await;
    }
}

#[tokio::test]
async fn a_message_over_the_limit_is_answered() {
    let mut scene = Scene::new().await;
    for bytes in [MAX_MESSAGE_BYTES + 1, 2 * MAX_MESSAGE_BYTES] {
        let mut text = json!({"type": "leave"}).to_string();
        text.push_str(&" ".repeat(bytes - text.len()));
        scene.bad.send_text(text).await;
        assert_eq!(scene.bad.error().await, "messageTooLarge");
    }
    // The limit itself is allowed.
    let mut text = json!({"type": "leave"}).to_string();
    text.push_str(&" ".repeat(MAX_MESSAGE_BYTES - text.len()));
    scene.bad.send_text(text).await;
    assert_eq!(scene.bad.error().await, "notJoined");
    scene.assert_useful().await;
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn a_message_far_over_the_limit_ends_the_connection() {
    let mut scene = Scene::new().await;
    let text = "x".repeat(2 * MAX_MESSAGE_BYTES + 1);
    scene.bad.send_text(text).await;
    assert_eq!(scene.bad.close_code().await, (1009, Vec::new()));
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn binary_frames() {
    let mut scene = Scene::new().await;
    for bytes in [
        Vec::new(),
        br#"{"type":"leave"}"#.to_vec(),
        vec![0xff; 1000],
    ] {
        scene.bad.socket.send(Message::binary(bytes)).await.unwrap();
        assert_eq!(scene.bad.error().await, "binaryUnsupported");
    }
    scene.assert_useful().await;
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn text_that_is_not_utf8() {
    use tokio::io::AsyncWriteExt;

    let mut scene = Scene::new().await;
    // A masked text frame of one byte, 0xff.
    let frame = [0x81, 0x81, 0, 0, 0, 0, 0xff];
    let socket: &mut TcpStream = scene.bad.socket.get_mut();
    socket.write_all(&frame).await.unwrap();
    assert_eq!(scene.bad.close_code().await, (1007, Vec::new()));
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn frames_that_break_the_websocket_protocol() {
    use tokio::io::AsyncWriteExt;

    let mut scene = Scene::new().await;
    // Not masked, as a client must.
    let socket: &mut TcpStream = scene.bad.socket.get_mut();
    socket.write_all(&[0x81, 0x01, b'x']).await.unwrap();
    assert_eq!(scene.bad.close_code().await, (1002, Vec::new()));
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn a_flood_is_answered_and_then_disconnected() {
    let server = Server::with(|limits| {
        limits.message_rate = 1;
        limits.message_burst = 20;
        limits.flood_tolerance = 10;
    })
    .await;
    let mut scene = Scene::on(server).await;
    let victim_room = "flooded";
    scene.bad.join(victim_room).await;
    let (mut victim, _) = scene.server.joined(victim_room).await;
    assert_eq!(scene.bad.receive().await["type"], "peerJoined");
    for _ in 0..100 {
        if scene.bad.socket.send(Message::text("{}")).await.is_err() {
            break;
        }
    }
    let (code, answers) = scene.bad.close_code().await;
    assert_eq!(code, 1008);
    let with = |code: &str| answers.iter().filter(|e| e["code"] == code).count();
    assert!((19..=25).contains(&with("invalidJson")), "{answers:?}");
    assert!((10..=15).contains(&with("rateLimited")), "{answers:?}");
    assert_eq!(victim.receive().await["reason"], "removed");
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn who_slows_down_after_rate_limited_stays() {
    let server = Server::with(|limits| {
        limits.message_rate = 100;
        limits.message_burst = 5;
        limits.flood_tolerance = 50;
    })
    .await;
    let mut client = server.client().await;
    for _ in 0..20 {
        client.send_text("{}").await;
    }
    let mut codes = Vec::new();
    for _ in 0..20 {
        codes.push(client.error().await);
    }
    assert_eq!(codes.last().unwrap(), "rateLimited");
    // Asking once per answer is slower than the limit sooner or later.
    loop {
        client.send(json!({"type": "join", "room": "hall"})).await;
        let answer = client.receive().await;
        if answer["type"] == "joined" {
            break;
        }
        assert_eq!(answer["code"], "rateLimited");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_handshake_without_the_subprotocol_is_refused() {
    let server = Server::start().await;
    for protocol in [None, Some("chat"), Some("webrtc-tour.v2, chat")] {
        let stream = TcpStream::connect(server.address).await.unwrap();
        let request = server.request(protocol);
        let Err(Error::Http(response)) = tokio_tungstenite::client_async(request, stream).await
        else {
            panic!("{protocol:?} was not refused");
        };
        assert_eq!(response.status(), 400);
    }
    let stream = TcpStream::connect(server.address).await.unwrap();
    let request = server.request(Some("chat, webrtc-tour.v1"));
    let (_, response) = tokio_tungstenite::client_async(request, stream)
        .await
        .unwrap();
    assert_eq!(response.headers()["sec-websocket-protocol"], SUBPROTOCOL);
}
