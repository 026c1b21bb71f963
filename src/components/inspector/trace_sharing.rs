//! Whether the views show only this page, or both sides of a call.

use leptos::prelude::*;
use signaling_protocol::PeerId;

use crate::call::Wish;
use crate::components::meeting::people::display_name;
use crate::decimal::decimal;
use crate::hooks::{CallHook, PressesHook, ignore_repeats, use_presses};
use crate::trace_sharing::{Offset, Standing, TraceSharingView};

/// A line for each person to whom there is a channel; nothing outside a call.
#[component]
pub(crate) fn TraceSharingBar(call: CallHook) -> impl IntoView {
    let standings = Memo::new(move |_| {
        call.view.with(|view| {
            let peers = view.iter().flat_map(|view| &view.participants);
            let open =
                peers.filter_map(|peer| Some((peer.id.clone(), peer.trace_sharing?.standing)));
            open.collect::<Vec<_>>()
        })
    });
    // Whoever comes, goes or changes moves the lines of the others.
    let presses = use_presses(move || standings.get());
    let people = Memo::new(move |_| {
        standings.with(|all| all.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>())
    });
    let one_side =
        move || people.with(|people| !people.is_empty()) && !call.trace_sharing.is_shared();
    view! {
        <div class="trace-sharing-bar" hidden=move || people.with(Vec::is_empty)>
            <p class="trace-sharing-note" hidden=move || !one_side()>
                "Only this page’s side is shown. If you ask for both, the other person sees yours, too: all about the connection between you, with your addresses."
            </p>
            <ul role="list">
                <For each=move || people.get() key=Clone::clone let(id)>
                    <Person call id presses />
                </For>
            </ul>
        </div>
    }
}

#[component]
fn Person(call: CallHook, id: PeerId, presses: PressesHook) -> impl IntoView {
    let of = id.to_string();
    let id = StoredValue::new(id);
    let state = Memo::new(move |_| {
        id.with_value(|id| {
            call.view.with(|view| {
                let peer = view.as_ref()?.participant(id)?;
                Some((display_name(&peer.name, &peer.id), peer.trace_sharing?))
            })
        })
    });
    let with = move |f: fn(&str, TraceSharingView) -> String| {
        state.with(|state| state.as_ref().map(|(name, view)| f(name, *view)))
    };
    let standing = move || state.with(|state| state.as_ref().map(|(_, view)| view.standing));
    let wish = Memo::new(move |_| standing().map(button_wish));
    let is_too_early = move || {
        let shows_more = wish.get().is_some_and(Wish::shows_more);
        (shows_more && presses.is_unread()).then_some("true")
    };
    let press = move |click: &leptos::ev::MouseEvent, wish: Wish| {
        if presses.takes(click, wish.shows_more()) {
            call.share_traces(id.get_value(), wish);
        }
    };
    view! {
        <li data-peer=of>
            <span class="trace-sharing-state" role="status">{move || with(state_text)}</span>
            // One button through all states, so that it keeps the focus.
            <button
                type="button"
                aria-disabled=is_too_early
                on:keydown=move |key| ignore_repeats(&key)
                on:click=move |click| {
                    if let Some(wish) = wish.get_untracked() {
                        press(&click, wish);
                    }
                }
            >
                {move || with(button_text)}
            </button>
            <Show when=move || standing() == Some(Standing::Asked)>
                <button type="button" on:click=move |click| press(&click, Wish::Refuse)>
                    "No"
                </button>
            </Show>
        </li>
    }
}

fn state_text(name: &str, view: TraceSharingView) -> String {
    match view.standing {
        Standing::Apart => String::new(),
        Standing::Asking => format!("Waiting for {name}’s answer."),
        Standing::Asked => format!("{name} asks to show both sides."),
        Standing::Refused => format!("{name} does not want to show both sides."),
        Standing::Stopped => format!("{name} has stopped showing both sides."),
        Standing::Shared => match view.offset {
            None => format!("Both sides; {name}’s clock is being compared."),
            Some(offset) => format!("Both sides; {}.", clock_text(name, offset)),
        },
    }
}

fn button_wish(standing: Standing) -> Wish {
    match standing {
        Standing::Apart | Standing::Refused | Standing::Stopped => Wish::Ask,
        Standing::Asking | Standing::Shared => Wish::Stop,
        Standing::Asked => Wish::Accept,
    }
}

fn button_text(name: &str, view: TraceSharingView) -> String {
    match view.standing {
        Standing::Apart => format!("Ask {name} to show both sides"),
        Standing::Asking => "Take it back".to_owned(),
        Standing::Asked => "Show".to_owned(),
        Standing::Refused | Standing::Stopped => format!("Ask {name} again"),
        Standing::Shared => "Stop".to_owned(),
    }
}

/// Both traces begin when their page is opened.
fn clock_text(name: &str, offset: Offset) -> String {
    let (by_ms, which) = match offset.ahead_ms {
        ahead if ahead < 0.0 => (-ahead, "after"),
        ahead => (ahead, "before"),
    };
    format!(
        "{name}’s page was opened {} s {which} this one (± {} ms)",
        decimal(by_ms / 1000.0, 4),
        decimal(offset.error_ms, 1)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_of_the_clocks_is_told() {
        let text = |ahead_ms| {
            let error_ms = 0.4;
            clock_text("Kim", Offset { ahead_ms, error_ms })
        };
        assert_eq!(
            text(12.3),
            "Kim’s page was opened 0.0123 s before this one (± 0.4 ms)"
        );
        assert_eq!(
            text(-61234.5),
            "Kim’s page was opened 61.2345 s after this one (± 0.4 ms)"
        );
    }
}
