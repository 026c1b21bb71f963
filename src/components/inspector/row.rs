//! One entry in the ladder.

use leptos::prelude::*;

use crate::decimal::decimal;
use crate::inspection::connections::numeral;
use crate::inspection::ladder::{Row, Shape};
use crate::inspection::names::Names;

/// A row and its place among all that the filter ever left.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    place: usize,
    row: Row,
}

impl Shown {
    pub(super) fn new(place: usize, row: &Row, names: &Names) -> Self {
        let mut row = row.clone();
        row.entry.detail = names.in_text(&row.entry.detail.text()).into_owned().into();
        Self { place, row }
    }

    pub(super) fn key(&self) -> (usize, u64) {
        (self.place, self.row.entry.id)
    }
}

#[component]
pub(crate) fn LadderRow(
    shown: Shown,
    lines: RwSignal<Vec<String>>,
    /// Whether each of two sides tells of itself.
    two_sides: RwSignal<bool>,
    /// Rows before the first.
    gone: RwSignal<usize>,
    /// Rows that the filter leaves, and all.
    size: RwSignal<(usize, usize)>,
    active: RwSignal<Option<u64>>,
    selected: RwSignal<Option<u64>>,
    on_choose: Callback<u64>,
) -> impl IntoView {
    let Shown { place, row } = shown;
    let (id, entry) = (row.entry.id, row.entry);
    let line =
        move |index: usize| lines.with(|lines| lines.get(index).cloned().unwrap_or_default());
    let (at, span, shape) = match row.shape {
        Shape::Mark(at) => (at, 0, "mark"),
        Shape::Arrow { from, to } if from < to => (from, to - from, "right"),
        Shape::Arrow { from, to } => (to, from - to, "left"),
    };
    let told = {
        let kind = entry.kind.as_str();
        move || match row.shape {
            Shape::Mark(at) => format!("{kind} on {}: ", line(at)),
            Shape::Arrow { from, to } => format!("{kind} from {} to {}: ", line(from), line(to)),
        }
    };
    let by = row.by;
    let told_by = move || two_sides.get().then(|| format!(", told by {}", line(by)));
    // Beside its line there is more room on the side of the others.
    let side = move || {
        let lines = lines.with(Vec::len);
        if 2 * at < lines.max(2) {
            "after"
        } else {
            "before"
        }
    };
    let about = entry
        .connection
        .as_ref()
        .map(|of| format!("#{}", numeral(of.number)));
    view! {
        <div
            role="option"
            class="ladder-row"
            id=format!("ladder-{id}")
            data-kind=entry.kind.as_str()
            data-shape=shape
            data-by=if by == at { "start" } else { "end" }
            class:is-active=move || active.get() == Some(id)
            aria-selected=move || (selected.get() == Some(id)).to_string()
            aria-posinset=place + 1
            aria-setsize=move || gone.get() + size.get().0
            style=format!("--row:{place};--at:{at};--span:{span}")
            on:click=move |_| on_choose.run(id)
        >
            <time>{decimal(entry.at_ms / 1000.0, 3).to_string()}</time>
            <span class="ladder-stage">
                <span class="ladder-mark" aria-hidden="true"></span>
                <span class="ladder-text" data-side=side>
                    <span class="visually-hidden">{told}</span>
                    <b>{entry.name.to_string()}</b>
                    " "
                    {entry.detail.to_string()}
                    " "
                    <small>{about}</small>
                    <span class="visually-hidden">{told_by}</span>
                </span>
            </span>
        </div>
    }
}
