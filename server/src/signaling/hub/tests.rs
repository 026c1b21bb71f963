//! Delivery, bounds and goodbyes, without a socket.

use std::time::SystemTime;

use futures_util::FutureExt;
use serde_json::{Value, json};

use signaling_protocol::{ClientMessage, ErrorMessage, IceServer, PeerId};

use super::*;
use crate::signaling::ice::IceServers;
use crate::signaling::outbox::Outgoing;
use crate::signaling::rooms::MAX_SIGNAL_BYTES;

fn hub(change: impl FnOnce(&mut Limits)) -> Arc<Hub> {
    Hub::new(limits_of(change), Arc::new(IceServers::default()))
}

fn send(client: &Client, message: Value) {
    client.handle_message(ClientMessage::from_json(&message.to_string()).unwrap());
}

/// What is queued for `client`, and whether it is to be closed afterwards.
fn received(client: &Client) -> (Vec<Value>, Option<Closing>) {
    let mut texts = Vec::new();
    loop {
        match client.next().now_or_never() {
            Some(Outgoing::Text(text)) => texts.push(serde_json::from_str(&text).unwrap()),
            Some(Outgoing::Close(closing)) => return (texts, Some(closing)),
            None => return (texts, None),
        }
    }
}

/// Joins `room`; the peer id that it got.
fn join(client: &Client, room: &str) -> String {
    joined(client, room).0
}

/// Joins `room`; the peer id and the token that it got.
fn joined(client: &Client, room: &str) -> (String, String) {
    send(client, json!({"type": "join", "room": room}));
    let (texts, _) = received(client);
    let joined = texts.last().unwrap();
    assert_eq!(joined["type"], "joined", "{joined}");
    let text = |field: &str| joined[field].as_str().unwrap().to_owned();
    (text("peerId"), text("token"))
}

fn counts(clients: usize, rooms: usize, away: usize) -> Counts {
    Counts {
        clients,
        rooms,
        away,
    }
}

fn error(code: ErrorCode) -> ErrorMessage {
    ErrorMessage::new(code, "bad")
}

fn limits_of(change: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = Limits::default();
    change(&mut limits);
    limits
}

#[test]
fn signals_are_relayed_in_order() {
    let hub = hub(|_| {});
    let (a, b) = (
        hub.connect(ClientAddress::TEST).unwrap(),
        hub.connect(ClientAddress::TEST).unwrap(),
    );
    let a_id = join(&a, "hall");
    let b_id = join(&b, "hall");
    received(&a);
    for n in 0..100 {
        send(&a, json!({"type": "signal", "to": b_id, "signal": n}));
    }
    let (texts, closing) = received(&b);
    let expected: Vec<_> = (0..100)
        .map(|n| json!({"seq": n + 1, "type": "signal", "from": a_id, "signal": n}))
        .collect();
    assert_eq!(texts, expected);
    assert_eq!(closing, None);
    assert_eq!(received(&a), (Vec::new(), None));
}

#[test]
fn peer_ids_are_new_at_each_join() {
    let hub = hub(|_| {});
    let a = hub.connect(ClientAddress::TEST).unwrap();
    let first = join(&a, "hall");
    send(&a, json!({"type": "leave"}));
    assert_ne!(join(&a, "hall"), first);
}

#[test]
fn a_slow_reader_is_removed_and_holds_no_memory() {
    let hub = hub(|limits| limits.queue_bytes = 200_000);
    let (fast, slow) = (
        hub.connect(ClientAddress::TEST).unwrap(),
        hub.connect(ClientAddress::TEST).unwrap(),
    );
    join(&fast, "hall");
    let slow_id = join(&slow, "hall");
    received(&fast);
    let payload = "x".repeat(10_000);
    let mut most = 0;
    for _ in 0..10_000 {
        send(
            &fast,
            json!({"type": "signal", "to": slow_id, "signal": payload}),
        );
        most = most.max(slow.outbox.held().1);
        received_keep(&fast, &slow_id);
        if slow.is_closing() {
            break;
        }
    }
    assert!((190_000..=200_000).contains(&most), "{most}");
    assert_eq!(slow.outbox.held(), (0, 0));
    assert_eq!(
        received(&slow),
        (Vec::new(), Some(Closing::SlowReader)),
        "nothing but the close is left for it"
    );
    assert_eq!(hub.counts(), counts(2, 1, 0));
    drop(slow);
    assert_eq!(hub.counts(), counts(1, 1, 0));
}

#[test]
fn who_fills_the_budget_of_all_harms_nobody_else() {
    let hub = hub(|limits| (limits.max_queued_bytes, limits.max_clients) = (200_000, 10));
    let [a, b, c, d] = [0; 4].map(|_| hub.connect(ClientAddress::TEST).unwrap());
    join(&a, "greedy");
    let b_id = join(&b, "greedy");
    join(&c, "modest");
    let d_id = join(&d, "modest");
    let payload = "x".repeat(5000);
    for _ in 0..100 {
        send(&a, json!({"type": "signal", "to": b_id, "signal": payload}));
        assert!(hub.queued_bytes() <= 200_000);
        // Of what it has, the other takes no acknowledgement either.
        send(&c, json!({"type": "signal", "to": d_id, "signal": payload}));
        assert_eq!(received(&d).0.len(), 1);
        if b.is_closing() {
            break;
        }
    }
    assert_eq!(received(&b).1, Some(Closing::SlowReader));
    assert!(!a.is_closing() && !c.is_closing() && !d.is_closing());
    drop((a, b, c, d));
    // Seats whose connection is lost keep theirs.
    assert!(hub.queued_bytes() > 0);
    let over = now() + hub.limits.resume_grace;
    let mut state = hub.state();
    let outputs = state.rooms.handle_timeout(over);
    state.deliver(outputs, None);
    drop(state);
    assert_eq!(hub.queued_bytes(), 0);
}

/// The sender is told once that the slow peer was removed.
fn received_keep(fast: &Client, slow_id: &str) {
    for text in received(fast).0 {
        let expected =
            json!({"seq": 2, "type": "peerLeft", "peerId": slow_id, "reason": "removed"});
        assert_eq!(text, expected);
    }
}

#[test]
fn who_is_removed_can_do_nothing_more() {
    let hub = hub(|_| {});
    let (a, b) = (
        hub.connect(ClientAddress::TEST).unwrap(),
        hub.connect(ClientAddress::TEST).unwrap(),
    );
    let a_id = join(&a, "hall");
    let b_id = join(&b, "hall");
    received(&a);
    a.remove(Closing::Flood);
    send(&a, json!({"type": "join", "room": "hall"}));
    assert_eq!(received(&a), (Vec::new(), Some(Closing::Flood)));
    let (texts, _) = received(&b);
    assert_eq!(
        texts,
        [
            json!({"seq": 1, "type": "peerLeft", "peerId": a_id, "reason": "removed"}),
            json!({"seq": 2, "type": "peerChanged", "peerId": b_id, "host": true, "silenced": false}),
        ]
    );
}

#[test]
fn a_removal_that_overflows_another_queue_removes_that_too() {
    let hub = hub(|limits| {
        limits.call_capacity = 3;
        limits.queue_messages = 4;
    });
    let clients: Vec<_> = (0..3)
        .map(|_| hub.connect(ClientAddress::TEST).unwrap())
        .collect();
    let ids: Vec<_> = clients.iter().map(|client| join(client, "hall")).collect();
    clients.iter().for_each(|client| drop(received(client)));
    // Fill two queues to the brim, then one over: its removal is one message too many for the
    // other.
    for to in [&ids[1], &ids[2]] {
        for _ in 0..4 {
            send(
                &clients[0],
                json!({"type": "signal", "to": to, "signal": 0}),
            );
        }
    }
    send(
        &clients[0],
        json!({"type": "signal", "to": ids[1], "signal": 0}),
    );
    let (texts, closing) = received(&clients[0]);
    let left: Vec<_> = texts.iter().map(|text| &text["peerId"]).collect();
    assert_eq!(left, [&json!(ids[1]), &json!(ids[2])]);
    assert_eq!(closing, None);
    assert!(clients[1].is_closing() && clients[2].is_closing());
}

#[test]
fn answers_that_nobody_reads_remove_too() {
    let hub = hub(|limits| limits.queue_messages = 10);
    let (a, b) = (
        hub.connect(ClientAddress::TEST).unwrap(),
        hub.connect(ClientAddress::TEST).unwrap(),
    );
    join(&a, "hall");
    join(&b, "hall");
    received(&a);
    for _ in 0..11 {
        b.answer(error(ErrorCode::UnknownType));
    }
    let (texts, _) = received(&a);
    assert_eq!(texts[0]["reason"], "removed");
    assert_eq!(received(&b), (Vec::new(), Some(Closing::SlowReader)));
}

#[test]
fn one_client_too_many_is_told_so() {
    let hub = hub(|limits| limits.max_clients = 1);
    let first = hub.connect(ClientAddress::TEST).unwrap();
    let refusal = hub.connect(ClientAddress::TEST).unwrap_err();
    assert_eq!(refusal.closing, Closing::ServerFull);
    assert!(refusal.text.contains("\"serverFull\""));
    drop(first);
    hub.connect(ClientAddress::TEST).unwrap();
}

#[test]
fn going_away_is_the_last_word_to_everybody() {
    let hub = hub(|limits| limits.retry_after = std::time::Duration::from_secs(2));
    let (a, b) = (
        hub.connect(ClientAddress::TEST).unwrap(),
        hub.connect(ClientAddress::TEST).unwrap(),
    );
    join(&a, "hall");
    assert_eq!(hub.drained().now_or_never(), None);
    hub.go_away();
    b.answer(error(ErrorCode::UnknownType));
    for client in [&a, &b] {
        let (texts, closing) = received(client);
        assert_eq!(texts.len(), 1);
        assert_eq!(texts[0]["type"], "goingAway");
        let pause = texts[0]["retryAfterMs"].as_u64().unwrap();
        assert!((2000..=4000).contains(&pause), "{pause}");
        assert_eq!(closing, Some(Closing::GoingAway));
    }
    assert_eq!(
        hub.connect(ClientAddress::TEST).unwrap_err().closing,
        Closing::GoingAway
    );
    drop((a, b));
    assert_eq!(hub.drained().now_or_never(), Some(()));
    assert_eq!(hub.counts(), counts(0, 0, 0));
}

#[tokio::test]
async fn waiting_for_the_end_ends() {
    let hub = hub(|_| {});
    let client = hub.connect(ClientAddress::TEST).unwrap();
    let drained = hub.drained();
    tokio::pin!(drained);
    assert_eq!((&mut drained).now_or_never(), None);
    drop(client);
    drained.await;
}

#[test]
fn a_signal_that_would_be_too_long_for_its_addressee_is_refused() {
    let hub = hub(|_| {});
    let (a, b) = (
        hub.connect(ClientAddress::TEST).unwrap(),
        hub.connect(ClientAddress::TEST).unwrap(),
    );
    join(&a, "hall");
    let b_id = join(&b, "hall");
    received(&a);
    let quotes = 2;
    let longest = "x".repeat(MAX_SIGNAL_BYTES - quotes);
    send(&a, json!({"type": "signal", "to": b_id, "signal": longest}));
    assert_eq!(received(&b).0.len(), 1);
    let longer = longest + "x";
    send(&a, json!({"type": "signal", "to": b_id, "signal": longer}));
    assert_eq!(received(&a).0[0]["code"], "messageTooLarge");
    assert_eq!(received(&b), (Vec::new(), None));
}

/// Remembers who asked and when; no two answers are the same.
#[derive(Debug, Default)]
struct Tickets(Mutex<Vec<(PeerId, SystemTime)>>);

impl IceServerSource for Tickets {
    fn servers(&self, peer_id: &PeerId, now: SystemTime) -> Vec<IceServer> {
        let mut asked = self.0.lock().unwrap();
        asked.push((peer_id.clone(), now));
        vec![IceServer {
            urls: vec!["turn:turn.example".to_owned()],
            username: Some(asked.len().to_string()),
            credential: Some("secret".to_owned()),
        }]
    }
}

#[test]
fn ice_servers_are_asked_for_anew_at_each_join_and_not_at_a_resume() {
    let started = SystemTime::now();
    let source = Arc::new(Tickets::default());
    let hub = Hub::new(limits_of(|_| {}), Arc::clone(&source) as _);
    let (a, b) = (
        hub.connect(ClientAddress::TEST).unwrap(),
        hub.connect(ClientAddress::TEST).unwrap(),
    );
    let mut tokens = Vec::new();
    let mut ids = Vec::new();
    for (client, ticket) in [(&a, "1"), (&b, "2"), (&a, "3")] {
        send(client, json!({"type": "leave"}));
        received(client);
        send(client, json!({"type": "join", "room": "hall"}));
        let (texts, _) = received(client);
        let joined = texts.last().unwrap();
        assert_eq!(joined["iceServers"][0]["username"], ticket, "{joined}");
        tokens.push(joined["token"].clone());
        ids.push(joined["peerId"].as_str().unwrap().to_owned());
    }
    a.lose();
    let resumed = hub.connect(ClientAddress::TEST).unwrap();
    let token = tokens.last().unwrap();
    send(
        &resumed,
        json!({"type": "resume", "token": token, "received": 0}),
    );
    let (texts, _) = received(&resumed);
    assert_eq!(texts[0]["type"], "resumed", "{texts:?}");
    assert_eq!(texts[0].get("iceServers"), None);
    let asked = source.0.lock().unwrap();
    let peers: Vec<_> = asked.iter().map(|(peer_id, _)| peer_id.as_str()).collect();
    assert_eq!(peers, ids);
    assert!(
        asked
            .iter()
            .all(|(_, at)| (started..=SystemTime::now()).contains(at))
    );
}

#[tokio::test]
async fn passphrases_wait_in_a_queue_that_is_bounded() {
    let hub = hub(|_| {});
    let from = |n: u32| ClientAddress::new(std::net::Ipv4Addr::from_bits(n).into());
    let hosts: Vec<_> = (0..40).map(|n| hub.connect(from(n)).unwrap()).collect();
    // Nobody looks at these.
    for (n, host) in hosts.iter().enumerate() {
        join(host, &format!("hall {n}"));
        let message = json!({"type": "setPolicy", "passphrase": "open sesame"});
        send(host, message);
    }
    let told = hosts.iter().flat_map(|host| received(host).0);
    let told: Vec<_> = told.map(|text| text["code"].clone()).collect();
    assert_eq!(told, vec![json!("busy"); 40 - MOST_WORK]);
    // Who has to wait has it set at last.
    tokio::select! {
        never = hub.work() => match never {},
        told = hosts[0].next() => {
            let Outgoing::Text(text) = told else { panic!("{told:?}") };
            assert!(text.contains("passphraseBy"), "{text}");
        }
    }
}
