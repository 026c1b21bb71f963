//! The connections that measured something, of this page or of a recording, and the one of them
//! that is looked at.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;

use super::{
    Choice, ChoiceHook, InspectedTrace, PageTrace, SampleSource, SamplesHook, TimelineSource,
    use_choice, use_samples,
};
use crate::ice::candidates::Texts;
use crate::inspection::connections::{note_title, numeral, title};
use crate::recording::{self, Timelines};
use crate::rtc::now_ms;
use crate::rtc::sampler::{self, Sampled};
use crate::statistics::Timeline;
use crate::trace::ConnectionRef;

/// One of several connections, and what it measured.
#[derive(Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) all: Signal<Vec<Choice>>,
    pub(crate) choice: ChoiceHook,
    /// What is looked at; `None` where nothing was measured.
    pub(crate) number: Signal<Option<u32>>,
    pub(crate) source: TimelineSource,
    pub(crate) is_live: bool,
}

/// All that a recording measured, and the titles of its connections: read once for all views and
/// steps, when the first of them asks.
#[derive(Clone, Copy)]
struct RecordedSamples(Memo<Arc<(Timelines, BTreeMap<u32, String>)>>);

impl RecordedSamples {
    fn of(inspected: InspectedTrace) -> Self {
        let read = move |_: Option<&Arc<_>>| {
            let recorded = inspected.with_samples(Timelines::new);
            let mut titles = BTreeMap::new();
            inspected.each(0..u64::MAX, |entry| note_title(&mut titles, entry));
            Arc::new((recorded, titles))
        };
        Self(Memo::new_with_compare(read, |_, _| true))
    }
}

/// Has [`use_measured`] something to look at below the surrounding view: samples the connections of
/// this page from now on, for the export, too; or reads what the recording has.
pub(crate) fn provide_samples(inspected: InspectedTrace) {
    if let Some(trace) = inspected.page_trace() {
        provide_context(use_samples(trace));
        provide_context(SampleSource(Callback::new(move |()| recorded_by(trace))));
    } else {
        provide_context(RecordedSamples::of(inspected));
    }
}

/// All that was sampled of the connections of this trace, by its clock.
fn recorded_by(trace: PageTrace) -> Vec<recording::Sample> {
    let trace = trace.get();
    let began_ms = now_ms() - trace.now_ms();
    let mut all = Vec::new();
    for connection in sampler::connections_of(&trace) {
        let Some(of) = &connection.traced else {
            continue;
        };
        sampler::with_timeline(connection.number, |timeline| {
            all.extend(timeline.samples().filter_map(|sample| {
                Some(recording::Sample {
                    at_ms: sample.at_ms - began_ms,
                    connection: of.number,
                    // What came as JSON goes as JSON.
                    stats: serde_json::to_value(&sample.stats).ok()?,
                })
            }));
        });
    }
    all.sort_by(|one, other| one.at_ms.total_cmp(&other.at_ms));
    all
}

/// What there is to look at; see [`provide_samples`].
pub(crate) fn use_measured(inspected: InspectedTrace) -> Measured {
    let choice = use_choice(inspected);
    match use_context::<SamplesHook>().filter(|_| inspected.page_trace().is_some()) {
        Some(samples) => Measured::live(samples, choice),
        None => Measured::recorded(inspected, choice),
    }
}

impl Measured {
    fn live(samples: SamplesHook, choice: ChoiceHook) -> Self {
        // With their numbers in the trace, which all that reports to it has.
        let there = Memo::new(move |_| {
            let there = samples.connections().into_iter();
            there
                .filter_map(|there| Some((there.traced.clone()?, there)))
                .collect::<Vec<_>>()
        });
        let all = Memo::new(move |_| {
            let there = there.get().into_iter();
            there
                .map(|(of, there)| (of.number, title_of(&of, &there)))
                .collect::<Vec<_>>()
        });
        let number = choice.among(all);
        let sampled = Memo::new(move |_| {
            let number = number.get()?;
            there.with(|there| {
                let found = there.iter().find(|(of, _)| of.number == number);
                found.map(|(_, there)| there.number)
            })
        });
        Self {
            all: all.into(),
            choice,
            number: number.into(),
            source: TimelineSource::Live(samples, sampled.into()),
            is_live: true,
        }
    }

    fn recorded(inspected: InspectedTrace, choice: ChoiceHook) -> Self {
        let known = use_context::<RecordedSamples>();
        let RecordedSamples(recorded) = known.unwrap_or_else(|| RecordedSamples::of(inspected));
        let until_ms = Memo::new(move |_| {
            inspected.track();
            inspected.until_ms()
        });
        let numbers = Memo::new(move |_| {
            let until_ms = until_ms.get();
            recorded.with(|all| all.0.connections(until_ms))
        });
        let all = Memo::new(move |_| {
            let numbers = numbers.get().into_iter();
            recorded.with(|recorded| {
                let title = |number| recorded.1.get(&number).cloned();
                numbers
                    .map(|number| {
                        let title = title(number).unwrap_or_else(|| numeral(number));
                        (number, title)
                    })
                    .collect::<Vec<_>>()
            })
        });
        let number = choice.among(all);
        // Most steps measure nothing new.
        let count = Memo::new(move |_| {
            let (number, until_ms) = (number.get(), until_ms.get());
            recorded.with(|all| {
                let count = number.map(|number| all.0.count(number, until_ms));
                (number, count.unwrap_or_default())
            })
        });
        let timeline = Memo::new_with_compare(
            move |_| {
                let (number, count) = count.get();
                let timeline =
                    recorded.with(|all| number.map(|number| all.0.timeline(number, count)));
                Arc::new(timeline.unwrap_or_else(Timeline::live))
            },
            |_, _| true,
        );
        Self {
            all: all.into(),
            choice,
            number: number.into(),
            source: TimelineSource::Recorded(timeline.into()),
            is_live: false,
        }
    }
}

/// `2: to ada, closed 1 min ago`
fn title_of(of: &ConnectionRef, there: &Sampled) -> String {
    let title = title(of.number, &there.label, of.to.as_deref());
    match (there.open, there.closed_min) {
        (true, _) => title,
        (false, 0) => format!("{title}, closed just now"),
        (false, minutes) => format!("{title}, closed {minutes} min ago"),
    }
}

/// The candidates' texts of all that is inspected, up to now or to its step.
pub(crate) fn use_texts(inspected: InspectedTrace) -> TextsHook {
    let texts = StoredValue::new(Texts::default());
    let version = RwSignal::new(0_u64);
    let frames = inspected.frames();
    Effect::new(move |_| {
        frames.track();
        let changed = texts.try_update_value(|texts| {
            texts.follow(inspected.ids(), |ids, f| inspected.each(ids, f))
        });
        if changed == Some(true) {
            version.update(|version| *version += 1);
        }
    });
    TextsHook { texts, version }
}

/// See [`use_texts`].
#[derive(Clone, Copy)]
pub(crate) struct TextsHook {
    texts: StoredValue<Texts>,
    version: RwSignal<u64>,
}

impl TextsHook {
    /// Looks at them; reactive.
    pub(crate) fn with<R>(self, f: impl FnOnce(&Texts) -> R) -> R {
        self.version.track();
        self.texts.with_value(f)
    }
}
