//! One run from the first connection to the report.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};

use crate::args::{Config, Mode};
use crate::client::{Client, Order};
use crate::outcome::{Outcome, balance};
use crate::report::Report;
use crate::server::Server;
use crate::socket::Cut;
use crate::stage::Stage;

#[cfg(test)]
mod tests;

/// Connections that are being opened at a time.
const OPENING: usize = 256;

/// All must have joined so long after the last began to.
const JOIN_LIMIT: Duration = Duration::from_secs(30);

/// Messages that have not arrived after so long a silence are lost.
const SILENCE: Duration = Duration::from_secs(5);

/// A cut connection comes back after at most this.
const LONGEST_AWAY: Duration = Duration::from_millis(500);

const POLL: Duration = Duration::from_millis(20);

/// How many failures are told in words.
const TOLD: usize = 5;

struct Run<'a> {
    config: &'a Config,
    server: &'a Server,
    stage: Arc<Stage>,
    orders: Vec<UnboundedSender<Order>>,
    clients: Vec<JoinHandle<Outcome>>,
    report: Report,
}

/// Puts the load on the server that `config` asks for.
pub(crate) async fn run(config: &Config, server: &Server) -> Report {
    let count = usize::try_from(config.clients).unwrap_or(usize::MAX);
    let room = usize::try_from(config.room).unwrap_or(usize::MAX);
    let mut run = Run {
        config,
        server,
        stage: Arc::new(Stage::new(count, room)),
        orders: Vec::with_capacity(count),
        clients: Vec::with_capacity(count),
        report: Report {
            dialect: config.dialect.name(),
            clients: count,
            room: config.room,
            ..Report::default()
        },
    };
    run.join(count).await;
    run.idle().await;
    if run.stage.joined() == count && config.mode != Mode::Idle {
        run.negotiate().await;
        run.drain().await;
    }
    run.end().await
}

impl Run<'_> {
    /// Opens all connections and waits until all are in their rooms.
    async fn join(&mut self, count: usize) {
        // A moment for the server to come to rest.
        sleep(POLL * 10).await;
        self.report.memory_empty = self.server.usage().map(|usage| usage.memory);
        let began = Instant::now();
        // Another run against the same server must not meet this one's rooms.
        let name = format!("load-{}", std::process::id());
        for index in 0..count {
            let due = began + Duration::from_secs(1) / self.config.connect_rate * to_u32(index);
            sleep_until(due).await;
            while self.opening(index) >= OPENING {
                sleep(POLL).await;
            }
            let room = format!("{name}-{}", self.stage.room(index));
            let conversation = self.config.dialect.conversation(room, index);
            let stage = Arc::clone(&self.stage);
            let client = Client::new(stage, self.server.address, index, conversation);
            let (sender, receiver) = unbounded_channel();
            self.orders.push(sender);
            self.clients.push(tokio::spawn(client.run(receiver)));
        }
        let deadline = Instant::now() + JOIN_LIMIT;
        while self.stage.joined() + self.finished() < count && Instant::now() < deadline {
            sleep(POLL).await;
        }
        self.report.connect_seconds = began.elapsed().as_secs_f64();
    }

    /// Of so many clients that were started, those that have neither joined nor given up.
    fn opening(&self, started: usize) -> usize {
        let waiting = started - self.stage.joined();
        if waiting < OPENING {
            return waiting;
        }
        waiting.saturating_sub(self.finished())
    }

    /// Clients that gave up.
    fn finished(&self) -> usize {
        let finished = self.clients.iter().filter(|client| client.is_finished());
        finished.count()
    }

    /// Reads the memory of the server when nothing happens.
    async fn idle(&mut self) {
        sleep(self.config.settle).await;
        self.report.memory_idle = self.server.usage().map(|usage| usage.memory);
        let grown = self.report.memory_idle.zip(self.report.memory_empty);
        self.report.memory_per_connection =
            grown.map(|(idle, empty)| per(idle.saturating_sub(empty), self.stage.joined()));
    }

    /// Has the clients negotiate, and measures after a while.
    async fn negotiate(&mut self) {
        let began = Instant::now();
        let pacer = match self.config.mode {
            Mode::Idle => return,
            Mode::Steady => Some(self.pace()),
            Mode::Saturated => {
                let window = usize::try_from(self.config.window).unwrap_or(1);
                self.tell_all(Order::Converse { window });
                None
            }
        };
        let measured_from = began + self.config.warm_up;
        let end = began + self.config.duration;
        let mut rng = StdRng::seed_from_u64(self.config.seed);
        self.drop_some_until(measured_from, &mut rng).await;

        let (before, arrived) = (self.server.usage(), self.stage.arrived());
        let measured = Instant::now();
        self.stage.measure(true);
        self.drop_some_until(end, &mut rng).await;
        self.stage.measure(false);
        let (after, arrived) = (self.server.usage(), self.stage.arrived() - arrived);
        let seconds = measured.elapsed().as_secs_f64();

        drop(pacer);
        self.tell_all(Order::Listen);
        self.report.per_second = Some(to_f64(arrived) / seconds);
        if let Some((before, after)) = before.zip(after) {
            let cpu = after.cpu.saturating_sub(before.cpu).as_micros();
            let cpu = u64::try_from(cpu).unwrap_or(u64::MAX);
            let arrived = usize::try_from(arrived).unwrap_or(usize::MAX);
            self.report.cpu_us_per_message = (arrived > 0).then(|| per(cpu, arrived));
        }
        let latency = self.stage.latency();
        self.report.p50_us = latency.map(|latency| latency.p50);
        self.report.p99_us = latency.map(|latency| latency.p99);
        self.report.max_us = latency.map(|latency| latency.max);
    }

    /// Tells one client after the other to send. On a thread of its own, because the runtime's
    /// timers count in milliseconds; it ends when its handle does.
    fn pace(&self) -> Pacer {
        let stage = Arc::clone(&self.stage);
        let orders = self.orders.clone();
        let interval = 1_000_000_000 / u64::from(self.config.rate);
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        thread::spawn(move || {
            let mut due = stage.now();
            for order in orders.iter().cycle() {
                if stopped.load(Ordering::Relaxed) {
                    break;
                }
                let early = due.saturating_sub(stage.now());
                if early > 0 {
                    thread::sleep(Duration::from_nanos(early));
                }
                // Who has failed is told of at the end.
                if order.send(Order::Send { due }).is_ok() {
                    stage.count_ordered();
                }
                due += interval;
            }
        });
        Pacer(stop)
    }

    /// Cuts connections at random, as many as asked for.
    async fn drop_some_until(&self, end: Instant, rng: &mut StdRng) {
        if self.config.drop_rate == 0 {
            return sleep_until(end).await;
        }
        let interval = Duration::from_secs(1) / self.config.drop_rate;
        let mut due = Instant::now() + interval;
        while due < end {
            sleep_until(due).await;
            due += interval;
            let how = if rng.random() { Cut::Reset } else { Cut::End };
            let away = LONGEST_AWAY.mul_f64(rng.random());
            let order = &self.orders[rng.random_range(0..self.orders.len())];
            let _ = order.send(Order::Drop { how, away });
        }
        sleep_until(end).await;
    }

    /// Waits for what is under way, as long as anything comes.
    async fn drain(&self) {
        let mut last = (self.stage.arrived(), Instant::now());
        // The last orders are given after a moment.
        sleep(POLL * 5).await;
        while self.stage.is_busy() && last.1.elapsed() < SILENCE {
            sleep(POLL).await;
            if self.stage.arrived() != last.0 {
                last = (self.stage.arrived(), Instant::now());
            }
        }
        // A duplicate would come later than all else.
        sleep(POLL * 10).await;
    }

    fn tell_all(&self, order: Order) {
        for client in &self.orders {
            let _ = client.send(order);
        }
    }

    /// Ends all clients and draws the balance.
    async fn end(mut self) -> Report {
        self.report.memory_after = self.server.usage().map(|usage| usage.memory);
        self.report.resumed = self.stage.resumed();
        let joined = self.stage.joined();
        self.tell_all(Order::End);
        let mut outcomes = Vec::with_capacity(self.clients.len());
        for client in self.clients {
            match tokio::time::timeout(JOIN_LIMIT, client).await {
                Ok(Ok(outcome)) => outcomes.push(outcome),
                Ok(Err(error)) => self.report.failures.push(error.to_string()),
                Err(_) => self.report.failures.push("a client hangs".to_owned()),
            }
        }
        if joined < self.report.clients {
            let text = format!("only {joined} of {} joined", self.report.clients);
            self.report.failures.push(text);
        }
        let failed = outcomes.iter().filter_map(|client| client.failure.as_ref());
        self.report.held = outcomes.len() - failed.clone().count();
        let told = failed.take(TOLD).map(ToString::to_string);
        self.report.failures.extend(told);
        self.report.balance = balance(&outcomes);
        self.report
    }
}

/// Ends its thread on drop.
struct Pacer(Arc<AtomicBool>);

impl Drop for Pacer {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn to_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "far less than 2^52")]
fn to_f64(count: u64) -> f64 {
    count as f64
}

fn per(total: u64, count: usize) -> f64 {
    to_f64(total) / f64::from(to_u32(count).max(1))
}
