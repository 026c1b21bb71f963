//! What was sent and what arrived.

use leptos::prelude::*;

use crate::components::{TableHead, TableScroll};
use crate::decimal::decimal;
use crate::hooks::{DataChannelHook, MessageRow};
use crate::lab::pair::End;

/// The newest messages, both ends'.
#[component]
pub(crate) fn Messages(channel: DataChannelHook) -> impl IntoView {
    view! {
        <TableScroll label="Messages, newest first">
            <table class="messages" id="messages">
                <TableHead columns=&["Time", "Direction", "Kind", "Size", "Content"] />
                <tbody>
                    <For each=move || channel.messages.get() key=|row| row.id let(row)>
                        <tr>
                            <td>{format!("{} s", decimal(row.at_ms / 1_000.0, 3))}</td>
                            <td>{direction(&row)}</td>
                            <td>{row.kind}</td>
                            <td>{bytes(row.size)}</td>
                            <td>
                                <code>{row.beginning.clone()}</code>
                            </td>
                        </tr>
                    </For>
                </tbody>
            </table>
        </TableScroll>
        <Show when=move || channel.messages.with(Vec::is_empty)>
            <p class="empty">
                "No message yet. Each has two lines here: one when it is sent, one when it arrives. The messages of a throughput run are not listed."
            </p>
        </Show>
    }
}

/// Announces each arrival, text or not.
#[component]
pub(crate) fn LastReceived(channel: DataChannelHook) -> impl IntoView {
    let newest = move || {
        let messages = channel.messages.read();
        let row = messages
            .iter()
            .find(|row| row.end == End::Remote && !row.sent)?;
        let (kind, size, beginning) = (row.kind, bytes(row.size), row.beginning.clone());
        Some(view! { "remotePeer received " {size} " (" {kind} "): " <code>{beginning}</code> })
    };
    view! {
        <p class="status-line" role="status" id="last-received">
            {newest}
        </p>
    }
}

fn direction(row: &MessageRow) -> String {
    let verb = if row.sent { "sent" } else { "received" };
    format!("{} {verb}", row.end.name())
}

fn bytes(size: usize) -> String {
    match size {
        1 => "1 byte".to_owned(),
        size => format!("{size} bytes"),
    }
}
