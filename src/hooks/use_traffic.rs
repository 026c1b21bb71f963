//! What a call costs this participant, measured.

use std::collections::BTreeMap;

use gloo_timers::callback::Interval;
use leptos::prelude::*;

use crate::call::SharedConnection;
use crate::hooks::{CallHook, use_task};
use crate::rtc::now_ms;
use crate::rtc::stats::Stat;

/// How often is measured, in milliseconds.
const MEASURE_EVERY_MS: u32 = 1000;

/// The last second, over all connections.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Traffic {
    /// All that went over the network, in kbit/s.
    pub sent_kbps: f64,
    pub received_kbps: f64,
    /// Pictures and sounds that were encoded and sent: one each for every receiver.
    pub encodings: usize,
    pub decodings: usize,
}

/// The counters of all connections, by what they count.
#[derive(Default)]
struct Sample {
    at_ms: f64,
    sent: BTreeMap<String, f64>,
    received: BTreeMap<String, f64>,
    encoded: BTreeMap<String, f64>,
    decoded: BTreeMap<String, f64>,
}

/// Measures once a second while there is a call; `None` before the first second is over.
pub fn use_traffic(call: CallHook) -> RwSignal<Option<Traffic>> {
    let traffic = RwSignal::new(None);
    let last = StoredValue::new_local(None::<Sample>);
    let measuring = use_task();
    let measure = move || {
        if !untrack(|| call.in_call()) {
            last.set_value(None);
            traffic.set(None);
            return;
        }
        let connections = call.view.with_untracked(|view| {
            let peers = view.iter().flat_map(|view| &view.peers);
            peers
                .filter_map(|peer| peer.connection.clone())
                .collect::<Vec<_>>()
        });
        measuring.run(async move {
            let now = sample(&connections).await;
            let difference = last.with_value(|last| last.as_ref().map(|last| now.since(last)));
            last.set_value(Some(now));
            traffic.set(difference);
        });
    };
    let interval = StoredValue::new_local(Some(Interval::new(MEASURE_EVERY_MS, measure)));
    on_cleanup(move || {
        interval.try_update_value(|interval| *interval = None);
    });
    traffic
}

async fn sample(connections: &[SharedConnection]) -> Sample {
    let mut sample = Sample::default();
    for (index, connection) in connections.iter().enumerate() {
        // One that was closed meanwhile has nothing to tell.
        for stat in connection.stats().await.unwrap_or_default() {
            sample.add(index, stat);
        }
    }
    sample.at_ms = now_ms();
    sample
}

impl Sample {
    fn add(&mut self, index: usize, stat: Stat) {
        let key = format!("{index} {}", stat.id);
        let note = |map: &mut BTreeMap<String, f64>, count: Option<f64>| {
            if let Some(count) = count {
                map.insert(key.clone(), count);
            }
        };
        match stat.kind.as_str() {
            "candidate-pair" => {
                note(&mut self.sent, stat.bytes_sent);
                note(&mut self.received, stat.bytes_received);
            }
            "outbound-rtp" => note(&mut self.encoded, stat.packets_sent),
            "inbound-rtp" => note(&mut self.decoded, stat.packets_received),
            _ => {}
        }
    }

    fn since(&self, last: &Self) -> Traffic {
        let seconds = ((self.at_ms - last.at_ms) / 1000.0).max(0.001);
        let growth = |now: &BTreeMap<String, f64>, last: &BTreeMap<String, f64>| -> Vec<f64> {
            let grown = now.iter().filter_map(|(key, count)| {
                let more = count - last.get(key)?;
                (more > 0.0).then_some(more)
            });
            grown.collect()
        };
        let kbps = |bytes: Vec<f64>| bytes.iter().sum::<f64>() * 8.0 / 1000.0 / seconds;
        Traffic {
            sent_kbps: kbps(growth(&self.sent, &last.sent)),
            received_kbps: kbps(growth(&self.received, &last.received)),
            encodings: growth(&self.encoded, &last.encoded).len(),
            decodings: growth(&self.decoded, &last.decoded).len(),
        }
    }
}
