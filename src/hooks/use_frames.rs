//! Much that happens, looked at once for each picture of the screen.

use leptos::prelude::*;

/// Counts up after `track` notified, and at most once for each picture of the screen: a burst
/// costs whoever follows no more than one. Nobody sees a hidden page; it is counted when it is
/// shown again.
pub fn use_frames(track: impl Fn() + 'static) -> Signal<u64> {
    let frames = RwSignal::new(0);
    let due = StoredValue::new(false);
    Effect::new(move |_| {
        track();
        if !due.get_value() {
            due.set_value(true);
            request_animation_frame(move || {
                due.try_set_value(false);
                frames.try_update(|frames| *frames += 1);
            });
        }
    });
    frames.into()
}
