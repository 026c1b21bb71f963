//! What belongs to a Firebase database: which one it is, and what is in it.

pub(crate) mod config_form;
pub(crate) mod database_panel;

pub(crate) use config_form::ConfigForm;
pub use database_panel::DatabasePanel;
