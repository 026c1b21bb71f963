//! The state machines of a connection, and the way that it took through them.

use leptos::prelude::*;

use super::figure::MachineFigure;
use crate::components::ConnectionPicker;
use crate::hooks::{Inspected, use_choice};
use crate::inspection::machines::Machine;
use crate::inspection::paths::Paths;

#[component]
pub fn StatesTab(inspected: Inspected) -> impl IntoView {
    let paths = StoredValue::new(Paths::default());
    let version = RwSignal::new(0_u64);
    let frames = inspected.frames();
    Effect::new(move |_| {
        frames.track();
        paths.update_value(|paths| {
            paths.follow(inspected.ids(), |ids, f| inspected.each(ids, f));
        });
        version.update(|version| *version += 1);
    });
    let all = Memo::new(move |_| {
        version.track();
        paths.with_value(|paths| {
            let all = paths.connections().iter();
            all.map(|of| (of.number, of.title())).collect::<Vec<_>>()
        })
    });
    let choice = use_choice();
    let number = choice.among(all, move || {
        version.track();
        paths.with_value(Paths::first_open)
    });
    let shown = Memo::new(move |_| {
        version.track();
        let number = number.get()?;
        paths.with_value(|paths| paths.connection(number).cloned())
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
