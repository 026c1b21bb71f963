//! Frames that are too long, binary, broken or too many, and handshakes that offer the wrong
//! protocol: answered or closed as the wire specification says, and nobody else notices.

use crate::common::Server;
use crate::common::scene::Scene;
use futures_util::SinkExt;
use serde_json::json;
use signaling_protocol::{MAX_MESSAGE_BYTES, SUBPROTOCOL};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error, Message};

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
    let let_in = async {
        loop {
            client.send(json!({"type": "join", "room": "hall"})).await;
            let answer = client.receive().await;
            if answer["type"] == "joined" {
                break;
            }
            assert_eq!(answer["code"], "rateLimited");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let bound = std::time::Duration::from_secs(20);
    tokio::time::timeout(bound, let_in)
        .await
        .expect("let in again after the flood");
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

#[tokio::test]
async fn the_version_may_be_named_in_the_query() {
    let server = Server::start().await;
    for (version, accepted) in [(SUBPROTOCOL, true), ("webrtc-tour.v2", false)] {
        let stream = TcpStream::connect(server.address).await.unwrap();
        let url = format!("ws://{}/ws?subprotocol={version}", server.address);
        let result = tokio_tungstenite::client_async(url, stream).await;
        assert_eq!(result.is_ok(), accepted, "{version}");
    }
}
