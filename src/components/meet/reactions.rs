//! What people show without a word: a raised hand, a reaction.

use leptos::prelude::*;
use signaling_protocol::{PeerId, Reaction};

use super::menu::MenuButton;
use crate::components::icon::{self, Icon};
use crate::components::meeting::peer_tile::with_peer;
use crate::hooks::CallHook;

/// The picture of a reaction, and its name.
pub(super) fn shown_as(reaction: Reaction) -> (&'static str, &'static str) {
    match reaction {
        Reaction::ThumbsUp => ("👍", "Thumbs up"),
        Reaction::Applause => ("👏", "Applause"),
        Reaction::Heart => ("❤️", "Heart"),
        Reaction::Laughter => ("😂", "Laughter"),
        Reaction::Surprise => ("😮", "Surprise"),
        Reaction::Celebration => ("🎉", "Celebration"),
    }
}

/// All of them, to choose from.
#[component]
pub(super) fn ReactionChoice(call: CallHook) -> impl IntoView {
    let buttons = Reaction::ALL.map(|reaction| {
        let (picture, name) = shown_as(reaction);
        view! {
            <button
                type="button"
                class="reaction-button"
                aria-label=name
                title=name
                on:click=move |_| call.react(reaction)
            >
                {picture}
            </button>
        }
    });
    view! { <div class="reaction-choice">{buttons.collect_view()}</div> }
}

/// On a narrow window, in the menu.
#[component]
pub(super) fn HandItem(call: CallHook) -> impl IntoView {
    view! {
        <MenuButton
            class="narrow-only"
            label=Signal::derive(move || hand_label(call))
            icon=icon::HAND
            press=Callback::new(move |()| call.toggle_hand())
        />
    }
}

pub(super) fn hand_label(call: CallHook) -> &'static str {
    match call.is_hand_raised.get() {
        true => "Lower hand",
        false => "Raise hand",
    }
}

/// Over a tile; `person` is `None` for oneself.
#[component]
pub(super) fn Shown(call: CallHook, person: Option<PeerId>) -> impl IntoView {
    let peer = Signal::stored(person.clone());
    let is_raised = Memo::new(move |_| match peer.with(Option::is_none) {
        true => call.is_hand_raised.get(),
        false => with_peer(call, peer, |peer| peer.hand_raised_at_ms.is_some()).unwrap_or(false),
    });
    let reaction = Memo::new(move |_| call.reactions.of(&person));
    view! {
        <Show when=move || is_raised.get()>
            <span class="raised-hand" title="Hand raised">
                <Icon path=icon::HAND />
                <span class="visually-hidden">"Hand raised"</span>
            </span>
        </Show>
        {move || {
            reaction
                .get()
                .map(|reaction| {
                    let (picture, name) = shown_as(reaction);
                    view! {
                        <span class="reaction" role="img" aria-label=name>
                            {picture}
                        </span>
                    }
                })
        }}
    }
}
