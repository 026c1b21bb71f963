//! The ways that signals can take, as addresses name them. Pure.

/// What carries the signals of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// Our own server.
    #[default]
    WebSocket,
    /// A Firebase Realtime Database.
    Firebase,
    /// Two tabs of one browser.
    Tabs,
    /// People, who copy and paste.
    Paste,
}
