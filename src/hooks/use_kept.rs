//! The recordings that this browser keeps, as signals.

use leptos::prelude::*;

use crate::advice::{Advice, for_kept};
use crate::error::JsError;
use crate::hooks::{RecorderHook, TaskSlot, use_task};
use crate::rtc::recorder::kept::{self, Kept};

#[derive(Clone, Copy)]
pub(crate) struct KeptHook {
    /// By name.
    pub(crate) all: RwSignal<Vec<Kept>>,
    /// Why one could not be saved or deleted.
    pub(crate) advice: RwSignal<Option<Advice>>,
    recorder: RecorderHook,
    running: TaskSlot,
}

/// What is kept now.
pub(crate) fn use_kept(recorder: RecorderHook) -> KeptHook {
    let hook = KeptHook {
        all: RwSignal::new(Vec::new()),
        advice: RwSignal::new(None),
        recorder,
        running: use_task(),
    };
    hook.running.run(async move {
        let result = hook.look().await;
        hook.tell(result);
    });
    hook
}

impl KeptHook {
    /// Has the browser save it where people save files.
    pub(crate) fn save(self, name: String) {
        self.running.run(async move {
            let result = kept::save(&name).await;
            self.tell(result);
        });
    }

    pub(crate) fn delete(self, name: String) {
        self.running.run(async move {
            let deleted = kept::delete(&name).await;
            let result = self.look().await;
            self.tell(deleted.and(result));
        });
    }

    async fn look(self) -> Result<(), JsError> {
        let recordings = kept::list().await?;
        if recordings.kept.is_empty() && !recordings.has_unfinished {
            self.recorder.keeps.set(String::new());
        }
        self.all.set(recordings.kept);
        Ok(())
    }

    fn tell(self, result: Result<(), JsError>) {
        self.advice.set(result.err().map(|error| for_kept(&error)));
    }
}
