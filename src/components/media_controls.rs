//! Switches and pickers for what is captured.

use leptos::prelude::*;

use crate::components::Switch;
use crate::hooks::LocalMediaHook;
use crate::rtc::devices::DeviceKind;

/// Camera, microphone, synthetic: on or off. Whether a change counts at once or from the next
/// start on is the page's.
#[component]
pub fn DeviceSwitches(media: LocalMediaHook) -> impl IntoView {
    view! {
        <Switch label="Camera" on=media.video />
        <Switch label="Microphone" on=media.audio />
        <Switch label="Use a synthetic camera" on=media.synthetic />
    }
}

/// The devices of one kind; the first entry leaves the choice to the browser.
#[component]
pub fn DevicePicker(
    media: LocalMediaHook,
    kind: DeviceKind,
    label: &'static str,
    chosen: RwSignal<String>,
) -> impl IntoView {
    let devices = Memo::new(move |_| {
        media
            .devices
            .get()
            .into_iter()
            .filter(|device| device.kind == kind)
            .collect::<Vec<_>>()
    });
    // A device that was unplugged cannot stay chosen.
    Effect::new(move |_| {
        let gone = chosen.with(|id| {
            !id.is_empty() && devices.with(|devices| devices.iter().all(|d| d.id != *id))
        });
        if gone {
            chosen.set(String::new());
        }
    });
    view! {
        <label class="field">
            <span class="field-label">{label}</span>
            <select
                on:change=move |event| chosen.set(event_target_value(&event))
                prop:value=move || {
                    devices.track();
                    chosen.get()
                }
            >
                <option value="">"System default"</option>
                <For each=move || devices.get() key=|device| device.id.clone() let(device)>
                    <option
                        value=device.id.clone()
                        selected=device.id == chosen.get_untracked()
                    >
                        {if device.label.is_empty() {
                            format!("{label} without a name")
                        } else {
                            device.label.clone()
                        }}
                    </option>
                </For>
            </select>
            <Show when=move || devices.with(Vec::is_empty)>
                <small class="field-hint">"Listed once the page may use one."</small>
            </Show>
        </label>
    }
}
