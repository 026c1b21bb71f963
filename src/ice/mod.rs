//! ICE as people meet it: the servers they enter, what those answer, which candidates and pairs come
//! of it, and from where an address can be reached. Pure.

pub(crate) mod answers;
pub mod candidates;
pub(crate) mod reach;
pub(crate) mod servers;
