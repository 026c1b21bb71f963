//! What people in a call react with, each for a moment.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use signaling_protocol::{PeerId, Reaction};

use super::{TaskSlot, use_task};
use crate::linear_map::LinearMap;
use crate::rtc::now_ms;

/// How long a reaction is seen.
const SHOWN_FOR_MS: u32 = 4_000;

/// Of each person the newest; `None` is oneself.
type Shown = LinearMap<Option<PeerId>, (Reaction, f64)>;

#[derive(Clone, Copy)]
pub(crate) struct ReactionsHook {
    shown: RwSignal<Shown>,
    clearing: TaskSlot,
}

pub(crate) fn use_reactions() -> ReactionsHook {
    ReactionsHook {
        shown: RwSignal::new(Shown::default()),
        clearing: use_task(),
    }
}

impl ReactionsHook {
    pub(super) fn show(self, peer: Option<PeerId>, reaction: Reaction) {
        let is_clearing = self.shown.with_untracked(|shown| !shown.is_empty());
        self.shown.update(|shown| {
            shown.insert(peer, (reaction, now_ms()));
        });
        if is_clearing {
            return;
        }
        self.clearing.run(async move {
            while !self.shown.with_untracked(Shown::is_empty) {
                TimeoutFuture::new(SHOWN_FOR_MS / 4).await;
                let oldest = now_ms() - f64::from(SHOWN_FOR_MS);
                self.shown
                    .update(|shown| shown.retain(|_, (_, at)| *at >= oldest));
            }
        });
    }

    /// Whose reaction came last, and when in milliseconds, as long as it is seen; reactive.
    pub(crate) fn newest(self) -> Option<(Option<PeerId>, Reaction, f64)> {
        self.shown.with(|shown| {
            let all = shown.iter();
            let all = all.map(|(peer, (reaction, at))| (peer.clone(), *reaction, *at));
            all.max_by(|(.., one), (.., other)| one.total_cmp(other))
        })
    }

    /// What this person reacts with now; reactive.
    pub(crate) fn of(self, peer: &Option<PeerId>) -> Option<Reaction> {
        self.shown
            .with(|shown| shown.get(peer).map(|(reaction, _)| *reaction))
    }
}
