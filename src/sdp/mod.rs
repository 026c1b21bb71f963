//! Session descriptions as text: read, explained line by line, and compared. Pure.
//!
//! [`parse()`] reads anything and loses nothing; [`explain`] says what each line means where it
//! stands and which standard says so. Nothing here knows a browser, a connection or a view.

pub mod attribute;
pub mod candidate;
mod check;
pub mod field;
pub mod parse;

pub use parse::{LineEnd, Problem, Session, TooLong, parse};

#[cfg(test)]
mod tests;
