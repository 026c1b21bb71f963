//! The event log at the end of a page: what the trace holds.
//!
//! Its place is there with the page, the list a moment later. Meanwhile the trace keeps what happens.

pub(crate) mod entries;

use entries::Entries;
use leptos::prelude::*;

use crate::components::lazy_view::{LazyView, View};
use crate::hooks::{PageTrace, use_lazy};
use crate::lazy::lazy;

lazy!(event_log: View = || {
    let trace = use_context::<PageTrace>();
    trace.map(|trace| view! { <Entries trace /> }).into_any()
});

/// The page's event log. It loads its list when the page is shown.
#[component]
pub fn EventLog(trace: PageTrace) -> impl IntoView {
    provide_context(trace);
    let list = use_lazy(event_log);
    list.load_when_idle();
    view! {
        <section class="log" aria-labelledby="log-title">
            <h2 id="log-title">"Event log"</h2>
            <div class="log-frame">
                <LazyView part=list what="The event log" loading="Loading the event log…" />
            </div>
        </section>
    }
}
