//! Session descriptions as text: read, explained line by line, and compared. Pure.
//!
//! [`parse()`] reads anything and loses nothing; [`explain()`] says what each line means where it
//! stands and which standard says so. Nothing here knows a browser, a connection or a view.

pub mod address;
pub mod attribute;
pub mod candidate;
mod check;
mod codec;
pub mod diff;
pub mod explain;
pub mod field;
mod group;
pub mod input;
pub mod parse;
pub mod present;
pub mod report;
pub mod rounds;
mod source;
pub mod summary;

pub use diff::{Diff, Mark, diff};
pub use explain::{Explanation, explain};
pub use parse::{LineEnd, Problem, Session, TooLong, parse};
pub use report::{Comparison, Report, report};
pub use rounds::Round;
pub use source::Source;

#[cfg(test)]
mod tests;
