//! What the inspector shows, computed from the entries of a trace. Pure: the views only draw it.

pub mod choice;
pub mod connections;
pub mod descriptions;
pub mod ladder;
pub mod machines;
pub mod names;
pub mod paths;
