//! Session descriptions as text: read, explained line by line, and compared. Pure.
//!
//! [`parse()`] reads anything and loses nothing; [`explain()`] says what each line means where it
//! stands and which standard says so. Nothing here knows a browser, a connection or a view.

pub mod address;
pub mod attribute;
pub mod candidate;
mod check;
mod codec;
pub mod description;
pub mod diff;
pub mod explanation;
pub mod field;
mod group;
pub mod input;
pub mod presentation;
pub mod report;
pub mod rounds;
mod source;
pub mod summary;

pub use description::{LineEnd, ParsedDescription, Problem, TooLong, parse};
pub use diff::{Diff, Mark, diff};
pub use explanation::{Explanation, explain};
pub use report::{Comparison, Report, report};
pub use rounds::Round;
pub use source::Source;

#[cfg(test)]
mod tests;
