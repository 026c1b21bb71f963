//! Programs that are started here, and that end here.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, thread};

use crate::Outcome;

/// How long a program may take to say that it is ready, or to end.
const LIMIT: Duration = Duration::from_secs(20);

/// A running program. It is killed when this is dropped.
pub struct Process {
    name: String,
    child: Child,
    log: Arc<Mutex<String>>,
    lines: Mutex<Receiver<String>>,
}

impl Process {
    pub fn start(command: &mut Command) -> Outcome<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{name} cannot be started: {error}"))?;
        let log = Arc::<Mutex<String>>::default();
        let (sender, lines) = mpsc::channel();
        if let Some(output) = child.stdout.take() {
            follow(output, &log, sender.clone());
        }
        if let Some(output) = child.stderr.take() {
            follow(output, &log, sender);
        }
        Ok(Self {
            name,
            child,
            log,
            lines: Mutex::new(lines),
        })
    }

    /// The first line from which `find` takes something.
    pub fn wait_for_line<T>(&self, find: impl Fn(&str) -> Option<T>) -> Outcome<T> {
        let deadline = Instant::now() + LIMIT;
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match lines.recv_timeout(left) {
                Ok(line) => {
                    if let Some(found) = find(&line) {
                        return Ok(found);
                    }
                }
                Err(_) => {
                    let text = format!("{} did not get ready; it said:\n{}", self.name, self.log());
                    return Err(text.into());
                }
            }
        }
    }

    /// All that it wrote.
    pub(crate) fn log(&self) -> String {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Asks it to end and waits until it has.
    pub(crate) fn end(&mut self) -> Outcome {
        signal("-TERM", self.child.id());
        let deadline = Instant::now() + LIMIT;
        while self.child.try_wait()?.is_none() {
            if Instant::now() > deadline {
                return Err(format!("{} does not end when asked to", self.name).into());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Ends it without asking.
    pub(crate) fn kill(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Kills a program that somebody else started for us.
pub(crate) fn kill(pid: u32) {
    signal("-KILL", pid);
}

/// Kills a program together with all that it started, so that no part is left to say goodbye: the
/// part of Chromium that holds its sockets is a process of its own.
pub(crate) fn kill_all_of(pid: u32) {
    let mut family = vec![pid];
    let mut known = 0;
    while known < family.len() {
        family.extend(children_of(family[known]));
        known += 1;
    }
    let family = family.iter().rev().map(u32::to_string);
    // Fails only when they have ended already.
    let _ = Command::new("kill")
        .arg("-KILL")
        .args(family)
        .stderr(Stdio::null())
        .status();
}

fn children_of(pid: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{pid}/task"));
    let threads = threads.into_iter().flatten().flatten();
    let lists = threads.map(|thread| fs::read_to_string(thread.path().join("children")));
    let pids = lists.flat_map(|list| {
        let list = list.unwrap_or_default();
        let pids = list.split_whitespace().filter_map(|pid| pid.parse().ok());
        pids.collect::<Vec<_>>()
    });
    pids.collect()
}

/// Whether there is such a process, and it is more than an entry that nobody has read.
pub(crate) fn is_alive(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| !stat.contains(") Z ") && !stat.contains(") X "))
}

fn signal(which: &str, pid: u32) {
    // Fails only when the process has ended already.
    let _ = Command::new("kill")
        .args([which, &pid.to_string()])
        .stderr(Stdio::null())
        .status();
}

/// Reads until the program closes its output, so that it never waits for us.
fn follow(output: impl Read + Send + 'static, log: &Arc<Mutex<String>>, lines: Sender<String>) {
    let log = log.clone();
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut bytes = Vec::new();
        while output.read_until(b'\n', &mut bytes).is_ok_and(|n| n > 0) {
            let line = String::from_utf8_lossy(&bytes).into_owned();
            bytes.clear();
            log.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push_str(&line);
            // Nobody listens any more once it was ready.
            let _ = lines.send(line.trim_end().to_owned());
        }
    });
}
