//! A server with its database at both of its places, rules made for tests, and requests and event
//! streams over real connections.

use std::net::SocketAddr;
use std::path::Path as FilePath;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use webrtc_tour_server::rtdb::identity::TOKEN_LIFETIME;
use webrtc_tour_server::rtdb::{
    Access, Auth, AuthError, Database, DatabaseLimits, Identity, Key, Node, Path,
};
use webrtc_tour_server::{App, Error, IceServers, Limits, Listeners};

use super::within;

/// The token of an administrator, where there is one.
pub(crate) const OWNER: (&str, &str) = ("Authorization", "Bearer owner");
pub(crate) const STREAM: (&str, &str) = ("Accept", "text/event-stream");

/// Everybody may do everything, except: `/secret` is for the user `agent` only, `/public` is
/// written by nobody, and while `/locked` is there, `/dynamic` is not read.
#[derive(Debug)]
pub(crate) struct TestAccess;

/// How long the token `brief` is valid.
pub(crate) const BRIEF_MS: u64 = 300;

impl Access for TestAccess {
    fn authenticate(&self, token: &str, now_ms: u64) -> Result<Auth, AuthError> {
        let (uid, lifetime_ms) = match token {
            "expired" => return Err(AuthError::Expired),
            "brief" => ("agent", BRIEF_MS),
            token => (
                token.strip_prefix("token-").ok_or(AuthError::Malformed)?,
                60_000,
            ),
        };
        Ok(Auth {
            uid: uid.to_owned(),
            variables: json!({"uid": uid}),
            expires_ms: now_ms + lifetime_ms,
        })
    }

    fn may_read(&self, auth: Option<&Auth>, root: &Node, path: &Path, _: u64) -> bool {
        let locked = !root.get(&"locked".parse().unwrap()).is_null();
        allowed(auth, path) && !(locked && is_below(path, "dynamic"))
    }

    fn may_write(&self, auth: Option<&Auth>, _: &Node, _: &Node, paths: &[Path], _: u64) -> bool {
        let allowed = |path| allowed(auth, path) && !is_below(path, "public");
        paths.iter().all(allowed)
    }
}

fn allowed(auth: Option<&Auth>, path: &Path) -> bool {
    !is_below(path, "secret") || auth.is_some_and(|auth| auth.uid == "agent")
}

fn is_below(path: &Path, key: &str) -> bool {
    path.keys().first() == Some(&Key::new(key))
}

pub(crate) struct Rtdb {
    /// The database is at the root.
    pub root: SocketAddr,
    /// The database is at `/rtdb`.
    pub main: SocketAddr,
    pub database: Arc<Database>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Result<(), Error>>,
}

impl Rtdb {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Limits)) -> Self {
        let mut limits = Limits::default();
        change(&mut limits);
        let database = Database::new(DatabaseLimits::from(limits), Arc::new(TestAccess));
        let database = Arc::new(database);
        let identity = Arc::new(Identity::new(TOKEN_LIFETIME));
        let assets = FilePath::new("no/such/directory");
        let app = App::new(limits, assets, IceServers::default())
            .with_database(Arc::clone(&database), identity);
        let [main, root] = [listener().await, listener().await];
        let addresses = [&main, &root].map(|listener| listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async {
            let _ = stopped.await;
        };
        let listeners = Listeners {
            http: main,
            tls: None,
            database: Some(root),
        };
        let task = tokio::spawn(app.run(listeners, shutdown));
        Self {
            main: addresses[0],
            root: addresses[1],
            database,
            stop: Some(stop),
            task,
        }
    }

    pub(crate) fn begin_shutdown(&mut self) {
        self.stop = None;
    }

    pub(crate) async fn ended(&mut self) {
        let ended = within("the server's end", &mut self.task).await.unwrap();
        ended.unwrap();
    }

    /// A request to the root.
    pub(crate) async fn ask(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Answer {
        ask(self.root, method, target, headers, body).await
    }

    /// What is at a place.
    pub(crate) async fn get(&self, target: &str) -> Value {
        let answer = self.ask("GET", target, &[], "").await;
        assert_eq!(answer.status, 200, "{target}: {answer:?}");
        answer.json()
    }

    /// Writes, which must succeed; the answer.
    pub(crate) async fn put(&self, target: &str, value: Value) -> Value {
        let answer = self.ask("PUT", target, &[], value.to_string()).await;
        assert_eq!(answer.status, 200, "{target}: {answer:?}");
        answer.json()
    }

    pub(crate) async fn patch(&self, target: &str, value: Value) -> Value {
        let answer = self.ask("PATCH", target, &[], value.to_string()).await;
        assert_eq!(answer.status, 200, "{target}: {answer:?}");
        answer.json()
    }

    /// Listens at a place, which must be possible.
    pub(crate) async fn listen(&self, target: &str) -> Events {
        Events::open(self.root, target, &[]).await.unwrap()
    }

    /// Waits until so many listen.
    pub(crate) async fn listeners(&self, count: usize) {
        let reached = async {
            while self.database.counts().0 != count {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        within("that number of listeners", reached).await;
    }
}

async fn listener() -> TcpListener {
    TcpListener::bind(("127.0.0.1", 0)).await.unwrap()
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The text of an answer of that status, which has nothing but an error.
    #[track_caller]
    pub(crate) fn error(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{self:?}");
        let json = self.json();
        assert_eq!(json.as_object().unwrap().len(), 1, "{json}");
        json["error"].as_str().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
    }

    pub(crate) fn etag(&self) -> &str {
        self.header("etag").unwrap()
    }
}

fn head(method: &str, target: &str, address: SocketAddr, headers: &[(&str, &str)]) -> String {
    let mut head = format!("{method} {target} HTTP/1.1\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        head += &format!("Host: {address}\r\n");
    }
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head
}

/// One request over a connection of its own.
pub(crate) async fn ask(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: impl AsRef<[u8]>,
) -> Answer {
    let body = body.as_ref();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut head = head(method, target, address, headers);
    head += &format!(
        "connection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // Who is refused for its size may be so before all is sent.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let _ = within("an answer", stream.read_to_end(&mut answer)).await;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

/// An event stream as it comes.
pub(crate) struct Events {
    stream: BufReader<TcpStream>,
    pub head: String,
    text: String,
}

impl Events {
    /// The answer, if it is no stream.
    pub(crate) async fn open(
        address: SocketAddr,
        target: &str,
        headers: &[(&str, &str)],
    ) -> Result<Self, Answer> {
        let mut all = vec![STREAM];
        all.extend(headers);
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = head("GET", target, address, &all) + "\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut stream = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let read = within("a head", stream.read_line(&mut head)).await.unwrap();
            assert_ne!(read, 0, "{head}");
        }
        if head.starts_with("HTTP/1.1 200") {
            assert!(head.contains("content-type: text/event-stream"), "{head}");
            let text = String::new();
            return Ok(Self { stream, head, text });
        }
        let length = head.to_lowercase();
        let length = length.split("content-length: ").nth(1).unwrap();
        let length = length.split("\r\n").next().unwrap().parse().unwrap();
        let mut body = vec![0; length];
        within("a body", stream.read_exact(&mut body))
            .await
            .unwrap();
        Err(Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head,
            body: String::from_utf8(body).unwrap(),
        })
    }

    /// The next chunk; false after the last one. An error if the connection ends without one.
    async fn chunk(&mut self) -> std::io::Result<bool> {
        let mut length = String::new();
        if self.stream.read_line(&mut length).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let length = usize::from_str_radix(length.trim_end(), 16).unwrap();
        let mut chunk = vec![0; length + 2];
        self.stream.read_exact(&mut chunk).await?;
        chunk.truncate(length);
        self.text += std::str::from_utf8(&chunk).unwrap();
        Ok(length > 0)
    }

    /// The next event as it is on the wire, keep-alives included; `None` after the proper end.
    pub(crate) async fn raw(&mut self) -> Option<String> {
        let event = async {
            loop {
                if let Some((event, rest)) = self.text.split_once("\n\n") {
                    let event = event.to_owned();
                    self.text = rest.to_owned();
                    return Some(event);
                }
                if !self.chunk().await.unwrap() {
                    return None;
                }
            }
        };
        within("an event", event).await
    }

    /// The next event that tells something: name, path, data.
    pub(crate) async fn next(&mut self) -> (String, String, Value) {
        loop {
            let event = self.raw().await.unwrap();
            let (name, data) = event.split_once('\n').unwrap();
            let name = name.strip_prefix("event: ").unwrap();
            if name == "keep-alive" {
                continue;
            }
            let data: Value = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
            let path = data["path"].as_str().unwrap().to_owned();
            return (name.to_owned(), path, data["data"].clone());
        }
    }

    #[track_caller]
    pub(crate) fn expect(
        &mut self,
        name: &str,
        path: &str,
        data: Value,
    ) -> impl Future<Output = ()> {
        let expected = (name.to_owned(), path.to_owned(), data);
        async move { assert_eq!(self.next().await, expected) }
    }
}
