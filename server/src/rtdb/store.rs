//! A tree in a file that survives the end of the process at any moment.
//!
//! One row a plain value: its path, and the value as JSON. A thread of its own writes, whatever
//! came while it wrote before in one transaction, so that many waiting writes cost one sync.

use std::path::Path as FilePath;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use redb::{Database, DatabaseError, ReadableDatabase, ReadableTable, Table, TableDefinition};
use tokio::sync::oneshot;

use super::node::Node;
use super::path::Path;
use super::write::Change;
use crate::Error;

const VALUES: TableDefinition<&str, &str> = TableDefinition::new("values");

/// After a failure, as of a full disk.
const RETRY: Duration = Duration::from_secs(1);

/// The way to the thread that writes.
pub(crate) struct Store {
    saves: Option<mpsc::Sender<Save>>,
    failing: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

struct Save {
    sets: Vec<(Path, Node)>,
    saved: oneshot::Sender<bool>,
}

/// A write is not on disk; it may be, later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotSaved;

/// Whether a write is on disk, as soon as that is known.
pub(crate) struct Saved(oneshot::Receiver<bool>);

impl Saved {
    pub(crate) async fn wait(self) -> Result<(), NotSaved> {
        match self.0.await {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(NotSaved),
        }
    }
}

impl Store {
    /// Opens or makes a file; the store and what is in it.
    pub(crate) fn open(file: &FilePath) -> Result<(Self, Node), Error> {
        let wrong = |error: redb::Error| Error::DatabaseFile {
            path: file.to_owned(),
            error: error.to_string(),
        };
        let database = Database::create(file).map_err(|error| match error {
            DatabaseError::DatabaseAlreadyOpen => Error::DatabaseFile {
                path: file.to_owned(),
                error: "another server is using it".to_owned(),
            },
            error => wrong(error.into()),
        })?;
        let root = load(&database).map_err(wrong)?;
        let (saves, queue) = mpsc::channel();
        let failing = Arc::new(AtomicBool::new(false));
        let thread = {
            let failing = Arc::clone(&failing);
            let thread = thread::Builder::new().name("rtdb-file".to_owned());
            let file = file.to_owned();
            thread.spawn(move || run(database, &file, &queue, &failing))?
        };
        let store = Self {
            saves: Some(saves),
            failing,
            thread: Some(thread),
        };
        Ok((store, root))
    }

    /// True from a failure on until what failed is on disk after all.
    pub(crate) fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    /// To be called in the order of the changes.
    pub(crate) fn save(&self, change: &Change) -> Saved {
        let value = |path: &Path| (path.clone(), change.after.get(path).clone());
        let sets = change.paths.iter().map(value).collect();
        let (saved, answer) = oneshot::channel();
        if let Some(saves) = &self.saves {
            // Without the thread there is no answer, which is one.
            let _ = saves.send(Save { sets, saved });
        }
        Saved(answer)
    }
}

impl Drop for Store {
    /// What was handed over is on disk afterwards, and the file can be opened again.
    fn drop(&mut self) {
        self.saves = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that writes the database's file has failed");
        }
    }
}

fn run(database: Database, file: &FilePath, queue: &mpsc::Receiver<Save>, failing: &AtomicBool) {
    let mut database = Some(database);
    let mut sets = Vec::new();
    loop {
        let mut answers = Vec::new();
        let first = if sets.is_empty() {
            queue.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            queue.recv_timeout(RETRY)
        };
        let ended = matches!(first, Err(RecvTimeoutError::Disconnected));
        for save in first.into_iter().chain(queue.try_iter()) {
            sets.extend(save.sets);
            answers.push(save.saved);
        }
        if !sets.is_empty() {
            let committed = attempt(&mut database, file, &sets);
            failing.store(committed.is_err(), Ordering::Relaxed);
            match &committed {
                Ok(()) => sets.clear(),
                Err(error) => tracing::error!(%error, "cannot write the database's file"),
            }
        }
        for answer in answers {
            // Whoever asked may have gone.
            let _ = answer.send(sets.is_empty());
        }
        if ended {
            return;
        }
    }
}

/// A database that has failed must be opened again.
fn attempt(
    database: &mut Option<Database>,
    file: &FilePath,
    sets: &[(Path, Node)],
) -> Result<(), redb::Error> {
    let open = match database.take() {
        Some(open) => open,
        None => Database::create(file)?,
    };
    commit(&open, sets)?;
    *database = Some(open);
    Ok(())
}

fn load(database: &Database) -> Result<Node, redb::Error> {
    // So that it is there to be read.
    let write = database.begin_write()?;
    write.open_table(VALUES)?;
    write.commit()?;
    let mut root = Node::Null;
    for row in database.begin_read()?.open_table(VALUES)?.iter()? {
        let (path, value) = row?;
        let corrupted =
            || redb::Error::Corrupted(format!("a row that cannot be: {}", path.value()));
        let place: Path = path.value().parse().map_err(|_| corrupted())?;
        let value = serde_json::from_str(value.value()).map_err(|_| corrupted())?;
        root.set(&place, Node::from_json(&value));
    }
    Ok(root)
}

fn commit(database: &Database, sets: &[(Path, Node)]) -> Result<(), redb::Error> {
    let write = database.begin_write()?;
    {
        let mut table = write.open_table(VALUES)?;
        for (path, node) in sets {
            clear(&mut table, path, !node.is_null())?;
            insert(&mut table, path, node)?;
        }
    }
    write.commit()?;
    Ok(())
}

/// Removes what is at `path` and below; and, when something comes there, the plain values above,
/// which give way.
fn clear(
    table: &mut Table<'_, &'static str, &'static str>,
    path: &Path,
    also_above: bool,
) -> Result<(), redb::Error> {
    if path.is_root() {
        table.retain(|_, _| false)?;
        return Ok(());
    }
    table.remove(path.to_string().as_str())?;
    let mut above = path.parent().filter(|_| also_above);
    while let Some(place) = above {
        table.remove(place.to_string().as_str())?;
        above = place.parent();
    }
    // No key has a slash; the character after the slash is the first beyond all children.
    let (first, end) = (format!("{path}/"), format!("{path}0"));
    table.retain_in(first.as_str()..end.as_str(), |_, _| false)?;
    Ok(())
}

fn insert(
    table: &mut Table<'_, &'static str, &'static str>,
    path: &Path,
    node: &Node,
) -> Result<(), redb::Error> {
    match node {
        Node::Null => {}
        Node::Object(children) => {
            for (key, child) in children.iter() {
                insert(table, &path.child(key.clone()), child)?;
            }
        }
        plain => {
            let value = plain.to_json().to_string();
            table.insert(path.to_string().as_str(), value.as_str())?;
        }
    }
    Ok(())
}
