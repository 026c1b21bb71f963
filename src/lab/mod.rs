//! Pairs of connections within one page, for the chapters that show both ends: no call, no room.
//!
//! [`pair`] connects two peer connections without a network, [`middle`] puts an attacker between two
//! people, [`throughput`] measures a data channel. They know the adapters, and nothing of a call but
//! the links it is made of.

pub(crate) mod middle;
pub mod pair;
pub mod throughput;
