//! Keys, and the dialog that lists them.

use leptos::prelude::*;
use leptos::{ev, html};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::components::Switch;
use crate::hooks::{listen_first, use_modal, use_stored_switch};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shortcut {
    Mute,
    /// Held, not pressed: see [`use_push_to_talk`].
    Talk,
    Camera,
    Screen,
    Chat,
    People,
    Hand,
    Help,
}

impl Shortcut {
    pub(crate) const ALL: &[Self] = &[
        Self::Mute,
        Self::Talk,
        Self::Camera,
        Self::Screen,
        Self::Chat,
        Self::People,
        Self::Hand,
        Self::Help,
    ];
}

const KEYS: [(&str, Shortcut, &str); 8] = [
    ("m", Shortcut::Mute, "Mute or unmute the microphone"),
    (SPACE, Shortcut::Talk, "Hold to talk while you are muted"),
    ("v", Shortcut::Camera, "Camera off or on"),
    ("s", Shortcut::Screen, "Share the screen or stop sharing"),
    ("c", Shortcut::Chat, "Write a message"),
    ("p", Shortcut::People, "Show who is here"),
    ("h", Shortcut::Hand, "Raise or lower your hand"),
    ("?", Shortcut::Help, "Show these shortcuts"),
];

/// No key is called so: the one that is meant is called as what it writes.
const SPACE: &str = "Space";

/// What a key asks for.
fn shortcut(key: &str) -> Option<Shortcut> {
    let (_, shortcut, _) = KEYS.iter().find(|(of, ..)| of.eq_ignore_ascii_case(key))?;
    Some(*shortcut)
}

/// Calls `act` for each of these shortcuts that is pressed while the page is open. Whoever types means
/// letters, whoever holds Ctrl, Alt or Meta means the browser's own keys.
pub(crate) fn use_shortcuts(
    on: RwSignal<bool>,
    shortcuts: &'static [Shortcut],
    act: impl Fn(Shortcut) + 'static,
) {
    let listener = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
        let passing = event.repeat() || event.is_composing() || event.default_prevented();
        if modified || passing || is_typing(&event) {
            return;
        }
        let pressed = shortcut(&event.key());
        let Some(shortcut) = pressed.filter(|pressed| shortcuts.contains(pressed)) else {
            return;
        };
        // Who switched the keys off may still look how to switch them on.
        if shortcut != Shortcut::Help && !on.try_get_untracked().unwrap_or(false) {
            return;
        }
        // Or the letter would be written into the box that gets the focus.
        event.prevent_default();
        act(shortcut);
    });
    on_cleanup(move || listener.remove());
}

/// Calls `talk` with `true` when the space bar goes down, and with `false` when it goes up again or the
/// window loses it. Where the person moves about by keys, as at first if `by_key`, it presses what has the
/// focus instead. `talk` says whether there was anything to do.
pub(crate) fn use_push_to_talk(
    on: RwSignal<bool>,
    by_key: bool,
    talk: impl Fn(bool) -> bool + Copy + Send + Sync + 'static,
) {
    // `:focus-visible` does not tell: in Chromium any key makes it so.
    let moves_by_key = StoredValue::new(by_key);
    listen_first("pointerdown", move |_| moves_by_key.set_value(false));
    let talks = StoredValue::new(false);
    let end = move || {
        let talked = talks.try_update_value(std::mem::take).unwrap_or_default();
        if talked {
            talk(false);
        }
        talked
    };
    let is_meant = move |event: &KeyboardEvent| {
        let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
        let presses = moves_by_key.get_value() && is_in(event, "a, button, summary, [tabindex]");
        let elsewhere = presses || is_typing(event) || is_in(event, "dialog");
        event.key() == " " && !modified && !elsewhere
    };
    // Before the button that was clicked last, which still has the focus.
    listen_first("keydown", move |event| {
        let event: &KeyboardEvent = event.unchecked_ref();
        if moves_focus(&event.key()) {
            moves_by_key.set_value(true);
        }
        if !is_meant(event) || !on.try_get_untracked().unwrap_or(false) {
            return;
        }
        let began = !event.repeat() && !talks.get_value() && talk(true);
        if began {
            talks.set_value(true);
        }
        if talks.get_value() {
            event.prevent_default();
        }
    });
    listen_first("keyup", move |event| {
        let event: &KeyboardEvent = event.unchecked_ref();
        if event.key() == " " && end() {
            event.prevent_default();
        }
    });
    listen_first("blur", move |_| {
        end();
    });
    on_cleanup(move || {
        end();
    });
}

/// Whether the key leads to another control.
fn moves_focus(key: &str) -> bool {
    matches!(key, "Tab" | "Escape") || key.starts_with("Arrow")
}

fn is_typing(event: &KeyboardEvent) -> bool {
    is_in(
        event,
        "input, textarea, select, [contenteditable]:not([contenteditable=false])",
    )
}

/// Whether the key is for an element that matches, or for one inside.
fn is_in(event: &KeyboardEvent, css: &str) -> bool {
    let element = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| element.closest(css).is_ok_and(|it| it.is_some()))
}

/// Whether the keys do anything, as this browser remembers it: whoever speaks to the computer,
/// or hits keys by accident, may be better off without them (WCAG 2.1.4).
pub(crate) fn use_keys_on() -> RwSignal<bool> {
    use_stored_switch("keys")
}

/// The list of the keys.
#[component]
pub(crate) fn KeysDialog(
    shown: RwSignal<bool>,
    on: RwSignal<bool>,
    shortcuts: &'static [Shortcut],
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    use_modal(dialog, move || shown.get());
    let keys = KEYS
        .iter()
        .filter(|(_, shortcut, _)| shortcuts.contains(shortcut));
    let rows = keys.map(|(key, _, what)| {
        view! {
            <div>
                <dt>
                    <kbd>{*key}</kbd>
                </dt>
                <dd>{*what}</dd>
            </div>
        }
    });
    view! {
        <dialog
            class="keys"
            aria-labelledby="keys-title"
            node_ref=dialog
            on:close=move |_| shown.set(false)
        >
            <h3 id="keys-title">"Shortcuts"</h3>
            <dl>{rows.collect_view()}</dl>
            <Switch label="Use these shortcuts" on />
            <p class="field-hint">"They do nothing while you type."</p>
            <div class="toolbar">
                <button type="button" on:click=move |_| shown.set(false)>
                    "Close"
                </button>
            </div>
        </dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_means_the_same_with_caps_lock() {
        assert_eq!(shortcut("m"), Some(Shortcut::Mute));
        assert_eq!(shortcut("V"), Some(Shortcut::Camera));
        assert_eq!(shortcut("?"), Some(Shortcut::Help));
    }

    #[test]
    fn only_some_keys_lead_to_another_control() {
        for (key, moves) in [("Tab", true), ("ArrowUp", true), ("m", false), (" ", false)] {
            assert_eq!(moves_focus(key), moves, "{key:?}");
        }
    }

    #[test]
    fn other_keys_mean_nothing() {
        for key in ["", "x", "Enter", "Meta", "mm", " "] {
            assert_eq!(shortcut(key), None, "{key:?}");
        }
    }
}
