//! A recording that comes with the pages: its file is loaded when somebody asks for it.
//! `src/recording/examples/README.md` tells how it was made.

use std::future::Future;
use std::pin::Pin;

use leptos::wasm_split::SplitLoaderError;
#[cfg(feature = "split")]
use leptos::wasm_split::wasm_split;

use crate::advice::Advice;
use crate::recording::Recording;

type Loaded = Result<&'static str, SplitLoaderError>;

/// Its name in the address: `/replay?example=relay`.
pub(super) const RELAY: &str = "relay";
pub(super) const RELAY_TITLE: &str = "A call through a relay";

/// A call between two people each behind a router of its own kind of NAT, through which no direct
/// path leads.
pub(super) async fn relay() -> Result<Recording, Advice> {
    let json = load().await.map_err(|_| {
        Advice::new(
            "The example could not be loaded.",
            "Check the network and try again. If that does not help, reload the page: there may be a newer version of it.",
        )
    })?;
    Recording::from_json(json)
        .map_err(|error| Advice::new("The example was not opened.", error.to_string()))
}

/// As the chapters: with the feature `split` the file is in a wasm file of its own.
fn load() -> Pin<Box<dyn Future<Output = Loaded>>> {
    // The attribute makes the function asynchronous.
    #[cfg(feature = "split")]
    #[wasm_split(example_relay, wasm_split_path = leptos::wasm_split, fallible)]
    fn file() -> Loaded {
        Ok(crate::recording::examples::RELAY)
    }
    #[cfg(not(feature = "split"))]
    fn file() -> std::future::Ready<Loaded> {
        std::future::ready(Ok(crate::recording::examples::RELAY))
    }
    Box::pin(file())
}
