//! Whether this device is fast enough to blur the background of its camera's video. Pure.

/// The first frames take longer: the browser is still compiling.
const FIRST: u32 = 10;

/// So many frames are looked at together, or as many as take so many milliseconds.
const TOGETHER: u32 = 30;
const TOGETHER_MS: f64 = 4_000.0;

/// So many intervals of the camera a frame may take: a third of its frames, ten a second of most, still are a
/// video.
const INTERVALS: f64 = 3.0;

/// Anything can keep a device busy for a moment, and joining a call for several seconds.
const LATE_IN_A_ROW: u32 = 4;

/// How long frames take, beside how often the camera makes one, of which it is told in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pace {
    limit_ms: f64,
    first: u32,
    frames: u32,
    took_ms: f64,
    late: u32,
    late_in_a_row: u32,
}

impl Pace {
    pub(crate) fn new(interval_ms: f64) -> Self {
        Self {
            limit_ms: INTERVALS * interval_ms,
            first: FIRST,
            frames: 0,
            took_ms: 0.0,
            late: 0,
            late_in_a_row: 0,
        }
    }

    /// Whether this is too slow, now that another frame took so long: most frames take so long that less than
    /// a third of the camera's are left, and not only for a moment.
    pub(crate) fn is_too_slow(&mut self, took_ms: f64) -> bool {
        if self.first > 0 {
            self.first -= 1;
            self.took_ms += took_ms;
            if self.took_ms > TOGETHER_MS || self.first == 0 {
                (self.first, self.took_ms) = (0, 0.0);
            }
            return false;
        }
        self.frames += 1;
        self.took_ms += took_ms;
        self.late += u32::from(took_ms > self.limit_ms);
        if self.frames == TOGETHER || self.took_ms > TOGETHER_MS {
            let is_late = self.late * 2 > self.frames;
            self.late_in_a_row = if is_late { self.late_in_a_row + 1 } else { 0 };
            (self.frames, self.took_ms, self.late) = (0, 0.0, 0);
        }
        self.late_in_a_row >= LATE_IN_A_ROW
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: f64 = 1000.0 / 30.0;

    /// After how many frames it is too slow.
    fn after(times: impl IntoIterator<Item = f64>) -> Option<usize> {
        let mut pace = Pace::new(INTERVAL);
        times.into_iter().position(|took| pace.is_too_slow(took))
    }

    #[test]
    fn what_keeps_up_goes_on() {
        assert_eq!(after([20.0; 1000]), None);
        assert_eq!(after([3.0 * INTERVAL; 1000]), None);
    }

    #[test]
    fn what_does_not_is_noticed_within_seconds() {
        let frames = after([101.0; 1000]).unwrap();
        assert!(101 * frames < 15_000, "{frames} frames");
        let frames = after([1000.0; 1000]).unwrap();
        assert!(frames < 30, "{frames} seconds");
    }

    #[test]
    fn a_moment_is_no_reason() {
        let start = [500.0; FIRST as usize].into_iter();
        assert_eq!(after(start.chain([20.0; 1000])), None);
        let busy = [20.0; 100].into_iter().chain([300.0; 30]);
        assert_eq!(after(busy.chain([20.0; 1000])), None);
    }

    #[test]
    fn a_slow_frame_now_and_then_is_none_either() {
        let times = (0..1000).map(|frame| if frame % 3 == 0 { 100.0 } else { 10.0 });
        assert_eq!(after(times), None);
    }
}
