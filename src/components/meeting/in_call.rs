//! What is only seen in a call: a part of its own, loaded while the lobby stands, so that nobody waits
//! for it before Join can be pressed.

use leptos::prelude::*;

use super::chat::{Chat, use_chat};
use super::exchange::Exchange;
use super::leaving::LeaveGuard;
use super::peers::{Peers, Screens};
use super::recording_mark::RecordingMark;
use super::scene::Scene;
use super::status::status_text;
use super::trace_sharing::TraceSharingNotice;
use super::verify::{CertificateWarnings, Verify};
use crate::components::NotLoaded;
use crate::hooks::{CallHook, LazyHook, Part, use_lazy};
use crate::lazy::lazy;

type View = fn(Scene) -> AnyView;

/// The views, each for its place in the meeting.
#[derive(Clone, Copy)]
pub(crate) struct InCall {
    /// The state of a call in words; reactive.
    pub(super) status: fn(Scene) -> String,
    pub(super) trace_sharing: View,
    pub(super) screens: View,
    pub(super) peers: View,
    pub(super) verify: View,
    pub(super) chat: View,
    pub(super) leaving: View,
}

lazy!(pub(super) in_call: InCall = InCall {
    status: |scene| status_text(scene.call, scene.kind),
    trace_sharing: |scene| {
        view! {
            <RecordingMark call=scene.call />
            <TraceSharingNotice call=scene.call />
        }
        .into_any()
    },
    screens: |scene| view! { <Screens scene /> }.into_any(),
    peers: |scene| view! { <Peers scene /> }.into_any(),
    verify: |scene| {
        view! {
            <CertificateWarnings call=scene.call />
            <Verify call=scene.call />
        }
        .into_any()
    },
    chat: |scene| view! { <Chat chat=use_chat(scene.call) /> }.into_any(),
    leaving: |scene| view! { <LeaveGuard call=scene.call /> }.into_any(),
});

/// Where people carry the signals. The text behind `#` in the address that was opened may be an
/// invitation.
type ExchangeView = fn(CallHook, Signal<String>, String) -> AnyView;

lazy!(exchange: ExchangeView = |call, link, hash| {
    view! { <Exchange call link hash /> }.into_any()
});

/// One of the views, as soon as it is there; until then `meanwhile`.
#[component]
pub(super) fn WhenLoaded(
    part: LazyHook<InCall>,
    scene: Scene,
    view: fn(InCall) -> View,
    #[prop(optional)] meanwhile: Option<View>,
) -> impl IntoView {
    move || match part.get() {
        Part::Ready(views) => view(views)(scene),
        _ => meanwhile.map_or_else(|| ().into_any(), |meanwhile| meanwhile(scene)),
    }
}

/// Says in a call that its views are missing.
#[component]
pub(super) fn Missing(part: LazyHook<InCall>, call: CallHook) -> impl IntoView {
    let is_missing = Memo::new(move |_| call.in_call() && matches!(part.get(), Part::Failed));
    view! {
        <Show when=move || is_missing.get()>
            <NotLoaded what="The call view" part />
        </Show>
    }
}

/// The exchange of texts, where nothing else carries the signals.
#[component]
pub(crate) fn LazyExchange(
    call: CallHook,
    link: Signal<String>,
    /// Taken out: what was used once is not filled in again.
    hash: StoredValue<Option<String>>,
) -> impl IntoView {
    let part = use_lazy(exchange);
    part.load();
    move || match part.get() {
        Part::Waiting | Part::Loading => ().into_any(),
        Part::Ready(view) => {
            let hash = hash.try_update_value(Option::take).flatten();
            view(call, link, hash.unwrap_or_default())
        }
        Part::Failed => view! { <NotLoaded what="The invitation form" part /> }.into_any(),
    }
}
