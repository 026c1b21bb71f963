//! The way to get others into the room.

use leptos::html;
use leptos::prelude::*;

use super::qr::{self, QrCode};
use crate::components::{CopyRow, NotLoaded, ShareButton};
use crate::hooks::{Part, use_lazy};
use crate::lazy::lazy;

type Encode = fn(&str) -> Option<QrCode>;

lazy!(qr_code: Encode = qr::encode);

/// The link to copy, and as a code for a camera.
#[component]
pub(crate) fn Invite(
    link: Signal<String>,
    /// Whom it is for, where that is not everybody.
    #[prop(into)]
    hint: Signal<&'static str>,
) -> impl IntoView {
    let details = NodeRef::<html::Details>::new();
    let open = RwSignal::new(false);
    let note = move |_| {
        if let Some(details) = details.get_untracked() {
            open.set(details.open());
        }
    };
    view! {
        <div class="invite">
            <CopyRow label="Invite link" button="Copy link" text=link />
            <ShareButton link />
            <p class="field-hint" hidden=move || hint.get().is_empty()>
                {hint}
            </p>
            <details class="disclosure" node_ref=details on:toggle=note>
                <summary>"QR code of the link"</summary>
                <Show when=move || open.get()>
                    <Code link what="The invite link as a QR code" />
                </Show>
            </details>
        </div>
    }
}

/// A text as a code for a camera, named by `what`.
#[component]
pub(crate) fn Code(link: Signal<String>, what: &'static str) -> impl IntoView {
    let encode = use_lazy(qr_code);
    encode.load();
    move || match encode.get() {
        Part::Waiting | Part::Loading => {
            view! { <p role="status">"Loading the QR code…"</p> }.into_any()
        }
        Part::Ready(encode) => drawn(encode(&link.get()), what),
        Part::Failed => view! { <NotLoaded what="The QR code" part=encode /> }.into_any(),
    }
}

fn drawn(code: Option<QrCode>, what: &'static str) -> AnyView {
    match code {
        Some(code) => {
            let view_box = format!("0 0 {0} {0}", code.size);
            view! {
                <svg
                    class="qr"
                    viewBox=view_box
                    role="img"
                    aria-label=what
                    shape-rendering="crispEdges"
                >
                    <path d=code.path></path>
                </svg>
            }
            .into_any()
        }
        None => view! { <p>"This is too long for a QR code."</p> }.into_any(),
    }
}
