//! Whether the bundle in `dist/` is the one that a build would make now.
//!
//! Contents decide, not times: a checkout touches files without changing them.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use crate::error::{Context, Result};

/// Everything that the bundle is made of, or made with.
const INPUTS: [&str; 14] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "build.rs",
    "index.html",
    "rust-toolchain.toml",
    "server/layout",
    "server/protocol",
    "src",
    "style",
    "xtask/book",
    "xtask/split",
    "xtask/src",
];

/// Lies in the bundle itself: whoever replaces the bundle removes it.
const STAMP: &str = ".built-from";

/// A fingerprint of the inputs and of what else decides.
pub(crate) fn fingerprint(root: &Path, settings: &[&str]) -> Result<String> {
    let mut files = Vec::new();
    for input in INPUTS {
        collect(&root.join(input), &mut files)?;
    }
    files.sort();
    let mut contents = Vec::new();
    for file in files {
        let content = fs::read(&file).context(format!("{} cannot be read", file.display()))?;
        contents.push((file.strip_prefix(root).unwrap_or(&file).to_owned(), content));
    }
    Ok(hash((settings, contents)))
}

/// Sixteen digits, as they are in the names of files that browsers may keep for ever.
pub(crate) fn hash(value: impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

pub(crate) fn is_fresh(dist: &Path, fingerprint: &str) -> bool {
    fs::read_to_string(dist.join(STAMP)).is_ok_and(|stamp| stamp == fingerprint)
}

pub(crate) fn stamp(dist: &Path, fingerprint: &str) -> Result<()> {
    fs::write(dist.join(STAMP), fingerprint).context("the bundle cannot be marked as fresh")
}

/// All files at or below a path; nothing if there is nothing.
pub(crate) fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
    } else if path.is_dir() {
        let unreadable = || format!("{} cannot be read", path.display());
        for entry in fs::read_dir(path).context(unreadable())? {
            collect(&entry.context(unreadable())?.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory of its own for each test, gone afterwards.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let unique = format!("webrtc-tour-{name}-{}", std::process::id());
            let path = std::env::temp_dir().join(unique);
            fs::create_dir_all(path.join("src/pages")).unwrap();
            Self(path)
        }

        fn write(&self, file: &str, text: &str) {
            fs::write(self.0.join(file), text).unwrap();
        }

        fn fingerprint(&self) -> String {
            fingerprint(&self.0, &["/"]).unwrap()
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_changed_a_new_and_a_moved_file_each_make_a_difference() {
        let scratch = Scratch::new("inputs");
        scratch.write("src/lib.rs", "one");
        let mut seen = vec![scratch.fingerprint()];
        scratch.write("src/lib.rs", "two");
        seen.push(scratch.fingerprint());
        scratch.write("src/pages/home.rs", "three");
        seen.push(scratch.fingerprint());
        fs::rename(scratch.0.join("src/lib.rs"), scratch.0.join("src/main.rs")).unwrap();
        seen.push(scratch.fingerprint());
        seen.push(fingerprint(&scratch.0, &["/elsewhere/"]).unwrap());
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), count);
    }

    #[test]
    fn the_same_content_and_files_that_do_not_matter_make_none() {
        let scratch = Scratch::new("same");
        scratch.write("src/lib.rs", "one");
        let before = scratch.fingerprint();
        scratch.write("src/lib.rs", "one");
        scratch.write("README.md", "text");
        assert_eq!(scratch.fingerprint(), before);
    }

    #[test]
    fn a_bundle_is_fresh_only_with_its_stamp() {
        let scratch = Scratch::new("stamp");
        assert!(!is_fresh(&scratch.0, "a"));
        stamp(&scratch.0, "a").unwrap();
        assert!(is_fresh(&scratch.0, "a"));
        assert!(!is_fresh(&scratch.0, "b"));
    }
}
