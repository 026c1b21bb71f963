//! Who asks to see what this browser does, and who sees it: also for those who never open an
//! inspector.

use leptos::html;
use leptos::prelude::*;
use signaling_protocol::PeerId;

use super::people;
use crate::call::Wish;
use crate::hooks::{CallHook, PressesHook, ignore_repeats, use_presses};
use crate::trace_sharing::Standing;

#[component]
pub(crate) fn TraceSharingNotice(call: CallHook) -> impl IntoView {
    let asked_or_shared = Memo::new(move |_| {
        call.view.with(|view| {
            let peers = view.iter().flat_map(|view| &view.participants);
            let standings = peers.filter_map(|peer| {
                let standing = peer.trace_sharing?.standing;
                let is_shown = matches!(standing, Standing::Asked | Standing::Shared);
                is_shown.then(|| (peer.id.clone(), standing == Standing::Asked))
            });
            standings.collect::<Vec<_>>()
        })
    });
    let presses = use_presses(move || asked_or_shared.get());
    let people = Memo::new(move |_| {
        asked_or_shared.with(|all| all.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>())
    });
    let whole = NodeRef::<html::Div>::new();
    view! {
        <div class="trace-sharing" role="status" tabindex="-1" node_ref=whole>
            <For each=move || people.get() key=Clone::clone let(id)>
                <Question call id whole presses />
            </For>
        </div>
    }
}

#[component]
fn Question(
    call: CallHook,
    id: PeerId,
    whole: NodeRef<html::Div>,
    presses: PressesHook,
) -> impl IntoView {
    let of = id.to_string();
    let id = StoredValue::new(id);
    let state = Memo::new(move |_| {
        id.with_value(|id| {
            call.view.with(|view| {
                let peer = view.as_ref()?.participant(id)?;
                let name = people::display_name(&peer.name, &peer.id);
                Some((name, peer.trace_sharing?.standing))
            })
        })
    });
    let is_asked =
        Memo::new(move |_| state.with(|state| matches!(state, Some((_, Standing::Asked)))));
    let text = move || {
        state.with(|state| match state {
            Some((name, Standing::Asked)) => format!(
                "{name} asks to see what your browser does for the connection between you: calls, signals, errors, your ICE servers, session descriptions with your addresses, from its beginning on. {name} can keep it. You then see {name}’s side, too. Show it?"
            ),
            Some((name, Standing::Shared)) => format!(
                "You and {name} see what both your browsers do for the connection between you."
            ),
            _ => String::new(),
        })
    };
    // It stays where it is and can have the focus.
    let is_too_early = move || (is_asked.get() && presses.is_unread()).then_some("true");
    let press = move |click: &leptos::ev::MouseEvent, wish: Wish| {
        if !presses.takes(click, wish.shows_more()) {
            return;
        }
        // The button that has the focus goes.
        if wish != Wish::Accept
            && let Some(whole) = whole.get_untracked()
        {
            let _ = whole.focus();
        }
        call.share_traces(id.get_value(), wish);
    };
    view! {
        <div class="trace-sharing-person" data-peer=of>
            <p>{text}</p>
            <div class="toolbar">
                // One button, so that it keeps the focus.
                <button
                    type="button"
                    class:primary=is_asked
                    aria-disabled=is_too_early
                    on:keydown=move |key| ignore_repeats(&key)
                    on:click=move |click| {
                        let is_asked = is_asked.get_untracked();
                        press(&click, if is_asked { Wish::Accept } else { Wish::Stop });
                    }
                >
                    {move || if is_asked.get() { "Show" } else { "Stop showing" }}
                </button>
                <Show when=move || is_asked.get()>
                    <button type="button" on:click=move |click| press(&click, Wish::Refuse)>
                        "No"
                    </button>
                </Show>
            </div>
        </div>
    }
}
