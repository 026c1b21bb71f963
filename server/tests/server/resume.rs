//! Seats that outlive their connections, over real WebSockets whose TCP connection is cut.

use std::time::Duration;

use crate::common::{Client, Server, within};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

/// Somebody who can come back.
struct Seat {
    token: String,
    id: String,
}

async fn take(client: &mut Client, join: Value) -> Seat {
    let joined = client.joined(join).await;
    let text = |field: &str| joined[field].as_str().unwrap().to_owned();
    Seat {
        token: text("token"),
        id: text("peerId"),
    }
}

/// `a` stays, `b` has a seat that it is going to resume.
async fn pair(server: &Server) -> ((Client, Seat), (Client, Seat)) {
    let (mut a, mut b) = (server.client().await, server.client().await);
    let a_seat = take(&mut a, json!({"room": "hall"})).await;
    let b_seat = take(&mut b, json!({"room": "hall"})).await;
    assert_eq!(a.receive().await["type"], "peerJoined");
    ((a, a_seat), (b, b_seat))
}

/// Cuts the connection without a goodbye, as a network does that goes away.
async fn cut(client: Client, others: &mut Client, id: &str) {
    drop(client);
    let told = others.receive().await;
    assert_eq!(told["type"], "peerDisconnected", "{told}");
    assert_eq!(told["peerId"], id);
}

impl Seat {
    async fn resume(&self, server: &Server, received: u64) -> (Client, Value) {
        let mut client = server.client().await;
        let resume = json!({"type": "resume", "token": self.token, "received": received});
        client.send(resume).await;
        let answer = client.receive().await;
        (client, answer)
    }
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_when_the_connection_is_cut() {
    let server = Server::start().await;
    let ((mut a, a_seat), (mut b, b_seat)) = pair(&server).await;
    let signal = |seq: u64, from: &str, n: u64| json!({"seq": seq, "type": "signal", "from": from, "signal": n});
    for n in 1..=4 {
        a.signal(&b_seat.id, n).await;
    }
    for n in 1..=2 {
        assert_eq!(b.receive().await, signal(n, &a_seat.id, n));
    }
    for n in 1..=3 {
        let message = json!({"type": "signal", "to": a_seat.id, "seq": n, "signal": n});
        b.send(message).await;
        assert_eq!(a.receive().await, signal(n + 1, &b_seat.id, n));
    }
    // 3 and 4 were sent, and are lost with the connection; 5 and 6 wait.
    cut(b, &mut a, &b_seat.id).await;
    for n in 5..=6 {
        a.signal(&b_seat.id, n).await;
    }
    a.expect_silence().await;
    assert_eq!(server.app.counts().away, 1);

    let (mut b, answer) = b_seat.resume(&server, 2).await;
    assert_eq!(answer, json!({"type": "resumed", "received": 3}));
    for n in 3..=6 {
        assert_eq!(b.receive().await, signal(n, &a_seat.id, n));
    }
    let resumed = json!({"seq": 6, "type": "peerResumed", "peerId": b_seat.id});
    assert_eq!(a.receive().await, resumed);
    // Sent again, as far as the client knows; the server knows better.
    for n in 2..=4 {
        let message = json!({"type": "signal", "to": a_seat.id, "seq": n, "signal": n});
        b.send(message).await;
    }
    assert_eq!(a.receive().await, signal(7, &b_seat.id, 4));
    a.expect_silence().await;
    b.expect_silence().await;
    assert_eq!(server.app.counts().away, 0);
}

#[tokio::test]
async fn a_connection_that_is_still_there_is_replaced() {
    let server = Server::start().await;
    let ((mut a, a_seat), (mut b, b_seat)) = pair(&server).await;
    let (mut again, answer) = b_seat.resume(&server, 0).await;
    assert_eq!(answer["type"], "resumed");
    assert_eq!(b.close_code().await, (4000, Vec::new()));
    // Nobody else noticed.
    a.expect_silence().await;
    a.signal(&b_seat.id, "to the new one").await;
    assert_eq!(again.receive().await["signal"], "to the new one");
    again.signal(&a_seat.id, "from the new one").await;
    assert_eq!(a.receive().await["signal"], "from the new one");

    // Likewise by a join with its token; of that, others are told.
    let mut third = server.client().await;
    let join = json!({"room": "hall", "token": b_seat.token});
    assert_eq!(third.joined(join).await["peerId"], b_seat.id);
    assert_eq!(again.close_code().await, (4000, Vec::new()));
    let left = a.receive().await;
    assert_eq!(
        (&left["type"], &left["reason"]),
        (&json!("peerLeft"), &json!("disconnected"))
    );
    assert_eq!(a.receive().await["type"], "peerJoined");
}

#[tokio::test]
async fn after_the_grace_the_seat_is_gone_and_its_token_is_the_same_peer() {
    let grace = Duration::from_millis(50);
    let server = Server::with(|limits| limits.resume_grace = grace).await;
    let ((mut a, _), (b, b_seat)) = pair(&server).await;
    cut(b, &mut a, &b_seat.id).await;
    let left = json!({"seq": 3, "type": "peerLeft", "peerId": b_seat.id, "reason": "disconnected"});
    assert_eq!(a.receive().await, left);
    let (mut b, answer) = b_seat.resume(&server, 0).await;
    assert_eq!(answer["code"], "cannotResume");
    let join = json!({"room": "hall", "token": b_seat.token, "name": "Kim"});
    let again = take(&mut b, join).await;
    assert_eq!((again.id, again.token), (b_seat.id.clone(), b_seat.token));
    let joined = json!({"seq": 4, "type": "peerJoined", "peerId": b_seat.id, "name": "Kim"});
    assert_eq!(a.receive().await, joined);
}

#[tokio::test]
async fn after_a_restart_the_token_is_the_same_peer() {
    let mut server = Server::start().await;
    let ((_, _), (_, b_seat)) = pair(&server).await;
    server.begin_shutdown();
    server.ended().await;
    let server = Server::start().await;
    let (mut b, answer) = b_seat.resume(&server, 0).await;
    assert_eq!(answer["code"], "cannotResume");
    let again = take(&mut b, json!({"room": "hall", "token": b_seat.token})).await;
    assert_eq!(again.id, b_seat.id);
}

#[tokio::test]
async fn who_closes_its_connection_for_good_has_left() {
    let server = Server::start().await;
    for (code, leaves) in [
        (Some(1000), true),
        // A page that is closed, or loaded again.
        (Some(1001), false),
        (Some(4900), false),
        (None, false),
    ] {
        let ((mut a, _), (mut b, b_seat)) = pair(&server).await;
        let frame = code.map(|code: u16| CloseFrame {
            code: code.into(),
            reason: "".into(),
        });
        b.socket.close(frame).await.unwrap();
        let told = a.receive().await;
        assert_eq!(told["peerId"], b_seat.id);
        if leaves {
            assert_eq!(told["reason"], "left", "{code:?} {told}");
        } else {
            assert_eq!(told["type"], "peerDisconnected", "{code:?} {told}");
            let (mut b, answer) = b_seat.resume(&server, 0).await;
            assert_eq!(answer["type"], "resumed");
            b.send(json!({"type": "leave"})).await;
            assert_eq!(b.receive().await["type"], "left");
        }
        a.send(json!({"type": "leave"})).await;
    }
}

#[tokio::test]
async fn a_peer_that_went_silent_is_away_within_the_bound() {
    let server = Server::with(|limits| {
        limits.ping_interval = Duration::from_millis(50);
        limits.ping_timeout = Duration::from_millis(50);
    })
    .await;
    // Unlike a browser, this client answers pings only while it is read from. `b` is not, from
    // now on; its connection stays open.
    let ((mut a, _), (b, b_seat)) = pair(&server).await;
    let told = json!({"seq": 2, "type": "peerDisconnected", "peerId": b_seat.id});
    assert_eq!(a.receive().await, told);
    drop(b);
}

#[tokio::test]
async fn an_empty_room_ends_with_its_last_seat() {
    let server = Server::with(|limits| limits.resume_grace = Duration::from_millis(50)).await;
    let ((a, _), (b, _)) = pair(&server).await;
    drop((a, b));
    within("an empty server", async {
        let empty = || {
            let counts = server.app.counts();
            (counts.clients, counts.rooms, counts.away) == (0, 0, 0)
        };
        while !empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn acknowledgements_are_given_and_checked() {
    let server = Server::start().await;
    let ((mut a, a_seat), (mut b, b_seat)) = pair(&server).await;
    a.send(json!({"type": "ping", "received": 1})).await;
    assert_eq!(a.receive().await, json!({"type": "pong", "received": 0}));
    a.send(json!({"type": "ping", "received": 2})).await;
    assert_eq!(a.error().await, "invalidMessage");
    let message = json!({"type": "signal", "to": a_seat.id, "seq": 1, "signal": 0});
    b.send(message).await;
    b.send(json!({"type": "ping", "received": 0})).await;
    assert_eq!(b.receive().await, json!({"type": "pong", "received": 1}));
    // What has an acknowledgement is not there any more.
    assert_eq!(a.receive().await["type"], "signal");
    let (_, answer) = a_seat.resume(&server, 0).await;
    assert_eq!(answer["code"], "cannotResume");
    let (_, answer) = a_seat.resume(&server, 3).await;
    assert_eq!(answer["code"], "invalidMessage");
    // Neither took the seat away.
    b.signal(&a_seat.id, "still there?").await;
    assert_eq!(a.receive().await["signal"], "still there?");
    // In no room there is nothing to be received.
    let mut c = server.client().await;
    c.send(json!({"type": "ping", "received": 7})).await;
    assert_eq!(c.receive().await, json!({"type": "pong", "received": 0}));
    let _ = b_seat;
}

#[tokio::test]
async fn more_than_may_wait_gives_the_seat_up() {
    let server = Server::with(|limits| limits.queue_messages = 8).await;
    let ((mut a, _), (b, b_seat)) = pair(&server).await;
    cut(b, &mut a, &b_seat.id).await;
    for n in 0..9 {
        a.signal(&b_seat.id, n).await;
    }
    let left = a.receive().await;
    assert_eq!(
        (&left["peerId"], &left["reason"]),
        (&json!(b_seat.id), &json!("removed"))
    );
    let (_, answer) = b_seat.resume(&server, 0).await;
    assert_eq!(answer["code"], "cannotResume");
}

#[tokio::test]
async fn what_was_sent_without_an_acknowledgement_is_forgotten_in_the_end() {
    let server = Server::with(|limits| limits.queue_messages = 8).await;
    let ((mut a, _), (mut b, b_seat)) = pair(&server).await;
    for n in 0..20 {
        a.signal(&b_seat.id, n).await;
        assert_eq!(b.receive().await["signal"], n);
    }
    cut(b, &mut a, &b_seat.id).await;
    let (_, answer) = b_seat.resume(&server, 11).await;
    assert_eq!(answer["code"], "cannotResume");
    let (mut b, answer) = b_seat.resume(&server, 12).await;
    assert_eq!(answer["type"], "resumed");
    for n in 12..20 {
        assert_eq!(b.receive().await["signal"], n);
    }
}

#[tokio::test]
async fn a_seat_is_resumed_from_outside_a_room_only() {
    let server = Server::start().await;
    let ((mut a, _), (_b, b_seat)) = pair(&server).await;
    let resume = json!({"type": "resume", "token": b_seat.token, "received": 0});
    a.send(resume.clone()).await;
    assert_eq!(a.error().await, "alreadyJoined");
    a.send(json!({"type": "leave"})).await;
    assert_eq!(a.receive().await["type"], "left");
    a.send(resume).await;
    assert_eq!(a.receive().await["type"], "resumed");
    let told = a.receive().await;
    assert_eq!(
        (&told["seq"], &told["type"]),
        (&json!(1), &json!("peerLeft"))
    );
}

#[tokio::test]
async fn what_breaks_the_protocol_is_not_kept() {
    let server = Server::start().await;
    let ((mut a, _), (mut b, b_seat)) = pair(&server).await;
    let text = "x".repeat(2 * signaling_protocol::MAX_MESSAGE_BYTES + 1);
    let _ = futures_util::SinkExt::send(&mut b.socket, Message::text(text)).await;
    let left = a.receive().await;
    assert_eq!(
        (&left["peerId"], &left["reason"]),
        (&json!(b_seat.id), &json!("removed"))
    );
}
