//! One client: joins its room, sends what it is told to, keeps account of what comes, loses its
//! connection when it is told to and comes back.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::dialect::{Conversation, Heard, Refused, is_plain};
use crate::outcome::{Failure, Outcome};
use crate::payload::Kind;
use crate::probe::Probe;
use crate::socket::{Cut, Socket};
use crate::stage::Stage;

/// How often a client gives a sign of life, if its dialect has one.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(5);

/// Attempts to come back, and the pause between them.
const ATTEMPTS: u32 = 5;
const PAUSE: Duration = Duration::from_millis(200);

/// What a client is told from outside.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    /// Send one message to the next peer; it was due then.
    Send { due: u64 },
    /// Send each peer so many messages, and from now on one for each that comes.
    Converse { window: usize },
    /// Only answer no longer.
    Listen,
    /// Lose the connection for so long.
    Drop { how: Cut, away: Duration },
    /// The run is over.
    End,
}

pub(crate) struct Client {
    stage: Arc<Stage>,
    server: SocketAddr,
    index: usize,
    conversation: Box<dyn Conversation>,
    peers: Vec<usize>,
    next_peer: usize,
    conversing: bool,
    outcome: Outcome,
    /// Frames on their way from the conversation to the socket.
    out: Vec<Utf8Bytes>,
}

impl Client {
    pub(crate) fn new(
        stage: Arc<Stage>,
        server: SocketAddr,
        index: usize,
        conversation: Box<dyn Conversation>,
    ) -> Self {
        let peers: Vec<_> = stage.peers(index).collect();
        Self {
            stage,
            server,
            index,
            conversation,
            next_peer: index % peers.len().max(1),
            peers,
            conversing: false,
            outcome: Outcome::default(),
            out: Vec::new(),
        }
    }

    /// Does as it is told until the end, or until something fails.
    pub(crate) async fn run(mut self, mut orders: UnboundedReceiver<Order>) -> Outcome {
        if let Err(failure) = self.serve(&mut orders).await {
            self.outcome.failure = Some(failure);
        }
        self.outcome
    }

    async fn serve(&mut self, orders: &mut UnboundedReceiver<Order>) -> Result<(), Failure> {
        let mut socket = self.establish().await?;
        let mut heartbeat = heartbeat(self.index);
        loop {
            tokio::select! {
                // What has arrived first: the time of arrival counts.
                biased;
                text = socket.next() => self.handle(&text?)?,
                _ = heartbeat.tick() => self.out.extend(self.conversation.heartbeat()),
                order = orders.recv() => match order {
                    None | Some(Order::End) => {
                        // A reset leaves no port behind in TIME_WAIT.
                        socket.cut(Cut::Reset);
                        return Ok(());
                    }
                    Some(Order::Drop { how, away }) => {
                        socket.cut(how);
                        sleep(away).await;
                        socket = self.come_back().await?;
                        self.stage.count_resumed();
                    }
                    Some(order) => self.obey(order),
                },
            }
            for text in self.out.drain(..) {
                socket.push(text);
            }
        }
    }

    /// A connection with this client in its room.
    async fn establish(&mut self) -> Result<Socket, Failure> {
        let path = self.conversation.path();
        let subprotocol = self.conversation.subprotocol();
        let mut socket = Socket::open(self.server, &path, subprotocol, self.index).await?;
        self.out.clear();
        self.conversation.open(&mut self.out);
        loop {
            for text in self.out.drain(..) {
                socket.push(text);
            }
            let text = socket.next().await?;
            match self.conversation.handle(&text, &mut self.out)? {
                Heard::Joined(id) if !is_plain(&id) => return Err(Refused::id(&id).into()),
                Heard::Joined(id) => {
                    self.stage.set_id(self.index, id);
                    break;
                }
                Heard::Resumed => break,
                Heard::Signal => self.arrived(&text),
                Heard::Other => {}
            }
        }
        for text in self.out.drain(..) {
            socket.push(text);
        }
        Ok(socket)
    }

    /// As [`Client::establish`], but a connection may fail a few times.
    async fn come_back(&mut self) -> Result<Socket, Failure> {
        for _ in 1..ATTEMPTS {
            match self.establish().await {
                Err(Failure::Lost(_)) => sleep(PAUSE).await,
                done => return done,
            }
        }
        self.establish().await
    }

    fn handle(&mut self, text: &str) -> Result<(), Failure> {
        if self.conversation.handle(text, &mut self.out)? == Heard::Signal {
            self.arrived(text);
        }
        Ok(())
    }

    fn arrived(&mut self, text: &str) {
        let Some(probe) = Probe::find(text).filter(|probe| probe.to == self.index) else {
            self.outcome.stray += 1;
            return;
        };
        let tracker = self.outcome.arrived.entry(probe.from).or_default();
        tracker.arrived(probe.seq);
        self.stage.count_arrived(self.index, probe.due);
        if self.conversing {
            self.send(probe.from, self.stage.now());
        }
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Send { due } => {
                if let Some(peer) = self.peers.get(self.next_peer).copied() {
                    self.next_peer = (self.next_peer + 1) % self.peers.len();
                    self.send(peer, due);
                }
                // Only now: nobody is to believe in between that all is done.
                self.stage.count_obeyed();
            }
            Order::Converse { window } => {
                self.conversing = true;
                for peer in self.peers.clone() {
                    for _ in 0..window {
                        self.send(peer, self.stage.now());
                    }
                }
            }
            Order::Listen => self.conversing = false,
            // These concern the connection, and have been seen to.
            Order::Drop { .. } | Order::End => {}
        }
    }

    fn send(&mut self, peer: usize, due: u64) {
        // Who never joined is missed elsewhere.
        let Some(id) = self.stage.id(peer) else {
            return;
        };
        let seq = self.outcome.sent.entry(peer).or_default();
        *seq += 1;
        let probe = Probe {
            from: self.index,
            to: peer,
            seq: *seq,
            due,
        };
        let payload = self.stage.payloads.payload(&probe);
        let frame = self.conversation.signal(id, Kind::of(&probe), &payload);
        self.out.push(frame);
        self.stage.count_sent();
    }
}

/// Ticks for each client at another time.
fn heartbeat(index: usize) -> Interval {
    let spread = u32::try_from(index % 1000).unwrap_or_default();
    let mut heartbeat = interval(HEARTBEAT);
    heartbeat.reset_after(HEARTBEAT * spread / 1000);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeat
}
