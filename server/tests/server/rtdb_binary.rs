//! The database of the program as one starts it: its file, its address, its housekeeping.

#![cfg(unix)]
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Output, Stdio};

use crate::common::rtdb::{Answer, OWNER, ask};
use crate::common::within;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::net::TcpListener;
use tokio::process::{Child, ChildStderr, Command};

const PROGRAM: &str = env!("CARGO_BIN_EXE_webrtc-tour-server");

fn command(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(args)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

async fn output(args: &[&str]) -> Output {
    let output = command(PROGRAM, args).output();
    within("the end", output).await.unwrap()
}

struct Running {
    child: Child,
    address: SocketAddr,
    log: Lines<BufReader<ChildStderr>>,
}

impl Running {
    /// A server whose database has its own address and these flags.
    async fn start(flags: &[&str]) -> Self {
        let mut args = vec!["--listen", "127.0.0.1:0", "--rtdb-listen", "127.0.0.1:0"];
        args.extend(flags);
        Self::of(command(PROGRAM, &args)).await
    }

    async fn of(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let line = logged(&mut log, "the database is at the root").await;
        let address = line.rsplit_once("address=").unwrap().1.parse().unwrap();
        Self {
            child,
            address,
            log,
        }
    }

    async fn ask(&self, method: &str, target: &str, body: &str) -> Answer {
        ask(self.address, method, target, &[OWNER], body).await
    }

    async fn get(&self, target: &str) -> Value {
        self.ask("GET", target, "").await.json()
    }

    async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

/// The first line of the log with this in it.
async fn logged(log: &mut Lines<BufReader<ChildStderr>>, text: &str) -> String {
    let found = async {
        loop {
            let line = log.next_line().await.unwrap().expect("the log goes on");
            if line.contains(text) {
                return line;
            }
        }
    };
    within(text, found).await
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test]
async fn what_was_answered_survives_a_kill() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("database");
    let flags = ["--rtdb-file", text(&file)];
    for round in 0..3 {
        let running = Running::start(&flags).await;
        for number in 0..round {
            assert_eq!(running.get(&format!("/{number}/a.json")).await, number);
        }
        let value = json!({"a": round}).to_string();
        let written = running.ask("PUT", &format!("/{round}.json"), &value).await;
        assert_eq!(written.status, 200);
        running.kill().await;
    }
}

#[tokio::test]
async fn a_file_belongs_to_one_server_and_must_be_one() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("database");
    let running = Running::start(&["--rtdb-file", text(&file)]).await;
    let other = directory.path().join("other");
    std::fs::write(&other, "no database").unwrap();
    for (file, expected) in [(&file, "another server"), (&other, "cannot use")] {
        let args = [
            "--listen",
            "127.0.0.1:0",
            "--rtdb-listen",
            "none",
            "--rtdb-file",
            text(file),
        ];
        let output = output(&args).await;
        assert_eq!(output.status.code(), Some(1));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(
            error.contains(expected) && error.contains(text(file)),
            "{error}"
        );
        assert!(!error.contains("panicked"), "{error}");
    }
    assert_eq!(running.get("/x.json").await, Value::Null);
}

/// A disk without room: the answer says so, and when there is room again it goes on.
#[tokio::test]
async fn a_full_disk_is_told_and_forgiven() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("database");
    let script = r#"trap '' XFSZ; ulimit -S -f 8192; exec "$0" "$@""#;
    let mut command = command("/bin/sh", &["-c", script, PROGRAM]);
    command.args(["--listen", "127.0.0.1:0", "--rtdb-listen", "127.0.0.1:0"]);
    command.args(["--rtdb-file", text(&file)]);
    let mut running = Running::of(command).await;
    let large = json!("x".repeat(500_000)).to_string();
    let mut number = 0;
    let refused = loop {
        let answer = running
            .ask("PUT", &format!("/large/{number}.json"), &large)
            .await;
        if answer.status != 200 {
            break answer;
        }
        number += 1;
        assert!(number < 100, "there is room for ever");
    };
    assert!(refused.error(500).contains("disk"));
    logged(&mut running.log, "cannot write the database's file").await;
    // What can be read can still be read.
    assert_eq!(running.get("/large.json?shallow=true").await["0"], true);

    let pid = running.child.id().unwrap().to_string();
    let lifted = Command::new("prlimit")
        .args(["--pid", &pid, "--fsize=unlimited"])
        .status();
    assert!(lifted.await.unwrap().success());
    let accepted = async {
        while running.ask("PUT", "/small.json", "1").await.status != 200 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    within("room on the disk", accepted).await;
    running.kill().await;
    let running = Running::start(&["--rtdb-file", text(&file)]).await;
    assert_eq!(running.get("/small.json").await, 1);
    assert_eq!(
        running
            .get(&format!("/large/{number}.json"))
            .await
            .to_string(),
        large
    );
}

#[tokio::test]
async fn an_address_that_was_asked_for_must_be_free() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = output(&["--listen", "127.0.0.1:0", "--rtdb-listen", &address]).await;
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains(&address) && error.contains("--rtdb-listen"),
        "{error}"
    );
}

#[tokio::test]
async fn an_administrator_for_the_network_is_warned_of() {
    for (address, warned) in [
        ("127.0.0.1:0", false),
        ("[::ffff:127.0.0.1]:0", false),
        ("0.0.0.0:0", true),
    ] {
        let args = ["--listen", "127.0.0.1:0", "--rtdb-listen", address];
        let mut child = command(PROGRAM, &args)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // It is announced when all is set up.
        let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
        within("the announcement", out.next_line()).await.unwrap();
        child.kill().await.unwrap();
        let output = within("the log", child.wait_with_output()).await.unwrap();
        let log = String::from_utf8(output.stderr).unwrap();
        assert_eq!(log.contains("without encryption"), warned, "{log}");
        assert!(log.contains("at the root here"), "{log}");
    }
}

/// Two servers without flags: one has the default address, or somebody else has; both live.
#[tokio::test]
async fn the_default_address_may_be_in_use() {
    let args = ["--listen", "127.0.0.1:0"];
    let mut one = command(PROGRAM, &args).spawn().unwrap();
    let mut log = BufReader::new(one.stderr.take().unwrap()).lines();
    logged(&mut log, "the database is at").await;
    let mut two = command(PROGRAM, &args).spawn().unwrap();
    let mut log = BufReader::new(two.stderr.take().unwrap()).lines();
    let line = logged(&mut log, "the database is at").await;
    assert!(
        line.contains("/rtdb only") && line.contains("--rtdb-listen"),
        "{line}"
    );
    assert!(one.try_wait().unwrap().is_none() && two.try_wait().unwrap().is_none());
}

#[tokio::test]
async fn ice_servers_are_offered_and_the_owners_stay() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("database");
    let flags = ["--rtdb-file", text(&file)];
    let urls = "/iceServers/0/urls/0.json";
    let running = Running::start(&flags).await;
    assert_eq!(running.get(urls).await, "stun:stun.l.google.com:19302");
    running
        .ask("PUT", "/iceServers.json", r#"[{"urls":["turn:own"]}]"#)
        .await;
    running.kill().await;
    let running = Running::start(&flags).await;
    assert_eq!(running.get(urls).await, "turn:own");
    running.kill().await;
    let asked = [&flags[..], &["--stun", "stun:asked"]].concat();
    let running = Running::start(&asked).await;
    assert_eq!(running.get(urls).await, "stun:asked");
}

#[tokio::test]
async fn who_has_gone_is_removed_unless_that_is_off() {
    let entry = r#"{"participants":{"a":{"name":"","joinedAt":1,"seenAt":1}}}"#;
    let off = Running::start(&["--rtdb-housekeeping", "false"]).await;
    off.ask("PUT", "/rooms/hall.json", entry).await;
    let on = Running::start(&[]).await;
    on.ask("PUT", "/rooms/hall.json", entry).await;
    let removed = async {
        while on.get("/rooms.json").await != Value::Null {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    within("housekeeping", removed).await;
    assert_eq!(off.get("/rooms/hall/participants/a/seenAt.json").await, 1);
}
