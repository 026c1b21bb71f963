//! Chapters, each of which is loaded when it is opened.

use futures_util::future::try_join;
use leptos::prelude::*;

use crate::components::NotLoaded;
use crate::hooks::{Part, prepare_prose, show_app, show_app_above_text, use_lazy};
use crate::lazy::{Loading, lazy};
use crate::pages::browsers::BrowsersPage;
use crate::pages::call::CallPage;
use crate::pages::data_channel::DataChannelPage;
use crate::pages::firebase::{FirebaseMeshPage, FirebasePage};
use crate::pages::media_stream::MediaStreamPage;
use crate::pages::meet::MeetPage;
use crate::pages::mesh::MeshPage;
use crate::pages::nat::NatPage;
use crate::pages::peer_connection::PeerConnectionPage;
use crate::pages::replay::ReplayPage;
use crate::pages::security::SecurityPage;
use crate::pages::text_pages::{GlossaryPage, IntroductionPage, SourcesPage};
use crate::routes;

type Chapter = fn() -> AnyView;

/// A view for a route: `$name`, also the name of the part, shows the component `$page` of the path
/// `$path`.
macro_rules! chapter {
    ($name:ident, $page:ident, $path:ident) => {
        pub(crate) fn $name() -> impl IntoView {
            lazy!($name: Chapter = || view! { <$page /> }.into_any());
            fn load() -> Loading<Chapter> {
                with_prose(routes::$path, $name())
            }
            view! { <LazyPage load /> }
        }
    };
}

/// A chapter is shown with its text.
fn with_prose(path: &'static str, chapter: Loading<Chapter>) -> Loading<Chapter> {
    Box::pin(async move {
        let (chapter, ()) = try_join(chapter, prepare_prose(path)).await?;
        Ok(chapter)
    })
}

chapter!(introduction, IntroductionPage, INTRODUCTION);
chapter!(media_stream, MediaStreamPage, MEDIA_STREAM);
chapter!(browsers, BrowsersPage, BROWSERS);
chapter!(peer_connection, PeerConnectionPage, PEER_CONNECTION);
chapter!(data_channel, DataChannelPage, DATA_CHANNEL);
chapter!(call, CallPage, CALL);
chapter!(nat, NatPage, NAT);
chapter!(mesh, MeshPage, MESH);
chapter!(firebase, FirebasePage, FIREBASE);
chapter!(firebase_mesh, FirebaseMeshPage, FIREBASE_MESH);
chapter!(sources, SourcesPage, SOURCES);
chapter!(glossary, GlossaryPage, GLOSSARY);
chapter!(security, SecurityPage, SECURITY);
chapter!(replay, ReplayPage, REPLAY);

/// A meeting has no text.
pub(crate) fn meet() -> impl IntoView {
    lazy!(meet: Chapter = || view! { <MeetPage /> }.into_any());
    view! { <LazyPage load=meet /> }
}

#[component]
fn LazyPage(load: fn() -> Loading<Chapter>) -> impl IntoView {
    let chapter = use_lazy(load);
    chapter.load();
    move || match chapter.get() {
        Part::Waiting | Part::Loading => view! {
            <article class="page">
                <p class="page-loading" role="status">
                    "Loading the chapter…"
                </p>
            </article>
        }
        .into_any(),
        Part::Ready(chapter) => {
            show_app();
            chapter()
        }
        Part::Failed => {
            show_app_above_text();
            view! {
                <article class="page">
                    <NotLoaded what="The chapter" part=chapter />
                </article>
            }
            .into_any()
        }
    }
}
