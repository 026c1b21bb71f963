//! Recordings in the page's own files, where they stay until somebody deletes them: one that was not
//! saved when the page crashed is there the next time.
//! <https://fs.spec.whatwg.org/#origin-private-file-system>
//!
//! A file's bytes are kept only when it is closed. So a recording is a directory with its name, of parts
//! that are closed every few seconds; what is saved in the end is all of them, one behind the other.

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, BlobPropertyBag, File, FileSystemDirectoryHandle, FileSystemFileHandle,
    FileSystemGetDirectoryOptions, FileSystemGetFileOptions, FileSystemRemoveOptions,
    FileSystemWritableFileStream, StorageManager,
};

use super::lock::{Lock, held};
use crate::error::JsError;
use crate::recorder::with_duration;
use crate::rtc::files;
use crate::rtc::settled;

/// All recordings are in it.
const DIRECTORY: &str = "recordings";

/// A crash or a full disk costs no more than these.
const CHUNKS_IN_PART: u32 = 10;

/// Of the first part: as soon as anything is written, there is something to keep.
const CHUNKS_IN_FIRST_PART: u32 = 1;

/// Begins the name of a file without content, which ends with the length of the recording in milliseconds:
/// for that there is space on a full disk, too.
const LENGTH: &str = "length-";

/// In which the file says what it is.
const BEGINNING: f64 = 4096.0;

/// A recording that is in nobody's hands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    /// Also that of the file it becomes.
    pub(crate) name: String,
    pub(crate) bytes: f64,
}

/// All that there is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Recordings {
    /// By name.
    pub(crate) kept: Vec<Kept>,
    /// Whether others are being written, perhaps by another tab.
    pub(crate) has_unfinished: bool,
}

/// A recording that is being written.
pub(crate) struct Writing {
    directory: FileSystemDirectoryHandle,
    /// The open part.
    part: Option<FileSystemWritableFileStream>,
    /// How many parts were begun.
    parts: u32,
    /// In the open part.
    chunks: u32,
    /// So long is what was written, in milliseconds.
    length_ms: f64,
    /// So long is what stays whatever happens.
    kept_ms: f64,
    _lock: Lock,
}

impl Writing {
    pub(crate) async fn begin(name: &str) -> Result<Self, JsError> {
        // Before there is anything that another tab could offer to delete.
        let lock = Lock::hold(&lock_name(name)).await?;
        let directory = subdirectory(&directory().await?, name, true).await?;
        Ok(Self {
            directory,
            part: None,
            parts: 0,
            chunks: 0,
            length_ms: 0.0,
            kept_ms: 0.0,
            _lock: lock,
        })
    }

    /// Appends what makes the recording `length_ms` long, and returns when it is written. Fails with
    /// `QuotaExceededError` when the disk is full; what is in closed parts stays.
    pub(crate) async fn append(&mut self, chunk: &Blob, length_ms: f64) -> Result<(), JsError> {
        let appended = self.write(chunk).await;
        if appended.is_err() {
            // Nothing of it can be kept, and its space is wanted for what is.
            if let Some(part) = self.part.take() {
                let _ = settled(Ok(part.abort())).await;
            }
            return appended;
        }
        self.length_ms = length_ms;
        self.chunks += 1;
        let most = match self.parts {
            1 => CHUNKS_IN_FIRST_PART,
            _ => CHUNKS_IN_PART,
        };
        if self.chunks == most {
            self.close_part().await?;
        }
        Ok(())
    }

    async fn write(&mut self, chunk: &Blob) -> Result<(), JsError> {
        let part = match &self.part {
            Some(part) => part,
            None => {
                let name = format!("{:06}", self.parts);
                self.parts += 1;
                let file = file_in(&self.directory, &name, true).await?;
                self.part.insert(writable(&file).await?)
            }
        };
        settled(part.write_with_blob(chunk)).await?;
        Ok(())
    }

    /// Nothing more comes: closes the last part, and notes how long all of it is.
    pub(crate) async fn finish(mut self) -> Result<(), JsError> {
        let closed = self.close_part().await;
        if self.kept_ms > 0.0 {
            let name = format!("{LENGTH}{}", self.kept_ms as u64);
            file_in(&self.directory, &name, true).await?;
        }
        closed
    }

    async fn close_part(&mut self) -> Result<(), JsError> {
        self.chunks = 0;
        if let Some(part) = self.part.take() {
            settled(Ok(part.close())).await?;
            self.kept_ms = self.length_ms;
        }
        Ok(())
    }
}

/// What there is; what has nothing in it and is written by nobody is deleted.
pub(crate) async fn list() -> Result<Recordings, JsError> {
    let directory = directory().await?;
    let locked = held().await?;
    let mut recordings = Recordings::default();
    for name in names(&directory).await? {
        if locked.contains(&lock_name(&name)) {
            recordings.has_unfinished = true;
            continue;
        }
        let stored = stored(&directory, &name).await?;
        let bytes: f64 = stored.parts.iter().map(|part| part.size()).sum();
        if bytes > 0.0 {
            recordings.kept.push(Kept { name, bytes });
        } else {
            delete(&name).await?;
        }
    }
    Ok(recordings)
}

/// Has the browser save a recording where people save files. It stays here, too: whether the browser
/// has saved it is not told.
pub(crate) async fn save(name: &str) -> Result<(), JsError> {
    let stored = stored(&directory().await?, name).await?;
    let options = BlobPropertyBag::new();
    options.set_type(match name.ends_with(".mp4") {
        true => "video/mp4",
        false => "video/webm",
    });
    files::download_blob(name, &stored.whole(&options).await?)
}

/// Deletes a recording. Fails with `NoModificationAllowedError` while somebody writes it.
pub(crate) async fn delete(name: &str) -> Result<(), JsError> {
    let options = FileSystemRemoveOptions::new();
    options.set_recursive(true);
    let directory = directory().await?;
    settled(Ok(directory.remove_entry_with_options(name, &options))).await?;
    Ok(())
}

fn lock_name(name: &str) -> String {
    format!("{DIRECTORY}/{name}")
}

async fn directory() -> Result<FileSystemDirectoryHandle, JsError> {
    let storage = web_sys::window()
        .and_then(|window| Reflect::get(&window.navigator(), &"storage".into()).ok())
        .filter(JsValue::is_object);
    let storage: StorageManager = storage
        .map(JsCast::unchecked_into)
        .ok_or_else(|| JsError::not_supported("navigator.storage"))?;
    let root = settled(Ok(storage.get_directory())).await?.unchecked_into();
    subdirectory(&root, DIRECTORY, true).await
}

async fn subdirectory(
    parent: &FileSystemDirectoryHandle,
    name: &str,
    create: bool,
) -> Result<FileSystemDirectoryHandle, JsError> {
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(create);
    let directory = settled(Ok(parent.get_directory_handle_with_options(name, &options))).await?;
    Ok(directory.unchecked_into())
}

async fn file_in(
    parent: &FileSystemDirectoryHandle,
    name: &str,
    create: bool,
) -> Result<FileSystemFileHandle, JsError> {
    let options = FileSystemGetFileOptions::new();
    options.set_create(create);
    let file = settled(Ok(parent.get_file_handle_with_options(name, &options))).await?;
    Ok(file.unchecked_into())
}

async fn file(handle: &FileSystemFileHandle) -> Result<File, JsError> {
    Ok(settled(Ok(handle.get_file())).await?.unchecked_into())
}

/// Empties the file once it is closed.
async fn writable(file: &FileSystemFileHandle) -> Result<FileSystemWritableFileStream, JsError> {
    if !Reflect::has(file, &"createWritable".into())? {
        return Err(JsError::not_supported("createWritable"));
    }
    let writable = settled(Ok(file.create_writable())).await?;
    Ok(writable.unchecked_into())
}

/// What there is of a recording.
#[derive(Default)]
struct Stored {
    parts: Vec<File>,
    /// In milliseconds; `None` where the page crashed before it was known.
    length_ms: Option<f64>,
}

impl Stored {
    /// All of it, with a beginning that says how long it is. The rest stays on the disk until the browser saves it.
    async fn whole(&self, options: &BlobPropertyBag) -> Result<Blob, JsError> {
        let parts: Array = self.parts.iter().collect();
        let all = Blob::new_with_blob_sequence_and_options(&parts, options)?;
        let Some(length_ms) = self.length_ms else {
            return Ok(all);
        };
        // The first part alone may be shorter than what it begins with.
        let beginning = all.slice_with_f64_and_f64(0.0, BEGINNING.min(all.size()))?;
        let bytes = settled(Ok(beginning.array_buffer())).await?;
        let bytes = Uint8Array::new(&bytes).to_vec();
        let Some((beginning, replaced)) = with_duration(&bytes, length_ms) else {
            return Ok(all);
        };
        let beginning = Uint8Array::from(&beginning[..]);
        let rest = all.slice_with_f64_and_f64(replaced as f64, all.size())?;
        let pieces = Array::of2(&beginning, &rest);
        Ok(Blob::new_with_blob_sequence_and_options(&pieces, options)?)
    }
}

async fn stored(recordings: &FileSystemDirectoryHandle, name: &str) -> Result<Stored, JsError> {
    let directory = subdirectory(recordings, name, false).await?;
    let mut stored = Stored::default();
    for name in names(&directory).await? {
        match name.strip_prefix(LENGTH) {
            Some(length) => stored.length_ms = length.parse().ok(),
            None => {
                let part = file(&file_in(&directory, &name, false).await?).await?;
                stored.parts.push(part);
            }
        }
    }
    Ok(stored)
}

/// What is in a directory, in the order of its names.
async fn names(directory: &FileSystemDirectoryHandle) -> Result<Vec<String>, JsError> {
    let all = directory.keys();
    let mut names = Vec::new();
    loop {
        let next = settled(all.next()).await?;
        if Reflect::get(&next, &"done".into())?.is_truthy() {
            names.sort();
            return Ok(names);
        }
        names.extend(Reflect::get(&next, &"value".into())?.as_string());
    }
}
