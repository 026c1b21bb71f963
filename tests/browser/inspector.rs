//! The inspector in a real browser: the drawer, its ladder, its state machines, the file that it
//! exports, and the page that replays it; and the event log, which shows the same in short.

mod descriptions;
mod drawer;
mod example;
mod ladder;
mod log;
mod recordings;
mod replay;
mod scene;
mod states;
