//! What people ask of each other where nobody has to obey: to mute the microphone.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use signaling_protocol::PeerId;

use super::buttons::MICROPHONE;
use crate::call::{MUTE_REQUEST_PAUSE_MS, ParticipantView};
use crate::components::meeting::focus::focus_on;
use crate::components::meeting::people::{display_name, list};
use crate::hooks::{CallHook, CallMediaHook};

/// Until then they are not shown a second request.
const AGAIN_AFTER: Duration = Duration::from_millis(MUTE_REQUEST_PAUSE_MS);

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
    let (who, verb) = match names {
        [_] => (list(names), "asks"),
        [one, other, more @ ..] if more.len() > 1 => {
            let others = format!("{} others", more.len());
            (list(&[one.clone(), other.clone(), others]), "ask")
        }
        _ => (list(names), "ask"),
    };
    format!("{who} {verb} you to mute your microphone.")
}

/// Whom you have asked lately. It outlasts the panel in which you ask.
#[derive(Clone, Copy)]
pub(super) struct AskedHook {
    call: CallHook,
    /// The first was asked first.
    asked: RwSignal<Vec<PeerId>>,
    /// One for each of them.
    timers: StoredValue<Vec<TimeoutHandle>>,
}

pub(super) fn use_asked(call: CallHook) -> AskedHook {
    let timers = StoredValue::new(Vec::<TimeoutHandle>::new());
    on_cleanup(move || {
        for timer in timers.try_update_value(std::mem::take).unwrap_or_default() {
            timer.clear();
        }
    });
    AskedHook {
        call,
        asked: RwSignal::new(Vec::new()),
        timers,
    }
}

impl AskedHook {
    fn has_asked(self, id: &PeerId) -> bool {
        self.asked.with(|asked| asked.contains(id))
    }

    fn ask(self, id: &PeerId) {
        if untrack(|| self.has_asked(id)) {
            return;
        }
        let over = move || {
            self.asked.update(|asked| {
                asked.remove(0);
            });
            self.timers.update_value(|timers| {
                timers.remove(0);
            });
        };
        if let Ok(timer) = set_timeout_with_handle(over, AGAIN_AFTER) {
            self.timers.update_value(|timers| timers.push(timer));
            self.asked.update(|asked| asked.push(id.clone()));
        }
        self.call.tell(|handle| handle.ask_to_mute(id.clone()));
    }
}

/// Asks a participant who can be heard, once in a while.
#[component]
pub(super) fn AskToMute(asked: AskedHook, id: PeerId) -> impl IntoView {
    let id = StoredValue::new(id);
    let is_asked = Memo::new(move |_| id.with_value(|id| asked.has_asked(id)));
    view! {
        <button
            type="button"
            // It keeps the focus, which a disabled button loses.
            aria-disabled=move || is_asked.get().then_some("true")
            on:click=move |_| id.with_value(|id| asked.ask(id))
        >
            {move || if is_asked.get() { "Asked to mute" } else { "Ask to mute" }}
        </button>
    }
}

/// Whether this participant can be heard, so that there is something to mute.
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
