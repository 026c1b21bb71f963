//! What hosts of a room decide: who comes in, who is heard, who stays.

use leptos::prelude::*;
use signaling_protocol::{Passphrase, PeerId, Policy, PolicyChange};

use crate::call::{Newcomer, RightsView};
use crate::components::meeting::people::display_name;
use crate::components::{AskedTwice, SwitchOf};
use crate::hooks::CallHook;

/// `f` of the rights in this room; `None` where nobody can enforce any; reactive.
fn with_rights<T>(call: CallHook, f: impl FnOnce(&RightsView) -> T) -> Option<T> {
    call.view.with(|view| view.as_ref()?.rights.as_ref().map(f))
}

/// Whether this person is a host; reactive.
pub(super) fn is_host(call: CallHook) -> bool {
    with_rights(call, |rights| rights.host).unwrap_or(false)
}

/// Whether everybody is to see this person large; reactive.
pub(super) fn is_spotlit(call: CallHook) -> bool {
    with_rights(call, |rights| rights.spotlight).unwrap_or(false)
}

/// Those who wait for this person to let them in.
pub(super) fn waiting(call: CallHook) -> Memo<Vec<Newcomer>> {
    Memo::new(move |_| {
        let waiting = with_rights(call, |rights| match rights.host {
            true => rights.waiting.clone(),
            false => Vec::new(),
        });
        waiting.unwrap_or_default()
    })
}

/// Those who wait to be let in, with the decision.
#[component]
pub(super) fn Knocks(call: CallHook) -> impl IntoView {
    let waiting = waiting(call);
    view! {
        <ul class="knocks" role="list" aria-label="People who want to join">
            <For each=move || waiting.get() key=|newcomer| newcomer.id.clone() let(newcomer)>
                <Knock call newcomer />
            </For>
        </ul>
    }
}

#[component]
fn Knock(call: CallHook, newcomer: Newcomer) -> impl IntoView {
    let name = display_name(&newcomer.name, &newcomer.id);
    let (admitted, refused) = (newcomer.id.clone(), newcomer.id);
    view! {
        <li class="notice knock">
            <p class="notice-title">
                <bdi>{name}</bdi>
                " wants to join"
            </p>
            <div class="toolbar">
                <button
                    type="button"
                    class="primary"
                    on:click=move |_| call.tell(|handle| handle.admit(admitted.clone()))
                >
                    "Admit"
                </button>
                <button
                    type="button"
                    on:click=move |_| call.tell(|handle| handle.refuse(refused.clone()))
                >
                    "Refuse"
                </button>
            </div>
        </li>
    }
}

/// How newcomers get in: for hosts to decide, for the others to see.
#[component]
pub(super) fn Access(call: CallHook) -> impl IntoView {
    let policy = Memo::new(move |_| with_rights(call, |rights| rights.policy));
    let host = Memo::new(move |_| is_host(call));
    let text = move || match (policy.get(), host.get()) {
        (None, _) => {
            "No server keeps track of who is in this room, so it has no hosts: nobody can lock it or remove anyone."
        }
        (Some(_), true) => "You are a host: you decide who comes in.",
        (Some(Policy { locked: true, .. }), _) => "A host has locked this meeting.",
        (Some(Policy { lobby: true, .. }), _) => "A host lets people in one by one.",
        (
            Some(Policy {
                passphrase: true, ..
            }),
            _,
        ) => "This meeting has a passphrase.",
        _ => "Anyone who has the link can join.",
    };
    view! {
        <section class="access" aria-labelledby="access-title">
            <h3 id="access-title">"Who can join"</h3>
            <p>{text}</p>
            <Show when=move || host.get()>
                <SwitchOf
                    label="Lock the meeting: nobody else can join"
                    on=move || policy.get().is_some_and(|policy| policy.locked)
                    set=move |on| {
                        let change = PolicyChange {
                            locked: Some(on),
                            ..PolicyChange::default()
                        };
                        set_policy(call, change);
                    }
                />
                <SwitchOf
                    label="People wait until a host lets them in"
                    on=move || policy.get().is_some_and(|policy| policy.lobby)
                    set=move |on| {
                        let change = PolicyChange {
                            lobby: Some(on),
                            ..PolicyChange::default()
                        };
                        set_policy(call, change);
                    }
                />
                <PassphraseForm
                    call
                    is_set=Signal::derive(move || {
                        policy.get().is_some_and(|policy| policy.passphrase)
                    })
                />
            </Show>
        </section>
    }
}

fn set_policy(call: CallHook, change: PolicyChange) {
    call.tell(|handle| handle.set_policy(change));
}

#[component]
fn PassphraseForm(call: CallHook, is_set: Signal<bool>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let set = move |passphrase: Option<Passphrase>| {
        let change = PolicyChange {
            passphrase: Some(passphrase),
            ..PolicyChange::default()
        };
        set_policy(call, change);
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Ok(passphrase) = text.with_untracked(|text| Passphrase::new(text.trim())) {
            set(Some(passphrase));
            text.set(String::new());
        }
    };
    view! {
        <form class="passphrase-form" on:submit=submit>
            <label class="field-label" for="new-passphrase">
                {move || match is_set.get() {
                    true => "New passphrase",
                    false => "Passphrase for joining",
                }}
            </label>
            <div class="beside">
                <input
                    type="text"
                    id="new-passphrase"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength=Passphrase::MAX_CHARS.to_string()
                    prop:value=move || text.get()
                    on:input=move |event| text.set(event_target_value(&event))
                />
                <button type="submit">"Set"</button>
                <Show when=move || is_set.get()>
                    <button type="button" on:click=move |_| set(None)>
                        "Remove the passphrase"
                    </button>
                </Show>
            </div>
        </form>
    }
}

/// What a host can do about a participant.
#[component]
pub(super) fn HostActions(
    call: CallHook,
    id: PeerId,
    name: Memo<String>,
    is_host: Signal<bool>,
    is_silenced: Signal<bool>,
    is_spotlit: Signal<bool>,
) -> impl IntoView {
    let of = Signal::stored(Some(id.clone()));
    let id = StoredValue::new(id);
    let silence = move |_| {
        let silenced = !is_silenced.get_untracked();
        call.tell(|handle| handle.silence(id.get_value(), silenced));
    };
    view! {
        <button type="button" on:click=silence>
            {move || if is_silenced.get() { "Allow to unmute" } else { "Mute for everyone" }}
        </button>
        <SpotlightButton call id=of is_spotlit />
        <Show when=move || !is_host.get()>
            <button
                type="button"
                on:click=move |_| call.tell(|handle| handle.make_host(id.get_value()))
            >
                "Make a host"
            </button>
        </Show>
        <AskedTwice
            label="Remove"
            confirm=Signal::derive(move || format!("Remove {}", name.get()))
            confirmed=move || call.tell(|handle| handle.remove(id.get_value()))
        />
    }
}

/// Puts a participant, perhaps yourself, in the spotlight, or takes it back.
#[component]
pub(super) fn SpotlightButton(
    call: CallHook,
    #[prop(into)] id: Signal<Option<PeerId>>,
    is_spotlit: Signal<bool>,
) -> impl IntoView {
    let press = move |_| {
        if let Some(id) = id.get_untracked() {
            let spotlight = !is_spotlit.get_untracked();
            call.tell(|handle| handle.set_spotlight(id, spotlight));
        }
    };
    view! {
        <button type="button" on:click=press>
            {move || if is_spotlit.get() { "Remove from the spotlight" } else { "Spotlight" }}
        </button>
    }
}
