//! ffprobe, which says what is in a recording: <https://ffmpeg.org/ffprobe.html>.

use std::path::PathBuf;

use crate::{
    error::{Error, Result},
    process::{self, command},
    system::apt_install,
    tools,
};

/// Debian's.
const PACKAGE: &str = "ffmpeg";

/// Where it is, installed if need be.
pub(crate) fn set_up() -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let wanted = "recordings are examined with ffprobe: install FFmpeg (https://ffmpeg.org)";
    apt_install(&[PACKAGE]).map_err(|error| match error {
        Error::Interrupted => error,
        Error::Message(text) => Error::new(format!("{wanted} ({text})")),
    })?;
    find().ok_or_else(|| Error::new(wanted))
}

fn find() -> Option<PathBuf> {
    let path = tools::which("ffprobe")?;
    process::output(command(&path).arg("-version"))?;
    Some(path)
}
