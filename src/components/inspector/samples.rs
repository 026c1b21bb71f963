//! What the connections measure and which ways they found: of this page, sampled while the
//! inspector is open, or of a recording.

use std::sync::Arc;

use leptos::prelude::*;

use crate::candidates::Tables;
use crate::components::candidates::CandidateTables;
use crate::components::statistics::{Charts, RawReport};
use crate::components::{CandidatesView, StatisticsView};
use crate::hooks::{Inspected, PageTrace, SampleSource, SamplesHook, TimelineSource, use_samples};
use crate::recording;
use crate::rtc::{now_ms, sampler};
use crate::statistics::{Report, Sample, Timeline};

/// Samples the connections of this page from now on, for all views and for the export.
pub fn provide_samples(inspected: Inspected) {
    if let Some(trace) = inspected.page_trace() {
        provide_context(use_samples());
        provide_context(SampleSource(Callback::new(move |()| recorded_by(trace))));
    }
}

/// All that was sampled of the connections of this trace, by its clock.
fn recorded_by(trace: PageTrace) -> Vec<recording::Sample> {
    let began_ms = now_ms() - trace.get().now_ms();
    let mut all = Vec::new();
    for connection in sampler::connections() {
        let Some(number) = connection.traced else {
            continue;
        };
        sampler::with_timeline(connection.number, |timeline| {
            all.extend(timeline.samples().filter_map(|sample| {
                Some(recording::Sample {
                    at_ms: sample.at_ms - began_ms,
                    connection: number,
                    // What came as JSON goes as JSON.
                    stats: serde_json::to_value(&sample.stats).ok()?,
                })
            }));
        });
    }
    all.sort_by(|one, other| one.at_ms.total_cmp(&other.at_ms));
    all
}

#[component]
pub fn StatisticsTab(inspected: Inspected) -> impl IntoView {
    match use_context::<SamplesHook>().filter(|_| inspected.is_live()) {
        Some(samples) => view! { <StatisticsView samples /> }.into_any(),
        None => {
            let recorded = Recorded::new(inspected);
            view! {
                <div class="statistics">
                    <RecordedPicker recorded />
                    <Show
                        when=move || recorded.number.get().is_some()
                        fallback=|| view! { <NoSamples /> }
                    >
                        <Charts source=recorded.source() />
                        <RawReport source=recorded.source() />
                    </Show>
                </div>
            }
            .into_any()
        }
    }
}

#[component]
pub fn CandidatesTab(inspected: Inspected) -> impl IntoView {
    let samples = use_context::<SamplesHook>();
    if let Some((samples, trace)) = samples.zip(inspected.page_trace()) {
        return view! { <CandidatesView samples trace /> }.into_any();
    }
    let recorded = Recorded::new(inspected);
    let tables = Memo::new(move |_| {
        let tables = recorded.source().with(|timeline| {
            let newest = timeline.newest()?;
            Some(Tables::new(&newest.stats, &[]))
        });
        tables.flatten().unwrap_or_default()
    });
    view! {
        <div class="candidates-view">
            <RecordedPicker recorded />
            <Show when=move || recorded.number.get().is_some() fallback=|| view! { <NoSamples /> }>
                <CandidateTables tables />
            </Show>
        </div>
    }
    .into_any()
}

#[component]
fn NoSamples() -> impl IntoView {
    view! {
        <p class="empty">
            "No statistics were taken up to this step. They are taken while the inspector is open."
        </p>
    }
}

/// One of the connections of a recording, up to its step.
#[derive(Clone, Copy)]
struct Recorded {
    numbers: Memo<Vec<u32>>,
    chosen: RwSignal<Option<u32>>,
    /// `None` where nothing was sampled.
    number: Memo<Option<u32>>,
    timeline: Memo<Arc<Timeline>>,
}

impl Recorded {
    fn new(inspected: Inspected) -> Self {
        let numbers = Memo::new(move |_| {
            inspected.track();
            let mut numbers: Vec<_> = inspected.samples().iter().map(|s| s.connection).collect();
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        });
        let chosen = RwSignal::new(None::<u32>);
        let number = Memo::new(move |_| {
            let numbers = numbers.get();
            let chosen = chosen.get().filter(|chosen| numbers.contains(chosen));
            chosen.or(numbers.first().copied())
        });
        let read = move |_: Option<&Arc<Timeline>>| {
            inspected.track();
            let number = number.get();
            let of_it = inspected.samples().into_iter();
            let of_it = of_it.filter(|sample| Some(sample.connection) == number);
            let samples = of_it.filter_map(|sample| {
                Some(Sample {
                    at_ms: sample.at_ms,
                    // A recording made elsewhere may have anything there.
                    stats: serde_json::from_value::<Report>(sample.stats).ok()?,
                })
            });
            Arc::new(Timeline::recorded(samples))
        };
        Self {
            numbers,
            chosen,
            number,
            // Each step is another timeline.
            timeline: Memo::new_with_compare(read, |_, _| true),
        }
    }

    fn source(self) -> TimelineSource {
        TimelineSource::Recorded(self.timeline.into())
    }
}

/// A choice where there is one.
#[component]
fn RecordedPicker(recorded: Recorded) -> impl IntoView {
    let options = move || {
        let options = recorded.numbers.get().into_iter().map(|number| {
            view! {
                <option
                    value=number.to_string()
                    prop:selected=move || recorded.number.get() == Some(number)
                >
                    {number}
                </option>
            }
        });
        options.collect_view()
    };
    view! {
        <Show when=move || { recorded.numbers.with(|numbers| numbers.len() > 1) }>
            <label class="field connection-picker">
                <span class="field-label">"Connection"</span>
                <select on:change=move |event| {
                    recorded.chosen.set(event_target_value(&event).parse().ok());
                }>{options}</select>
            </label>
        </Show>
    }
}
