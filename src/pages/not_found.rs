//! No page has this address.

use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;

use crate::components::set_title;
use crate::hooks::show_app;
use crate::routes::{self, href};

#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    set_title("Page not found");
    show_app();
    let path = use_location().pathname;
    view! {
        <article class="page">
            <header class="page-header">
                <p class="chapter-number">"404"</p>
                <h1>"There is no such page"</h1>
            </header>
            <section class="prose">
                <p>"No page of the tour is at " <code>{move || path.get()}</code> "."</p>
                <p>
                    <A href=href(routes::HOME)>"Go to the overview"</A>
                    ", or choose a chapter from the list."
                </p>
            </section>
        </article>
    }
}
