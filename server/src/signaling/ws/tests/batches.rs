//! What is read, handled and written together.

use super::*;

#[tokio::test(start_paused = true)]
async fn what_waits_is_written_together_in_order_up_to_a_bound() {
    let limits = Limits::default();
    let hub = Hub::new(limits, Arc::new(IceServers::default()));
    let client = hub.connect(ClientAddress::TEST).unwrap();
    let waiting = |n: usize| format!("{n} {}", "x".repeat(BATCH / 4));
    for n in 0..6 {
        client.answer(ErrorMessage::new(ErrorCode::InvalidMessage, waiting(n)));
    }
    client.remove(Closing::Flood);
    let mut peer = serve(client, limits, false);
    for n in 0..6 {
        assert!(peer.text().await.contains(&waiting(n)), "{n}");
    }
    assert_eq!(peer.close_code().await, 1008);
    assert_eq!(peer.flushes.load(Ordering::Relaxed), 3, "4, 2, the close");
}

#[tokio::test(start_paused = true)]
async fn frames_that_arrived_together_are_handled_before_the_first_write() {
    const SIGNALS: usize = 8;
    let limits = Limits::default();
    let hub = Hub::new(limits, Arc::new(IceServers::default()));
    let [mut sender, mut other] = [0; 2].map(|_| peer(&hub, limits, false));
    sender.send(r#"{"type":"join","room":"hall"}"#);
    sender.text().await;
    other.send(r#"{"type":"join","room":"hall"}"#);
    let joined: serde_json::Value = serde_json::from_str(&other.text().await).unwrap();
    let to = joined["peerId"].as_str().unwrap();
    assert!(sender.text().await.contains("peerJoined"));
    let flushes = |of: [&Peer; 2]| of.map(|peer| peer.flushes.load(Ordering::Relaxed));
    let before = flushes([&sender, &other]);

    for n in 1..=SIGNALS {
        sender.send(&format!(r#"{{"type":"signal","to":"{to}","signal":{n}}}"#));
        // Answered, between two signals.
        sender.send(r#"{"type":"ping","received":0}"#);
    }
    for n in 1..=SIGNALS {
        let text = other.text().await;
        assert!(text.ends_with(&format!(r#""signal":{n}}}"#)), "{text}");
        assert!(sender.text().await.contains("pong"), "{n}");
    }
    let written = flushes([&sender, &other]);
    assert_eq!(written, before.map(|before| before + 1), "one write each");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_sends_without_a_pause_is_answered_in_between() {
    let limits = Limits::default();
    let hub = Hub::new(limits, Arc::new(IceServers::default()));
    let mut peer = peer(&hub, limits, false);
    for _ in 0..=2 * FRAMES_AT_A_TIME {
        peer.send(r#"{"type":"ping","received":0}"#);
    }
    for n in 0..=2 * FRAMES_AT_A_TIME {
        assert!(peer.text().await.contains("pong"), "{n}");
    }
    assert_eq!(peer.flushes.load(Ordering::Relaxed), 3, "64, 64, the last");
}
