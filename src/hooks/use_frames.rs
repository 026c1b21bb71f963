//! Much that happens, looked at once for each picture of the screen, or more rarely.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

/// Counts up after `track` notified, at the next picture of the screen, and then not for
/// `apart_ms`: a burst costs whoever follows no more than that. What comes meanwhile is counted
/// at the end of that time, so the last state is never missed. Nobody sees a hidden page; it is
/// counted when it is shown again.
pub(crate) fn use_frames(apart_ms: u32, track: impl Fn() + 'static) -> Signal<u64> {
    let turns = Turns {
        apart_ms,
        count: RwSignal::new(0),
        turn: StoredValue::new(Turn::Free),
        rest: StoredValue::new_local(None),
    };
    Effect::new(move |_| {
        track();
        turns.ask();
    });
    turns.count.into()
}

#[derive(Clone, Copy)]
enum Turn {
    Free,
    /// The next picture of the screen counts.
    Due,
    /// One was counted just now.
    Resting {
        asked: bool,
    },
}

#[derive(Clone, Copy)]
struct Turns {
    apart_ms: u32,
    count: RwSignal<u64>,
    turn: StoredValue<Turn>,
    rest: StoredValue<Option<Timeout>, LocalStorage>,
}

impl Turns {
    fn ask(self) {
        match self.turn.get_value() {
            Turn::Free => self.wait_for_frame(),
            Turn::Due => {}
            Turn::Resting { .. } => self.turn.set_value(Turn::Resting { asked: true }),
        }
    }

    fn wait_for_frame(self) {
        self.turn.set_value(Turn::Due);
        request_animation_frame(move || self.count());
    }

    fn count(self) {
        // Late, the page may be gone.
        if self.apart_ms == 0 {
            self.turn.try_set_value(Turn::Free);
        } else {
            self.turn.try_set_value(Turn::Resting { asked: false });
            let rest = Timeout::new(self.apart_ms, move || self.rested());
            self.rest.try_set_value(Some(rest));
        }
        self.count.try_update(|count| *count += 1);
    }

    fn rested(self) {
        match self.turn.try_get_value() {
            Some(Turn::Resting { asked: true }) => self.wait_for_frame(),
            Some(_) => drop(self.turn.try_set_value(Turn::Free)),
            None => {}
        }
    }
}
