//! Whole runs against a server that makes one mistake, which must be found.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use clap::Parser;
use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

use super::*;

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    Lose,
    Double,
    Swap,
    HangUp,
}

/// The message of each sender that is treated badly; only the first client's is.
const SPOILT: usize = 10;

type Clients = Arc<Mutex<HashMap<String, UnboundedSender<String>>>>;

/// Speaks as `matchbox_server` does, except for its fault.
async fn serve(stream: TcpStream, id: usize, fault: Fault, clients: Clients) {
    let mut socket = accept_async(stream).await.unwrap();
    let (sender, mut outgoing) = unbounded_channel();
    sender
        .send(format!(r#"{{"IdAssigned":"id{id}"}}"#))
        .unwrap();
    clients.lock().unwrap().insert(format!("id{id}"), sender);
    let mut count = 0;
    let mut held: Option<(String, String)> = None;
    loop {
        let frame = tokio::select! {
            text = outgoing.recv() => {
                let _ = socket.send(Message::text(text.unwrap())).await;
                continue;
            }
            frame = socket.next() => frame,
        };
        let Some(Ok(Message::Text(text))) = frame else {
            return;
        };
        let Some(rest) = text.strip_prefix(r#"{"Signal":{"receiver":""#) else {
            continue;
        };
        let (to, rest) = rest.split_once('"').unwrap();
        let relayed = format!(r#"{{"Signal":{{"sender":"id{id}"{rest}"#);
        let send = |text: &str| {
            let clients = clients.lock().unwrap();
            let _ = clients[to].send(text.to_owned());
        };
        count += 1;
        let spoilt = id == 0 && count == SPOILT;
        match fault {
            Fault::Lose if spoilt => {}
            Fault::Swap if spoilt => held = Some((to.to_owned(), relayed)),
            Fault::HangUp if spoilt => return,
            _ => {
                send(&relayed);
                if fault == Fault::Double && spoilt {
                    send(&relayed);
                }
                if let Some((_, late)) = held.take_if(|(whose, _)| whose == to) {
                    send(&late);
                }
            }
        }
    }
}

async fn report(fault: Fault, mode: &str) -> Report {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}", listener.local_addr().unwrap());
    let clients = Clients::default();
    let server = tokio::spawn(async move {
        for id in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(stream, id, fault, Arc::clone(&clients)));
        }
    });
    let arguments = [
        "signaling-load",
        "--dialect=matchbox",
        "--clients=6",
        "--room=3",
        "--rate=200",
        "--duration=800ms",
        "--warm-up=100ms",
        "--settle=0s",
        "--mode",
        mode,
        "--server",
        &url,
    ];
    let config = Config::try_parse_from(arguments).unwrap();
    let target = Server::find(&config).await.unwrap();
    let report = run(&config, &target).await;
    server.abort();
    report
}

#[tokio::test]
async fn a_good_server_is_a_success() {
    for mode in ["steady", "saturated", "idle"] {
        let report = report(Fault::None, mode).await;
        assert!(report.success(), "{report}");
        assert_eq!(report.held, 6);
        assert_eq!(report.balance.sent > 50, mode != "idle", "{report}");
        assert_eq!(report.p99_us.is_some(), mode != "idle");
    }
}

#[tokio::test]
async fn a_lost_message_is_found() {
    let report = report(Fault::Lose, "steady").await;
    assert_eq!(report.balance.lost, 1, "{report}");
    assert!(!report.success());
}

#[tokio::test]
async fn a_message_that_came_twice_is_found() {
    let report = report(Fault::Double, "steady").await;
    assert_eq!(report.balance.duplicated, 1, "{report}");
    assert!(!report.success());
}

#[tokio::test]
async fn messages_in_the_wrong_order_are_found() {
    let report = report(Fault::Swap, "steady").await;
    assert_eq!(report.balance.reordered, 1, "{report}");
    assert_eq!(report.balance.lost, 0, "{report}");
    assert!(!report.success());
}

#[tokio::test]
async fn a_connection_that_ends_is_found() {
    let report = report(Fault::HangUp, "steady").await;
    assert_eq!(report.held, 5, "{report}");
    assert_eq!(report.failures.len(), 1);
    assert!(!report.success());
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_of() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}", listener.local_addr().unwrap());
    drop(listener);
    let arguments = [
        "signaling-load",
        "--clients=2",
        "--settle=0s",
        "--server",
        &url,
    ];
    let config = Config::try_parse_from(arguments).unwrap();
    let target = Server::find(&config).await.unwrap();
    let report = run(&config, &target).await;
    assert_eq!(report.held, 0);
    assert!(
        report.failures.iter().any(|text| text.contains("0 of 2")),
        "{report}"
    );
}
