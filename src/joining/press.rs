//! Whether somebody who presses a button means what it says: buttons here change what they do under
//! the pointer, because the other person did something or because of the press before. Pure.
//!
//! Browsers do the same with their own questions for permissions.

/// Nobody has read in less what has just come where something else was.
const READ_MS: f64 = 500.0;

/// One press.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Press {
    pub at_ms: f64,
    /// Which of a double click it is, from 1 on; 0 without a pointer
    /// ([UI Events](https://www.w3.org/TR/uievents/#event-type-click)).
    pub count: u32,
    /// Whether it leads to showing more: to a question, or to a yes.
    pub shows_more: bool,
}

/// Whether this key ([`KeyboardEvent.key`](https://www.w3.org/TR/uievents-key/)) presses a button that
/// has the focus. All others do what they do elsewhere, also when they are held.
pub fn is_press(key: &str) -> bool {
    matches!(key, "Enter" | " ")
}

/// What is known of a group of buttons that may take each other's place.
#[derive(Clone, Copy, Debug)]
pub struct Presses {
    changed_ms: f64,
    unread_until_ms: f64,
}

impl Default for Presses {
    fn default() -> Self {
        Self {
            changed_ms: f64::NEG_INFINITY,
            unread_until_ms: f64::NEG_INFINITY,
        }
    }
}

impl Presses {
    /// The buttons do something else now, or are others. `was_empty` says that there were none.
    pub fn handle_change(&mut self, was_empty: bool, now_ms: f64) {
        // What was gone for a moment only took a place, too.
        if !was_empty || now_ms < self.changed_ms + READ_MS {
            self.unread_until_ms = now_ms + READ_MS;
        }
        self.changed_ms = now_ms;
    }

    /// Whether it counts. Who wants to show less is always heard, but for the rest of a double click.
    pub fn takes(&self, press: Press) -> bool {
        press.count <= 1 && !(press.shows_more && press.at_ms < self.unread_until_ms)
    }
}

#[cfg(test)]
mod tests {
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
        let presses = Presses::default();
        for shows_more in [false, true] {
            for (count, is_taken) in [(0, true), (1, true), (2, false), (3, false)] {
                let press = Press {
                    count,
                    ..press(0.0, shows_more)
                };
                assert_eq!(presses.takes(press), is_taken, "{press:?}");
            }
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
        // “Stop”, and the other stops first and asks again.
        presses.handle_change(true, 1_000.0);
        assert!(presses.takes(press(1_001.0, true)), "nothing was there");
        presses.handle_change(false, 2_000.0);
        assert!(!presses.takes(press(1_999.0, true)), "on its way already");
        assert!(!presses.takes(press(2_300.0, true)));
        assert!(presses.takes(press(2_300.0, false)), "no is always heard");
        assert!(presses.takes(press(2_500.0, true)));
    }

    #[test]
    fn what_is_back_after_a_moment_took_a_place() {
        let mut presses = Presses::default();
        presses.handle_change(true, 0.0);
        presses.handle_change(false, 10_000.0);
        presses.handle_change(true, 10_100.0);
        assert!(!presses.takes(press(10_550.0, true)));
        assert!(presses.takes(press(10_600.0, true)));
    }
}
