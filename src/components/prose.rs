//! A chapter's text.

use leptos::prelude::*;

/// Text written as HTML in a file of its own (`include_str!`), so that it can be corrected
/// without touching Rust, and so that it costs the bundle no more than its letters.
#[component]
pub fn Prose(html: &'static str) -> impl IntoView {
    view! { <section class="prose" inner_html=html></section> }
}
