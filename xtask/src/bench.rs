//! `cargo xtask bench`: ours beside what people would take instead, in the same run.

mod figures;
mod node;
mod pages;
mod peers;
mod signaling;

use std::process::ExitCode;

use crate::{
    args::{Bench, Measured},
    error::Result,
};

pub(crate) fn run(options: &Bench) -> Result<ExitCode> {
    match &options.what {
        Measured::Signaling => signaling::run(options.rounds),
        Measured::Pages { filter } => pages::run(options.rounds, filter.as_deref()),
    }
}
