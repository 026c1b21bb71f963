//! How much each connection may send. Pure.

/// The greatest bitrate of the video on each connection, in kbit/s, with so many others.
pub fn video_kbps(others: usize) -> u32 {
    let others = u32::try_from(others).unwrap_or(u32::MAX).max(1);
    (2400 / others).min(2500)
}
