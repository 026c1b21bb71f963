//! The table of pairs, with their checks.

use leptos::prelude::*;

use crate::components::{TableHead, TableScroll};
use crate::decimal::decimal;
use crate::ice::candidates::{Pair, Tables, meaning};
use crate::statistics::Measure;

/// So many pairs are shown; the selected one is first.
const SHOWN: usize = 40;

#[component]
pub(crate) fn Pairs(tables: Signal<Tables>) -> impl IntoView {
    let ids = Memo::new(move |_| {
        tables.with(|tables| {
            let pairs = tables.all_pairs().take(SHOWN);
            pairs.map(|pair| pair.id.clone()).collect::<Vec<_>>()
        })
    });
    let hidden =
        Memo::new(move |_| tables.with(|tables| tables.all_pairs().count().saturating_sub(SHOWN)));
    view! {
        <h3>"Pairs and their checks"</h3>
        <TableScroll label="Candidate pairs">
            <table class="pair-table">
                <TableHead columns=&[
                    "Own candidate",
                    "The other’s",
                    "State",
                    "Checks sent",
                    "Checks received",
                    "Round trip",
                    "Bytes",
                    "Priority",
                ] />
                <tbody>
                    <For each=move || ids.get() key=Clone::clone let(id)>
                        <PairRow tables id />
                    </For>
                </tbody>
            </table>
        </TableScroll>
        <Show when=move || { hidden.get() > 0 }>
            <p class="field-hint">{hidden} " more pairs are not shown."</p>
        </Show>
        <Show when=move || ids.with(Vec::is_empty)>
            <p class="empty">"None yet."</p>
        </Show>
    }
}

#[component]
fn PairRow(tables: Signal<Tables>, id: String) -> impl IntoView {
    let pair = Memo::new(move |_| {
        tables.with(|tables| tables.all_pairs().find(|pair| pair.id == id).cloned())
    });
    let text = move |of: fn(&Pair) -> String| move || pair.with(|pair| pair.as_ref().map(of));
    let end = move |of: fn(&Pair) -> &str| {
        let text = Memo::new(move |_| {
            pair.with(|pair| {
                let id = of(pair.as_ref()?);
                tables.with(|tables| {
                    let candidate = tables.candidate(id)?;
                    let port = candidate.port.map(|port| format!(" port {port}"));
                    Some(format!(
                        "{}{}",
                        meaning(&candidate.kind).name,
                        port.unwrap_or_default()
                    ))
                })
            })
        });
        move || text.get().unwrap_or_else(|| "not reported".to_owned())
    };
    let selected = Memo::new(move |_| pair.with(|pair| pair.as_ref().is_some_and(|p| p.selected)));
    let nominated =
        Memo::new(move |_| pair.with(|pair| pair.as_ref().is_some_and(|p| p.nominated)));
    let dropped = Memo::new(move |_| pair.with(|pair| pair.as_ref().is_some_and(|p| p.dropped)));
    let state = Memo::new(move |_| pair.with(|pair| pair.as_ref().map(|pair| pair.state.clone())));
    view! {
        <tr class:is-selected=move || selected.get() data-selected=move || selected.get().to_string()>
            <th scope="row">{end(|pair| &pair.local)}</th>
            <td>{end(|pair| &pair.remote)}</td>
            <td>
                {move || {
                    let state = state.get()?;
                    Some(view! { <span title=state.meaning()>{state.as_str().to_owned()}</span> })
                }}
                {move || nominated.get().then_some(", nominated")}
                {move || dropped.get().then_some(", dropped")}
                {move || selected.get().then(|| view! { ", " <strong>"selected"</strong> })}
            </td>
            <td>{text(|pair| answered(pair.requests_sent, pair.responses_received))}</td>
            <td>{text(|pair| answered(pair.requests_received, pair.responses_sent))}</td>
            <td>
                {text(|pair| {
                    pair.round_trip_ms
                        .map_or("–".to_owned(), |ms| Measure::RoundTripTime.format(ms))
                })}
            </td>
            <td>{text(|pair| format!("↑ {} ↓ {}", bytes(pair.bytes_sent), bytes(pair.bytes_received)))}</td>
            <td>
                <code>{text(|pair| pair.priority.map_or("–".to_owned(), |p| p.to_string()))}</code>
            </td>
        </tr>
    }
}

/// “7, of which 6 answered”; a browser may tell only one of the two.
fn answered(requests: Option<f64>, responses: Option<f64>) -> String {
    match (requests, responses) {
        (Some(requests), _) if requests <= 0.0 => "none".to_owned(),
        (Some(requests), Some(responses)) if responses <= 0.0 => {
            format!("{requests}, none answered")
        }
        (Some(requests), Some(responses)) if responses >= requests => {
            format!("{requests}, all answered")
        }
        (Some(requests), Some(responses)) => format!("{requests}, of which {responses} answered"),
        (Some(requests), None) => requests.to_string(),
        (None, Some(responses)) if responses <= 0.0 => "none answered".to_owned(),
        (None, Some(responses)) => format!("{responses} answered"),
        (None, None) => "–".to_owned(),
    }
}

fn bytes(count: Option<f64>) -> String {
    match count {
        None => "–".to_owned(),
        Some(count) if count < 1e4 => format!("{} B", decimal(count, 0)),
        Some(count) if count < 1e7 => format!("{} kB", decimal(count / 1e3, 0)),
        Some(count) => format!("{} MB", decimal(count / 1e6, 0)),
    }
}
