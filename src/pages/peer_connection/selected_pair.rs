//! Which pair of candidates the media travels between; loaded when there is a connection.

use leptos::prelude::*;

use crate::call::SharedConnection;
use crate::components::lazy_view::{LazyView, View};
use crate::components::{TableHead, TableScroll};
use crate::hooks::{Finding, PairHook, use_lazy, use_report};
use crate::ice::candidates::{Candidate, Tables};
use crate::lab::pair::End;
use crate::lazy::lazy;
use crate::statistics::Report;

lazy!(selected_pair: View = || {
    let pair = use_context::<PairHook>();
    pair.map(|pair| view! { <PairTable pair /> }).into_any()
});

#[component]
pub(super) fn SelectedPair(pair: PairHook) -> impl IntoView {
    provide_context(pair);
    let table = use_lazy(selected_pair);
    Effect::new(move |_| {
        if pair.local.is_connected() {
            table.load();
        }
    });
    view! {
        <LazyView
            part=table
            what="The selected candidate pair"
            loading="Loading the selected candidate pair…"
        />
    }
}

#[component]
fn PairTable(pair: PairHook) -> impl IntoView {
    let connection = move || {
        let connected = pair.local.is_connected();
        let connection = pair.connection(End::Local).filter(|_| connected);
        connection.map(SharedConnection::from)
    };
    let selected = use_report(connection, selected_ends);
    view! {
        <Show when=move || selected.with(Option::is_some)>
            <TableScroll label="Selected candidate pair">
                <table class="facts" id="selected-pair">
                    <TableHead columns=&["Selected pair", "Type", "Protocol", "Address"] />
                    <tbody>
                        {move || {
                            selected
                                .get()
                                .map(|[local, remote]| {
                                    view! {
                                        <CandidateRow name="localPeer" candidate=local />
                                        <CandidateRow name="remotePeer" candidate=remote />
                                    }
                                })
                        }}
                    </tbody>
                </table>
            </TableScroll>
        </Show>
    }
}

/// The pair can be reported a moment later than the state, and a better one can take its place while the
/// connection stands.
fn selected_ends(report: &Report) -> Finding<[Candidate; 2]> {
    let tables = Tables::new(report, &[]);
    let ends = tables.selected_ends().map(|ends| ends.map(Clone::clone));
    Finding {
        again_ms: Some(if ends.is_some() { 2000 } else { 200 }),
        fact: ends,
    }
}

#[component]
fn CandidateRow(name: &'static str, candidate: Candidate) -> impl IntoView {
    let port = candidate.port.unwrap_or_default();
    let address = match &candidate.address {
        None => format!("hidden by the browser, port {port}"),
        Some(address) => format!("{address} port {port}"),
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>{candidate.kind.to_string()}</td>
            <td>{candidate.protocol}</td>
            <td>{address}</td>
        </tr>
    }
}
