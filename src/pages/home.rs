//! The overview.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::app::{CHAPTERS, href};
use crate::components::set_title;

#[component]
pub fn HomePage() -> impl IntoView {
    set_title("WebRTC Tour");
    let cards = CHAPTERS.iter().map(|chapter| {
        view! {
            <li>
                <A href=href(chapter.path) attr:class="card">
                    <h2>{chapter.title}</h2>
                    <p>{chapter.summary}</p>
                </A>
            </li>
        }
    });
    view! {
        <article class="page">
            <header class="page-header">
                <h1>"Learn WebRTC by running it"</h1>
                <p class="lead">
                    "WebRTC lets browsers send picture, sound and data straight to each other, encrypted, without a plugin. Here every concept is a page that works: your camera, real peer connections, a real network."
                </p>
            </header>
            <section class="prose">
                <p>
                    "Read the chapters in order, or open the one you need. Each explains one part of the standard, runs it before your eyes, and writes down in its event log what the browser was asked and what it answered. No account is needed, and nothing leaves this page until you join a call."
                </p>
            </section>
            <ul class="cards">{cards.collect_view()}</ul>
        </article>
    }
}
