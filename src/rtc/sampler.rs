//! Asks every open connection once a second what it measures, for as long as there are watchers.
//!
//! One sampling for all who watch: two views of one connection do not ask twice. What was
//! answered is kept as [`Timeline`]s, five minutes of it, also while there are none and when the
//! connection has ended; then nothing is asked. How long what is kept is decided by [`Histories`],
//! what the numbers mean elsewhere.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use futures_util::future::{AbortHandle, Abortable};
use gloo_timers::callback::Interval;

use super::live::{self, Live};
use super::now_ms;
use crate::statistics::{Histories, History, Sample, Timeline};
use crate::trace::{ConnectionRef, Trace, TraceRef};

/// How often is asked, in milliseconds.
const EVERY_MS: u32 = 1000;

/// A connection that is or was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sampled {
    /// As in [`Live`].
    pub number: u64,
    /// As in [`Live`].
    pub(crate) label: Arc<str>,
    /// As in [`Live`].
    pub traced: Option<ConnectionRef>,
    /// One that was closed stays for a while, though another may have its label.
    pub open: bool,
    /// How many whole minutes ago it was closed; 0 while it is open.
    pub(crate) closed_min: u32,
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

/// A watcher, until dropped.
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
    those(|_| true)
}

/// Those of them that report to this trace; in another trace their numbers mean others.
pub fn connections_of(trace: &Trace) -> Vec<Sampled> {
    those(|which| which.trace.is(trace))
}

fn those(wanted: impl Fn(&Which) -> bool) -> Vec<Sampled> {
    let now_ms = now_ms();
    let sampler = sampler();
    let histories = sampler.histories.borrow();
    let wanted = histories
        .iter()
        .filter(|(_, history)| wanted(&history.which));
    let sampled = wanted.map(|(number, history)| {
        let which = &history.which;
        let ended_for = history.ended_ms.map_or(0.0, |ended| now_ms - ended);
        Sampled {
            number,
            label: which.label.clone(),
            traced: which.traced.clone(),
            open: history.ended_ms.is_none(),
            closed_min: (ended_for / 60_000.0) as u32,
        }
    });
    sampled.collect()
}

/// What a connection has answered; `None` for a number that is not among [`connections`].
pub fn with_timeline<R>(number: u64, f: impl FnOnce(&Timeline) -> R) -> Option<R> {
    let sampler = sampler();
    let histories = sampler.histories.borrow();
    histories.get(number).map(|history| f(&history.timeline))
}

/// What is kept of a connection beside its samples.
struct Which {
    label: Arc<str>,
    traced: Option<ConnectionRef>,
    trace: TraceRef,
}

type Watcher = Rc<dyn Fn(Change)>;

#[derive(Default)]
struct Sampler {
    watchers: RefCell<BTreeMap<u64, Watcher>>,
    histories: RefCell<Histories<Which>>,
    /// The questions that have no answer yet. A connection that is closed meanwhile may never give
    /// one.
    asking: RefCell<BTreeMap<u64, AbortHandle>>,
    running: RefCell<Option<Interval>>,
    /// From the first watcher on, so that the end of a connection is noted also while nobody
    /// watches.
    changes: RefCell<Option<live::Watch>>,
}

thread_local! {
    static SAMPLER: Rc<Sampler> = Rc::default();
}

fn sampler() -> Rc<Sampler> {
    SAMPLER.with(Rc::clone)
}

impl Sampler {
    fn start(&self) {
        if self.running.borrow().is_some() {
            return;
        }
        let interval = Interval::new(EVERY_MS, || {
            let sampler = sampler();
            sampler.ask_all();
            // What ended is a while longer ago.
            if sampler.forget() {
                sampler.tell(Change::Connections);
            }
        });
        *self.running.borrow_mut() = Some(interval);
        self.changes.borrow_mut().get_or_insert_with(|| {
            live::watch(|| {
                sampler().compare();
                sampler().tell(Change::Connections);
            })
        });
        self.compare();
        self.ask_all();
    }

    /// Nothing runs any more. What was learnt is kept for who comes back.
    fn stop(&self) {
        let running = self.running.borrow_mut().take();
        drop(running);
        let asking = std::mem::take(&mut *self.asking.borrow_mut());
        asking.values().for_each(AbortHandle::abort);
    }

    /// Brings the histories in line with the open connections.
    fn compare(&self) {
        let live = live::connections();
        let open: BTreeSet<u64> = live.iter().map(|live| live.number).collect();
        self.asking.borrow_mut().retain(|number, asking| {
            let waits = open.contains(number);
            if !waits {
                asking.abort();
            }
            waits
        });
        let mut histories = self.histories.borrow_mut();
        histories.end_others(|number| open.contains(&number), now_ms());
        // One that is never asked has no history.
        if self.running.borrow().is_some() {
            for live in live {
                let which = Which {
                    label: live.label,
                    traced: live.traced,
                    trace: live.trace,
                };
                histories.begin(live.number, which);
            }
        }
        drop(histories);
        self.forget();
    }

    /// Lets go of what is too old, and of what was of a page that was left; whether something that
    /// ended is still known, or was.
    fn forget(&self) -> bool {
        let ended = |(_, history): (u64, &History<Which>)| history.ended_ms.is_some();
        let mut histories = self.histories.borrow_mut();
        let known = histories.iter().any(ended);
        histories.forget(now_ms());
        histories.retain(|history| history.ended_ms.is_none() || !history.which.trace.is_gone());
        known
    }

    fn ask_all(&self) {
        for live in live::connections() {
            let number = live.number;
            let known = self.histories.borrow().get(number).is_some();
            if !known || self.asking.borrow().contains_key(&number) {
                continue;
            }
            let (handle, registration) = AbortHandle::new_pair();
            self.asking.borrow_mut().insert(number, handle);
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

    fn take_in(&self, number: u64, sample: Option<Sample>) {
        self.asking.borrow_mut().remove(&number);
        if let Some(sample) = sample {
            self.histories.borrow_mut().push(number, sample);
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

async fn ask(live: Live) {
    let at_ms = now_ms();
    // An answer that is none is as none: the next comes in a second.
    let stats = live.report().await.and_then(Result::ok);
    let sample = stats.map(|stats| Sample { at_ms, stats });
    sampler().take_in(live.number, sample);
}
