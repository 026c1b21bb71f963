//! One WebSocket connection: written when there is nothing to read, so that both ends keep going,
//! and cut as a network cuts it.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::{Sink, Stream};
use socket2::SockRef;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// A connection must stand within this time.
const PATIENCE: Duration = Duration::from_secs(20);

/// Allocated at once for each connection; the default is 128 KiB.
const READ_BUFFER: usize = 4 * 1024;

/// Frames that are written in one system call if they are ready together, as a network stack
/// would send them in one segment.
const WRITE_BUFFER: usize = 16 * 1024;

/// More than so many waiting frames are written even while there is something to read.
const MANY: usize = 16;

/// Source addresses that connections are spread over, because each has some 28,000 ports.
const SOURCES: usize = 16;

/// Why a connection is no more, or never was.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Lost {
    #[error("no connection: {0}")]
    Connect(#[from] std::io::Error),
    #[error("{0}")]
    WebSocket(Box<Error>),
    #[error("closed by the server{0}")]
    Closed(String),
    #[error("no answer within {PATIENCE:?}")]
    TimedOut,
}

impl From<Error> for Lost {
    fn from(error: Error) -> Self {
        Self::WebSocket(Box::new(error))
    }
}

/// How a connection is cut; no close frame is sent either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The other end is told by a reset, and what was under way to it is lost.
    Reset,
    /// As if the process had ended: what was written still arrives.
    End,
}

pub(crate) struct Socket {
    ws: WebSocketStream<TcpStream>,
    waiting: VecDeque<Utf8Bytes>,
    flushed: bool,
}

impl Socket {
    /// Opens the WebSocket at `path` for client number `index`.
    pub(crate) async fn open(
        server: SocketAddr,
        path: &str,
        subprotocol: Option<&'static str>,
        index: usize,
    ) -> Result<Self, Lost> {
        let opened = async {
            let stream = connect(server, index).await?;
            stream.set_nodelay(true)?;
            let mut request = format!("ws://{server}{path}").into_client_request()?;
            if let Some(name) = subprotocol {
                let value = HeaderValue::from_static(name);
                request
                    .headers_mut()
                    .insert("sec-websocket-protocol", value);
            }
            let config = WebSocketConfig::default()
                .read_buffer_size(READ_BUFFER)
                .write_buffer_size(WRITE_BUFFER);
            let (ws, _) = client_async_with_config(request, stream, Some(config)).await?;
            Ok(Self {
                ws,
                waiting: VecDeque::new(),
                flushed: true,
            })
        };
        timeout(PATIENCE, opened)
            .await
            .unwrap_or(Err(Lost::TimedOut))
    }

    /// Has `text` sent by the next [`Socket::next`].
    pub(crate) fn push(&mut self, text: Utf8Bytes) {
        self.waiting.push_back(text);
    }

    /// Sends what is to be sent until there is something to read. Dropping the future loses
    /// nothing.
    pub(crate) async fn next(&mut self) -> Result<Utf8Bytes, Lost> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Utf8Bytes, Lost>> {
        if self.waiting.len() > MANY
            && let Poll::Ready(Err(lost)) = self.poll_write(cx)
        {
            return Poll::Ready(Err(lost));
        }
        if let Poll::Ready(read) = self.poll_read(cx) {
            return Poll::Ready(read);
        }
        match self.poll_write(cx) {
            Poll::Ready(Err(lost)) => Poll::Ready(Err(lost)),
            _ => Poll::Pending,
        }
    }

    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Result<Utf8Bytes, Lost>> {
        loop {
            match ready!(Pin::new(&mut self.ws).poll_next(cx)) {
                Some(Ok(Message::Text(text))) => return Poll::Ready(Ok(text)),
                Some(Ok(Message::Close(frame))) => {
                    let why = frame.map(|frame| format!(": {} {}", frame.code, frame.reason));
                    return Poll::Ready(Err(Lost::Closed(why.unwrap_or_default())));
                }
                // Pings are answered by the library.
                Some(Ok(_)) => {}
                Some(Err(error)) => return Poll::Ready(Err(error.into())),
                None => return Poll::Ready(Err(Lost::Closed(String::new()))),
            }
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Lost>> {
        while !self.waiting.is_empty() {
            ready!(Pin::new(&mut self.ws).poll_ready(cx))?;
            if let Some(text) = self.waiting.pop_front() {
                Pin::new(&mut self.ws).start_send(Message::Text(text))?;
                self.flushed = false;
            }
        }
        if !self.flushed {
            ready!(Pin::new(&mut self.ws).poll_flush(cx))?;
            self.flushed = true;
        }
        Poll::Ready(Ok(()))
    }

    pub(crate) fn cut(self, how: Cut) {
        let linger = (how == Cut::Reset).then_some(Duration::ZERO);
        // A connection that is gone already cannot be cut, and need not be.
        let _ = SockRef::from(self.ws.get_ref()).set_linger(linger);
    }
}

async fn connect(server: SocketAddr, index: usize) -> std::io::Result<TcpStream> {
    let socket = match server {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    if let Some(source) = source(server.ip(), index) {
        socket.bind(source)?;
    }
    socket.connect(server).await
}

/// Only Linux answers on all of 127.0.0.0/8 without being told to.
fn source(server: IpAddr, index: usize) -> Option<SocketAddr> {
    let last = u8::try_from(index % SOURCES).ok()? + 1;
    let linux = cfg!(target_os = "linux") && server.is_loopback() && server.is_ipv4();
    linux.then(|| (Ipv4Addr::new(127, 0, 0, last), 0).into())
}
