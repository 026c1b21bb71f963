//! What the open connections measure, as signals.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use super::PageTrace;
use crate::rtc::sampler::{self, Change, Sampled, Watch};
use crate::statistics::Timeline;

/// The one sampling that all views share; it runs while any view with this hook is there.
#[derive(Clone, Copy)]
pub(crate) struct SamplesHook {
    connections: RwSignal<Vec<Sampled>>,
    /// One for each connection that somebody looked at, so that a new sample of one connection
    /// draws no other anew.
    triggers: StoredValue<Triggers, LocalStorage>,
}

type Triggers = Rc<RefCell<BTreeMap<u64, ArcTrigger>>>;

/// Samples every open connection once a second until the surrounding view is gone. Tells of those
/// that report to this trace.
pub(crate) fn use_samples(trace: PageTrace) -> SamplesHook {
    let trace = trace.get();
    let there = move || sampler::connections_of(&trace);
    let connections = RwSignal::new(Vec::new());
    let triggers = Triggers::default();
    let told = triggers.clone();
    let now_there = there.clone();
    let watch = sampler::watch(move |change| match change {
        Change::Connections => {
            let now = now_there();
            // Told once a second while something that ended is known.
            if connections.try_with_untracked(|known| *known != now) == Some(true) {
                connections.set(now);
            }
        }
        Change::Sample(number) => {
            let trigger = told.borrow().get(&number).cloned();
            if let Some(trigger) = trigger {
                trigger.notify();
            }
        }
    });
    connections.set(there());
    let watch = StoredValue::new_local(Some(watch));
    on_cleanup(move || {
        watch.try_update_value(|watch: &mut Option<Watch>| *watch = None);
    });
    SamplesHook {
        connections,
        triggers: StoredValue::new_local(triggers),
    }
}

impl SamplesHook {
    /// The connections there are, and those that were closed in the last minutes; reactive.
    pub(crate) fn connections(self) -> Vec<Sampled> {
        self.connections.get()
    }

    /// Looks at what a connection measured; reactive. `None` for one that is not there.
    pub(crate) fn with<R>(self, number: u64, f: impl FnOnce(&Timeline) -> R) -> Option<R> {
        let triggers = self.triggers.try_get_value()?;
        let trigger = triggers.borrow_mut().entry(number).or_default().clone();
        trigger.track();
        sampler::with_timeline(number, f)
    }
}

/// Where a view has its samples from: a connection of the page, or a recording.
#[derive(Clone, Copy)]
pub(crate) enum TimelineSource {
    /// The connection of this number, while it is known.
    Live(SamplesHook, Signal<Option<u64>>),
    Recorded(Signal<Arc<Timeline>>),
}

impl TimelineSource {
    /// Looks at the timeline; reactive. `None` while there is none.
    pub(crate) fn with<R>(self, f: impl FnOnce(&Timeline) -> R) -> Option<R> {
        match self {
            Self::Live(samples, number) => samples.with(number.try_get().flatten()?, f),
            Self::Recorded(timeline) => timeline.try_with(|timeline| f(timeline)),
        }
    }

    /// Whether there will be more samples; reactive.
    pub(crate) fn goes_on(self) -> bool {
        match self {
            Self::Live(samples, number) => {
                let number = number.try_get().flatten();
                let goes_on = samples.connections.try_with(|all| {
                    let mut open = all.iter().filter(|there| there.open);
                    open.any(|there| Some(there.number) == number)
                });
                goes_on.unwrap_or_default()
            }
            Self::Recorded(_) => false,
        }
    }
}
