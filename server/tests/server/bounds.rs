//! What the server does not let happen: memory that grows, connections that stay, a shutdown
//! that never ends.

use std::time::{Duration, Instant};

use crate::common::{PATIENCE, Server, closed, http, within};
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use webrtc_tour_server::Limits;

#[tokio::test]
async fn a_slow_reader_is_removed_and_delays_nobody() {
    let server = Server::with(|limits| {
        limits.message_rate = 1_000_000;
        limits.message_burst = 1_000_000;
        // It answers no pings either; here the queue is to be what removes it.
        limits.ping_timeout = PATIENCE * 10;
    })
    .await;
    let ((mut sender, _), (slow, slow_id)) = server.pair("slow").await;
    let ((mut a, _), (mut b, b_id)) = server.pair("fast").await;

    // What the kernel and the queue hold together is far below what is sent here.
    let payload = "x".repeat(60_000);
    let text = json!({"type": "signal", "to": slow_id, "signal": payload}).to_string();
    let mut sent = 0;
    loop {
        sender.send_text(text.clone()).await;
        sent += 1;
        assert!(sent < 1000, "60 MB for somebody who reads nothing");
        if sent % 10 == 0 {
            a.signal(&b_id, sent).await;
            assert_eq!(b.receive().await["signal"], sent);
        }
        // The sender hears of it as soon as it listens.
        sender.send(json!({"type": "anybodyThere"})).await;
        let answer = sender.receive().await;
        if answer["type"] == "peerLeft" {
            assert_eq!(
                answer,
                json!({"seq": 2, "type": "peerLeft", "peerId": slow_id, "reason": "removed"})
            );
            break;
        }
        assert_eq!(answer["code"], "unknownType");
    }
    assert_eq!(sender.error().await, "unknownType");
    // The room is usable: somebody else takes the place.
    let (_other, other_id) = server.joined("slow").await;
    assert_eq!(sender.receive().await["peerId"], json!(other_id));
    drop(slow);
}

#[tokio::test]
async fn one_client_too_many_is_told_and_closed() {
    let server = Server::with(|limits| limits.max_clients = 2).await;
    let first = server.client().await;
    let _second = server.client().await;
    let mut third = server.client().await;
    let (code, said) = third.close_code().await;
    assert_eq!(code, 1013);
    assert_eq!(said[0]["code"], "serverFull");
    assert_eq!(said.len(), 1);
    drop(first);
    within("a free place", async {
        while server.app.counts().clients > 1 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    server.client().await.join("hall").await;
}

#[tokio::test]
async fn one_room_too_many_is_refused_and_the_client_stays() {
    let server = Server::with(|limits| limits.max_rooms = 1).await;
    let (_a, _) = server.joined("first").await;
    let mut b = server.client().await;
    b.send(json!({"type": "join", "room": "second"})).await;
    assert_eq!(b.error().await, "serverFull");
    b.join("first").await;
}

#[tokio::test]
async fn headers_that_never_end_are_cut_off() {
    let server = Server::with(|limits| limits.header_timeout = Duration::from_millis(50)).await;
    for said in ["", "GET /ws HTTP/1.1\r\nhost: x\r\n"] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(said.as_bytes()).await.unwrap();
        let answer = closed(&mut stream).await;
        assert!(!answer.contains("200"), "{answer}");
    }
}

#[tokio::test]
async fn a_kept_connection_that_idles_is_cut_off() {
    let server = Server::with(|limits| limits.header_timeout = Duration::from_millis(50)).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let request = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let answer = closed(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn the_header_timeout_is_not_for_websockets() {
    let server = Server::with(|limits| {
        limits.header_timeout = Duration::from_millis(20);
        limits.ping_interval = Duration::from_millis(20);
    })
    .await;
    let mut client = server.client().await;
    // Ten pings take ten header timeouts.
    for _ in 0..10 {
        let message = within("a ping", client.socket.next()).await;
        assert!(matches!(message, Some(Ok(Message::Ping(_)))), "{message:?}");
    }
    client.expect_silence().await;
}

#[tokio::test]
async fn more_connections_than_allowed_wait_for_their_turn() {
    let server = Server::with(|limits| {
        limits.max_connections = 2;
        limits.header_timeout = Duration::from_millis(300);
    })
    .await;
    // WebSockets do not count.
    let mut client = server.client().await;
    let mut silent = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let half = b"GET /healthz HTTP/1.1\r\n";
        stream.write_all(half).await.unwrap();
        silent.push(stream);
    }
    // In the kernel's queue until the silent ones are cut off.
    let (head, _) = http(server.address, "GET /healthz HTTP/1.1").await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let mut byte = [0];
    let read = silent[0].try_read(&mut byte);
    assert!(!matches!(read, Err(error) if error.kind() == std::io::ErrorKind::WouldBlock));
    client.expect_silence().await;
}

#[tokio::test]
async fn going_away_is_told_and_ends_in_time() {
    let mut server = Server::start().await;
    let ((mut a, _), (mut b, _)) = server.pair("hall").await;
    let mut idle = TcpStream::connect(server.address).await.unwrap();
    server.begin_shutdown();
    for client in [&mut a, &mut b] {
        let (code, said) = client.close_code().await;
        assert_eq!(code, 1001);
        assert_eq!(said.len(), 1, "{said:?}");
        assert_eq!(said[0]["type"], "goingAway");
        assert!((1000..=2000).contains(&said[0]["retryAfterMs"].as_u64().unwrap()));
        // The end of the stream answers the close frame.
        assert!(client.next().await.is_none());
    }
    closed(&mut idle).await;
    server.ended().await;
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn who_does_not_let_go_does_not_keep_the_server() {
    let assets = tempfile::tempdir().unwrap();
    // More than the kernel takes off the server's hands.
    let big = std::fs::File::create(assets.path().join("big.bin")).unwrap();
    big.set_len(256 << 20).unwrap();
    let limits = Limits {
        shutdown_grace: Duration::from_millis(300),
        header_timeout: PATIENCE * 10,
        ..Limits::default()
    };
    let mut server = Server::full(limits, assets.path(), None).await;
    let _deaf = server.client().await;
    let mut half = TcpStream::connect(server.address).await.unwrap();
    half.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    let mut download = TcpStream::connect(server.address).await.unwrap();
    let request = b"GET /big.bin HTTP/1.1\r\nhost: x\r\n\r\n";
    download.write_all(request).await.unwrap();
    // It has begun, and goes no further.
    let mut first = [0; 12];
    let read = download.read_exact(&mut first);
    within("an answer", read).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    server.begin_shutdown();
    server.ended().await;
}

#[tokio::test]
async fn messages_of_a_burst_are_sent_at_once() {
    // With Nagle's algorithm the second of two small messages waits until the first is
    // acknowledged, which a peer that talks back puts off for 40 ms on Linux: two seconds here.
    let server = Server::start().await;
    let ((mut a, a_id), (mut b, b_id)) = server.pair("hall").await;
    let start = Instant::now();
    for n in 0..50 {
        a.signal(&b_id, n).await;
        a.signal(&b_id, n).await;
        b.receive().await;
        b.receive().await;
        b.signal(&a_id, n).await;
        a.receive().await;
    }
    assert!(start.elapsed() < Duration::from_millis(1500));
}

#[tokio::test]
async fn a_message_in_a_thousand_fragments_is_one_message() {
    let server = Server::start().await;
    let mut client = server.client().await;
    // Masked with zeros: FIN and opcode, mask bit and length, mask, payload.
    let mut bytes = Vec::new();
    let text = br#"{"type":"leave"}"#;
    for (at, byte) in text.iter().enumerate() {
        let opcode = u8::from(at == 0);
        let fin = if at + 1 == text.len() { 0x80 } else { 0 };
        bytes.extend([fin | opcode, 0x81, 0, 0, 0, 0, *byte]);
    }
    let socket = client.socket.get_mut();
    socket.write_all(&bytes).await.unwrap();
    assert_eq!(client.error().await, "notJoined");
}

#[tokio::test]
async fn a_ping_is_answered() {
    let server = Server::start().await;
    let mut client = server.client().await;
    client
        .socket
        .send(Message::Ping(b"abc".as_slice().into()))
        .await
        .unwrap();
    // Below the WebSocket: a pong with the same three bytes.
    let mut frame = [0; 5];
    let read = client.socket.get_mut().read_exact(&mut frame);
    within("a pong", read).await.unwrap();
    assert_eq!(&frame, b"\x8a\x03abc");
}
