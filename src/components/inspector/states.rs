//! The state machines of a connection, and the way that it took through them.

use leptos::prelude::*;

use super::figure::MachineFigure;
use crate::components::ConnectionPicker;
use crate::hooks::{InspectedTrace, use_choice};
use crate::inspection::machines::Machine;

#[component]
pub(crate) fn StatesTab(inspected: InspectedTrace) -> impl IntoView {
    let choice = use_choice(inspected);
    let all = Memo::new(move |_| {
        choice.paths(|paths| {
            let all = paths.connections().iter();
            all.map(|of| (of.number, of.title())).collect::<Vec<_>>()
        })
    });
    let number = choice.among(all);
    let shown = Memo::new(move |_| {
        let number = number.get()?;
        choice.paths(|paths| paths.connection(number).cloned())
    });
    view! {
        <Show
            when=move || all.with(|all| !all.is_empty())
            fallback=|| view! { <p class="empty">"There is no connection yet."</p> }
        >
            <ConnectionPicker all number choice />
            <div class="machines">
                {Machine::ALL
                    .map(|machine| {
                        let steps = Memo::new(move |_| {
                            shown.with(|of| {
                                of.as_ref().map(|of| of.steps(machine).to_vec()).unwrap_or_default()
                            })
                        });
                        view! { <MachineFigure machine steps /> }
                    })
                    .collect_view()}
            </div>
        </Show>
    }
}
