//! A line between a browser and a server on which everything takes its time.

use std::net::SocketAddr;
use std::time::Duration;

use e2e::Outcome;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// Forwards what comes, so much later, in each direction; nothing is held back for longer. It ends when
/// this is dropped.
pub(crate) struct SlowLine {
    address: SocketAddr,
    running: JoinHandle<()>,
}

impl SlowLine {
    pub(crate) async fn to(server: SocketAddr, delay: Duration) -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let running = tokio::spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                tokio::spawn(async move {
                    // Setting up the line takes a round trip, too.
                    tokio::time::sleep(2 * delay).await;
                    let Ok(server) = TcpStream::connect(server).await else {
                        return;
                    };
                    let (from_browser, to_browser) = browser.into_split();
                    let (from_server, to_server) = server.into_split();
                    tokio::spawn(forward(from_browser, to_server, delay));
                    tokio::spawn(forward(from_server, to_browser, delay));
                });
            }
        });
        Ok(Self { address, running })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for SlowLine {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// Ends with either side.
async fn forward(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    delay: Duration,
) {
    let (sender, mut waiting) = mpsc::channel::<(Instant, Vec<u8>)>(1024);
    let read = async move {
        let mut bytes = vec![0; 16 * 1024];
        while let Ok(length @ 1..) = from.read(&mut bytes).await {
            let due = Instant::now() + delay;
            if sender.send((due, bytes[..length].to_vec())).await.is_err() {
                break;
            }
        }
    };
    let write = async move {
        while let Some((due, bytes)) = waiting.recv().await {
            sleep_until(due).await;
            if to.write_all(&bytes).await.is_err() {
                break;
            }
        }
    };
    futures_util::future::join(read, write).await;
}
