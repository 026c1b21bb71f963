//! A server on a free port and clients that speak real WebSockets to it.
//!
//! Nothing here sleeps: everything waits for something, and [`within`] says when to give up.

pub(crate) mod rtdb;
pub(crate) mod scene;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use signaling_protocol::{IceServer, SUBPROTOCOL};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Request};
use tokio_tungstenite::tungstenite::{Error, Message};
use webrtc_tour_server::{AllowedOrigin, App, Error as ServerError, IceServers, Limits, Listeners};

/// What a test waits for comes within this time, or never.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(value) => value,
        Err(_) => panic!("{what} did not come within {PATIENCE:?}"),
    }
}

pub(crate) struct Server {
    pub address: SocketAddr,
    pub app: App,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Result<(), ServerError>>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Limits)) -> Self {
        let mut limits = Limits::default();
        change(&mut limits);
        Self::full(limits, Path::new("no/such/directory"), None).await
    }

    pub(crate) async fn full(limits: Limits, assets: &Path, tls: Option<TlsAcceptor>) -> Self {
        Self::allowing(Vec::new(), limits, assets, tls).await
    }

    pub(crate) async fn allowing(
        origins: Vec<AllowedOrigin>,
        limits: Limits,
        assets: &Path,
        tls: Option<TlsAcceptor>,
    ) -> Self {
        let ice = IceServer {
            urls: vec!["stun:stun.example:3478".to_owned()],
            username: None,
            credential: None,
        };
        let app = App::new(limits, assets, IceServers(vec![ice])).allow_origins(origins);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async {
            let _ = stopped.await;
        };
        let listeners = Listeners {
            http: listener,
            tls,
            database: None,
        };
        let task = tokio::spawn(app.clone().run(listeners, shutdown));
        Self {
            address,
            app,
            stop: Some(stop),
            task,
        }
    }

    pub(crate) fn begin_shutdown(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    pub(crate) async fn ended(&mut self) {
        let ended = within("the server's end", &mut self.task).await.unwrap();
        ended.unwrap();
    }

    pub(crate) async fn client(&self) -> Client {
        self.client_with(&[]).await
    }

    /// A client whose handshake has these headers.
    pub(crate) async fn client_with(&self, headers: &[(&'static str, &'static str)]) -> Client {
        let stream = TcpStream::connect(self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut request = self.request(Some(SUBPROTOCOL));
        for (name, value) in headers {
            let value = HeaderValue::from_static(value);
            request.headers_mut().insert(*name, value);
        }
        let upgraded = tokio_tungstenite::client_async(request, stream);
        Client {
            socket: within("an upgrade", upgraded).await.unwrap().0,
        }
    }

    /// A client that is in `room`, and its peer id.
    pub(crate) async fn joined(&self, room: &str) -> (Client, String) {
        let mut client = self.client().await;
        let id = client.join(room).await;
        (client, id)
    }

    /// Two clients that know each other, with their peer ids.
    pub(crate) async fn pair(&self, room: &str) -> ((Client, String), (Client, String)) {
        let (mut a, a_id) = self.joined(room).await;
        let b = self.joined(room).await;
        assert_eq!(
            a.receive().await,
            json!({"seq": 1, "type": "peerJoined", "peerId": b.1})
        );
        ((a, a_id), b)
    }

    pub(crate) fn request(&self, protocol: Option<&'static str>) -> Request<()> {
        let url = format!("ws://{}/ws", self.address);
        let mut request = url.into_client_request().unwrap();
        if let Some(protocol) = protocol {
            let value = HeaderValue::from_static(protocol);
            request
                .headers_mut()
                .insert("sec-websocket-protocol", value);
        }
        request
    }
}

pub(crate) struct Client<S = TcpStream> {
    pub socket: WebSocketStream<S>,
}

impl Client {
    pub(crate) async fn send_text(&mut self, text: impl Into<String>) {
        self.socket.send(Message::text(text.into())).await.unwrap();
    }

    pub(crate) async fn send(&mut self, message: Value) {
        self.send_text(message.to_string()).await;
    }

    pub(crate) async fn signal(&mut self, to: &str, signal: impl Into<Value>) {
        let signal = signal.into();
        self.send(json!({"type": "signal", "to": to, "signal": signal}))
            .await;
    }

    /// The next message, whatever it is but a ping or a pong.
    pub(crate) async fn next(&mut self) -> Option<Result<Message, Error>> {
        // Around the loop: pings come for ever.
        within("a message", async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    other => return other,
                }
            }
        })
        .await
    }

    pub(crate) async fn receive(&mut self) -> Value {
        match self.next().await {
            Some(Ok(Message::Text(text))) => serde_json::from_str(&text).unwrap(),
            other => panic!("no text but {other:?}"),
        }
    }

    /// The code of the next message, which is an error.
    pub(crate) async fn error(&mut self) -> String {
        let error = self.receive().await;
        assert_eq!(error["type"], "error", "{error}");
        assert!(!error["message"].as_str().unwrap().is_empty());
        error["code"].as_str().unwrap().to_owned()
    }

    /// Reads on until the close frame; its code and what came before.
    pub(crate) async fn close_code(&mut self) -> (u16, Vec<Value>) {
        let mut before = Vec::new();
        loop {
            match self.next().await {
                Some(Ok(Message::Text(text))) => before.push(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(frame)))) => return (frame.code.into(), before),
                other => panic!("no close frame but {other:?}"),
            }
        }
    }

    /// Joins `room`, which must succeed; the peer id.
    pub(crate) async fn join(&mut self, room: &str) -> String {
        let joined = self.joined(json!({"room": room, "kind": "call"})).await;
        joined["peerId"].as_str().unwrap().to_owned()
    }

    /// Joins, which must succeed; the answer.
    pub(crate) async fn joined(&mut self, mut join: Value) -> Value {
        join["type"] = json!("join");
        self.send(join).await;
        let joined = self.receive().await;
        assert_eq!(joined["type"], "joined", "{joined}");
        joined
    }

    /// What was sent before has been handled, and its answers have been read: nothing else is
    /// waiting. Uses an unknown type as a question that anybody may ask at any time.
    pub(crate) async fn expect_silence(&mut self) {
        self.send(json!({"type": "anybodyThere"})).await;
        assert_eq!(self.error().await, "unknownType");
    }
}

/// One HTTP request over a connection of its own, which the answer ends: head and body.
pub(crate) async fn http(address: SocketAddr, head: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("{head}\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    within("an HTTP answer", read).await.unwrap();
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let body = answer.split_off(end + 4);
    (String::from_utf8(answer).unwrap(), body)
}

/// Waits until the other end closes the connection; what it said before.
pub(crate) async fn closed(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    // A reset ends a connection as well.
    let _ = within("the end of a connection", stream.read_to_end(&mut said)).await;
    String::from_utf8_lossy(&said).into_owned()
}
