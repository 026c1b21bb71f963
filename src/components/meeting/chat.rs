//! What people write to each other.

use leptos::html;
use leptos::prelude::*;
use signaling_protocol::Chat as ChatMessage;
use web_sys::KeyboardEvent;

use super::focus::focus_on;
use super::links::{Piece, pieces};
use super::people::{display_name, waiting};
use crate::call::ChatLine;
use crate::call::roster::Phase;
use crate::hooks::{CallHook, use_follow};

const BOX: &str = "chat-message";

/// Puts the cursor into the box for messages, if there is one.
pub(crate) fn focus() {
    focus_on(BOX);
}

/// What stays while the chat is out of sight.
#[derive(Clone, Copy)]
pub(crate) struct ChatHook {
    call: CallHook,
    /// What is being written.
    draft: RwSignal<String>,
    /// See [`came_late`].
    late: RwSignal<Option<bool>>,
}

/// The chat of a call that begins with nothing written.
pub(crate) fn use_chat(call: CallHook) -> ChatHook {
    let late = RwSignal::new(None);
    // Also while nobody looks at it.
    Effect::new(move |_| late.set(came_late(call, late.get_untracked())));
    ChatHook {
        call,
        draft: RwSignal::new(String::new()),
        late,
    }
}

/// The chat, from the first call on; who left may still read what was written.
#[component]
pub(crate) fn Chat(chat: ChatHook) -> impl IntoView {
    let ChatHook { call, draft, late } = chat;
    let in_call = Memo::new(move |_| call.in_call());
    let shown = Memo::new(move |_| in_call.get() || call.chat.with(|lines| !lines.is_empty()));
    view! {
        <Show when=move || shown.get()>
            <section class="chat" aria-labelledby="chat-title">
                <h3 id="chat-title">"Chat"</h3>
                <Log call late />
                <Waiting call />
                <Show when=move || in_call.get()>
                    <Writing call text=draft />
                </Show>
            </section>
        </Show>
    }
}

#[component]
fn Log(call: CallHook, late: RwSignal<Option<bool>>) -> impl IntoView {
    let log = NodeRef::<html::Div>::new();
    let (follow, scrolled) = use_follow(log);
    let lines = move || {
        follow();
        call.chat.get()
    };
    view! {
        <div
            class="chat-log"
            role="log"
            aria-live="polite"
            aria-labelledby="chat-title"
            tabindex="0"
            node_ref=log
            on:scroll=move |_| scrolled()
        >
            <Show when=move || late.get() == Some(true)>
                <p class="chat-before">"You cannot see messages that were sent before you joined."</p>
            </Show>
            <Show when=move || late.get() != Some(true) && call.chat.with(Vec::is_empty)>
                <p class="empty">"No messages yet."</p>
            </Show>
            <For each=lines key=|line| line.id let(line)>
                <Line line />
            </For>
        </div>
    }
}

#[component]
fn Line(line: ChatLine) -> impl IntoView {
    let author = match &line.peer {
        Some(peer) => display_name(&line.author, peer),
        None => "You".to_owned(),
    };
    let date = js_sys::Date::new(&line.at_ms.into());
    let time = format!("{:02}:{:02}", date.get_hours(), date.get_minutes());
    let iso: String = date.to_iso_string().into();
    // Text becomes text nodes, so nothing in it is ever read as HTML.
    let text = pieces(&line.text).into_iter().map(|piece| match piece {
        Piece::Text(text) => text.into_any(),
        Piece::Link(link) => view! {
            <a href=link.clone() target="_blank" rel="noopener noreferrer">
                {link.clone()}
            </a>
        }
        .into_any(),
    });
    view! {
        <div class="chat-line" class:own=line.own>
            <p class="chat-head">
                <bdi class="chat-author">{author}</bdi>
                " "
                <time datetime=iso>{time}</time>
            </p>
            <p class="chat-text" dir="auto">
                {text.collect_view()}
            </p>
        </div>
    }
}

/// Whose messages are still on their way.
#[component]
fn Waiting(call: CallHook) -> impl IntoView {
    let text = Memo::new(move |_| {
        call.view.with(|view| {
            let peers = view.iter().flat_map(|view| &view.participants);
            let waiting = peers
                .filter(|peer| peer.undelivered > 0)
                .map(|peer| waiting(peer.undelivered, &display_name(&peer.name, &peer.id)) + ".");
            waiting.collect::<Vec<_>>().join(" ")
        })
    });
    view! {
        <p class="chat-waiting" role="status" hidden=move || text.with(String::is_empty)>
            {text}
        </p>
    }
}

#[component]
fn Writing(call: CallHook, text: RwSignal<String>) -> impl IntoView {
    let length = move || text.with(|text| text.trim().chars().count());
    let can_send = move || (1..=ChatMessage::MAX_CHARS).contains(&length());
    let send = move || {
        if untrack(can_send) {
            call.send_chat(text.with_untracked(|text| text.trim().to_owned()));
            text.set(String::new());
        }
    };
    let send_by_key = move |event: KeyboardEvent| {
        // Enter also ends what an input method composes.
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
            event.prevent_default();
            send();
        }
    };
    view! {
        <div class="chat-writing">
            <label class="field-label" for=BOX>
                "Message"
            </label>
            <div class="beside">
                <textarea
                    id=BOX
                    rows="1"
                    autocomplete="off"
                    aria-describedby="chat-hint"
                    maxlength=ChatMessage::MAX_CHARS.to_string()
                    prop:value=move || text.get()
                    on:input=move |event| text.set(event_target_value(&event))
                    on:keydown=send_by_key
                ></textarea>
                <button type="button" on:click=move |_| send() disabled=move || !can_send()>
                    "Send"
                </button>
            </div>
            <small class="field-hint" id="chat-hint">
                {move || match length() {
                    // Close to the limit, and beyond it where a browser does not hold it.
                    length if length > ChatMessage::MAX_CHARS - 200 => {
                        format!("{length} of at most {} characters", ChatMessage::MAX_CHARS)
                    }
                    _ => "Enter sends, Shift+Enter starts a new line.".to_owned(),
                }}
            </small>
        </div>
    }
}

/// Whether somebody was in the room before us: then there may be messages that we never get.
/// `None` until we are in; stays as it is when the connection to the server is lost and found. Reactive.
fn came_late(call: CallHook, earlier: Option<bool>) -> Option<bool> {
    call.view.with(|view| {
        let view = view.as_ref()?;
        match view.phase {
            Phase::InRoom { created } => earlier.or(Some(!created)),
            // A new call.
            Phase::Connecting if view.me.is_none() => None,
            _ => earlier,
        }
    })
}
