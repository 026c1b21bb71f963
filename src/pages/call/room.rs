//! The room's name: asked for, offered, put into an address.

use leptos::prelude::*;

/// Asks for a room's name and offers one that nobody can guess.
#[component]
pub fn RoomField(room: RwSignal<String>, disabled: Signal<bool>) -> impl IntoView {
    view! {
        <div class="fields">
            <div class="field">
                <label class="field-label" for="room">
                    "Room"
                </label>
                <input
                    type="text"
                    id="room"
                    aria-describedby="room-hint"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength="64"
                    prop:value=move || room.get()
                    on:input=move |event| room.set(event_target_value(&event))
                    disabled=disabled
                />
                <small class="field-hint" id="room-hint">
                    "Whoever knows the name can come in."
                </small>
            </div>
            <div class="field">
                <button
                    type="button"
                    on:click=move |_| room.set(random_name())
                    disabled=disabled
                >
                    "Another name"
                </button>
            </div>
        </div>
    }
}

/// Sixteen of 32 letters and digits in groups of four: 80 random bits, and none of the
/// characters that look alike.
pub(super) fn random_name() -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 16];
    // Exists wherever WebAssembly does, in insecure contexts too.
    let filled = window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if filled.is_err() {
        return String::new();
    }
    let letters = bytes.map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    letters
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("-")
}

/// A name as one segment of a path.
pub(super) fn encoded(name: &str) -> String {
    js_sys::encode_uri_component(name).into()
}
