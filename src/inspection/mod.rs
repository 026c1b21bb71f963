//! What the inspector shows, computed from the entries of a trace. Pure: the views only draw it.

pub(crate) mod choice;
pub mod connections;
pub(crate) mod descriptions;
pub(crate) mod ladder;
pub mod machines;
pub(crate) mod names;
pub mod paths;
