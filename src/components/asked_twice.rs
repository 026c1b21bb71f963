//! What cannot be undone.

use leptos::html;
use leptos::prelude::*;

/// A button that asks once more before it does something.
#[component]
pub(crate) fn AskedTwice(
    label: &'static str,
    /// What the second button says.
    #[prop(into)]
    confirm: Signal<String>,
    confirmed: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let is_asked = RwSignal::new(false);
    let (ask, keep) = (NodeRef::new(), NodeRef::new());
    // The button with the focus goes with the answer.
    let show = move |asked: bool| {
        is_asked.set(asked);
        focus_soon(if asked { keep } else { ask });
    };
    view! {
        <Show
            when=move || is_asked.get()
            fallback=move || {
                view! {
                    <button type="button" node_ref=ask on:click=move |_| show(true)>
                        {label}
                    </button>
                }
            }
        >
            <button type="button" class="danger" on:click=move |_| confirmed()>
                {confirm}
            </button>
            <button type="button" node_ref=keep on:click=move |_| show(false)>
                "Keep"
            </button>
        </Show>
    }
}

fn focus_soon(button: NodeRef<html::Button>) {
    request_animation_frame(move || {
        if let Some(button) = button.try_get_untracked().flatten() {
            // An element in the page takes it.
            let _ = button.focus();
        }
    });
}
