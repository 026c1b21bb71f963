//! Runs other programs, and sees to it that none of them outlives us.
//!
//! Children share our process group, so Ctrl-C in a terminal reaches them too; we wait for
//! them to end in their own time. A request to end that reaches only us is passed on.

use std::{
    env,
    ffi::OsStr,
    io::{self, BufReader, Read},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    error::{Context, Error, Result},
    tools,
};

const POLL: Duration = Duration::from_millis(50);
/// How long a child that saw Ctrl-C itself may take before it is asked once more.
const OWN_TIME: Duration = Duration::from_secs(3);
/// How long a child that was asked to end may take before it is killed.
const GRACE: Duration = Duration::from_secs(8);
/// In the environment of everything we start, and so of everything that starts in turn.
const MARK: &str = "WEBRTC_TOUR_RUN";

static SIGNAL: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);
static RUN: LazyLock<String> = LazyLock::new(|| {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
    format!("{}-{}", std::process::id(), since.as_nanos())
});

/// From here on a signal no longer ends us at once, but as soon as our children have ended.
pub(crate) fn watch_signals() -> Result<()> {
    for signal in signal_hook::consts::TERM_SIGNALS {
        let number = usize::try_from(*signal).context("signal number")?;
        signal_hook::flag::register_usize(*signal, Arc::clone(&SIGNAL), number)
            .context("cannot watch for Ctrl-C")?;
    }
    Ok(())
}

pub(crate) fn interrupted() -> bool {
    SIGNAL.load(Ordering::Relaxed) != 0
}

/// Paths in this program are relative to the repository.
pub(crate) fn enter_repository() -> Result<()> {
    // Asked for at run time: clones that share a target directory may share our binary.
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
    let root = Path::new(&package).join("..");
    env::set_current_dir(&root).context(format!("cannot enter {}", root.display()))
}

/// Announces what begins now.
pub(crate) fn say(text: impl std::fmt::Display) {
    println!("==> {text}");
}

/// A program that finds our tools first.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env("PATH", tools::search_path()).env(MARK, &*RUN);
    command
}

pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = command("cargo");
    command.args(arguments);
    command
}

/// Cargo for what is not needed first: it leaves the processors to what is. Of two such, the one with
/// the lower `niceness`, of at most 19, comes first.
pub(crate) fn nice_cargo(niceness: u8, arguments: &[&str]) -> Command {
    // <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/nice.html>
    if !cfg!(unix) {
        return cargo(arguments);
    }
    let mut command = command("nice");
    command.args(["-n", &niceness.to_string(), "cargo"]);
    command.args(arguments);
    command
}

/// Runs to the end, showing the output; anything but success is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = Running::start(command)?.wait(None)?;
    if status.success() {
        return Ok(());
    }
    Err(Error::new(format!("`{}` failed: {status}", shown(command))))
}

/// Runs quietly to the end; the output, if there is such a program and it succeeds.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// Runs to the end or to the limit, handing on each line of standard output.
pub(crate) fn run_with_lines(
    command: &mut Command,
    limit: Duration,
    mut on_line: impl FnMut(&str),
) -> Result<ExitStatus> {
    let mut running = Running::start(command.stdout(Stdio::piped()))?;
    let lines = running.lines()?;
    let deadline = Instant::now() + limit;
    let mut ended: Option<(ExitStatus, Instant)> = None;
    loop {
        match lines.recv_timeout(POLL) {
            Ok(line) => on_line(&line),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => match ended {
                // A grandchild may hold the pipe open for ever.
                Some((_, when)) if when.elapsed() > GRACE => break,
                Some(_) => {}
                None => ended = running.poll()?.map(|status| (status, Instant::now())),
            },
        }
        if ended.is_none() && Instant::now() > deadline {
            break;
        }
    }
    match ended {
        Some((status, _)) => Ok(status),
        None => running.wait(Some(deadline)),
    }
}

/// The command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

/// A child process that ends with this value.
pub(crate) struct Running {
    name: String,
    child: Child,
}

/// Another thread that starts a program at the same moment holds all our files open until that runs: also one that
/// we have just copied, and Linux runs no program that is open for writing.
fn spawn_when_written(command: &mut Command) -> io::Result<Child> {
    const PAUSE: Duration = Duration::from_millis(10);
    const PAUSES: u32 = 500;

    for _ in 0..PAUSES {
        match command.spawn() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => thread::sleep(PAUSE),
            spawned => return spawned,
        }
    }
    command.spawn()
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let name = shown(command);
        let child = spawn_when_written(command).context(format!("`{name}` cannot be started"))?;
        Ok(Self { name, child })
    }

    /// What it prints on standard output, and on standard error if that is piped, too.
    pub(crate) fn lines(&mut self) -> Result<mpsc::Receiver<String>> {
        let stdout = self.child.stdout.take();
        let stdout = stdout.ok_or_else(|| Error::new("standard output was not piped"))?;
        let (sender, receiver) = mpsc::channel();
        if let Some(stderr) = self.child.stderr.take() {
            let sender = sender.clone();
            thread::spawn(move || send_lines(stderr, &sender));
        }
        thread::spawn(move || send_lines(stdout, &sender));
        Ok(receiver)
    }

    /// How it ended, if it has; `Interrupted` if we are to end.
    pub(crate) fn poll(&mut self) -> Result<Option<ExitStatus>> {
        if interrupted() {
            self.stop();
            return Err(Error::Interrupted);
        }
        let status = self.child.try_wait();
        status.context(format!("cannot wait for `{}`", self.name))
    }

    pub(crate) fn wait(&mut self, deadline: Option<Instant>) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.poll()? {
                return Ok(status);
            }
            if deadline.is_some_and(|deadline| Instant::now() > deadline) {
                self.stop();
                let text = format!("`{}` took too long and was ended", self.name);
                return Err(Error::new(text));
            }
            thread::sleep(POLL);
        }
    }

    /// Ends it: politely first, then not.
    pub(crate) fn stop(&mut self) {
        let sigint = usize::try_from(signal_hook::consts::SIGINT).ok();
        if Some(SIGNAL.load(Ordering::Relaxed)) == sigint && self.ends_within(OWN_TIME) {
            return;
        }
        if self.ends_within(Duration::ZERO) {
            return;
        }
        let asked = ask_to_end(self.child.id());
        if !(asked && self.ends_within(GRACE)) {
            // An error here means that it has ended already.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    fn ends_within(&mut self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        loop {
            match self.child.try_wait() {
                Ok(None) if Instant::now() < deadline => thread::sleep(POLL),
                Ok(None) => return false,
                Ok(Some(_)) | Err(_) => return true,
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Sends each line, and as lines, too, those that are written over one another, as progress is.
fn send_lines(output: impl Read, sender: &mpsc::Sender<String>) {
    let mut line = Vec::new();
    let mut before = 0;
    for byte in BufReader::new(output)
        .bytes()
        .map_while(std::io::Result::ok)
    {
        let nothing = line.is_empty() && (byte == b'\r' || before == b'\r');
        match byte {
            b'\n' | b'\r' if nothing => {}
            b'\n' | b'\r' => {
                let text = String::from_utf8_lossy(&line).trim_end().to_owned();
                line.clear();
                if sender.send(text).is_err() {
                    return;
                }
            }
            _ => line.push(byte),
        }
        before = byte;
    }
    if !line.is_empty() {
        // Nobody listens any more, or this was the end.
        let _ = sender.send(String::from_utf8_lossy(&line).trim_end().to_owned());
    }
}

/// Windows has no such request.
fn ask_to_end(pid: u32) -> bool {
    cfg!(unix) && output(Command::new("kill").args(["-TERM", &pid.to_string()])).is_some()
}

/// Ends what programs we started have left behind (a browser whose driver was killed, say),
/// and returns their names. Only Linux can tell.
pub(crate) fn end_leftovers() -> Vec<String> {
    let mark = format!("{MARK}={}", *RUN);
    let mut names = Vec::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse::<u32>().ok())
        else {
            continue;
        };
        let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
        if environment
            .split(|byte| *byte == 0)
            .any(|variable| variable == mark.as_bytes())
        {
            let name = std::fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
            names.push(name.trim().to_owned());
            output(Command::new("kill").args(["-KILL", &pid.to_string()]));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_where_one_ends_or_is_written_over() {
        let (sender, lines) = mpsc::channel();
        let output = "one\n\ntwo\r\n 1/3\r 2/3\r\rthree\nno end";
        send_lines(output.as_bytes(), &sender);
        drop(sender);
        let lines: Vec<_> = lines.iter().collect();
        assert_eq!(lines, ["one", "", "two", " 1/3", " 2/3", "three", "no end"]);
    }
}
