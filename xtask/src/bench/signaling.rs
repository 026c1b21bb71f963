//! The same load on our server and on others, in turns, several times; medians and ratios at the end.

use std::{path::Path, process::ExitCode};

use super::{figures, peers};
use crate::{
    error::{Error, Result},
    load,
    process::{command, say},
    server::Profile,
};
use figures::{Figure, Samples};
use peers::Peer;

/// What is put on each server, and what is read from it. Each gets a fresh server.
const LOADS: [(&str, &[&str], &[Figure]); 4] = [
    (
        "idle",
        &["--mode", "idle", "--clients", "4000", "--settle", "8s"],
        &[Figure::Memory],
    ),
    (
        "steady",
        &[
            "--mode",
            "steady",
            "--clients",
            "400",
            "--rate",
            "5000",
            "--warm-up",
            "3s",
            "--duration",
            "13s",
            "--settle",
            "1s",
        ],
        &[Figure::CpuSteady, Figure::P99Steady],
    ),
    (
        "saturated",
        &[
            "--mode",
            "saturated",
            "--clients",
            "400",
            "--warm-up",
            "3s",
            "--duration",
            "13s",
            "--settle",
            "1s",
        ],
        &[Figure::CpuSaturated, Figure::P99Saturated],
    ),
    (
        "saturated, 50 pairs",
        &[
            "--mode",
            "saturated",
            "--clients",
            "100",
            "--room",
            "2",
            "--warm-up",
            "2s",
            "--duration",
            "10s",
            "--settle",
            "1s",
        ],
        &[Figure::CpuPairs, Figure::P99Pairs],
    ),
];

/// Ours alone, as large as this project promises.
const LARGE: [&str; 14] = [
    "--clients",
    "10000",
    "--room",
    "4",
    "--connect-rate",
    "1000",
    "--settle",
    "8s",
    "--mode",
    "steady",
    "--rate",
    "5000",
    "--duration",
    "20s",
];

pub(super) fn run(rounds: u32) -> Result<ExitCode> {
    let peers = peers::set_up()?;
    let generator = load::build(Profile::Release)?;
    let mut all: Vec<(Figure, Samples)> = Figure::ALL
        .map(|figure| (figure, Samples::default()))
        .into();
    let mut clean = true;
    for round in 0..usize::try_from(rounds).unwrap_or(1) {
        for (what, arguments, figures) in LOADS {
            say(format!("round {}: {what}", round + 1));
            for turn in 0..peers.len() {
                // Nobody always comes first.
                let which = (turn + round) % peers.len();
                let json = measure(&generator, &peers[which], arguments, &mut clean)?;
                for (figure, samples) in &mut all {
                    if figures.contains(figure) {
                        samples[which].extend(figure.read(&json));
                    }
                }
            }
        }
    }
    say("10,000 clients");
    let mut large = command(&generator);
    large.args(LARGE);
    peers[0].add_to(&mut large);
    clean &= is_success(load::run(&mut large, |line| println!("{line}")))?;

    println!("\n{}\n\n{}", figures::table(&all), figures::verdicts(&all));
    Ok(if clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// One run; the line of JSON that it printed. Nobody is to lose anything, but others may, and that
/// is theirs to explain: only ours spoils `clean`.
fn measure(generator: &Path, peer: &Peer, arguments: &[&str], clean: &mut bool) -> Result<String> {
    let mut load = command(generator);
    load.args(arguments).arg("--json");
    peer.add_to(&mut load);
    let mut json = String::new();
    let success = is_success(load::run(&mut load, |line| json = line.to_owned()))?;
    let shown = [
        "per_second",
        "memory_per_connection",
        "cpu_us_per_message",
        "p50_us",
        "p99_us",
    ];
    let shown = shown.iter().filter_map(|key| {
        let value = figures::number(&json, key)?;
        Some(format!("{key} {value:.1}"))
    });
    let shown: Vec<_> = shown.collect();
    println!("{:<12} {}", peer.name, shown.join("  "));
    if !success {
        println!("{:<12} NOT CLEAN: {json}", peer.name);
        *clean &= peer.dialect != "webrtc-tour";
    }
    Ok(json)
}

/// What failed is told; only Ctrl-C ends everything.
fn is_success(outcome: Result<()>) -> Result<bool> {
    match outcome {
        Ok(()) => Ok(true),
        Err(Error::Interrupted) => Err(Error::Interrupted),
        Err(Error::Message(text)) => {
            println!("{text}");
            Ok(false)
        }
    }
}
