//! A recording that comes with the pages: its file is loaded when somebody asks for it.
//! `src/recording/examples/README.md` tells how it was made.

use futures_util::future::join;

use super::reading::reader;
use crate::advice::{Advice, for_loading};
use crate::lazy::lazy;
use crate::recording::{Recording, examples};

/// Its name in the address: `/replay?example=relay`.
pub(super) const RELAY: &str = "relay";
pub(super) const RELAY_TITLE: &str = "A call through a relay";

/// A call between two people each behind a router of its own kind of NAT, through which no direct
/// path leads.
pub(super) async fn relay() -> Result<Recording, Advice> {
    let (json, read) = join(example_relay(), reader()).await;
    let json = json.map_err(|_| for_loading("The example"))?;
    read?(json).map_err(|error| Advice::new("The example was not opened.", error.to_string()))
}

lazy!(example_relay: &'static str = examples::RELAY);
