//! The candidates of a connection, the pairs they make, and why one of them was taken.

pub(crate) mod pairs;

use leptos::prelude::*;

use crate::components::{TableHead, TableScroll};
use crate::ice::candidates::{Candidate, Tables, connection_type, meaning, reasons};
use crate::sdp::candidate::Priority;
use crate::trace::Side;
use pairs::Pairs;

/// What one end knows, however it came to know it.
#[component]
pub(crate) fn CandidateTables(#[prop(into)] tables: Signal<Tables>) -> impl IntoView {
    let connection = Memo::new(move |_| tables.with(connection_type));
    let why = Memo::new(move |_| tables.with(reasons));
    view! {
        {move || match connection.get() {
            Some(connection) => {
                view! {
                    <div class="connection-type">
                        <p>
                            "Connection type: " <strong>{connection.name}</strong> ". "
                            {connection.text}
                        </p>
                        <h3>"Why this pair"</h3>
                        <ul>
                            {move || {
                                let sentences = why.get().into_iter();
                                sentences.map(|why| view! { <li>{why}</li> }).collect_view()
                            }}
                        </ul>
                    </div>
                }
                    .into_any()
            }
            None => {
                view! { <p class="empty">"No pair is selected yet."</p> }.into_any()
            }
        }}
        <Pairs tables />
        <CandidateTable tables side=Side::Local title="Own candidates" />
        <CandidateTable tables side=Side::Remote title="The other end’s candidates" />
    }
}

#[component]
fn CandidateTable(tables: Signal<Tables>, side: Side, title: &'static str) -> impl IntoView {
    let rows =
        Memo::new(move |_| tables.with(|tables| tables.of(side).cloned().collect::<Vec<_>>()));
    view! {
        <h3>{title}</h3>
        <TableScroll label=title>
            <table class="candidate-table">
                <TableHead columns=&[
                    "Type",
                    "Protocol",
                    "Address and port",
                    "Priority",
                    "Derived from",
                    "Network",
                ] />
                <tbody>
                    {move || {
                        rows.get()
                            .into_iter()
                            .map(|candidate| view! { <CandidateRow candidate /> })
                            .collect_view()
                    }}
                </tbody>
            </table>
        </TableScroll>
        <Show when=move || rows.with(Vec::is_empty)>
            <p class="empty">"None yet."</p>
        </Show>
    }
}

#[component]
fn CandidateRow(candidate: Candidate) -> impl IntoView {
    let meaning = meaning(&candidate.kind);
    let protocol = protocol_of(&candidate);
    view! {
        <tr>
            <th scope="row" title=meaning.text>
                {meaning.name}
                " "
                <code>{candidate.kind.to_string()}</code>
            </th>
            <td>{protocol}</td>
            <td>
                <code>{address_of(&candidate)}</code>
                {candidate
                    .is_hidden()
                    .then(|| view! { <small class="field-hint">" hidden by the browser"</small> })}
            </td>
            <td>{candidate.priority.map(|priority| view! { <PriorityParts priority /> })}</td>
            <td>{derived_from(&candidate)}</td>
            <td>{candidate.network.unwrap_or_else(|| "–".to_owned())}</td>
        </tr>
    }
}

/// RFC 8445, section 5.1.2.1.
#[component]
pub(crate) fn PriorityParts(priority: Priority) -> impl IntoView {
    view! {
        <code>{priority.value()}</code>
        <small class="field-hint priority-parts">
            {format!(
                "type {}, interface {}, component {}",
                priority.type_preference,
                priority.local_preference,
                priority.component,
            )}
        </small>
    }
}

fn protocol_of(candidate: &Candidate) -> String {
    let mut text = candidate.protocol.clone().unwrap_or_else(|| "–".to_owned());
    if let Some(tcp_type) = &candidate.tcp_type {
        text = format!("{text} {tcp_type}");
    }
    if let Some(relay) = &candidate.relay_protocol {
        text = format!("{text}, {relay} to the server");
    }
    text
}

fn address_of(candidate: &Candidate) -> String {
    let address = candidate.address.as_deref().unwrap_or("–");
    match candidate.port {
        // Of IPv6, and RFC 6544: nobody connects to port 9 of an active TCP candidate.
        Some(port) if address.contains(':') => format!("[{address}]:{port}"),
        Some(port) => format!("{address}:{port}"),
        None => address.to_owned(),
    }
}

/// The related address, and the server that told it.
fn derived_from(candidate: &Candidate) -> String {
    let related = candidate.related_address.as_ref().map(|address| {
        let port = candidate.related_port.unwrap_or_default();
        format!("{address} port {port}")
    });
    let server = candidate.url.as_ref().map(|url| format!("server {url}"));
    let known: Vec<_> = [related, server].into_iter().flatten().collect();
    if known.is_empty() {
        "–".to_owned()
    } else {
        known.join(", ")
    }
}
