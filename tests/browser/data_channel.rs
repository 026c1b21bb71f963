//! Data channels in a real browser: the adapter, and the page that shows it.

mod adapter;
mod page;
mod tools;
