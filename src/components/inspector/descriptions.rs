//! The descriptions that were exchanged, explained line by line.

use leptos::prelude::*;

use crate::components::{ConnectionPicker, SdpExplained, SdpPaste};
use crate::hooks::{InspectedTrace, use_choice, use_names};
use crate::inspection::descriptions::Descriptions;
use crate::sdp::Round;

#[component]
pub(crate) fn SdpTab(inspected: InspectedTrace) -> impl IntoView {
    let names = use_names();
    let choice = use_choice(inspected);
    let all = Memo::new(move |_| choice.descriptions(Descriptions::connections));
    let number = choice.among(all);
    let rounds = Memo::new(move |_| {
        let number = number.get();
        choice.descriptions(|all| {
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
