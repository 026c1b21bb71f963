//! The program as one starts it: what it prints, how it ends, what it survives.

#![cfg(unix)]
use std::net::SocketAddr;
use std::process::{Output, Stdio};

use crate::common::{closed, http, within};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStderr, ChildStdout, Command};

const PROGRAM: &str = env!("CARGO_BIN_EXE_webrtc-tour-server");

/// A command without this test's environment.
fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

async fn output(args: &[&str]) -> Output {
    let mut command = command(PROGRAM);
    within("the end", command.args(args).output())
        .await
        .unwrap()
}

struct Running {
    child: Child,
    address: SocketAddr,
    first_line: String,
    stdout: Lines<BufReader<ChildStdout>>,
    stderr: Lines<BufReader<ChildStderr>>,
}

async fn start(mut command: Command) -> Running {
    let mut child = command.spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
    let stderr = BufReader::new(child.stderr.take().unwrap()).lines();
    let first_line = within("a line", stdout.next_line()).await.unwrap().unwrap();
    let address = first_line.rsplit_once("//").unwrap().1.parse().unwrap();
    Running {
        child,
        address,
        first_line,
        stdout,
        stderr,
    }
}

impl Running {
    async fn signal(&self, name: &str) {
        let pid = self.child.id().unwrap().to_string();
        let kill = Command::new("kill").args([name, &pid]).status();
        assert!(kill.await.unwrap().success());
    }
}

#[tokio::test]
async fn it_says_where_it_listens_and_ends_on_signals() {
    for signal in ["-TERM", "-INT"] {
        let mut command = command(PROGRAM);
        command.args(["--listen", "127.0.0.1:0"]);
        let mut running = start(command).await;
        let expected = format!("webrtc-tour listening on http://{}", running.address);
        assert_eq!(running.first_line, expected);
        assert_ne!(running.address.port(), 0);
        let (head, _) = http(running.address, "GET /healthz HTTP/1.1").await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        running.signal(signal).await;
        let status = within("the end", running.child.wait()).await.unwrap();
        assert!(status.success(), "{status}");
        // Nothing is for other devices.
        assert_eq!(running.stdout.next_line().await.unwrap(), None);
    }
}

#[tokio::test]
async fn flags_may_be_environment_variables() {
    let mut command = command(PROGRAM);
    command.env("WEBRTC_TOUR_LISTEN", "127.0.0.1:0");
    command.env("WEBRTC_TOUR_LOG_FORMAT", "json");
    let mut running = start(command).await;
    running.signal("-TERM").await;
    let mut lines = 0;
    while let Some(line) = within("a line", running.stderr.next_line()).await.unwrap() {
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert!(line["level"].is_string());
        lines += 1;
    }
    assert!(lines > 0);
}

#[tokio::test]
async fn it_lives_on_when_nobody_reads_what_it_prints() {
    let mut command = command(PROGRAM);
    command.args(["--listen", "127.0.0.1:0"]);
    let running = start(command).await;
    drop(running.stdout);
    let (head, _) = http(running.address, "GET /healthz HTTP/1.1").await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
}

#[tokio::test]
async fn an_address_in_use_is_one_clear_sentence() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = output(&["--listen", &address]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains(&address) && text.contains("in use"), "{text}");
}

#[tokio::test]
async fn bad_configuration_is_code_2() {
    for args in [
        &["--listen", "nowhere"][..],
        &["--ice-servers", "[{}]"],
        &["--stun", "http://example"],
        &[
            "--tls-cert",
            "/no/such/cert.pem",
            "--tls-key",
            "/no/such/key.pem",
        ],
        &["--ping-interval", "0s"],
    ] {
        let output = output(args).await;
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(!text.contains("panicked"), "{text}");
        assert!(output.stdout.is_empty());
    }
}

#[tokio::test]
async fn it_outlives_the_lack_of_file_descriptors() {
    let mut command = command("/bin/sh");
    command.args(["-c", "ulimit -n 40; exec \"$0\" \"$@\"", PROGRAM]);
    command.args(["--listen", "127.0.0.1:0"]);
    let mut running = start(command).await;
    let mut hoard = Vec::new();
    for _ in 0..60 {
        hoard.push(TcpStream::connect(running.address).await.unwrap());
    }
    loop {
        let line = within("an error in the log", running.stderr.next_line()).await;
        if line.unwrap().unwrap().contains("cannot accept") {
            break;
        }
    }
    drop(hoard);
    let (head, _) = http(running.address, "GET /healthz HTTP/1.1").await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
}

#[tokio::test]
async fn tls_makes_its_certificate_and_says_https() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = command(PROGRAM);
    command.args(["--listen", "127.0.0.1:0", "--tls"]);
    // The user's data directory, as far as the program knows.
    command.env("XDG_DATA_HOME", directory.path());
    command.env("HOME", directory.path());
    let running = start(command).await;
    let expected = format!("webrtc-tour listening on https://{}", running.address);
    assert_eq!(running.first_line, expected);
    let files: Vec<_> = walk(directory.path());
    assert!(files.contains(&"key.pem".to_owned()), "{files:?}");
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, b"not TLS at all, no\r\n\r\n")
        .await
        .unwrap();
    closed(&mut stream).await;
}

/// The names of all files below `directory`.
fn walk(directory: &std::path::Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            names.extend(walk(&entry.path()));
        } else {
            names.push(entry.file_name().into_string().unwrap());
        }
    }
    names
}
