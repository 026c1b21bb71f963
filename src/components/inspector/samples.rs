//! What the connections measure and which ways they found: of this page, sampled while the
//! inspector is open, or of a recording.

use leptos::prelude::*;

use crate::components::ConnectionPicker;
use crate::components::candidates::CandidateTables;
use crate::components::statistics::{Charts, RawReport};
use crate::hooks::{InspectedTrace, Measured, use_measured, use_texts};
use crate::ice::candidates::Tables;
use crate::inspection::connections::is_of_others;

#[component]
pub(crate) fn StatisticsTab(inspected: InspectedTrace) -> impl IntoView {
    let measured = use_measured(inspected);
    let source = measured.source;
    view! {
        <div class="statistics">
            <OfConnection measured>
                <Charts source />
                <RawReport source />
            </OfConnection>
        </div>
    }
}

/// The trace fills in what the browser leaves out of its report.
#[component]
pub(crate) fn CandidatesTab(inspected: InspectedTrace) -> impl IntoView {
    let measured = use_measured(inspected);
    // Connections are measured here, whatever else is seen beside this page's own trace.
    let own = inspected
        .page_trace()
        .map_or(inspected, InspectedTrace::live);
    let texts = use_texts(own);
    let tables = Memo::new(move |_| {
        let number = measured.number.get();
        let tables = measured.source.with(|timeline| {
            let newest = timeline.newest()?;
            Some(texts.with(|texts| {
                let of_it = number.into_iter().flat_map(|number| texts.of(number));
                let earlier = timeline.samples().rev().skip(1);
                Tables::new(&newest.stats, of_it).since(earlier.map(|sample| &sample.stats))
            }))
        });
        tables.flatten().unwrap_or_default()
    });
    view! {
        <div class="candidates-view">
            <OfConnection measured>
                <CandidateTables tables />
            </OfConnection>
        </div>
    }
}

/// What is said of the connection that is looked at, and the choice of another.
#[component]
fn OfConnection(measured: Measured, children: ChildrenFn) -> impl IntoView {
    let Measured {
        all,
        choice,
        number,
        is_live,
        ..
    } = measured;
    // Somebody chose the other end, where more is known of it.
    let is_of_this_end = Memo::new(move |_| {
        let chosen = choice.get();
        chosen.is_some_and(is_of_others) && number.get().is_some_and(|number| !is_of_others(number))
    });
    let is_there = Memo::new(move |_| number.get().is_some());
    let nothing = if is_live {
        "No connection is open, and none measured anything in the last five minutes."
    } else {
        "No statistics were taken up to this step. They are taken while the inspector is open."
    };
    view! {
        <ConnectionPicker all number choice />
        <Show when=move || is_of_this_end.get()>
            <p class="field-hint">
                "Of this page’s end: what the other browser measures stays there."
            </p>
        </Show>
        <Show
            when=move || is_there.get()
            fallback=move || view! { <p class="empty">{nothing}</p> }
        >
            {children()}
        </Show>
    }
}
