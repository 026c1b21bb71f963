//! The views, loaded when somebody first opens the drawer. See [`crate::pages`] for how chapters do
//! it.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
#[cfg(feature = "split")]
use leptos::wasm_split::wasm_split;

use super::InspectorTabs;
use crate::hooks::InspectedTrace;

pub(super) type Views = fn(InspectedTrace) -> AnyView;
pub(super) type Loaded = Result<Views, SplitLoaderError>;

pub(super) fn load() -> Pin<Box<dyn Future<Output = Loaded>>> {
    // The attribute makes the function asynchronous.
    #[cfg(feature = "split")]
    #[wasm_split(inspector, wasm_split_path = leptos::wasm_split, fallible)]
    fn inspector() -> Loaded {
        Ok(|inspected| view! { <InspectorTabs inspected /> }.into_any())
    }
    #[cfg(not(feature = "split"))]
    fn inspector() -> std::future::Ready<Loaded> {
        std::future::ready(Ok(|inspected| {
            view! { <InspectorTabs inspected /> }.into_any()
        }))
    }
    Box::pin(inspector())
}
