//! Files that the server keeps.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Writes beside the file and renames, so that nobody ever reads half of it. Only the server's
/// user may read a secret.
pub(crate) fn replace(path: &Path, text: &str, secret: bool) -> io::Result<()> {
    let new = path.with_extension(format!("new-{}", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(if secret { 0o600 } else { 0o644 });
    }
    #[cfg(not(unix))]
    let _ = secret;
    let mut file = options.open(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, path)
}
