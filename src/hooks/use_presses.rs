//! Which presses of buttons count that change what they do.

use leptos::prelude::*;
use leptos::web_sys::{KeyboardEvent, MouseEvent};

use crate::joining::{Press, Presses, is_press};
use crate::rtc::now_ms;

/// The buttons of one place.
#[derive(Clone, Copy)]
pub struct PressesHook(StoredValue<Presses>);

/// Of buttons that do something else whenever `shown` changes; its default says that there are none.
pub fn use_presses<T>(shown: impl Fn() -> T + 'static) -> PressesHook
where
    T: Default + PartialEq + 'static,
{
    let presses = StoredValue::new(Presses::default());
    Effect::new(move |before: Option<T>| {
        let shown = shown();
        if let Some(before) = before.filter(|before| *before != shown) {
            let was_empty = before == T::default();
            presses.try_update_value(|presses| presses.handle_change(was_empty, now_ms()));
        }
        shown
    });
    PressesHook(presses)
}

impl PressesHook {
    /// Whether the click counts; `shows_more` says that it leads to showing more.
    pub fn takes(self, click: &MouseEvent, shows_more: bool) -> bool {
        let press = Press {
            at_ms: click.time_stamp(),
            count: u32::try_from(click.detail()).unwrap_or_default(),
            shows_more,
        };
        let taken = self.0.try_with_value(|presses| presses.takes(press));
        taken.unwrap_or_default()
    }
}

/// For the keys of such a button: one that is held presses once, and one that leads on goes on.
pub fn ignore_repeats(key: &KeyboardEvent) {
    if key.repeat() && is_press(&key.key()) {
        key.prevent_default();
    }
}
