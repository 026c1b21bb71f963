//! Whether somebody who presses a button means what it says: buttons here change what they do under
//! the pointer, because the other person did something or because of the press before. Pure.
//!
//! Browsers do the same with their own questions for permissions.

/// Nobody has read in less what has just come where something else was.
const READ_MS: f64 = 500.0;

/// One press.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Press {
    pub(crate) at_ms: f64,
    /// Which of a double click it is, from 1 on; 0 without a pointer
    /// ([UI Events](https://www.w3.org/TR/uievents/#event-type-click)).
    pub(crate) count: u32,
    /// Whether it leads to showing more: to a question, or to a yes.
    pub(crate) shows_more: bool,
}

/// Whether this key ([`KeyboardEvent.key`](https://www.w3.org/TR/uievents-key/)) presses a button that
/// has the focus. All others do what they do elsewhere, also when they are held.
pub(crate) fn is_press(key: &str) -> bool {
    matches!(key, "Enter" | " ")
}

/// What is known of a group of buttons that may take each other's place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Presses {
    unread_until_ms: f64,
    /// Which of a double click was refused last, where it began here and none of it was taken.
    refused: Option<u32>,
}

impl Default for Presses {
    fn default() -> Self {
        Self {
            unread_until_ms: f64::NEG_INFINITY,
            refused: None,
        }
    }
}

impl Presses {
    /// The buttons do something else now, or are others; also the first of them take a place, because
    /// what is below moves.
    pub(crate) fn handle_change(&mut self, now_ms: f64) {
        self.unread_until_ms = now_ms + READ_MS;
    }

    /// How long nobody has read yet what the buttons do; `None` when it was time enough.
    pub(crate) fn unread_ms(&self, now_ms: f64) -> Option<f64> {
        let rest = self.unread_until_ms - now_ms;
        (rest > 0.0).then_some(rest)
    }

    /// Whether it counts. Who wants to show less is always heard, but for the rest of a double click
    /// of which something was taken, or which began elsewhere.
    pub(crate) fn takes(&mut self, press: Press) -> bool {
        let goes_on = press.count > 1;
        if goes_on && self.refused != Some(press.count - 1) {
            return false;
        }
        let is_taken = !press.shows_more || self.unread_ms(press.at_ms).is_none();
        self.refused = (!is_taken).then_some(press.count);
        is_taken
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn press(at_ms: f64, shows_more: bool) -> Press {
        Press {
            at_ms,
            count: 1,
            shows_more,
        }
    }

    #[test]
    fn the_rest_of_a_double_click_does_nothing() {
        for shows_more in [false, true] {
            let mut presses = Presses::default();
            let all = [
                (0, true),
                (0, true),
                (2, false),
                (1, true),
                (2, false),
                (3, false),
                (1, true),
            ];
            for (count, is_taken) in all {
                let press = Press {
                    count,
                    ..press(0.0, shows_more)
                };
                assert_eq!(presses.takes(press), is_taken, "{press:?}");
            }
        }
    }

    #[test]
    fn who_clicks_impatiently_is_heard_once_it_can_be_read() {
        let mut presses = Presses::default();
        presses.handle_change(1_000.0);
        let mut taken = Vec::new();
        for count in 1..=10 {
            let at_ms = 1_000.0 + 90.0 * f64::from(count);
            let press = Press {
                count,
                ..press(at_ms, true)
            };
            if presses.takes(press) {
                taken.push(count);
            }
        }
        assert_eq!(taken, [6], "once");
        // What began elsewhere, where something else was, means nothing here.
        presses.handle_change(9_000.0);
        assert!(!presses.takes(press(9_100.0, true)));
        presses.handle_change(10_000.0);
        for count in 3..=10 {
            let at_ms = 10_000.0 + 90.0 * f64::from(count);
            let press = Press {
                count,
                ..press(at_ms, true)
            };
            assert!(!presses.takes(press), "{count}");
        }
    }

    #[test]
    fn who_holds_another_key_is_not_held_up() {
        for key in ["Enter", " "] {
            assert!(is_press(key), "{key:?}");
        }
        for key in ["Tab", "Escape", "ArrowDown", "PageDown", "Shift", "a", ""] {
            assert!(!is_press(key), "{key:?}");
        }
    }

    #[test]
    fn what_became_a_yes_under_the_pointer_is_none() {
        let mut presses = Presses::default();
        // The first question, or “Stop”, and the other stops first and asks again.
        for at_ms in [1_000.0, 2_000.0, 2_100.0] {
            presses.handle_change(at_ms);
            assert!(
                !presses.takes(press(at_ms - 1.0, true)),
                "on its way already"
            );
            assert!(!presses.takes(press(at_ms + 1.0, true)));
            assert!(!presses.takes(press(at_ms + 499.0, true)));
            assert!(
                presses.takes(press(at_ms + 499.0, false)),
                "no is always heard"
            );
            assert!(presses.takes(press(at_ms + 500.0, true)));
        }
    }

    proptest! {
        /// A timer asks how long, and then nothing is left.
        #[test]
        fn who_waits_as_long_as_it_says_can_press(
            changes in proptest::collection::vec(0.0..1e9_f64, 0..5), now_ms in 0.0..1e9_f64,
        ) {
            let mut presses = Presses::default();
            changes.into_iter().for_each(|at_ms| presses.handle_change(at_ms));
            let mut now_ms = now_ms;
            for _ in 0..3 {
                now_ms += presses.unread_ms(now_ms).unwrap_or_default();
            }
            prop_assert_eq!(presses.unread_ms(now_ms), None);
            prop_assert!(presses.takes(press(now_ms, true)));
        }
    }
}
