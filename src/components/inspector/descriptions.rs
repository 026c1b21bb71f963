//! The descriptions that were exchanged, explained line by line.

use leptos::prelude::*;

use crate::components::{ConnectionPicker, SdpExplained, SdpPaste};
use crate::hooks::{Inspected, use_choice, use_names};
use crate::inspection::descriptions::Descriptions;
use crate::sdp::Round;

#[component]
pub fn SdpTab(inspected: Inspected) -> impl IntoView {
    let names = use_names();
    let descriptions = StoredValue::new(Descriptions::default());
    let version = RwSignal::new(0_u64);
    let frames = inspected.frames();
    Effect::new(move |_| {
        frames.track();
        let changed = descriptions.try_update_value(|descriptions| {
            descriptions.follow(inspected.ids(), |ids, f| inspected.each(ids, f))
        });
        if changed == Some(true) {
            version.update(|version| *version += 1);
        }
    });
    let all = Memo::new(move |_| {
        version.track();
        descriptions.with_value(Descriptions::connections)
    });
    let choice = use_choice();
    // Until somebody chooses, the connection whose descriptions are the newest.
    let number = Memo::new(move |_| {
        version.track();
        let chosen = choice.get();
        descriptions.with_value(|all| all.looked_at(chosen))
    });
    let rounds = Memo::new(move |_| {
        version.track();
        let number = number.get();
        descriptions.with_value(|all| {
            let rounds = all.rounds().iter();
            let of_it = rounds.filter(|round| Some(round.connection) == number);
            let named = of_it.map(|round| Round {
                who: names.in_text(&round.who),
                whom: round.whom.as_deref().map(|whom| names.in_text(whom)),
                ..round.clone()
            });
            named.collect::<Vec<_>>()
        })
    });
    view! {
        <h3>"Offers and answers"</h3>
        <Show
            when=move || number.get().is_some()
            fallback=|| view! { <p class="empty">"No description was set yet."</p> }
        >
            <ConnectionPicker all number choice />
            <SdpExplained rounds />
        </Show>
        <h3>"Your own SDP"</h3>
        <SdpPaste />
    }
}
