//! How far a recording is.

use crate::advice::Advice;
use crate::error::JsError;

/// A recording from its beginning to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum State {
    #[default]
    Idle,
    /// The browser prepares it.
    Starting,
    Running {
        /// By the page's clock, in milliseconds.
        began_at: f64,
        /// As far as the file is written.
        length_ms: f64,
        /// Written to the disk.
        bytes: f64,
    },
    /// The last of it is being written.
    Stopping,
}

/// The present recording, and what went wrong with it or the one before.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Progress {
    pub(crate) state: State,
    pub(crate) advice: Option<Advice>,
}

/// What happens to a recording.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    Asked,
    /// At this time, by the page's clock.
    Began {
        at: f64,
        has_audio: bool,
    },
    /// So many bytes more are on the disk.
    Wrote {
        at: f64,
        bytes: f64,
    },
    StopAsked,
    /// All is on the disk that there will be; perhaps because of an error.
    Ended(Option<JsError>),
    NotLoaded(Advice),
}

impl Progress {
    /// What comes late changes nothing: a recording that has ended is not running again.
    pub(crate) fn handle(&mut self, event: Event) {
        match (event, self.state) {
            (Event::Asked, State::Idle) => {
                *self = Self {
                    state: State::Starting,
                    advice: None,
                };
            }
            (Event::Began { at, has_audio }, State::Starting) => {
                self.state = State::Running {
                    began_at: at,
                    length_ms: 0.0,
                    bytes: 0.0,
                };
                self.advice = (!has_audio).then(silent);
            }
            (
                Event::Wrote { at, bytes: more },
                State::Running {
                    began_at, bytes, ..
                },
            ) => {
                self.state = State::Running {
                    began_at,
                    length_ms: (at - began_at).max(0.0),
                    bytes: bytes + more,
                };
            }
            (Event::StopAsked, State::Starting | State::Running { .. }) => {
                self.state = State::Stopping;
            }
            (Event::Ended(error), state) if state != State::Idle => {
                self.state = State::Idle;
                let is_kept = match state {
                    State::Idle | State::Starting => false,
                    State::Running { bytes, .. } => bytes > 0.0,
                    State::Stopping => true,
                };
                self.advice = error.as_ref().map(|error| failed(error, is_kept));
            }
            (Event::NotLoaded(advice), state) if state != State::Idle => {
                self.state = State::Idle;
                self.advice = Some(advice);
            }
            _ => {}
        }
    }

    /// Whether one is asked for and not over.
    pub(crate) fn is_going_on(&self) -> bool {
        self.state != State::Idle
    }

    /// Whether one runs, and can be stopped.
    pub(crate) fn is_running(&self) -> bool {
        matches!(self.state, State::Starting | State::Running { .. })
    }
}

fn silent() -> Advice {
    Advice::new(
        "The recording has no audio.",
        "This browser mixes audio only on a computer with a loudspeaker or headphones. Connect one, and start a new recording.",
    )
}

/// Names as in <https://www.w3.org/TR/mediastream-recording/> and <https://fs.spec.whatwg.org/>.
fn failed(error: &JsError, is_kept: bool) -> Advice {
    let (what, remedy) = match error.name.as_str() {
        "QuotaExceededError" => (
            "The recording has stopped: the disk, or what the browser gives this page of it, is full.",
            match is_kept {
                true => {
                    "Everything but the last few seconds is kept. Save it, delete it here, and start a new recording."
                }
                false => {
                    "Nothing of it could be kept. Free some disk space, and start a new recording."
                }
            },
        ),
        "TimeoutError" => (
            "The recording has stopped: the disk is too slow for it.",
            match is_kept {
                true => {
                    "Everything but the last few seconds is kept. Close other programs that write a lot to disk, and start a new recording."
                }
                false => {
                    "Close other programs that write a lot to disk, and start a new recording."
                }
            },
        ),
        "NotSupportedError" => (
            "This browser cannot record here.",
            "Use a newer one, or a page with https: in its address.",
        ),
        "SecurityError" | "NotAllowedError" => (
            "The browser does not let this page keep files.",
            "Private windows and blocked cookies prevent it. Allow cookies for this page in an ordinary window, and start a new recording.",
        ),
        _ => (
            "The recording has stopped.",
            match is_kept {
                true => "Everything but the last few seconds is kept. Start a new recording.",
                false => "Start a new recording.",
            },
        ),
    };
    Advice::new(what, remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGAN: Event = Event::Began {
        at: 1_000.0,
        has_audio: true,
    };

    fn after(events: &[Event]) -> Progress {
        let mut progress = Progress::default();
        for event in events {
            progress.handle(event.clone());
        }
        progress
    }

    fn wrote(at: f64) -> Event {
        Event::Wrote { at, bytes: 10.0 }
    }

    #[test]
    fn it_grows_while_it_runs() {
        let progress = after(&[Event::Asked, BEGAN, wrote(2_000.0), wrote(3_500.0)]);
        let expected = State::Running {
            began_at: 1_000.0,
            length_ms: 2_500.0,
            bytes: 20.0,
        };
        assert_eq!((progress.state, progress.advice), (expected, None));
    }

    #[test]
    fn it_is_over_when_the_last_of_it_is_written() {
        let mut progress = after(&[Event::Asked, BEGAN, Event::StopAsked, wrote(2_000.0)]);
        assert_eq!(progress.state, State::Stopping);
        assert!(progress.is_going_on() && !progress.is_running());
        progress.handle(Event::Ended(None));
        assert_eq!(progress, Progress::default());
    }

    #[test]
    fn a_full_disk_is_told_and_forgotten_by_the_next_recording() {
        let full = Event::Ended(Some(JsError::new("QuotaExceededError", "")));
        let nothing = after(&[Event::Asked, BEGAN, full.clone()]).advice.unwrap();
        assert!(nothing.remedy.contains("Nothing of it could be kept"));
        let mut progress = after(&[Event::Asked, BEGAN, wrote(2_000.0), full]);
        assert_eq!(progress.state, State::Idle);
        let advice = progress.advice.clone().unwrap();
        assert!(advice.what.contains("full") && advice.remedy.contains("is kept"));
        progress.handle(Event::Asked);
        assert_eq!(progress.advice, None);
    }

    #[test]
    fn a_recording_without_audio_says_so() {
        let silent = Event::Began {
            at: 0.0,
            has_audio: false,
        };
        assert!(after(&[Event::Asked, silent]).advice.is_some());
    }

    #[test]
    fn what_comes_late_begins_nothing() {
        let late = [BEGAN, wrote(1.0), Event::StopAsked, Event::Ended(None)];
        assert_eq!(after(&late), Progress::default());
        let stopped_early = after(&[Event::Asked, Event::StopAsked, BEGAN]);
        assert_eq!(stopped_early.state, State::Stopping);
    }
}
