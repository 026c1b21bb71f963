//! The conversation over a socket made of two channels, on a paused clock.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use futures_util::FutureExt;
use futures_util::stream;
use tokio::sync::mpsc;

use super::*;
use crate::http::ClientAddress;
use crate::signaling::hub::Hub;
use crate::signaling::ice::IceServers;

mod batches;

impl ReadFailure for Infallible {
    fn closing(&self) -> Option<Closing> {
        match *self {}
    }
}

/// The server's end. Sending waits while `stuck`.
struct Socket {
    incoming: mpsc::UnboundedReceiver<Message>,
    outgoing: mpsc::UnboundedSender<Message>,
    stuck: bool,
    flushes: Arc<AtomicUsize>,
}

impl Stream for Socket {
    type Item = Result<Message, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.incoming.poll_recv(cx).map(|message| message.map(Ok))
    }
}

impl Sink<Message> for Socket {
    type Error = Infallible;

    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        if self.stuck {
            Poll::Pending
        } else {
            Poll::Ready(Ok(()))
        }
    }

    fn start_send(self: Pin<&mut Self>, message: Message) -> Result<(), Infallible> {
        // The test may have dropped its end.
        let _ = self.outgoing.send(message);
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.flushes.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
}

struct Peer {
    to_server: mpsc::UnboundedSender<Message>,
    from_server: mpsc::UnboundedReceiver<Message>,
    flushes: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

fn peer(hub: &Arc<Hub>, limits: Limits, stuck: bool) -> Peer {
    serve(hub.connect(ClientAddress::TEST).unwrap(), limits, stuck)
}

fn serve(client: Client, limits: Limits, stuck: bool) -> Peer {
    let (to_server, incoming) = mpsc::unbounded_channel();
    let (outgoing, from_server) = mpsc::unbounded_channel();
    let flushes = Arc::new(AtomicUsize::new(0));
    let socket = Socket {
        incoming,
        outgoing,
        stuck,
        flushes: Arc::clone(&flushes),
    };
    Peer {
        to_server,
        from_server,
        flushes,
        task: tokio::spawn(async move { run(socket, client, &limits).await }),
    }
}

impl Peer {
    fn send(&self, text: &str) {
        self.to_server.send(Message::text(text)).unwrap();
    }

    async fn text(&mut self) -> String {
        match self.from_server.recv().await {
            Some(Message::Text(text)) => text.to_string(),
            other => panic!("no text but {other:?}"),
        }
    }

    async fn close_code(&mut self) -> u16 {
        loop {
            match self.from_server.recv().await {
                Some(Message::Close(Some(frame))) => return frame.code,
                Some(_) => {}
                None => panic!("ended without a close frame"),
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_is_pinged_and_then_dropped() {
    let limits = Limits::default();
    let hub = Hub::new(limits, Arc::new(IceServers::default()));
    let mut peer = peer(&hub, limits, false);
    let start = Instant::now();
    assert!(matches!(
        peer.from_server.recv().await,
        Some(Message::Ping(_))
    ));
    assert_eq!(start.elapsed().as_secs(), 5);
    (&mut peer.task).await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 10);
    assert_eq!(hub.counts().clients, 0);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_answers_pings_stays_and_is_asked_as_often_as_configured() {
    let limits = Limits {
        ping_interval: Duration::from_secs(1),
        ping_timeout: Duration::from_secs(30),
        ..Limits::default()
    };
    let hub = Hub::new(limits, Arc::new(IceServers::default()));
    let mut peer = peer(&hub, limits, false);
    let start = Instant::now();
    for _ in 0..100 {
        let ping = peer.from_server.recv().await;
        assert!(matches!(ping, Some(Message::Ping(_))), "{ping:?}");
        peer.to_server
            .send(Message::Pong(Vec::new().into()))
            .unwrap();
    }
    assert_eq!(start.elapsed().as_secs(), 100);
    assert_eq!(hub.counts().clients, 1);
}

#[tokio::test(start_paused = true)]
async fn who_does_not_read_for_too_long_is_dropped() {
    let limits = Limits::default();
    let hub = Hub::new(limits, Arc::new(IceServers::default()));
    let mut peer = peer(&hub, limits, true);
    let start = Instant::now();
    peer.send("nonsense");
    // Signs of life do not help: the answer is stuck.
    let pongs = stream::repeat(()).then(|()| tokio::time::sleep(Duration::from_secs(1)));
    let to_server = peer.to_server.clone();
    let pongs = pongs.for_each(|()| {
        let _ = to_server.send(Message::Pong(Vec::new().into()));
        std::future::ready(())
    });
    tokio::select! {
        ended = &mut peer.task => ended.unwrap(),
        () = pongs => unreachable!(),
    }
    assert_eq!(start.elapsed().as_secs(), 10);
    assert_eq!(hub.counts().clients, 0);
}

#[tokio::test(start_paused = true)]
async fn who_is_stuck_is_dropped_at_once_when_its_queue_overflows() {
    let limits = Limits {
        queue_messages: 3,
        ..Limits::default()
    };
    let hub = Hub::new(limits, Arc::new(IceServers::default()));
    let mut slow = peer(&hub, limits, true);
    slow.send(r#"{"type": "join", "room": "hall"}"#);
    let mut other = peer(&hub, limits, false);
    // Until the slow one has its seat, the other may come first.
    while hub.counts().rooms == 0 {
        tokio::task::yield_now().await;
    }
    other.send(r#"{"type": "join", "room": "hall"}"#);
    let joined: serde_json::Value = serde_json::from_str(&other.text().await).unwrap();
    let slow_id = joined["peers"][0]["peerId"].as_str().unwrap().to_owned();
    let start = Instant::now();
    for _ in 0..3 {
        other.send(&format!(
            r#"{{"type":"signal","to":"{slow_id}","signal":0}}"#
        ));
    }
    assert_eq!(
        other.text().await,
        format!(r#"{{"seq":1,"type":"peerLeft","peerId":"{slow_id}","reason":"removed"}}"#)
    );
    (&mut slow.task).await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 0);
}

#[tokio::test(start_paused = true)]
async fn others_do_not_wait_for_the_end_of_a_close_handshake() {
    let limits = Limits::default();
    let hub = Hub::new(limits, Arc::new(IceServers::default()));
    let mut leaving = peer(&hub, limits, false);
    leaving.send(r#"{"type": "join", "room": "hall"}"#);
    leaving.text().await;
    let mut other = peer(&hub, limits, false);
    other.send(r#"{"type": "join", "room": "hall"}"#);
    other.text().await;
    let start = Instant::now();
    leaving.to_server.send(goodbye(close_code::NORMAL)).unwrap();
    assert!(other.text().await.contains("\"left\""));
    assert_eq!(start.elapsed().as_millis(), 0);
    assert_eq!(hub.counts().clients, 2, "its connection is still there");
}

fn goodbye(code: CloseCode) -> Message {
    Message::Close(Some(CloseFrame {
        code,
        reason: "".into(),
    }))
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_loaded_again_keeps_its_seat() {
    let limits = Limits::default();
    for end in [Some(goodbye(close_code::AWAY)), None] {
        let hub = Hub::new(limits, Arc::new(IceServers::default()));
        let mut reloads = peer(&hub, limits, false);
        reloads.send(r#"{"type": "join", "room": "hall"}"#);
        reloads.text().await;
        let mut other = peer(&hub, limits, false);
        other.send(r#"{"type": "join", "room": "hall"}"#);
        other.text().await;
        match end {
            Some(goodbye) => reloads.to_server.send(goodbye).unwrap(),
            None => drop(reloads.to_server),
        }
        assert!(other.text().await.contains("\"peerDisconnected\""));
        assert_eq!(hub.counts().away, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_answered_then_ended() {
    let limits = Limits {
        message_burst: 3,
        flood_tolerance: 2,
        ..Limits::default()
    };
    let hub = Hub::new(limits, Arc::new(IceServers::default()));
    let mut peer = peer(&hub, limits, false);
    for _ in 0..20 {
        peer.send("{}");
    }
    for expected in [
        "invalidJson",
        "invalidJson",
        "invalidJson",
        "rateLimited",
        "rateLimited",
    ] {
        assert!(peer.text().await.contains(expected), "{expected}");
    }
    assert_eq!(peer.close_code().await, 1008);
    // It does not answer the close; that is its own loss.
    (&mut peer.task).await.unwrap();
    assert_eq!(hub.counts().clients, 0);
}

#[tokio::test(start_paused = true)]
async fn signals_that_were_refused_in_a_burst_arrive_when_they_are_sent_again() {
    let limits = Limits {
        message_rate: 1,
        message_burst: 5,
        ping_interval: Duration::from_secs(60),
        ..Limits::default()
    };
    let hub = Hub::new(limits, Arc::new(IceServers::default()));
    let [mut sender, mut other] = [0; 2].map(|_| peer(&hub, limits, false));
    sender.send(r#"{"type": "join", "room": "hall"}"#);
    sender.text().await;
    other.send(r#"{"type": "join", "room": "hall"}"#);
    other.text().await;
    let joined = sender.text().await;
    let to: String = joined
        .split('"')
        .find(|part| part.len() == 32)
        .unwrap()
        .into();
    let signal =
        |seq: u64| format!(r#"{{"type":"signal","to":"{to}","seq":{seq},"signal":{seq}}}"#);

    // Four pass after the join; then one is missing, and the rest waits for it.
    (1..=6).for_each(|seq| sender.send(&signal(seq)));
    for _ in 5..=6 {
        assert!(sender.text().await.contains("rateLimited"));
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    (7..=9).for_each(|seq| sender.send(&signal(seq)));
    let told = sender.text().await;
    assert!(
        told.contains("missedSignal") && told.contains("from number 5 on"),
        "{told}"
    );
    tokio::time::sleep(Duration::from_secs(4)).await;
    // Again, as far as the client knows.
    (4..=7).for_each(|seq| sender.send(&signal(seq)));
    tokio::time::sleep(Duration::from_secs(4)).await;
    (8..=9).for_each(|seq| sender.send(&signal(seq)));
    sender.send(r#"{"type": "ping", "received": 1}"#);
    let told = sender.text().await;
    assert!(told.contains(r#""received":9"#), "{told}");
    for seq in 1..=9 {
        let end = format!(r#""signal":{seq}}}"#);
        let text = other.text().await;
        assert!(text.ends_with(&end), "{seq}: {text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_signal_in_a_message_that_is_too_long_holds_up_none_after_it() {
    let limits = Limits {
        max_message_bytes: 1024,
        ..Limits::default()
    };
    let hub = Hub::new(limits, Arc::new(IceServers::default()));
    let mut peer = peer(&hub, limits, false);
    peer.send(r#"{"type": "join", "room": "hall"}"#);
    peer.text().await;
    let long = "x".repeat(1024);
    peer.send(&format!(
        r#"{{"type":"signal","to":"","seq":1,"signal":"{long}"}}"#
    ));
    assert!(peer.text().await.contains("messageTooLarge"));
    peer.send(r#"{"type":"signal","to":"","seq":2,"signal":0}"#);
    assert!(peer.text().await.contains("unknownPeer"));
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_pings_is_ended_too() {
    let limits = Limits {
        message_burst: 3,
        flood_tolerance: 2,
        ..Limits::default()
    };
    let hub = Hub::new(limits, Arc::new(IceServers::default()));
    let mut peer = peer(&hub, limits, false);
    for _ in 0..6 {
        let ping = Message::Ping(Vec::new().into());
        peer.to_server.send(ping).unwrap();
    }
    assert_eq!(peer.close_code().await, 1008);
}

#[tokio::test(start_paused = true)]
async fn going_away_is_said_and_then_done() {
    let limits = Limits::default();
    let hub = Hub::new(limits, Arc::new(IceServers::default()));
    let mut peer = peer(&hub, limits, false);
    hub.go_away();
    assert!(peer.text().await.contains("goingAway"));
    assert_eq!(peer.close_code().await, 1001);
    let start = Instant::now();
    hub.drained().await;
    assert!(start.elapsed() <= CLOSE_TIMEOUT);
    assert!(peer.task.now_or_never().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_refused_client_is_told_why() {
    let (_to_server, incoming) = mpsc::unbounded_channel();
    let (outgoing, mut from_server) = mpsc::unbounded_channel();
    let socket = Socket {
        incoming,
        outgoing,
        stuck: false,
        flushes: Arc::default(),
    };
    let refusal = Refusal {
        text: "full".into(),
        closing: Closing::ServerFull,
    };
    refuse(socket, refusal).await;
    assert!(matches!(from_server.recv().await, Some(Message::Text(text)) if text == "full"));
    let Some(Message::Close(Some(frame))) = from_server.recv().await else {
        panic!("no close frame");
    };
    assert_eq!(frame.code, 1013);
}
