//! What belongs to a Firebase database: which one it is, and what is in it.

pub mod config_form;
pub mod database_panel;

pub use config_form::ConfigForm;
pub use database_panel::DatabasePanel;
