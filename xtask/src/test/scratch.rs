//! Where browsers put their profiles: new for each run, and gone afterwards.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    error::{Context, Result},
    process::end_leftovers,
};

pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub(super) fn new() -> Result<Self> {
        let path = env::temp_dir().join(format!("webrtc-tour-{}", std::process::id()));
        fs::create_dir_all(&path).context(path.display())?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A browser that is just ending may still write; what is left is the system's to clean.
        end_leftovers();
        let _ = fs::remove_dir_all(&self.0);
    }
}
