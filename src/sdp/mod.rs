//! Session descriptions as text: read, explained line by line, and compared. Pure.
//!
//! [`description::parse`] reads anything and loses nothing; [`explanation::explain`] says what each line means where it
//! stands and which standard says so. Nothing here knows a browser, a connection or a view.

pub(crate) mod address;
pub(crate) mod attribute;
pub(crate) mod candidate;
mod check;
mod codec;
pub(crate) mod description;
pub(crate) mod diff;
pub(crate) mod explanation;
pub(crate) mod field;
mod group;
pub(crate) mod input;
pub(crate) mod presentation;
pub(crate) mod report;
pub(crate) mod rounds;
mod source;
pub(crate) mod summary;

pub(crate) use description::{Problem, TooLong};
pub use rounds::Round;

#[cfg(test)]
mod tests;
