//! Candidates, the pairs they make, and why one of them carries everything. Pure.
//!
//! Joins what `getStats()` reports with the candidates' texts, as they were signaled, because
//! browsers leave out of their reports what the texts have: Chromium the address before it may
//! use the camera, Firefox the related address. Knows no connection and no view.

mod pair;
mod reason;
mod tables;
mod texts;
mod words;

pub use pair::{Pair, PairState};
pub use reason::{Role, reasons};
pub use tables::{Candidate, Tables};
pub use texts::{Text, Texts};
pub use words::{Meaning, connection_type, meaning};
