//! The head of a table.

use leptos::prelude::*;

/// What each column is about.
#[component]
pub(crate) fn TableHead(columns: &'static [&'static str]) -> impl IntoView {
    let heads = columns.iter();
    let heads = heads.map(|column| view! { <th scope="col">{*column}</th> });
    view! {
        <thead>
            <tr>{heads.collect_view()}</tr>
        </thead>
    }
}
