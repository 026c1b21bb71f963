//! What the inspector shows, as a file.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::advice::Advice;
use crate::components::{Notice, Switch};
use crate::error::JsError;
use crate::hooks::InspectedTrace;
use crate::recording::{Recording, counted};
use crate::routes::{self, href};
use crate::rtc::files;

#[component]
pub(crate) fn ExportTab(inspected: InspectedTrace) -> impl IntoView {
    let keep = RwSignal::new(false);
    let done = RwSignal::new(String::new());
    let advice = RwSignal::new(None::<Advice>);
    // A context can be asked for only now.
    let owner = Owner::current().map(|owner| owner.downgrade());
    let download = move |_| {
        let samples = owner.as_ref().and_then(|owner| owner.upgrade());
        let samples = samples.map(|owner| owner.with(|| inspected.with_samples(<[_]>::to_vec)));
        let mut entries = Vec::new();
        inspected.each(inspected.ids(), |entry| entries.push(entry.clone()));
        let mut recording = Recording::new(entries, samples.unwrap_or_default());
        if !keep.get_untracked() {
            recording = recording.redacted();
        }
        let file = recording.to_file();
        match files::download("webrtc-tour-recording.json", "application/json", &file.json) {
            Ok(()) => {
                advice.set(None);
                let left_out = match file.left_out.is_nothing() {
                    true => String::new(),
                    false => format!(" Not in the file, for want of room: {}.", file.left_out),
                };
                done.set(format!(
                    "{}, {} KiB.{left_out}",
                    counted(file.entries, file.samples),
                    file.json.len().div_ceil(1024)
                ));
            }
            Err(error) => advice.set(Some(failed(&error))),
        }
    };
    view! {
        <div class="inspector-export">
            <p>
                "One JSON file with all entries of the ladder, their descriptions, candidates and messages, and the statistics, which reach back five minutes for each connection. Nothing is sent anywhere."
            </p>
            <Show when=move || inspected.is_shared()>
                <p>"The file has both sides: what happened here, and what the others showed."</p>
            </Show>
            <Switch label="Keep addresses and fingerprints" on=keep />
            <p class="field-hint">
                {move || {
                    if keep.get() {
                        "The file tells addresses, passwords of ICE, fingerprints, names and rooms. Give it only to people who may know them."
                    } else {
                        "Addresses, fingerprints, passwords, names and identifiers are replaced. Equal ones stay equal, and each address still says whether it is private or public."
                    }
                }}
            </p>
            <div class="toolbar">
                <button type="button" class="primary" on:click=download>
                    "Download JSON"
                </button>
            </div>
            <p role="status">{done}</p>
            <Notice advice=advice />
            <p>
                "Such a file can be stepped through, also without a network: "
                <A href=href(routes::REPLAY)>"open a recording"</A>
                "."
            </p>
        </div>
    }
}

fn failed(error: &JsError) -> Advice {
    Advice::new(
        format!("The file could not be made ({error})."),
        "Try again. If that does not help, close other tabs to free memory.",
    )
}
