//! What connections measure, as charts and as the raw report.

pub(crate) mod chart;
pub(crate) mod raw;

use leptos::prelude::*;

use crate::decimal::decimal;
use crate::hooks::TimelineSource;
use crate::statistics::interval::limited_for;
use crate::statistics::plot::Window;
use crate::statistics::{Direction, Measure, Stream, spacing};
use chart::Chart;
pub(crate) use raw::RawReport;

/// A chart for each measure of each stream, sent and received.
#[component]
pub(crate) fn Charts(source: TimelineSource) -> impl IntoView {
    // What all charts point at: the time of one sample.
    let cursor = RwSignal::new(None::<f64>);
    let window = Memo::new(move |_| {
        let window = source.with(|timeline| {
            let mut times = timeline.times();
            let first = times.next()?;
            Some(Window::around(first, times.next_back().unwrap_or(first)))
        });
        window.flatten()
    });
    let measured = Memo::new(move |_| {
        let mut streams = Vec::<(Stream, Vec<Measure>)>::new();
        source.with(|timeline| {
            for (stream, measure) in timeline.measured().filter(|(_, m)| m.is_chart()) {
                match streams.last_mut().filter(|(last, _)| last == stream) {
                    Some((_, measures)) => measures.push(measure),
                    None => streams.push((stream.clone(), vec![measure])),
                }
            }
        });
        streams
    });
    let spaced = Memo::new(move |_| {
        let spacing = source.with(|timeline| spacing(timeline.times())).flatten();
        spacing.map(|spacing| spacing + " ")
    });
    let waiting = move || match source.goes_on() {
        true => "Measuring: the first numbers need two seconds.",
        false => {
            "There is only one measurement, and a rate needs two. What it says is in the report below."
        }
    };
    let of = move |direction| {
        let streams = measured.get().into_iter();
        streams.filter(move |(stream, _)| stream.direction == direction)
    };
    let directions = Direction::BOTH.map(|direction| {
        view! {
            <section class="statistics-direction" aria-label=direction.title()>
                <h3>{direction.title()}</h3>
                <For
                    each=move || of(direction)
                    key=Clone::clone
                    children=move |(stream, measures)| {
                        view! { <StreamCharts source stream measures window cursor /> }
                    }
                />
            </section>
        }
    });
    view! {
        <Show when=move || measured.with(Vec::is_empty)>
            <p class="empty" role="status">
                {waiting}
            </p>
        </Show>
        // The charts come first: the drawer is low.
        <div class="statistics-directions">{directions}</div>
        <p class="field-hint">
            {spaced} "Point at a chart, or focus it and press the arrow keys, to read earlier values."
        </p>
    }
}

#[component]
fn StreamCharts(
    source: TimelineSource,
    stream: Stream,
    measures: Vec<Measure>,
    window: Memo<Option<Window>>,
    cursor: RwSignal<Option<f64>>,
) -> impl IntoView {
    let limits = measures.contains(&Measure::Limit).then(|| {
        let stream = stream.clone();
        let text = Memo::new(move |_| limits_of(source, &stream));
        view! { <p class="field-hint">"So far: " {text}</p> }
    });
    let charts = measures.into_iter().map(|measure| {
        let stream = stream.clone();
        view! { <Chart source stream measure window cursor /> }
    });
    view! {
        <section class="statistics-stream">
            <h4>{stream.to_string()}</h4>
            <div class="charts">{charts.collect_view()}</div>
            {limits}
        </section>
    }
}

/// “not limited 8 s, by bandwidth 3 s”
fn limits_of(source: TimelineSource, stream: &Stream) -> String {
    let durations = source.with(|timeline| {
        let limited = limited_for(&timeline.newest()?.stats).into_iter();
        let mut limited = limited.filter(|(of, _)| of == stream);
        limited.next().map(|(_, durations)| durations)
    });
    let durations = durations.flatten().unwrap_or_default().into_iter();
    let texts: Vec<_> = durations
        .filter(|(reason, seconds)| *reason == "none" || *seconds > 0.0)
        .map(|(reason, seconds)| match reason {
            "none" => format!("not limited {} s", decimal(seconds, 0)),
            "other" => format!("for another reason {} s", decimal(seconds, 0)),
            reason => format!("by {reason} {} s", decimal(seconds, 0)),
        })
        .collect();
    texts.join(", ")
}
