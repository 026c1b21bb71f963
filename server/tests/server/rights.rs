//! What hosts decide, over real connections and with real hashes.

use serde_json::{Value, json};

use crate::common::{Client, Server};

const SECRET: &str = "correct horse battery staple";

/// The next message, which is of this type.
async fn expect(client: &mut Client, kind: &str) -> Value {
    let message = client.receive().await;
    assert_eq!(message["type"], kind, "{message}");
    message
}

fn join(passphrase: Option<&str>) -> Value {
    let mut join = json!({"type": "join", "room": "hall", "kind": "mesh", "name": "Robin"});
    if let Some(passphrase) = passphrase {
        join["passphrase"] = json!(passphrase);
    }
    join
}

async fn host(server: &Server) -> Client {
    let mut host = server.client().await;
    let joined = host.joined(json!({"room": "hall", "kind": "mesh"})).await;
    assert_eq!(joined["host"], true);
    let open = json!({"locked": false, "lobby": false, "passphrase": false});
    assert_eq!(joined["policy"], open);
    host
}

#[tokio::test]
async fn a_room_with_a_passphrase_lets_in_who_knows_it() {
    let server = Server::start().await;
    let mut host = host(&server).await;
    host.send(json!({"type": "setPolicy", "passphrase": SECRET}))
        .await;
    let told = expect(&mut host, "policy").await;
    let policy = json!({"locked": false, "lobby": false, "passphrase": true});
    assert_eq!((&told["seq"], &told["policy"]), (&json!(1), &policy));

    let mut guest = server.client().await;
    guest.send(join(None)).await;
    assert_eq!(guest.error().await, "passphraseRequired");
    guest.send(join(Some("correct horse"))).await;
    // While it is being looked at, the connection goes on.
    guest.expect_silence().await;
    assert_eq!(guest.error().await, "wrongPassphrase");
    guest.send(join(Some(SECRET))).await;
    let joined = expect(&mut guest, "joined").await;
    assert_eq!(
        (&joined["host"], &joined["policy"]),
        (&json!(false), &policy)
    );
    expect(&mut host, "peerJoined").await;
}

#[tokio::test]
async fn who_waits_is_let_in_or_not() {
    let server = Server::start().await;
    let mut host = host(&server).await;
    host.send(json!({"type": "setPolicy", "lobby": true})).await;
    expect(&mut host, "policy").await;

    let mut guest = server.client().await;
    guest.send(join(None)).await;
    let id = expect(&mut guest, "waiting").await["peerId"].clone();
    let knock = json!({"seq": 2, "type": "knock", "peerId": id, "name": "Robin"});
    assert_eq!(host.receive().await, knock);
    guest.send(json!({"type": "ping", "received": 0})).await;
    expect(&mut guest, "pong").await;
    host.send(json!({"type": "admit", "peerId": id})).await;
    expect(&mut host, "knockEnded").await;
    expect(&mut host, "peerJoined").await;
    let joined = expect(&mut guest, "joined").await;
    assert_eq!(
        (&joined["peerId"], &joined["policy"]["lobby"]),
        (&id, &json!(true))
    );
    guest
        .signal(joined["peers"][0]["peerId"].as_str().unwrap(), "hello")
        .await;
    assert_eq!(expect(&mut host, "signal").await["from"], id);

    // One is refused, one hangs up, one sees everybody go.
    let mut second = server.client().await;
    second.send(join(None)).await;
    let second_id = expect(&mut second, "waiting").await["peerId"].clone();
    expect(&mut host, "knock").await;
    host.send(json!({"type": "refuse", "peerId": second_id}))
        .await;
    expect(&mut host, "knockEnded").await;
    assert_eq!(second.error().await, "notAdmitted");
    second.send(join(None)).await;
    expect(&mut second, "waiting").await;
    expect(&mut host, "knock").await;
    drop(second);
    expect(&mut host, "knockEnded").await;
    let mut third = server.client().await;
    third.send(join(None)).await;
    expect(&mut third, "waiting").await;
    expect(&mut host, "knock").await;
    host.send(json!({"type": "leave"})).await;
    expect(&mut guest, "peerLeft").await;
    assert_eq!(expect(&mut guest, "peerChanged").await["host"], true);
    assert_eq!(expect(&mut guest, "knock").await["name"], "Robin");
    guest.send(json!({"type": "leave"})).await;
    assert_eq!(third.error().await, "roomClosed");
}

#[tokio::test]
async fn who_is_removed_keeps_its_connection_and_comes_back_as_somebody_else_only() {
    let server = Server::start().await;
    let mut host = host(&server).await;
    let mut guest = server.client().await;
    let joined = guest.joined(json!({"room": "hall", "kind": "mesh"})).await;
    expect(&mut host, "peerJoined").await;
    guest
        .send(json!({"type": "setPolicy", "locked": true}))
        .await;
    assert_eq!(guest.error().await, "notAllowed");
    let id = &joined["peerId"];
    host.send(json!({"type": "setParticipant", "peerId": id, "silenced": true}))
        .await;
    for client in [&mut host, &mut guest] {
        assert_eq!(expect(client, "peerChanged").await["silenced"], true);
    }
    host.send(json!({"type": "remove", "peerId": id})).await;
    assert_eq!(
        expect(&mut host, "peerLeft").await["reason"],
        "removedByHost"
    );
    assert_eq!(
        guest.receive().await,
        json!({"type": "removed", "room": "hall"})
    );
    guest.send(json!({"type": "leave"})).await;
    assert_eq!(guest.error().await, "notJoined");
    let mut again = join(None);
    again["token"] = joined["token"].clone();
    guest.send(again).await;
    assert_eq!(guest.error().await, "removedByHost");
    // Somebody else, as far as a server can know.
    let again = guest.joined(json!({"room": "hall", "kind": "mesh"})).await;
    assert_eq!(again["silenced"], false);
}

#[tokio::test]
async fn a_new_connection_is_no_new_beginning_for_who_guesses() {
    let server = Server::start().await;
    let mut host = host(&server).await;
    host.send(json!({"type": "setPolicy", "passphrase": SECRET}))
        .await;
    expect(&mut host, "policy").await;
    // On a slow machine a check may take so long that one more is allowed meanwhile.
    let mut wrong = 0;
    loop {
        let mut guest = server.client().await;
        guest.send(join(Some("correct horse"))).await;
        match &*guest.error().await {
            "wrongPassphrase" if wrong < 20 => wrong += 1,
            "busy" => break,
            other => panic!("{other} after {wrong} wrong attempts"),
        }
    }
    assert!(wrong >= 5, "{wrong} wrong attempts");
}
