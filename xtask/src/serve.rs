//! `cargo xtask serve`: the release bundle and the server, as they would be deployed.

use std::{
    process::{Command, ExitCode, Stdio},
    sync::mpsc::RecvTimeoutError,
    time::Duration,
};

use crate::{
    args::Serve,
    bundle,
    error::{Error, Result},
    process::{Running, command, say},
    server::{self, Profile},
    steps::{Steps, at_once},
};

pub(crate) fn run(options: &Serve) -> Result<ExitCode> {
    let steps = Steps::begin();
    let (program, dist) = at_once(
        || server::build_as_step(Profile::Serve, &steps),
        || bundle::build("/", &steps),
    )?;
    let mut server = command(program);
    server.arg("--assets").arg(dist);
    server
        .args(["--listen", &options.listen])
        .args(&options.server);
    let mut server = Running::start(server.stdout(Stdio::piped()))?;
    let lines = server.lines()?;
    let ended = loop {
        match lines.recv_timeout(Duration::from_millis(100)) {
            Ok(line) => show(&line, options.open, &steps),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break server.wait(None),
        }
        match server.poll() {
            Ok(None) => {}
            Ok(Some(status)) => break Ok(status),
            Err(error) => break Err(error),
        }
    };
    // What it said while it ended.
    lines.iter().for_each(|line| println!("{line}"));
    match ended {
        Ok(status) if !status.success() => Err(Error::new(format!("the server ended: {status}"))),
        // Ctrl-C is how one ends it.
        Ok(_) | Err(Error::Interrupted) => Ok(ExitCode::SUCCESS),
        Err(error) => Err(error),
    }
}

fn show(line: &str, open_address: bool, steps: &Steps) {
    println!("{line}");
    if let Some(address) = announced(line) {
        println!("{}", steps.table());
        let address = reachable(address);
        say(format!(
            "open {address} in a browser; Ctrl-C ends the server"
        ));
        if open_address {
            open(&address);
        }
    }
}

/// The address in the line that says that the server is ready.
fn announced(line: &str) -> Option<&str> {
    let (_, address) = line.split_once("listening on ")?;
    address.split_whitespace().next()
}

/// An address that listens everywhere is none that a browser can open.
fn reachable(address: &str) -> String {
    address
        .replace("0.0.0.0", "localhost")
        .replace("[::]", "localhost")
}

/// In whatever this system opens addresses with; it may outlive us.
fn open(address: &str) {
    let (program, arguments): (_, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start"])
    } else {
        ("xdg-open", &[])
    };
    let mut opener = Command::new(program);
    opener.args(arguments).arg(address);
    opener
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if let Err(error) = opener.spawn() {
        say(format!(
            "no browser can be opened from here ({program}: {error})"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_taken_from_the_servers_own_words() {
        let line = "webrtc-tour listening on http://127.0.0.1:8080";
        assert_eq!(announced(line), Some("http://127.0.0.1:8080"));
        assert_eq!(announced("room created"), None);
    }

    #[test]
    fn listening_everywhere_is_opened_here() {
        assert_eq!(reachable("https://0.0.0.0:8443"), "https://localhost:8443");
        assert_eq!(reachable("http://[::]:80"), "http://localhost:80");
        assert_eq!(reachable("http://10.0.0.1:80"), "http://10.0.0.1:80");
    }
}
