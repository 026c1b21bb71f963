//! How fast the channel is.

use leptos::prelude::*;

use crate::advice::for_sending;
use crate::components::{Notice, NumberField, whole_number};
use crate::decimal::decimal;
use crate::hooks::{DataChannelHook, Progress};
use crate::lab::throughput::{Ending, Figures, MIB};

#[component]
pub(crate) fn Throughput(channel: DataChannelHook) -> impl IntoView {
    let size = RwSignal::new("16".to_owned());
    let progress = channel.throughput.progress;
    let parsed = move || whole_number("The number of MiB", &size.get(), 1..=256);
    let measure = move |_| {
        if let Some(mib) = parsed().ok().and_then(|mib| u32::try_from(mib).ok()) {
            channel.measure(mib);
        }
    };
    let running = move || progress.with(Progress::is_running);
    let figures = move || progress.with(Progress::figures).unwrap_or_default();
    let advice = Signal::derive(move || {
        progress.with(|progress| match progress {
            Progress::Ended(_, Ending::Failed(error)) => Some(for_sending(error)),
            _ => None,
        })
    });
    view! {
        <div class="fields">
            <NumberField
                id="throughput-size"
                label="MiB to send"
                value=size
                error=Signal::derive(move || parsed().err())
            >
                "1 to 256, in messages of 64 KiB. Never more than 4 MiB wait in the send queue; bufferedamountlow tells when there is room for more."
            </NumberField>
            <div class="field">
                <span class="field-label" aria-hidden="true">"\u{a0}"</span>
                <button
                    type="button"
                    on:click=measure
                    disabled=move || !channel.is_open() || running() || parsed().is_err()
                >
                    "Measure throughput"
                </button>
            </div>
        </div>
        <progress
            id="throughput-progress"
            aria-label="Received of the throughput run"
            max="1"
            prop:value=move || {
                let figures = figures();
                figures.received as f64 / figures.total.max(1) as f64
            }
        ></progress>
        <p class="status-line" id="throughput-progress-text">
            {move || match progress.get() {
                Progress::Running(figures) => arrived(figures),
                _ => String::new(),
            }}
        </p>
        <p class="measure" role="status" id="throughput-result">
            {move || result(&progress.get())}
        </p>
        <Notice advice />
    }
}

fn result(progress: &Progress) -> Option<impl IntoView + use<>> {
    let (figures, how) = match progress {
        Progress::None | Progress::Running(_) => return None,
        Progress::Ended(figures, ending) => (*figures, told(*figures, ending)),
        Progress::Cancelled(figures) => (*figures, format!("Stopped: {}.", arrived(*figures))),
    };
    Some(view! {
        <span class="measure-value">
            {match figures.mib_per_second() {
                Some(rate) => format!("{} MiB/s", decimal(rate, 1)),
                None => "0 MiB/s".to_owned(),
            }}
        </span>
        <span>{how}</span>
    })
}

fn told(figures: Figures, ending: &Ending) -> String {
    let seconds = decimal(figures.elapsed_ms / 1_000.0, 2);
    let arrived = arrived(figures);
    match ending {
        Ending::Complete => format!("{arrived} in {seconds} s. Nothing was lost."),
        Ending::Lossy => {
            format!("{arrived} in {seconds} s. The channel gave up the rest, as its limit lets it.")
        }
        Ending::Stalled => format!("{arrived}, then nothing moved any more."),
        Ending::Failed(_) => format!("{arrived} before the channel failed."),
    }
}

fn arrived(figures: Figures) -> String {
    let mib = |bytes: u64| bytes as f64 / MIB as f64;
    let percent = figures.received as f64 * 100.0 / figures.total.max(1) as f64;
    format!(
        "{} of {} MiB arrived ({} %)",
        decimal(mib(figures.received), 1),
        figures.total / MIB,
        decimal(percent, 1),
    )
}
