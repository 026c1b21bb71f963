//! What people ask of each other where nobody has to obey: to mute the microphone.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use signaling_protocol::PeerId;

use super::buttons::MICROPHONE;
use crate::call::ParticipantView;
use crate::components::meeting::focus::focus_on;
use crate::components::meeting::people::display_name;
use crate::hooks::{CallHook, CallMediaHook};

/// Before that they hear no second request.
const AGAIN_AFTER: Duration = Duration::from_secs(30);

/// Who asks you to mute yourself, with the decision.
#[component]
pub(super) fn MuteRequests(call: CallHook, media: CallMediaHook) -> impl IntoView {
    let names = Memo::new(move |_| {
        call.view.with(|view| {
            let peers = view.iter().flat_map(|view| &view.participants);
            let asking = peers.filter(|peer| peer.asks_to_mute);
            asking
                .map(|peer| display_name(&peer.name, &peer.id))
                .collect::<Vec<_>>()
        })
    });
    let mute = move |_| {
        // The request ends with what is sent then.
        if untrack(|| media.is_microphone_on()) {
            call.toggle_microphone();
        }
        focus_on(MICROPHONE);
    };
    let refuse = move |_| {
        call.tell(|handle| handle.refuse_to_mute());
        focus_on(MICROPHONE);
    };
    view! {
        <Show when=move || !names.with(Vec::is_empty)>
            // The announcer has told it.
            <div class="notice mute-request">
                <p class="notice-title">{move || names.with(|names| request(names))}</p>
                <div class="toolbar">
                    <button type="button" class="primary" on:click=mute>
                        "Mute"
                    </button>
                    <button type="button" on:click=refuse>
                        "Not now"
                    </button>
                </div>
            </div>
        </Show>
    }
}

/// At most three are named.
fn request(names: &[String]) -> String {
    match names {
        [name] => format!("{name} asks you to mute your microphone."),
        [one, other] => format!("{one} and {other} ask you to mute your microphone."),
        [one, other, third] => {
            format!("{one}, {other} and {third} ask you to mute your microphone.")
        }
        [one, other, more @ ..] => format!(
            "{one}, {other} and {} others ask you to mute your microphone.",
            more.len()
        ),
        [] => String::new(),
    }
}

/// Asks a participant who can be heard, once in a while.
#[component]
pub(super) fn AskToMute(call: CallHook, id: PeerId) -> impl IntoView {
    let id = StoredValue::new(id);
    let is_asked = RwSignal::new(false);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    on_cleanup(move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    });
    let ask = move |_| {
        if is_asked.get_untracked() {
            return;
        }
        call.tell(|handle| handle.ask_to_mute(id.get_value()));
        is_asked.set(true);
        let over = move || {
            is_asked.try_set(false);
        };
        timer.set_value(set_timeout_with_handle(over, AGAIN_AFTER).ok());
    };
    view! {
        <button
            type="button"
            // It keeps the focus, which a disabled button loses.
            aria-disabled=move || is_asked.get().then_some("true")
            on:click=ask
        >
            {move || if is_asked.get() { "Asked to mute" } else { "Ask to mute" }}
        </button>
    }
}

/// Whether there is somebody to ask, who can be heard.
pub(super) fn can_be_asked(peer: &ParticipantView) -> bool {
    peer.microphone_on && !peer.silenced && peer.presence.is_connected()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_who_asks() {
        let told = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
            request(&names).replace(" you to mute your microphone.", "")
        };
        assert_eq!(told(&["Ada"]), "Ada asks");
        assert_eq!(told(&["Ada", "Bob"]), "Ada and Bob ask");
        assert_eq!(told(&["Ada", "Bob", "Kim"]), "Ada, Bob and Kim ask");
        assert_eq!(
            told(&["Ada", "Bob", "Kim", "Lou"]),
            "Ada, Bob and 2 others ask"
        );
    }
}
