//! Rooms over real WebSockets: who is told what, and in which order.

use crate::common::Server;
use serde_json::json;

#[tokio::test]
async fn two_find_each_other_in_a_room() {
    let server = Server::start().await;
    let mut a = server.client().await;
    a.send(json!({"type": "join", "room": " küche 1 ", "kind": "call"}))
        .await;
    let joined = a.receive().await;
    let a_id = joined["peerId"].as_str().unwrap().to_owned();
    assert_eq!(
        joined,
        json!({
            "type": "joined", "room": "küche 1", "kind": "call", "peerId": a_id,
            "host": true, "silenced": false,
            "policy": {"locked": false, "lobby": false, "passphrase": false},
            "token": joined["token"], "graceMs": 30_000, "created": true, "capacity": 2,
            "peers": [], "iceServers": [{"urls": ["stun:stun.example:3478"]}],
        })
    );
    assert_eq!(joined["token"].as_str().unwrap().len(), 32);
    let mut b = server.client().await;
    // The kind may be left out.
    b.send(json!({"type": "join", "room": "küche 1", "name": " Kim "}))
        .await;
    let joined = b.receive().await;
    assert_eq!(joined["created"], false);
    assert_eq!(
        joined["peers"],
        json!([{"peerId": a_id, "connected": true, "host": true}])
    );
    assert_eq!(
        a.receive().await,
        json!({"seq": 1, "type": "peerJoined", "peerId": joined["peerId"], "name": "Kim"})
    );
}

#[tokio::test]
async fn signals_arrive_in_order_both_ways_and_nowhere_else() {
    let server = Server::with(|limits| limits.message_burst = 10_000).await;
    let ((mut a, a_id), (mut b, b_id)) = server.pair("one").await;
    let ((mut c, _), (mut d, _)) = server.pair("two").await;
    for n in 0..200 {
        a.signal(&b_id, json!({"n": n, "pad": "x".repeat(n * 20)}))
            .await;
        b.signal(&a_id, n).await;
    }
    for n in 0..200 {
        let signal = b.receive().await;
        assert_eq!(signal["from"], json!(a_id));
        assert_eq!(signal["signal"]["n"], n);
        assert_eq!(
            a.receive().await,
            json!({"seq": n + 2, "type": "signal", "from": b_id, "signal": n})
        );
    }
    for client in [&mut a, &mut b, &mut c, &mut d] {
        client.expect_silence().await;
    }
}

#[tokio::test]
async fn a_full_room_refuses_and_is_usable_again() {
    let server = Server::start().await;
    let ((mut a, _), (mut b, b_id)) = server.pair("hall").await;
    let mut c = server.client().await;
    c.send(json!({"type": "join", "room": "hall"})).await;
    assert_eq!(c.error().await, "roomFull");
    // Refused, but useful: another room is open, and so is this one once there is a place.
    c.join("other").await;
    c.send(json!({"type": "leave"})).await;
    assert_eq!(c.receive().await, json!({"type": "left", "room": "other"}));
    b.send(json!({"type": "leave"})).await;
    assert_eq!(b.receive().await["type"], "left");
    assert_eq!(
        a.receive().await,
        json!({"seq": 2, "type": "peerLeft", "peerId": b_id, "reason": "left"})
    );
    let c_id = c.join("hall").await;
    assert_eq!(a.receive().await["peerId"], json!(c_id));
}

#[tokio::test]
async fn many_pairs_at_once_do_not_mix() {
    let server = Server::start().await;
    let mut tasks = tokio::task::JoinSet::new();
    let pairs: Vec<_> = futures_util::future::join_all((0..50).map(|n| {
        let server = &server;
        async move { server.pair(&format!("room {n}")).await }
    }))
    .await;
    assert_eq!(server.app.counts().rooms, 50);
    for ((mut a, a_id), (mut b, b_id)) in pairs {
        tasks.spawn(async move {
            for n in 0..50 {
                a.signal(&b_id, n).await;
                let expected = json!({"seq": n + 1, "type": "signal", "from": a_id, "signal": n});
                assert_eq!(b.receive().await, expected);
                b.signal(&a_id, n).await;
                assert_eq!(a.receive().await["from"], json!(b_id));
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}

#[tokio::test]
async fn a_mesh_is_for_eight() {
    let server = Server::start().await;
    let mut members = Vec::new();
    for n in 0..8 {
        let mut client = server.client().await;
        let join = json!({"room": "hall", "kind": "mesh", "name": format!("no {n}")});
        let joined = client.joined(join).await;
        assert_eq!(joined["capacity"], 8);
        assert_eq!(joined["peers"].as_array().unwrap().len(), n);
        members.push(client);
    }
    let mut ninth = server.client().await;
    ninth
        .send(json!({"type": "join", "room": "hall", "kind": "mesh"}))
        .await;
    assert_eq!(ninth.error().await, "roomFull");
    // Whoever can be in a call with fewer is not let in, either.
    let join = json!({"type": "join", "room": "hall", "kind": "call"});
    ninth.send(join).await;
    assert_eq!(ninth.error().await, "roomFull");
    // Everybody heard of everybody who came later, with numbers without a gap.
    for (n, member) in members.iter_mut().enumerate() {
        for (seq, later) in (n + 1..8).enumerate() {
            let told = member.receive().await;
            assert_eq!(told["seq"], seq + 1);
            assert_eq!(told["name"], format!("no {later}"));
        }
    }
}
