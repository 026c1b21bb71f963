//! What lies between a browser and the server, and fails: a proxy for TCP.
//!
//! Only the WebSocket goes through it. Pages come from the server itself, and between the browsers
//! media finds its own way.

use std::net::SocketAddr;

use futures_util::future::try_join;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::{Outcome, Server};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Weather {
    Fair,
    /// Nothing comes through, and nobody is told.
    Stalled,
    /// Whoever is connected, or tries to be, is cut off.
    Cut,
}

/// A way to a server that can be cut and mended. It ends when this is dropped.
pub struct Proxy {
    address: SocketAddr,
    weather: watch::Sender<Weather>,
    running: JoinHandle<()>,
}

impl Proxy {
    /// The server may go away and come back meanwhile.
    pub async fn start(server: &Server) -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let origin = server.origin();
        let target: SocketAddr = origin.trim_start_matches("http://").parse()?;
        let (weather, seen) = watch::channel(Weather::Fair);
        let running = tokio::spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                let seen = seen.clone();
                // A connection that ends with an error has ended, which is all there is to it.
                tokio::spawn(async move { connect(browser, target, seen).await });
            }
        });
        Ok(Self {
            address,
            weather,
            running,
        })
    }

    /// For `?server=`.
    pub fn address(&self) -> String {
        format!("ws://{}/ws", self.address)
    }

    /// Resets all connections, and every new one; the port stays taken.
    pub fn cut(&self) {
        self.weather.send_replace(Weather::Cut);
    }

    /// Lets nothing through and closes nothing, as a cable that is pulled somewhere on the way.
    pub fn stall(&self) {
        self.weather.send_replace(Weather::Stalled);
    }

    /// What was held up by [`Self::stall`] goes on.
    pub fn restore(&self) {
        self.weather.send_replace(Weather::Fair);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn connect(
    mut browser: TcpStream,
    target: SocketAddr,
    mut weather: watch::Receiver<Weather>,
) -> Outcome {
    let now = *weather.wait_for(|now| *now != Weather::Stalled).await?;
    if now == Weather::Cut {
        return Ok(browser.set_zero_linger()?);
    }
    let Ok(mut server) = TcpStream::connect(target).await else {
        return Ok(browser.set_zero_linger()?);
    };
    let cut = {
        let mut weather = weather.clone();
        async move { drop(weather.wait_for(|now| *now == Weather::Cut).await) }
    };
    {
        let (from_browser, to_browser) = browser.split();
        let (from_server, to_server) = server.split();
        let there = forward(from_browser, to_server, weather.clone());
        let back = forward(from_server, to_browser, weather);
        tokio::select! {
            both = try_join(there, back) => {
                both?;
                return Ok(());
            }
            () = cut => {}
        }
    }
    // Without this, dropping them would be a goodbye.
    browser.set_zero_linger()?;
    server.set_zero_linger()?;
    Ok(())
}

/// Until `from` has no more to say.
async fn forward(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut weather: watch::Receiver<Weather>,
) -> Outcome {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        weather.wait_for(|now| *now == Weather::Fair).await?;
        let length = tokio::select! {
            length = from.read(&mut bytes) => length?,
            changed = weather.changed() => {
                changed?;
                continue;
            }
        };
        // It may have come while the weather turned.
        weather.wait_for(|now| *now == Weather::Fair).await?;
        if length == 0 {
            return Ok(to.shutdown().await?);
        }
        to.write_all(&bytes[..length]).await?;
    }
}
