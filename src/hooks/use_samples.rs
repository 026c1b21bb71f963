//! What the open connections measure, as signals.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use crate::rtc::sampler::{self, Change, Sampled, Watch};
use crate::statistics::Timeline;

/// The one sampling that all views share; it runs while any view with this hook is there.
#[derive(Clone, Copy)]
pub struct SamplesHook {
    connections: RwSignal<Vec<Sampled>>,
    /// One for each connection that somebody looked at, so that a new sample of one connection
    /// draws no other anew.
    triggers: StoredValue<Triggers, LocalStorage>,
}

type Triggers = Rc<RefCell<BTreeMap<u64, ArcTrigger>>>;

/// Samples every open connection once a second until the surrounding view is gone.
pub fn use_samples() -> SamplesHook {
    let connections = RwSignal::new(Vec::new());
    let triggers = Triggers::default();
    let told = triggers.clone();
    let watch = sampler::watch(move |change| match change {
        Change::Connections => connections.set(sampler::connections()),
        Change::Sample(number) => {
            let trigger = told.borrow().get(&number).cloned();
            if let Some(trigger) = trigger {
                trigger.notify();
            }
        }
    });
    connections.set(sampler::connections());
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
    /// The connections there are, and those that were closed while somebody looked; reactive.
    pub fn connections(self) -> Vec<Sampled> {
        self.connections.get()
    }

    /// Looks at what a connection measured; reactive. `None` for one that is not there.
    pub fn with<R>(self, number: u64, f: impl FnOnce(&Timeline) -> R) -> Option<R> {
        let triggers = self.triggers.try_get_value()?;
        let trigger = triggers.borrow_mut().entry(number).or_default().clone();
        trigger.track();
        sampler::with_timeline(number, f)
    }
}

/// Where a view has its samples from: an open connection, or a recording.
#[derive(Clone, Copy)]
pub enum TimelineSource {
    /// The connection of this number, while there is one.
    Live(SamplesHook, Signal<Option<u64>>),
    Recorded(Signal<Arc<Timeline>>),
}

impl TimelineSource {
    /// Looks at the timeline; reactive. `None` while there is none.
    pub fn with<R>(self, f: impl FnOnce(&Timeline) -> R) -> Option<R> {
        match self {
            Self::Live(samples, number) => samples.with(number.try_get().flatten()?, f),
            Self::Recorded(timeline) => timeline.try_with(|timeline| f(timeline)),
        }
    }
}
