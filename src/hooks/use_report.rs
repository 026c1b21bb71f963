//! One fact of what `getStats()` says of one connection. What is sampled every second, and kept, is in
//! [`use_samples`](fn@super::use_samples).

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;

use super::use_task;
use crate::call::SharedConnection;
use crate::statistics::Report;

/// What a report says.
pub(crate) struct Finding<T> {
    /// `None` says nothing new.
    pub(crate) fact: Option<T>,
    /// After how many milliseconds to ask again; `None` for never.
    pub(crate) again_ms: Option<u32>,
}

/// The newest fact that `read` found in the reports of the connection, for as long as there is one;
/// `connection` is reactive. Nothing more is asked after a failure, which the connection traces.
pub(crate) fn use_report<T: Clone + PartialEq + Send + Sync + 'static>(
    connection: impl Fn() -> Option<SharedConnection> + 'static,
    read: fn(&Report) -> Finding<T>,
) -> RwSignal<Option<T>> {
    let fact = RwSignal::new(None);
    let asking = use_task();
    Effect::new(move |_| {
        let Some(connection) = connection() else {
            asking.cancel();
            return fact.set(None);
        };
        asking.run(async move {
            while let Ok(report) = connection.stats().await {
                let finding = read(&report);
                if finding.fact.is_some() && fact.with_untracked(|now| *now != finding.fact) {
                    fact.set(finding.fact);
                }
                let Some(again_ms) = finding.again_ms else {
                    return;
                };
                TimeoutFuture::new(again_ms).await;
            }
        });
    });
    fact
}
