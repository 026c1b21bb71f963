//! How well media travels to and from each person in a call, and whether that is too bad for the own video.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use signaling_protocol::PeerId;

use super::{CallHook, use_stored_switch, use_task};
use crate::call::{CallView, SharedConnection};
use crate::linear_map::LinearMap;
use crate::rtc::now_ms;
use crate::states::ConnectionState;
use crate::statistics::quality::{Quality, QualityMeter};
use crate::statistics::video_pause::VideoPause;

/// How often the browser is asked, in milliseconds.
const LOOK_EVERY_MS: u32 = 2_000;

#[derive(Clone, Copy)]
pub(crate) struct QualityHook {
    call: CallHook,
    /// Of those who are connected.
    people: RwSignal<LinearMap<PeerId, Quality>>,
    pause: StoredValue<VideoPause>,
    /// Whether the network is too weak for the video of the own camera.
    is_video_paused: RwSignal<bool>,
    /// Whether the video is paused then, as this person wants.
    pub(crate) pauses_video: RwSignal<bool>,
}

/// Asks every connection of the call for its statistics now and then.
pub(crate) fn use_quality(call: CallHook) -> QualityHook {
    let quality = QualityHook {
        call,
        people: RwSignal::new(LinearMap::default()),
        pause: StoredValue::new(VideoPause::default()),
        is_video_paused: RwSignal::new(false),
        pauses_video: use_stored_switch("pause-video"),
    };
    Effect::new(move |_| {
        if !quality.pauses_video.get() {
            quality.update_pause(|pause| *pause = VideoPause::default());
        }
    });
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
            quality.take_in(qualities);
        }
    });
    quality
}

/// Whether most of those of whom that is known receive badly what is sent: the network that they have in
/// common is the own.
fn is_sending_weak(people: &LinearMap<PeerId, Quality>) -> Option<bool> {
    let known = people
        .values()
        .filter_map(|quality| quality.is_sending_weak);
    let (all, weak) = known.fold((0, 0), |(all, weak), it| (all + 1, weak + usize::from(it)));
    (all > 0).then_some(weak * 2 > all)
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
    fn take_in(self, qualities: LinearMap<PeerId, Quality>) {
        let is_weak = is_sending_weak(&qualities);
        let is_alone = self.call.view.with_untracked(|view| {
            let view = view.as_ref();
            view.is_none_or(|view| view.participants.is_empty())
        });
        self.update_pause(
            |pause| match is_alone || !self.pauses_video.get_untracked() {
                // Whoever comes next may be reached well.
                true => *pause = VideoPause::default(),
                false => pause.handle(is_weak, now_ms()),
            },
        );
        if self.people.with_untracked(|now| *now != qualities) {
            self.people.set(qualities);
        }
    }

    fn update_pause(self, f: impl FnOnce(&mut VideoPause)) {
        let is_paused = self.pause.try_update_value(|pause| {
            f(pause);
            pause.is_paused()
        });
        if let Some(is_paused) = is_paused
            && is_paused != self.is_video_paused.get_untracked()
        {
            self.is_video_paused.set(is_paused);
            self.call.tell(|handle| handle.pause_video(is_paused));
        }
    }

    /// Whether the network is too weak for the video of the own camera, which nobody gets meanwhile;
    /// reactive.
    pub(crate) fn is_video_paused(self) -> bool {
        self.is_video_paused.get()
    }

    /// Sends video all the same, until the network was good for a while.
    pub(crate) fn send_video_anyway(self) {
        self.update_pause(VideoPause::handle_send_anyway);
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_network_is_weak_where_most_receive_badly() {
        let of = |known: &[Option<bool>]| {
            let mut people = LinearMap::default();
            for (number, is_sending_weak) in known.iter().enumerate() {
                let quality = Quality {
                    is_sending_weak: *is_sending_weak,
                    ..Quality::default()
                };
                people.insert(PeerId::new(number.to_string()), quality);
            }
            is_sending_weak(&people)
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[None]), None);
        assert_eq!(of(&[Some(true), None]), Some(true));
        assert_eq!(of(&[Some(true), Some(false)]), Some(false));
        assert_eq!(of(&[Some(true), Some(true), Some(false)]), Some(true));
    }
}
