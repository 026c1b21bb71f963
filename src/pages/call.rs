//! Call.
use crate::components::Page;
use crate::hooks::use_trace;
use leptos::prelude::*;
#[component]
pub fn CallPage() -> impl IntoView {
    let trace = use_trace();
    view! { <Page path="/call" lead="" trace>""</Page> }
}
