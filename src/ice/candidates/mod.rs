//! Candidates, the pairs they make, and why one of them carries everything. Pure.
//!
//! Brings what `getStats()` reports together with the candidates' texts, as they were signaled, because
//! browsers leave out of their reports what the texts have: Chromium the address before it may
//! use the camera, Firefox the related address. Knows no connection and no view.

mod candidate;
mod pair;
mod reason;
mod tables;
mod texts;
mod words;

pub(crate) use candidate::Candidate;
pub(crate) use pair::Pair;
pub(crate) use reason::reasons;
pub use tables::Tables;
pub(crate) use texts::Texts;
pub(crate) use words::{connection_type, meaning};
