//! Pages that are only read.

use leptos::prelude::*;

use crate::components::Page;
use crate::text;

#[component]
pub(crate) fn IntroductionPage() -> impl IntoView {
    view! { <Page text=text::INTRODUCTION /> }
}

#[component]
pub(crate) fn SourcesPage() -> impl IntoView {
    view! { <Page text=text::SOURCES /> }
}

#[component]
pub(crate) fn GlossaryPage() -> impl IntoView {
    view! { <Page text=text::GLOSSARY /> }
}
