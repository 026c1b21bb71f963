//! A participant asks you to mute your microphone: at most every 30 seconds, and only while you can be heard.
//! What hosts enforce is the roster's. Pure: time is an argument, in milliseconds.

/// For so long a participant who has asked is not heard again.
pub(crate) const MUTE_REQUEST_PAUSE_MS: u64 = 30_000;
const PAUSE_MS: f64 = MUTE_REQUEST_PAUSE_MS as f64;

/// What one participant asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct MuteRequest {
    is_open: bool,
    /// When it was heard last. Kept after the answer, and after the participant has left.
    heard_at: Option<f64>,
}

impl MuteRequest {
    /// The participant asks. `is_audible` is whether there is anything to mute.
    pub(super) fn handle_asked(&mut self, is_audible: bool, now: f64) {
        let is_early = self.heard_at.is_some_and(|at| now - at < PAUSE_MS);
        if is_audible && !is_early {
            self.is_open = true;
            self.heard_at = Some(now);
        }
    }

    /// You are muted now, or refused, or the participant has left.
    pub(super) fn handle_answered(&mut self) {
        self.is_open = false;
    }

    /// Whether it waits for an answer.
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whoever_asks_is_heard_until_it_is_answered() {
        let mut request = MuteRequest::default();
        request.handle_asked(true, 0.0);
        assert!(request.is_open());
        request.handle_answered();
        request.handle_asked(true, PAUSE_MS - 1.0);
        assert!(!request.is_open());
        request.handle_asked(true, PAUSE_MS);
        assert!(request.is_open());
    }

    #[test]
    fn who_is_muted_already_is_not_asked() {
        let mut request = MuteRequest::default();
        request.handle_asked(false, 0.0);
        assert!(!request.is_open());
        // Nor has the participant used up its turn.
        request.handle_asked(true, 1.0);
        assert!(request.is_open());
    }

    proptest! {
        #[test]
        fn nobody_asks_more_often_than_now_and_then(
            steps in prop::collection::vec((0_u32..10_000, any::<bool>(), any::<bool>()), 0..200),
        ) {
            let mut request = MuteRequest::default();
            let mut now = 0.0;
            let mut asked = 0.0;
            for (pause, is_audible, is_answered) in steps {
                now += f64::from(pause);
                let was_open = request.is_open();
                request.handle_asked(is_audible, now);
                if request.is_open() && !was_open {
                    asked += 1.0;
                }
                prop_assert!(asked <= now / PAUSE_MS + 1.0);
                if is_answered {
                    request.handle_answered();
                    prop_assert!(!request.is_open());
                }
            }
        }
    }
}
