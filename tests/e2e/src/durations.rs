//! How long each journey took, without what it waited for others.

use std::fmt::{self, Display};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

#[derive(Default)]
pub(crate) struct Durations(Mutex<Vec<(Duration, String)>>);

impl Durations {
    pub(crate) fn add(&self, name: &str, took: Duration) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((took, name.to_owned()));
    }
}

/// A line for each, as `cargo xtask test` reads it.
impl Display for Durations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (took, name) in &*all {
            writeln!(f, "took {:.3} s: {name}", took.as_secs_f64())?;
        }
        Ok(())
    }
}
