//! Who is speaking.

use gloo_timers::callback::Interval;
use leptos::prelude::*;
use signaling_protocol::PeerId;

use crate::hooks::{CallHook, CallMediaHook};
use crate::linear_map::LinearMap;
use crate::rtc::level::LevelMeter;
use crate::rtc::now_ms;

/// How often is looked, in milliseconds.
const LOOK_EVERY_MS: u32 = 200;

/// Asking a connection how loud it is blocks the page until the browser's media threads answer. While they
/// are busy, the page asks less often: asking takes at most this share of the time …
const MAX_SHARE: f64 = 0.01;

/// … but the pause is never longer than this, so that one slow answer does not leave the marks off.
const MAX_PAUSE_MS: f64 = 3_000.0;

/// What is louder than this is speech; a quiet room is far below.
const LOUD: f64 = 0.02;

/// Whoever pauses for breath is still speaking.
const HOLD_MS: f64 = 600.0;

/// Who is speaking, as signals.
#[derive(Clone, Copy)]
pub(crate) struct SpeakingHook {
    own: RwSignal<bool>,
    peers: RwSignal<Vec<PeerId>>,
}

/// Watches the microphone, and the others while there is a call.
pub(crate) fn use_speaking(call: CallHook, media: CallMediaHook) -> SpeakingHook {
    let hook = SpeakingHook {
        own: RwSignal::new(false),
        peers: RwSignal::new(Vec::new()),
    };
    // Without Web Audio the own mark stays off; the others' does not need it.
    let meter = StoredValue::new_local(None::<LevelMeter>);
    Effect::new(move |_| {
        let audio = media.audio.get();
        meter.set_value(audio.and_then(|audio| LevelMeter::new(&audio).ok()));
    });
    let mut own_until = 0.0;
    let mut ask_peers_at = 0.0;
    let mut until = LinearMap::<PeerId, f64>::default();
    let look = move || {
        let now = now_ms();
        let level = meter.with_value(|meter| meter.as_ref().map(LevelMeter::level));
        if level.is_some_and(|level| level > LOUD) && media.unmuted.get_untracked() {
            own_until = now + HOLD_MS;
        }
        set_if_changed(hook.own, now < own_until);
        until.retain(|_, until| now < *until);
        if now < ask_peers_at {
            return set_if_changed(hook.peers, until.keys().cloned().collect());
        }
        call.view.with_untracked(|view| {
            let peers = view.iter().flat_map(|view| {
                let peers = view.participants.iter();
                peers.map(|peer| (peer, view.connection_of(peer)))
            });
            for (peer, there) in peers.filter(|(peer, _)| peer.microphone_on) {
                let connection = there.and_then(|there| there.peer_connection.as_ref());
                let level = connection.and_then(|connection| connection.audio_level());
                if level.is_some_and(|level| level > LOUD) {
                    until.insert(peer.id.clone(), now + HOLD_MS);
                }
            }
        });
        ask_peers_at = now + ((now_ms() - now) / MAX_SHARE).min(MAX_PAUSE_MS);
        set_if_changed(hook.peers, until.keys().cloned().collect());
    };
    let interval = StoredValue::new_local(Some(Interval::new(LOOK_EVERY_MS, look)));
    on_cleanup(move || {
        interval.try_update_value(|interval| *interval = None);
        meter.try_update_value(|meter| *meter = None);
    });
    hook
}

impl SpeakingHook {
    /// Reactive.
    pub(crate) fn own(self) -> bool {
        self.own.get()
    }

    /// Reactive.
    pub(crate) fn peers(self) -> Vec<PeerId> {
        self.peers.get()
    }

    /// Reactive.
    pub(crate) fn peer(self, id: &PeerId) -> bool {
        self.peers.with(|peers| peers.contains(id))
    }
}

fn set_if_changed<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|now| *now != value) {
        signal.set(value);
    }
}
