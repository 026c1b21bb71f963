//! Session descriptions as text: read, explained line by line, and compared. Pure.

pub mod candidate;
