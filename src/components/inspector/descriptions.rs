//! The descriptions that were exchanged, explained line by line.

use leptos::prelude::*;

use crate::components::{SdpExplained, SdpPaste};
use crate::hooks::Inspected;
use crate::inspection::descriptions::Descriptions;

#[component]
pub fn SdpTab(inspected: Inspected) -> impl IntoView {
    let descriptions = StoredValue::new(Descriptions::default());
    let rounds = RwSignal::new(Vec::new());
    let frames = inspected.frames();
    Effect::new(move |_| {
        frames.track();
        let changed = descriptions.try_update_value(|descriptions| {
            let changed = descriptions.follow(inspected.ids(), |ids, f| inspected.each(ids, f));
            changed.then(|| descriptions.rounds().to_vec())
        });
        if let Some(changed) = changed.flatten() {
            rounds.set(changed);
        }
    });
    view! {
        <h3>"Offers and answers"</h3>
        <Show
            when=move || rounds.with(|rounds| !rounds.is_empty())
            fallback=|| view! { <p class="empty">"No description was set yet."</p> }
        >
            <SdpExplained rounds />
        </Show>
        <h3>"Your own SDP"</h3>
        <SdpPaste />
    }
}
