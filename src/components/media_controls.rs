//! Switches and pickers for what is captured.

use leptos::prelude::*;

use crate::components::Switch;
use crate::rtc::devices::{Device, DeviceKind};

/// Camera, microphone, synthetic: on or off. Whether a change counts at once or from the next
/// start on is the page's.
#[component]
pub(crate) fn DeviceSwitches(
    camera: RwSignal<bool>,
    microphone: RwSignal<bool>,
    synthetic: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <Switch label="Camera" on=camera />
        <Switch label="Microphone" on=microphone />
        <Switch label="Use a synthetic camera" on=synthetic />
    }
}

/// The devices of one kind; the first entry leaves the choice to the browser.
#[component]
pub(crate) fn DevicePicker(
    #[prop(into)] devices: Signal<Vec<Device>>,
    kind: DeviceKind,
    label: &'static str,
    chosen: RwSignal<String>,
    /// What becomes of the choice when the device is gone is for somebody else to decide.
    #[prop(optional)]
    keep: bool,
) -> impl IntoView {
    let devices = Memo::new(move |_| {
        devices
            .get()
            .into_iter()
            .filter(|device| device.kind == kind)
            .collect::<Vec<_>>()
    });
    let gone = Memo::new(move |_| {
        chosen.with(|id| {
            !id.is_empty() && devices.with(|devices| devices.iter().all(|d| d.id != *id))
        })
    });
    // A device that was unplugged cannot stay chosen.
    Effect::new(move |_| {
        if gone.get() && !keep {
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
                    gone.track();
                    chosen.get()
                }
            >
                <option value="">"System default"</option>
                <Show when=move || keep && gone.get()>
                    <option value=move || chosen.get() selected=true>
                        "No longer there"
                    </option>
                </Show>
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
