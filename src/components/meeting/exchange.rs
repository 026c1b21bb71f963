//! The exchange of two texts between people, where nothing else carries the signals.

use leptos::html;
use leptos::prelude::*;

use super::invite::Code;
use crate::advice::Advice;
use crate::call::CallView;
use crate::components::{CopyRow, Notice};
use crate::hooks::CallHook;
use crate::signaling::paste::{Damage, ExchangeError, Order, Stage, is_in};

/// The texts, from the beginning of a call until the two are connected. `link` leads to this page
/// by the same way; `hash` was behind `#` in the address that was opened, which may be an invitation.
#[component]
pub(super) fn Exchange(call: CallHook, link: Signal<String>, hash: String) -> impl IntoView {
    let shown = Memo::new(move |_| call.in_call() && !is_connected(call));
    let stage = Memo::new(move |_| {
        let here = call.view.with(|view| {
            view.as_ref()
                .is_some_and(|view| !view.participants.is_empty())
        });
        // Who is gone needs a new exchange.
        if here {
            call.exchange.with(|exchange| exchange.stage.clone())
        } else {
            Stage::Idle
        }
    });
    let given = RwSignal::new(if is_in(&hash) { hash } else { String::new() });
    Effect::new(move |_| {
        // A text that was of use is not needed again.
        if !matches!(stage.get(), Stage::Idle | Stage::Invitation(_)) {
            given.set(String::new());
        }
    });
    let section = NodeRef::<html::Section>::new();
    // What was pressed is gone: whoever uses the keyboard goes on with what took its place.
    Effect::new(move |earlier: Option<Stage>| {
        let stage = stage.get();
        let lost = || document().active_element() == document().body().map(Into::into);
        if earlier.is_some_and(|earlier| earlier != stage)
            && lost()
            && let Some(section) = section.get_untracked()
        {
            // Fails for no element that has a tabindex.
            let _ = section.focus();
        }
        stage
    });
    let advice = Signal::derive(move || {
        let error = call.exchange.with(|exchange| exchange.error)?;
        Some(Advice::new(error.to_string(), remedy(error)))
    });
    let text = Signal::derive(move || match stage.get() {
        Stage::Invitation(text) | Stage::Answer(text) => text,
        _ => String::new(),
    });
    view! {
        <Show when=move || shown.get()>
            <section
                class="exchange"
                aria-labelledby="exchange-title"
                tabindex="-1"
                node_ref=section
            >
                <h3 id="exchange-title">"Two texts"</h3>
                <p role="status" aria-live="polite">
                    {move || explain(&stage.get())}
                </p>
                {move || match stage.get() {
                    Stage::Idle => {
                        view! {
                            <div class="toolbar" role="group" aria-label="Invitation">
                                <button
                                    type="button"
                                    class="primary"
                                    on:click=move |_| call.go_on_with(Order::Invite)
                                >
                                    "Make an invitation"
                                </button>
                            </div>
                            <Given call given />
                        }
                            .into_any()
                    }
                    Stage::Invitation(_) => {
                        let link = Signal::derive(move || {
                            format!("{}#{}", link.get(), text.get())
                        });
                        view! {
                            <CopyRow label="Your invitation" button="Copy invitation" text />
                            <details class="disclosure">
                                <summary>"QR code of the invitation"</summary>
                                <Code link what="The invitation as a QR code" />
                            </details>
                            <Given call given />
                        }
                            .into_any()
                    }
                    Stage::Answer(_) => {
                        view! {
                            <CopyRow label="Your answer" button="Copy answer" text />
                            <details class="disclosure">
                                <summary>"QR code of the answer"</summary>
                                <Code link=text what="The answer as a QR code" />
                            </details>
                        }
                            .into_any()
                    }
                    Stage::Gathering | Stage::Complete => ().into_any(),
                }}
                <Notice advice />
                <Show when=move || stage.get() != Stage::Idle>
                    <div class="toolbar" role="group" aria-label="Exchange">
                        <button type="button" on:click=move |_| call.go_on_with(Order::StartOver)>
                            "Start over"
                        </button>
                    </div>
                </Show>
            </section>
        </Show>
    }
}

/// Where the other person's text goes.
#[component]
fn Given(call: CallHook, given: RwSignal<String>) -> impl IntoView {
    let empty = move || given.with(|given| given.trim().is_empty());
    view! {
        <div class="field wide">
            <label class="field-label" for="given">
                "Text from the other person"
            </label>
            <textarea
                id="given"
                rows="3"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                prop:value=move || given.get()
                on:input=move |event| given.set(event_target_value(&event))
            ></textarea>
        </div>
        <div class="toolbar" role="group" aria-label="Text from the other person">
            <button
                type="button"
                on:click=move |_| call.go_on_with(Order::Use(given.get_untracked()))
                disabled=empty
            >
                "Use this text"
            </button>
        </div>
    }
}

fn explain(stage: &Stage) -> &'static str {
    match stage {
        Stage::Idle => {
            "One of you makes an invitation and sends it to the other, by mail, in a chat, or as a QR code. The other pastes it here and sends back the answer that appears."
        }
        Stage::Gathering => "Collecting the addresses of this machine.",
        Stage::Invitation(_) => {
            "Send this invitation to the other person, and paste here what comes back. Keep this page open until then."
        }
        Stage::Answer(_) => {
            "Send this answer back. The call begins when the other person has pasted it; keep this page open until then."
        }
        Stage::Complete => "Both texts are in place.",
    }
}

fn remedy(error: ExchangeError) -> &'static str {
    match error {
        ExchangeError::Damage(Damage::NotOne) => {
            "Copy the whole text that the other person sent; it begins with “wt1.”."
        }
        ExchangeError::Damage(Damage::Incomplete) => "Copy all of it, to the very last character.",
        ExchangeError::Damage(Damage::Altered) => "Copy it again, or ask for it to be sent again.",
        ExchangeError::Damage(Damage::OtherVersion) => {
            "Both of you should reload the page and start again."
        }
        ExchangeError::OwnInvitation => {
            "Send it to the other person, and paste here the answer that comes back."
        }
        ExchangeError::TwoInvitations => {
            "Ask for an answer to yours, or press Start over and use this one."
        }
        ExchangeError::NoInvitation => "Make an invitation and ask for an answer to that one.",
        ExchangeError::OtherInvitation => {
            "Send the invitation that is shown now, and ask for an answer to that one."
        }
    }
}

/// Whether the texts have done their part; reactive.
fn is_connected(call: CallHook) -> bool {
    let complete = call
        .exchange
        .with(|exchange| exchange.stage == Stage::Complete);
    let connected = |view: &CallView| {
        let mut peers = view.participants.iter();
        peers.any(|peer| peer.presence.is_connected() || complete && peer.presence.was_connected())
    };
    call.view.with(|view| view.as_ref().is_some_and(connected))
}
