//! Which presses of buttons count that change what they do.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::web_sys::{KeyboardEvent, MouseEvent};

use super::use_task;
use crate::rtc::now_ms;
use crate::trace_sharing::{Press, Presses, is_press};

/// The buttons of one place.
#[derive(Clone, Copy)]
pub(crate) struct PressesHook {
    presses: StoredValue<Presses>,
    unread: RwSignal<bool>,
}

/// Of buttons that do something else, or move, whenever `shown` changes.
pub(crate) fn use_presses<T>(shown: impl Fn() -> T + 'static) -> PressesHook
where
    T: PartialEq + 'static,
{
    let hook = PressesHook {
        presses: StoredValue::new(Presses::default()),
        unread: RwSignal::new(false),
    };
    let task = use_task();
    Effect::new(move |before: Option<T>| {
        let shown = shown();
        if before.as_ref() != Some(&shown) {
            let presses = hook.presses;
            presses.update_value(|presses| presses.handle_change(now_ms()));
            hook.unread.set(true);
            task.run(async move {
                // Timers may be early.
                while let Some(ms) = hook.unread_ms() {
                    TimeoutFuture::new(ms).await;
                }
                hook.unread.try_set(false);
            });
        }
        shown
    });
    hook
}

impl PressesHook {
    /// Whether the click counts; `shows_more` says that it leads to showing more.
    pub(crate) fn takes(self, click: &MouseEvent, shows_more: bool) -> bool {
        let press = Press {
            at_ms: click.time_stamp(),
            count: u32::try_from(click.detail()).unwrap_or_default(),
            shows_more,
        };
        let taken = self
            .presses
            .try_update_value(|presses| presses.takes(press));
        taken.unwrap_or_default()
    }

    /// Whether nobody can have read yet what the buttons do; reactive. Until then those that show
    /// more take no press, and ought to say so.
    pub(crate) fn is_unread(self) -> bool {
        self.unread.get()
    }

    /// For how long still, in whole milliseconds.
    fn unread_ms(self) -> Option<u32> {
        let rest_ms = self
            .presses
            .try_with_value(|presses| presses.unread_ms(now_ms()))??;
        Some(rest_ms.ceil() as u32)
    }
}

/// For the keys of such a button: one that is held presses once, and one that leads on goes on.
pub(crate) fn ignore_repeats(key: &KeyboardEvent) {
    if key.repeat() && is_press(&key.key()) {
        key.prevent_default();
    }
}
