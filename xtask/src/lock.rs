//! One build of the bundle at a time: builds share the directory that it is made in, and the splitter's
//! beside the program.

use std::{
    env,
    fs::{self, File, TryLockError},
    path::PathBuf,
    thread,
    time::Duration,
};

use crate::{
    error::{Context, Error, Result},
    process::{self, say},
};

const POLL: Duration = Duration::from_millis(200);

/// Held as long as the value lives; the system gives it back when we end in any way.
pub(crate) struct Lock(#[expect(dead_code, reason = "an open file holds its lock")] Vec<File>);

/// Waits for other builds of this clone, and of others that share its target directory.
pub(crate) fn take() -> Result<Lock> {
    let shared = env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty());
    let mut directories = Vec::new();
    for directory in [Some("target".into()), shared].into_iter().flatten() {
        let directory = PathBuf::from(directory);
        let unusable = || format!("{} cannot be used", directory.display());
        fs::create_dir_all(&directory).context(unusable())?;
        directories.push(directory.canonicalize().context(unusable())?);
    }
    // Locking the same file twice would be waiting for ourselves.
    directories.dedup();
    let files = directories.into_iter().map(|directory| {
        let path = directory.join(".bundle-lock");
        let file = File::create(&path).context(path.display())?;
        wait_for(&file)?;
        Ok(file)
    });
    files.collect::<Result<_>>().map(Lock)
}

fn wait_for(file: &File) -> Result<()> {
    let mut said = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if process::interrupted() => {
                return Err(Error::Interrupted);
            }
            Err(TryLockError::WouldBlock) => {
                if !said {
                    say("waiting for another build of the bundle");
                    said = true;
                }
                thread::sleep(POLL);
            }
            Err(TryLockError::Error(error)) => return Err(error).context("the bundle's lock"),
        }
    }
}
