//! Chapters, each of which is loaded when it is opened.

use leptos::prelude::*;

use crate::components::NotLoaded;
use crate::hooks::{Part, show_app, show_app_above_text, use_lazy};
use crate::lazy::{Loading, lazy};
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

/// A view for a route: `$name`, also the name of the part, shows the component `$page`.
macro_rules! chapter {
    ($name:ident, $page:ident) => {
        pub(crate) fn $name() -> impl IntoView {
            lazy!($name: Chapter = || view! { <$page /> }.into_any());
            view! { <LazyPage load=$name /> }
        }
    };
}

chapter!(introduction, IntroductionPage);
chapter!(media_stream, MediaStreamPage);
chapter!(browsers, BrowsersPage);
chapter!(peer_connection, PeerConnectionPage);
chapter!(data_channel, DataChannelPage);
chapter!(call, CallPage);
chapter!(nat, NatPage);
chapter!(mesh, MeshPage);
chapter!(firebase, FirebasePage);
chapter!(firebase_mesh, FirebaseMeshPage);
chapter!(sources, SourcesPage);
chapter!(glossary, GlossaryPage);
chapter!(security, SecurityPage);
chapter!(replay, ReplayPage);

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
