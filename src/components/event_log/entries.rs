//! The entries of a trace, newest last.

use leptos::html;
use leptos::prelude::*;
use signaling_protocol::PeerId;

use crate::components::meeting::people::display_name;
use crate::decimal::decimal;
use crate::hooks::{CallHook, PageTrace, use_follow, use_frames};
use crate::inspection::names::is_readable;

/// How many entries are shown; the trace keeps more.
const SHOWN: u64 = 500;

/// At most so often the list is drawn: it costs the page more than anything else in a flood of
/// entries, and nobody reads faster.
const DRAWN_EVERY_MS: u32 = 200;

/// The newest of them. The list follows the newest entry unless the reader has scrolled back.
#[component]
pub(crate) fn Entries(trace: PageTrace) -> impl IntoView {
    let list = NodeRef::<html::Ol>::new();
    let frames = use_frames(DRAWN_EVERY_MS, move || trace.track());
    let ids = Memo::new(move |_| {
        frames.track();
        let kept = trace.ids();
        kept.end.saturating_sub(SHOWN).max(kept.start)..kept.end
    });
    let (follow, scrolled) = use_follow(list);
    let drawn = move || {
        follow();
        ids.get()
    };
    view! {
        <ol
            class="log-entries"
            tabindex="0"
            aria-labelledby="log-title"
            node_ref=list
            on:scroll=move |_| scrolled()
        >
            // What is shown already is not read again.
            <For each=drawn key=|id| *id let(id)>
                <Row trace id />
            </For>
        </ol>
        <Show when=move || ids.with(|ids| ids.is_empty())>
            <p class="empty">"Nothing has happened yet."</p>
        </Show>
    }
}

#[component]
fn Row(trace: PageTrace, id: u64) -> impl IntoView {
    let mut row = None;
    let call = use_context::<CallHook>();
    trace.each(id..id + 1, |entry| {
        let at = format!("{} s", decimal(entry.at_ms / 1000.0, 3));
        row = Some(view! {
            <li data-kind=entry.kind.as_str()>
                <time>{at}</time>
                " "
                <span class="log-peer">{peer_name(call, &entry.peer)}</span>
                " "
                <span class="log-name">{entry.name.to_string()}</span>
                " "
                <span class="log-detail">{entry.detail.to_string()}</span>
            </li>
        });
    });
    // None where the trace forgot it just now.
    row
}

/// By the name under which a participant is known elsewhere on the page, rather than by an id.
fn peer_name(call: Option<CallHook>, peer: &str) -> String {
    if is_readable(peer) {
        return peer.to_owned();
    }
    let id = PeerId::new(peer);
    let name = call.and_then(|call| {
        call.view.with_untracked(|view| {
            let mut peers = view.as_ref()?.participants.iter();
            Some(peers.find(|peer| peer.id == id)?.name.clone())
        })
    });
    display_name(&name.unwrap_or_default(), &id)
}
