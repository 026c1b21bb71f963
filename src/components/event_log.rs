//! What the trace holds, newest last.

use leptos::html;
use leptos::prelude::*;

use crate::hooks::{PageTrace, use_follow};

/// The page's event log. It follows the newest entry unless somebody scrolled back in it.
#[component]
pub fn EventLog(trace: PageTrace) -> impl IntoView {
    let list = NodeRef::<html::Ol>::new();
    let note_position = use_follow(list, move || trace.track());
    view! {
        <section class="log" aria-labelledby="log-title">
            <h2 id="log-title">"Event log"</h2>
            <ol
                class="log-entries"
                tabindex="0"
                aria-labelledby="log-title"
                node_ref=list
                on:scroll=note_position
            >
                <For each=move || trace.entries() key=|entry| entry.id let(entry)>
                    <li data-kind=entry.kind.as_str()>
                        <time>{format!("{:.3} s", entry.at_ms / 1000.0)}</time>
                        " "
                        <span class="log-peer">{entry.peer.to_string()}</span>
                        " "
                        <span class="log-name">{entry.name.to_string()}</span>
                        " "
                        <span class="log-detail">{entry.detail.clone()}</span>
                    </li>
                </For>
            </ol>
            <Show when=move || trace.is_empty()>
                <p class="empty">"Nothing has happened yet."</p>
            </Show>
        </section>
    }
}
