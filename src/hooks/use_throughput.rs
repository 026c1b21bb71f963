//! A throughput run of a page.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;

use crate::hooks::{TaskSlot, use_task};
use crate::lab::throughput::{self, Ending, Figures, SharedTally, Tally};
use crate::rtc::data_channel::DataChannel;
use crate::rtc::now_ms;

/// How far the newest run is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Progress {
    #[default]
    None,
    Running(Figures),
    Ended(Figures, Ending),
    Cancelled(Figures),
}

impl Progress {
    pub(crate) fn figures(&self) -> Option<Figures> {
        match self {
            Self::None => None,
            Self::Running(figures) | Self::Ended(figures, _) | Self::Cancelled(figures) => {
                Some(*figures)
            }
        }
    }

    pub(crate) fn is_running(&self) -> bool {
        matches!(self, Self::Running(_))
    }
}

/// At most one run at a time.
#[derive(Clone, Copy)]
pub(crate) struct ThroughputHook {
    pub(crate) progress: RwSignal<Progress>,
    tally: StoredValue<Option<SharedTally>, LocalStorage>,
    runs: StoredValue<u32>,
    running: TaskSlot,
}

pub(crate) fn use_throughput() -> ThroughputHook {
    ThroughputHook {
        progress: RwSignal::new(Progress::None),
        tally: StoredValue::new_local(None),
        runs: StoredValue::new(0),
        running: use_task(),
    }
}

impl ThroughputHook {
    /// Sends so many MiB as fast as the channel takes them.
    pub(crate) fn start(self, channel: Rc<DataChannel>, mib: u32) {
        let number = self.runs.get_value();
        self.runs.set_value(number.wrapping_add(1));
        let lossy = channel.report().is_lossy();
        let tally = Tally::new(number, mib, lossy, now_ms());
        self.progress.set(Progress::Running(tally.figures()));
        let tally = Rc::new(RefCell::new(tally));
        self.tally.set_value(Some(tally.clone()));
        self.running.run(async move {
            let ending = throughput::run(&channel, &tally).await;
            let figures = tally.borrow().figures();
            self.tally.try_update_value(|tally| *tally = None);
            self.progress.set(Progress::Ended(figures, ending));
        });
    }

    /// Counts what the other end received; false when it is not of a run.
    pub(crate) fn take_in(self, message: &[u8]) -> bool {
        if !throughput::is_of_a_run(message) {
            return false;
        }
        if let Some(tally) = self.tally() {
            tally.borrow_mut().handle_received(message, now_ms());
        }
        true
    }

    /// Shows how far the run is. Not done for each message: there are hundreds a second.
    pub(crate) fn refresh(self) {
        if let Some(tally) = self.tally() {
            let figures = tally.borrow().figures();
            self.progress.set(Progress::Running(figures));
        }
    }

    pub(crate) fn cancel(self) {
        self.running.cancel();
        if let Some(tally) = self.tally.try_update_value(Option::take).flatten() {
            let figures = tally.borrow().figures();
            self.progress.set(Progress::Cancelled(figures));
        }
    }

    /// Forgets the newest run.
    pub(crate) fn clear(self) {
        self.cancel();
        self.progress.set(Progress::None);
    }

    fn tally(self) -> Option<SharedTally> {
        self.tally.try_get_value().flatten()
    }
}
