//! How well media travels to and from each person in a call.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use signaling_protocol::PeerId;

use super::{CallHook, use_task};
use crate::call::{CallView, SharedConnection};
use crate::linear_map::LinearMap;
use crate::rtc::now_ms;
use crate::states::ConnectionState;
use crate::statistics::quality::{Quality, QualityMeter};

/// How often the browser is asked, in milliseconds.
const LOOK_EVERY_MS: u32 = 2_000;

#[derive(Clone, Copy)]
pub(crate) struct QualityHook {
    /// Of those who are connected.
    people: RwSignal<LinearMap<PeerId, Quality>>,
}

/// Asks every connection of the call for its statistics now and then.
pub(crate) fn use_quality(call: CallHook) -> QualityHook {
    let people = RwSignal::new(LinearMap::default());
    let asking = use_task();
    asking.run(async move {
        let mut meters = LinearMap::<PeerId, QualityMeter>::default();
        loop {
            TimeoutFuture::new(LOOK_EVERY_MS).await;
            let connected = call
                .view
                .try_with_untracked(|view| view.as_ref().map(connected).unwrap_or_default());
            let Some(connected) = connected else {
                return;
            };
            meters.retain(|id, _| connected.iter().any(|(there, _)| there == id));
            let mut qualities = LinearMap::default();
            for (id, connection) in connected {
                // A failure is traced by the connection.
                if let Ok(report) = connection.stats().await {
                    let meter = meters.get_or_default(&id);
                    qualities.insert(id, meter.handle_report(&report, now_ms()));
                }
            }
            if people.with_untracked(|now| *now != qualities) {
                people.set(qualities);
            }
        }
    });
    QualityHook { people }
}

fn connected(view: &CallView) -> Vec<(PeerId, SharedConnection)> {
    let people = view.participants.iter().filter_map(|peer| {
        let there = view.connection_of(peer)?;
        let is_connected = there.states.connection == ConnectionState::Connected;
        let connection = there.peer_connection.clone().filter(|_| is_connected)?;
        Some((peer.id.clone(), connection))
    });
    people.collect()
}

impl QualityHook {
    /// Reactive.
    pub(crate) fn is_weak(self, id: &PeerId) -> bool {
        self.people
            .with(|people| people.get(id).is_some_and(|quality| quality.is_weak))
    }

    /// Whether every connection is weak, and there are some; reactive.
    pub(crate) fn are_all_weak(self) -> bool {
        self.people
            .with(|people| !people.is_empty() && people.values().all(|quality| quality.is_weak))
    }

    /// Who does not receive the audio that is sent, and how many do; reactive.
    pub(crate) fn unheard_by(self) -> (Vec<PeerId>, usize) {
        self.people.with(|people| {
            let heard = |wanted| move |(_, it): &(&PeerId, &Quality)| it.is_heard == Some(wanted);
            let unheard = people.iter().filter(heard(false));
            let unheard = unheard.map(|(id, _)| id.clone()).collect();
            (unheard, people.iter().filter(heard(true)).count())
        })
    }
}
