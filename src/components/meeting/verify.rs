//! Is anybody in between? A code for each other participant, to be compared.

use leptos::prelude::*;
use signaling_protocol::PeerId;
use wasm_bindgen::JsValue;

use super::peer_tile::{peer_name, with_connection};
use crate::components::{CertificateWarning, Negotiated, VerificationView};
use crate::hooks::{CallHook, Watched, use_verification};
use crate::states::ConnectionState;

/// Closed, and then no code is computed, until somebody wants to know.
#[component]
pub(crate) fn Verify(call: CallHook) -> impl IntoView {
    let opened = RwSignal::new(false);
    let connected = connected(call);
    let toggled = move |event: leptos::ev::Event| {
        let open = js_sys::Reflect::get(&event_target::<JsValue>(&event), &"open".into());
        opened.set(open.is_ok_and(|open| open.is_truthy()));
    };
    view! {
        <Show when=move || connected.with(|connected| !connected.is_empty())>
            <details class="disclosure verify" prop:open=move || opened.get() on:toggle=toggled>
                <summary>"Verify that nobody is in between"</summary>
                <p>
                    "Read this code to each other, preferably face to face or by phone. If you both see the same one, your two browsers are connected directly to each other, and nobody who passed on your signals can listen in. If not, hang up. Each connection has a new code."
                </p>
                <Show when=move || opened.get()>
                    <ul class="codes" role="list">
                        <For each=move || connected.get() key=Clone::clone let(id)>
                            <PeerCode call id />
                        </For>
                    </ul>
                </Show>
            </details>
        </Show>
    }
}

/// Those whose connection stands.
fn connected(call: CallHook) -> Memo<Vec<PeerId>> {
    Memo::new(move |_| {
        call.view.with(|view| {
            let Some(view) = view else {
                return Vec::new();
            };
            let connected = view.participants.iter().filter(|peer| {
                let connection = view.connection_of(peer);
                connection
                    .is_some_and(|there| there.states.connection == ConnectionState::Connected)
            });
            connected.map(|peer| peer.id.clone()).collect()
        })
    })
}

/// What no honest end does, as soon as one does it.
#[component]
pub(crate) fn CertificateWarnings(call: CallHook) -> impl IntoView {
    let connected = connected(call);
    view! {
        <For each=move || connected.get() key=Clone::clone let(id)>
            <PeerWarning call id />
        </For>
    }
}

#[component]
fn PeerWarning(call: CallHook, id: PeerId) -> impl IntoView {
    let id = Signal::stored(Some(id));
    let name = Signal::derive(move || peer_name(call, id));
    view! { <CertificateWarning watched=watched(call, id) name /> }
}

#[component]
fn PeerCode(call: CallHook, id: PeerId) -> impl IntoView {
    let of = id.to_string();
    let id = Signal::stored(Some(id));
    let watched = watched(call, id);
    let code = use_verification(watched);
    let name = move || peer_name(call, id).map(|other| format!("You and {other}"));
    view! {
        <li data-peer=of>
            <p class="code-of">{name}</p>
            <VerificationView result=code />
            <Negotiated watched code />
        </li>
    }
}

fn watched(call: CallHook, id: Signal<Option<PeerId>>) -> Signal<Option<Watched>, LocalStorage> {
    Signal::derive_local(move || {
        with_connection(call, id, |there| {
            Some((there.peer_connection.clone()?, there.states))
        })
        .flatten()
    })
}
