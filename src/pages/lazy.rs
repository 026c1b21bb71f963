//! Chapters that are loaded when they are opened, so that the first page loads none of them.
//!
//! With the feature `split`, which only `cargo xtask build` sets, each chapter's code becomes a
//! file of its own, and what several of them use becomes files that they share. Without it all
//! code is there from the start, and opening a chapter just calls it.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;
use leptos::wasm_split::SplitLoaderError;
#[cfg(feature = "split")]
use leptos::wasm_split::wasm_split;

use crate::advice::Advice;
use crate::components::Notice;
use crate::pages::browsers::BrowsersPage;
use crate::pages::call::CallPage;
use crate::pages::data_channel::DataChannelPage;
use crate::pages::firebase::{FirebaseMeshPage, FirebasePage};
use crate::pages::media_stream::MediaStreamPage;
use crate::pages::mesh::MeshPage;
use crate::pages::nat::NatPage;
use crate::pages::peer_connection::PeerConnectionPage;
use crate::pages::replay::ReplayPage;
use crate::pages::security::SecurityPage;
use crate::pages::text_pages::{GlossaryPage, IntroductionPage, SourcesPage};

type Chapter = fn() -> AnyView;
type Loaded = Result<Chapter, SplitLoaderError>;
type Loading = Pin<Box<dyn Future<Output = Loaded>>>;

/// A view for a route: `$name`, also the name of the file, shows the component `$page`.
macro_rules! lazy {
    ($name:ident, $page:ident) => {
        pub(crate) fn $name() -> impl IntoView {
            // The attribute makes the function asynchronous.
            #[cfg(feature = "split")]
            #[wasm_split($name, wasm_split_path = leptos::wasm_split, fallible)]
            fn chapter() -> Loaded {
                Ok(|| view! { <$page /> }.into_any())
            }
            #[cfg(not(feature = "split"))]
            fn chapter() -> std::future::Ready<Loaded> {
                std::future::ready(Ok(|| view! { <$page /> }.into_any()))
            }
            view! { <LazyPage load=|| Box::pin(chapter()) /> }
        }
    };
}

lazy!(introduction, IntroductionPage);
lazy!(media_stream, MediaStreamPage);
lazy!(browsers, BrowsersPage);
lazy!(peer_connection, PeerConnectionPage);
lazy!(data_channel, DataChannelPage);
lazy!(call, CallPage);
lazy!(nat, NatPage);
lazy!(mesh, MeshPage);
lazy!(firebase, FirebasePage);
lazy!(firebase_mesh, FirebaseMeshPage);
lazy!(sources, SourcesPage);
lazy!(glossary, GlossaryPage);
lazy!(security, SecurityPage);
lazy!(replay, ReplayPage);

#[derive(Clone, Copy)]
enum State {
    Loading,
    Ready(Chapter),
    Failed,
}

#[component]
fn LazyPage(load: fn() -> Loading) -> impl IntoView {
    let state = RwSignal::new(State::Loading);
    // Runs again, and so tries again, when the state is set back.
    Effect::new(move || {
        if matches!(state.get(), State::Loading) {
            spawn_local_scoped_with_cancellation(async move {
                state.set(load().await.map_or(State::Failed, State::Ready));
            });
        }
    });
    move || match state.get() {
        State::Loading => view! {
            <article class="page">
                <p class="page-loading" role="status">
                    "Loading the chapter…"
                </p>
            </article>
        }
        .into_any(),
        State::Ready(chapter) => chapter(),
        State::Failed => {
            let advice = Advice::new(
                "The chapter could not be loaded.",
                "Check the network and try again. If that does not help, reload the page: there may be a newer version of it.",
            );
            view! {
                <article class="page">
                    <Notice advice=Some(advice) />
                    <div class="toolbar">
                        <button type="button" class="primary" on:click=move |_| state.set(State::Loading)>
                            "Try again"
                        </button>
                    </div>
                </article>
            }
            .into_any()
        }
    }
}
