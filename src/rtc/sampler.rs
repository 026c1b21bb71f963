//! Asks every open connection once a second what it measures, for as long as somebody watches.
//!
//! One sampling for all who watch: two views of one connection do not ask twice. What was
//! answered is kept as [`Timeline`]s, five minutes of it, also while nobody watches; then nothing
//! is asked. What the numbers mean is not decided here.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use futures_util::future::{AbortHandle, Abortable};
use gloo_timers::callback::Interval;

use super::live::{self, Live};
use super::now_ms;
use crate::statistics::{Report, Sample, Timeline};

/// How often is asked, in milliseconds.
pub const EVERY_MS: u32 = 1000;

/// A connection that is or was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sampled {
    /// As in [`Live`].
    pub number: u64,
    pub label: Arc<str>,
    /// As in [`Live`].
    pub traced: Option<u32>,
    /// One that was closed stays, as long as somebody watches and no other came under its label.
    pub open: bool,
}

/// What watchers are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A connection came, went, or was closed.
    Connections,
    /// The connection of this number has a new sample.
    Sample(u64),
}

/// Asks for as long as the result is kept, and tells `f` what came.
#[must_use]
pub fn watch(f: impl Fn(Change) + 'static) -> Watch {
    let sampler = sampler();
    let number = {
        let mut watchers = sampler.watchers.borrow_mut();
        let number = watchers.last_key_value().map_or(0, |(last, _)| last + 1);
        watchers.insert(number, Rc::new(f));
        number
    };
    sampler.start();
    Watch(number)
}

/// Somebody who watches, until dropped.
pub struct Watch(u64);

impl Drop for Watch {
    fn drop(&mut self) {
        let sampler = sampler();
        let watcher = sampler.watchers.borrow_mut().remove(&self.0);
        drop(watcher);
        if sampler.watchers.borrow().is_empty() {
            sampler.stop();
        }
    }
}

/// The connections that are asked, and those that were, oldest first.
pub fn connections() -> Vec<Sampled> {
    let sampler = sampler();
    let histories = sampler.histories.borrow();
    let sampled = histories.iter().map(|(&number, history)| Sampled {
        number,
        label: history.label.clone(),
        traced: history.traced,
        open: history.open,
    });
    sampled.collect()
}

/// What a connection has answered; `None` for a number that is not among [`connections`].
pub fn with_timeline<R>(number: u64, f: impl FnOnce(&Timeline) -> R) -> Option<R> {
    let sampler = sampler();
    let histories = sampler.histories.borrow();
    histories.get(&number).map(|history| f(&history.timeline))
}

struct History {
    label: Arc<str>,
    traced: Option<u32>,
    open: bool,
    timeline: Timeline,
    /// The question that has no answer yet. A connection that is closed meanwhile may never give one.
    asking: Option<AbortHandle>,
}

type Watcher = Rc<dyn Fn(Change)>;

#[derive(Default)]
struct Sampler {
    watchers: RefCell<BTreeMap<u64, Watcher>>,
    histories: RefCell<BTreeMap<u64, History>>,
    running: RefCell<Option<(Interval, live::Watch)>>,
}

thread_local! {
    static SAMPLER: Rc<Sampler> = Rc::default();
}

fn sampler() -> Rc<Sampler> {
    SAMPLER.with(Rc::clone)
}

impl Sampler {
    fn start(&self) {
        if self.running.borrow().is_none() {
            let interval = Interval::new(EVERY_MS, || sampler().ask_all());
            let changes = live::watch(|| {
                sampler().compare();
                sampler().tell(Change::Connections);
            });
            *self.running.borrow_mut() = Some((interval, changes));
            self.compare();
            // Nobody saw these end.
            self.forget_closed();
            self.ask_all();
        }
    }

    /// Nothing runs any more. What was learnt of open connections is kept for who comes back.
    fn stop(&self) {
        let running = self.running.borrow_mut().take();
        drop(running);
        self.forget_closed();
        for history in self.histories.borrow_mut().values_mut() {
            history.give_up();
        }
    }

    fn forget_closed(&self) {
        self.histories
            .borrow_mut()
            .retain(|_, history| history.open);
    }

    /// Brings the histories in line with the open connections.
    fn compare(&self) {
        let open: BTreeMap<u64, Live> = live::connections()
            .into_iter()
            .map(|live| (live.number, live))
            .collect();
        let mut histories = self.histories.borrow_mut();
        for (number, history) in histories.iter_mut() {
            if history.open && !open.contains_key(number) {
                history.open = false;
                history.give_up();
            }
        }
        histories.retain(|_, history| {
            history.open || !open.values().any(|live| live.label == history.label)
        });
        for (number, live) in open {
            histories.entry(number).or_insert_with(|| History {
                label: live.label,
                traced: live.traced,
                open: true,
                timeline: Timeline::live(),
                asking: None,
            });
        }
    }

    fn ask_all(&self) {
        for live in live::connections() {
            let mut histories = self.histories.borrow_mut();
            let Some(history) = histories.get_mut(&live.number) else {
                continue;
            };
            if history.asking.is_none() {
                let (handle, registration) = AbortHandle::new_pair();
                history.asking = Some(handle);
                drop(histories);
                #[expect(
                    clippy::disallowed_methods,
                    reason = "the handle above ends it when nobody watches any more"
                )]
                wasm_bindgen_futures::spawn_local(async move {
                    // Aborted is as good as done: nobody waits for the answer.
                    let _ = Abortable::new(ask(live), registration).await;
                });
            }
        }
    }

    fn take_in(&self, number: u64, sample: Option<Sample>) {
        if let Some(history) = self.histories.borrow_mut().get_mut(&number) {
            history.asking = None;
            if let Some(sample) = sample {
                history.timeline.push(sample);
            }
        }
        self.tell(Change::Sample(number));
    }

    fn tell(&self, change: Change) {
        let watchers: Vec<Watcher> = self.watchers.borrow().values().cloned().collect();
        for watcher in watchers {
            watcher(change);
        }
    }
}

impl History {
    fn give_up(&mut self) {
        if let Some(asking) = self.asking.take() {
            asking.abort();
        }
    }
}

async fn ask(live: Live) {
    let at_ms = now_ms();
    let json = live.report().await.and_then(Result::ok);
    // An answer that is none is as none: the next comes in a second.
    let stats = json.and_then(|json| Report::from_json(&json).ok());
    let sample = stats.map(|stats| Sample { at_ms, stats });
    sampler().take_in(live.number, sample);
}
