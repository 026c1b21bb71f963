//! A file that somebody chose, as a recording.

use futures_util::future::join;
use web_sys::File;

use crate::advice::{Advice, for_loading};
use crate::lazy::lazy;
use crate::recording::{ImportError, Recording};
use crate::rtc::files;

/// Reads a recording's JSON.
pub(super) type Read = fn(&str) -> Result<Recording, ImportError>;

lazy!(pub(super) recording_reader: Read = Recording::from_json);

/// What reads recordings, or what to tell people where it cannot be loaded.
pub(super) async fn reader() -> Result<Read, Advice> {
    let reader = recording_reader().await;
    reader.map_err(|_| for_loading("The code for reading recordings"))
}

pub(super) async fn read(file: &File) -> Result<Recording, Advice> {
    let refused = |error: ImportError| Advice::new("This file was not opened.", error.to_string());
    let bytes = file.size() as usize;
    if bytes > Recording::MAX_BYTES {
        return Err(refused(ImportError::TooLarge { bytes }));
    }
    let (text, read) = join(files::read_text(file), reader()).await;
    let text = text.map_err(|error| {
        let what = format!("The file could not be read ({error}).");
        Advice::new(what, "It may have been moved or changed. Choose it again.")
    })?;
    read?(&text).map_err(refused)
}
