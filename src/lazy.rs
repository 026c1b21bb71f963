//! Parts of the program that are loaded when they are first needed, so that no page loads what it does
//! not show.
//!
//! With the feature `split`, which only `cargo xtask build` sets, each part's code becomes a file of
//! its own, and what several of them use becomes files that they share. Without it all code is there
//! from the start, and loading a part just answers.

use std::future::Future;
use std::pin::Pin;

pub(crate) use leptos::wasm_split::SplitLoaderError as LoadError;

/// A part that failed to load is asked for anew when it is loaded again.
pub(crate) type Loading<T> = Pin<Box<dyn Future<Output = Result<T, LoadError>>>>;

/// `lazy!(name: Type = value)` makes the function `name`, which loads the part of this name: the code
/// that only `value` needs.
macro_rules! lazy {
    ($(#[$attribute:meta])* $visibility:vis $name:ident: $type:ty = $value:expr) => {
        $(#[$attribute])*
        $visibility fn $name() -> $crate::lazy::Loading<$type> {
            // The attribute makes the function asynchronous.
            #[cfg(feature = "split")]
            #[::leptos::wasm_split::wasm_split(
                $name,
                wasm_split_path = ::leptos::wasm_split,
                fallible
            )]
            fn part() -> Result<$type, $crate::lazy::LoadError> {
                Ok($value)
            }
            #[cfg(not(feature = "split"))]
            fn part() -> std::future::Ready<Result<$type, $crate::lazy::LoadError>> {
                std::future::ready(Ok($value))
            }
            Box::pin(part())
        }
    };
}
pub(crate) use lazy;

/// What is in the part that asks for it, where others are loaded.
pub(crate) fn loaded<T: 'static>(value: T) -> Loading<T> {
    Box::pin(std::future::ready(Ok(value)))
}
