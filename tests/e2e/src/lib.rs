//! Drives real browsers against the real server.
