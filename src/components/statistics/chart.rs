//! One measure over the last minutes. Draws one path, and anew only when there is a sample.

use leptos::prelude::*;

use crate::decimal::decimal;
use crate::hooks::TimelineSource;
use crate::statistics::plot::{self, Window};
use crate::statistics::{Measure, Stream, Timeline};

/// Steps that lead to the end from anywhere.
const ALL: isize = 1_000_000;

/// A chart that can be read by pointer and by keys. To assistive technology it is a slider through
/// time, whose text is the value.
#[component]
pub(crate) fn Chart(
    source: TimelineSource,
    stream: Stream,
    measure: Measure,
    window: Memo<Option<Window>>,
    /// The time that is pointed at, which all charts share; `None` is now.
    cursor: RwSignal<Option<f64>>,
) -> impl IntoView {
    let label = format!(
        "{}, {stream}, {}",
        measure.title(),
        stream.direction.title()
    );
    let label = label.to_lowercase();
    let stream = StoredValue::new(stream);
    let drawn = Memo::new(move |_| {
        let window = window.get()?;
        source.with(|timeline| stream.with_value(|stream| draw(timeline, stream, measure, window)))
    });
    let value = Memo::new(move |_| {
        let at = cursor.get();
        let text = source
            .with(|timeline| stream.with_value(|stream| text_at(timeline, stream, measure, at)));
        text.flatten()
    });
    let position = Memo::new(move |_| {
        let at = cursor.get();
        source
            .with(|timeline| index(timeline, at))
            .flatten()
            .unwrap_or_default()
    });
    let last = move || {
        let length = source.with(|timeline| timeline.samples().len());
        length.unwrap_or_default().saturating_sub(1)
    };
    // Spoken when it changes, so it changes only when somebody moves: how long ago that was goes
    // on, but is not said again.
    let spoken = Memo::new(move |_| {
        let at = cursor.get()?;
        untrack(|| {
            let ago = window.get().map(|window| plot::ago(window.to_ms - at));
            let value = value.get().unwrap_or_else(|| "no value".to_owned());
            Some(format!("{value}, {}", ago.unwrap_or_default()))
        })
    });
    let step = move |by: isize| {
        let time = source.with(|timeline| {
            let now = index(timeline, cursor.get_untracked())?;
            let to = now
                .saturating_add_signed(by)
                .min(timeline.samples().len() - 1);
            timeline.times().nth(to)
        });
        if let Some(time) = untrack(|| time.flatten()) {
            cursor.set(Some(time));
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => -1,
            "ArrowRight" | "ArrowUp" => 1,
            "PageDown" => -10,
            "PageUp" => 10,
            "Home" => -ALL,
            "End" => ALL,
            // What surrounds the chart may close with the next one.
            "Escape" if cursor.get_untracked().is_some() => {
                event.stop_propagation();
                return cursor.set(None);
            }
            // Not for the chart: Tab above all.
            _ => return,
        };
        event.prevent_default();
        untrack(|| step(by));
    };
    let on_point = move |event: leptos::ev::PointerEvent| {
        let plot: web_sys::Element = event_target(&event);
        let width = f64::from(plot.client_width().max(1));
        let Some(window) = window.get_untracked() else {
            return;
        };
        let at = window.at(f64::from(event.offset_x()) / width);
        let time = untrack(|| source.with(|timeline| timeline.times().rfind(|time| *time <= at)));
        cursor.set(time.flatten());
    };
    // A line that would leave the drawing is not there.
    let marked = move || {
        let part = window.get()?.part(cursor.get()?) * 100.0;
        Some(view! { <i class="chart-cursor" style:left=format!("{}%", decimal(part, 2))></i> })
    };
    let time = move || match (cursor.get(), window.get()) {
        (Some(at), Some(window)) => plot::ago(window.to_ms - at),
        _ => "now".to_owned(),
    };
    view! {
        <div
            class="chart"
            tabindex="0"
            role="slider"
            aria-label=label
            aria-valuemin="0"
            aria-valuemax=last
            aria-valuenow=position
            aria-valuetext=move || spoken.get().unwrap_or_else(|| "now".to_owned())
            title=measure.source()
            data-measure=format!("{measure:?}")
            on:keydown=on_key
            on:focus=move |_| step(0)
            on:blur=move |_| cursor.set(None)
        >
            <div class="chart-head">
                <span class="chart-title">{measure.title()}</span>
                <span class="chart-value">{move || value.get().unwrap_or_else(|| "–".to_owned())}</span>
            </div>
            <div
                class="chart-plot"
                on:pointermove=on_point
                on:pointerleave=move |_| cursor.set(None)
            >
                <svg
                    viewBox=format!("0 0 {} {}", plot::WIDTH, plot::HEIGHT)
                    preserveAspectRatio="none"
                    aria-hidden="true"
                >
                    <path d=move || drawn.get().map(|(path, _)| path) />
                </svg>
                {marked}
                <span class="chart-top">
                    {move || drawn.get().map(|(_, ceiling)| measure.label(ceiling))}
                </span>
                <span class="chart-bottom">{measure.label(0.0)}</span>
            </div>
            <div class="chart-axis">
                <span>{move || window.get().map(Window::label)}</span>
                <span>{time}</span>
            </div>
        </div>
    }
}

/// The path, and the value at the top.
fn draw(timeline: &Timeline, stream: &Stream, measure: Measure, window: Window) -> (String, f64) {
    let line = timeline.line(stream, measure);
    let largest = line.iter().flatten().copied().fold(0.0, f64::max);
    let ceiling = measure.ceiling(largest);
    let points = timeline.times().zip(line);
    let path = plot::path(points, window, ceiling, measure == Measure::Limit);
    (path, ceiling)
}

fn index(timeline: &Timeline, at: Option<f64>) -> Option<usize> {
    match at {
        Some(at) => timeline
            .index_at(at)
            .or(Some(0))
            .filter(|_| !timeline.is_empty()),
        None => timeline.samples().len().checked_sub(1),
    }
}

fn text_at(
    timeline: &Timeline,
    stream: &Stream,
    measure: Measure,
    at: Option<f64>,
) -> Option<String> {
    let index = index(timeline, at)?;
    let value = timeline.value(stream, measure, index)?;
    if measure != Measure::FrameHeight {
        return Some(measure.format(value));
    }
    let width = timeline.value(stream, Measure::FrameWidth, index)?;
    Some(format!("{} × {}", decimal(width, 0), decimal(value, 0)))
}
