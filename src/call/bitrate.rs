//! How much a participant of a mesh sends to each other one. Pure.

/// What all pictures of one participant may cost together, in kbit/s: most home connections carry
/// that upwards.
pub(crate) const UPLOAD_KBPS: u32 = 2400;

/// Less than this is no picture any more.
const LEAST_KBPS: u32 = 100;

/// The bitrate of one picture to one of `others` participants at most, in kbit/s. A picture
/// that nobody receives costs nothing.
pub(crate) fn video_kbps(others: usize) -> u32 {
    let others = u32::try_from(others.max(1)).unwrap_or(u32::MAX);
    (UPLOAD_KBPS / others).max(LEAST_KBPS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_falls_as_the_room_grows_and_stays_usable() {
        let rates: Vec<_> = (1..8).map(video_kbps).collect();
        assert_eq!(rates, [2400, 1200, 800, 600, 480, 400, 342]);
        assert_eq!(video_kbps(usize::MAX), 100);
        assert_eq!(video_kbps(0), video_kbps(1));
    }
}
