//! What a call costs this participant, measured.

use leptos::prelude::*;

use crate::hooks::CallHook;
use crate::rtc::sampler::{self, Watch};
use crate::statistics::{Direction, Kind, Measure, Timeline};

/// The last second, over all connections.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Traffic {
    /// All that went over the network, in kbit/s.
    pub(crate) sent_kbps: f64,
    pub(crate) received_kbps: f64,
    /// Pictures and sounds that were encoded and sent: one each for every receiver.
    pub(crate) encodings: usize,
    pub(crate) decodings: usize,
}

/// Measures once a second while there is a call and `in_sight`, by the sampling that all views share;
/// `None` before the first second is over.
pub(crate) fn use_traffic(
    call: CallHook,
    in_sight: Signal<bool>,
    traffic: RwSignal<Option<Traffic>>,
) {
    let watch = StoredValue::new_local(None::<Watch>);
    let in_call = Memo::new(move |_| call.in_call());
    Effect::new(move |_| {
        let (in_call, in_sight) = (in_call.get(), in_sight.get());
        let tell = move |_| traffic.set(measured());
        watch.set_value((in_call && in_sight).then(|| sampler::watch(tell)));
        if !in_call {
            traffic.set(None);
        }
    });
    on_cleanup(move || {
        watch.try_update_value(|watch| *watch = None);
    });
}

/// Over all connections of the page: where there is a call, they are the call's.
fn measured() -> Option<Traffic> {
    let open = sampler::connections()
        .into_iter()
        .filter(|there| there.open);
    let measured = open.filter_map(|there| {
        sampler::with_timeline(there.number, |timeline| {
            (timeline.samples().len() > 1).then(|| Traffic::of(timeline))
        })?
    });
    measured.reduce(|sum, one| Traffic {
        sent_kbps: sum.sent_kbps + one.sent_kbps,
        received_kbps: sum.received_kbps + one.received_kbps,
        encodings: sum.encodings + one.encodings,
        decodings: sum.decodings + one.decodings,
    })
}

impl Traffic {
    fn of(timeline: &Timeline) -> Self {
        let mut traffic = Self::default();
        let bitrates = timeline
            .measured()
            .filter(|(_, measure)| *measure == Measure::Bitrate);
        for (stream, measure) in bitrates {
            let newest = timeline.line(stream, measure).last().copied().flatten();
            let Some(rate) = newest else {
                continue;
            };
            let running = usize::from(rate > 0.0);
            match (stream.kind, stream.direction) {
                (Kind::Connection, Direction::Sent) => traffic.sent_kbps += rate / 1000.0,
                (Kind::Connection, Direction::Received) => traffic.received_kbps += rate / 1000.0,
                (Kind::Audio | Kind::Video, Direction::Sent) => traffic.encodings += running,
                (Kind::Audio | Kind::Video, Direction::Received) => traffic.decodings += running,
                (Kind::Data, _) => {}
            }
        }
        traffic
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::testdata::{chromium, firefox};

    #[test]
    fn who_sends_encodes_and_who_receives_decodes() {
        for recording in [chromium(), firefox()] {
            let sender = Traffic::of(&Timeline::recorded(recording.local));
            assert_eq!((sender.encodings, sender.decodings), (2, 0));
            assert!(sender.sent_kbps > 100.0, "{sender:?}");
            let receiver = Traffic::of(&Timeline::recorded(recording.remote));
            assert_eq!((receiver.encodings, receiver.decodings), (0, 2));
            let [sent, received] = [sender.sent_kbps, receiver.received_kbps];
            assert!((sent / received - 1.0).abs() < 0.3, "{sent} {received}");
        }
    }
}
