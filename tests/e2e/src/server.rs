//! The real server, as a process of its own.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::process::Process;
use crate::{Outcome, Settings};

/// A server on a port of its own, which it keeps when it is started again. Clones are the same
/// server.
#[derive(Clone)]
pub struct Server(Arc<Mutex<State>>);

struct State {
    program: PathBuf,
    arguments: Vec<String>,
    /// Such as `http://127.0.0.1:4711`; known from the first start on.
    origin: Option<String>,
    running: Option<Process>,
    /// What earlier runs wrote.
    log: String,
}

impl Server {
    /// Not running yet. It is told of no STUN server, since nothing may leave this machine.
    pub(crate) fn new(settings: &Settings, extra: &[&str]) -> Self {
        let dist = settings.dist.to_string_lossy();
        let database = ["--rtdb-listen", "127.0.0.1:0"];
        let mut arguments: Vec<String> = ["--ice-servers", "[]", "--assets", &dist]
            .into_iter()
            .chain(database)
            .map(str::to_owned)
            .collect();
        arguments.extend(extra.iter().map(|&argument| argument.to_owned()));
        Self(Arc::new(Mutex::new(State {
            program: settings.server.clone(),
            arguments,
            origin: None,
            running: None,
            log: String::new(),
        })))
    }

    /// Starts it, on the port that it had before if it had one.
    pub fn start(&self) -> Outcome {
        let mut state = self.lock();
        let address = match &state.origin {
            Some(origin) => origin.split("//").nth(1).unwrap_or_default().to_owned(),
            None => "127.0.0.1:0".to_owned(),
        };
        let mut command = Command::new(&state.program);
        command.args(["--listen", &address]).args(&state.arguments);
        let process = Process::start(&mut command)?;
        let origin = process.wait_for_line(|line| {
            line.strip_prefix("webrtc-tour listening on ")
                .map(str::to_owned)
        })?;
        state.origin = Some(origin);
        state.running = Some(process);
        Ok(())
    }

    /// Ends it as an operator does: it may say goodbye.
    pub fn stop(&self) -> Outcome {
        self.end(Process::end)
    }

    /// Ends it as a power failure does.
    pub fn kill(&self) -> Outcome {
        self.end(|process| {
            process.kill();
            Ok(())
        })
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        self.lock().origin.clone().unwrap_or_default()
    }

    /// What it wrote in all its runs.
    pub(crate) fn log(&self) -> String {
        let state = self.lock();
        let now = state.running.as_ref().map(Process::log);
        format!("{}{}", state.log, now.unwrap_or_default())
    }

    fn end(&self, how: impl Fn(&mut Process) -> Outcome) -> Outcome {
        let mut state = self.lock();
        let Some(mut process) = state.running.take() else {
            return Ok(());
        };
        let outcome = how(&mut process);
        state.log.push_str(&process.log());
        outcome
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
