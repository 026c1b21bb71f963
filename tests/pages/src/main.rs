//! Measures our pages and the same written in plain JavaScript, in turns, each time in browsers with
//! new, empty profiles; prints medians, spreads and ratios.
//!
//! `cargo xtask bench pages` builds and installs what this needs, and says where it is.

mod figures;
mod peers;
mod scenario;
mod site;
mod slow_line;

use std::process::ExitCode;

use e2e::{Outcome, Settings, Stage};
use figures::Row;
use lexopt::prelude::*;
use scenario::Scenario;

struct Options {
    rounds: u32,
    /// Only scenarios whose names contain this.
    filter: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Outcome {
    let options = options()?;
    e2e::install_cryptography();
    let settings = Settings::from_environment()?;
    let filter = options.filter.unwrap_or_default();
    let mut measured: Vec<(Scenario, Vec<Row>)> = Scenario::all(&settings)
        .into_iter()
        .filter(|scenario| scenario.name().contains(&filter))
        .map(|scenario| (scenario, scenario.rows()))
        .collect();
    for round in 0..options.rounds {
        for (scenario, rows) in &mut measured {
            eprintln!(
                "round {} of {}: {}",
                round + 1,
                options.rounds,
                scenario.name()
            );
            // Neither always comes first.
            let mut turns = [true, false];
            turns.rotate_left(usize::try_from(round % 2)?);
            for ours in turns {
                if !ours && !scenario.has_theirs() {
                    continue;
                }
                let stage = Stage::for_measuring(&settings)?;
                let figures = scenario.measure(&stage, ours).await;
                stage.end().await?;
                for (row, figure) in rows.iter_mut().zip(figures?) {
                    eprintln!(
                        "  {} {}: {figure:.1} {}",
                        if ours { "ours" } else { "theirs" },
                        row.title,
                        row.unit
                    );
                    match ours {
                        true => row.samples.ours.push(figure),
                        false => row.samples.theirs.push(figure),
                    }
                }
            }
        }
    }
    for (_, rows) in measured {
        for row in rows {
            println!("{row}");
        }
    }
    Ok(())
}

fn options() -> Outcome<Options> {
    let mut options = Options {
        rounds: 5,
        filter: None,
    };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("rounds") => options.rounds = parser.value()?.parse()?,
            Value(filter) if options.filter.is_none() => options.filter = Some(filter.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}
