//! What the two ends of the channel say about it.

use leptos::prelude::*;

use crate::components::{StateBadge, TableHead, TableScroll};
use crate::hooks::{ChannelEnd, DataChannelHook};
use crate::rtc::data_channel::ChannelReport;

type Attribute = fn(&ChannelReport) -> String;

/// `null` is what the standard's attributes have where there is no value.
const ATTRIBUTES: [(&str, Attribute); 7] = [
    ("label", |report| report.label.clone()),
    ("id", |report| or_null(report.id)),
    ("ordered", |report| report.ordered.to_string()),
    ("maxRetransmits", |report| or_null(report.max_retransmits)),
    ("maxPacketLifeTime", |report| {
        or_null(report.max_packet_life_time)
    }),
    ("protocol", |report| format!("“{}”", report.protocol)),
    ("negotiated", |report| report.negotiated.to_string()),
];

fn or_null(value: Option<u16>) -> String {
    value.map_or("null".to_owned(), |value| value.to_string())
}

#[component]
pub(crate) fn Report(channel: DataChannelHook) -> impl IntoView {
    let ends = [channel.local, channel.remote];
    let rows = ATTRIBUTES.map(|(name, attribute)| {
        let cells = ends.map(|end| {
            let value = move || {
                end.report
                    .with(|report| report.as_ref().map_or("—".to_owned(), attribute))
            };
            view! { <td>{value}</td> }
        });
        view! {
            <tr>
                <th scope="row">{name}</th>
                {cells.into_iter().collect_view()}
            </tr>
        }
    });
    let buffered = move || match channel.buffered.get() {
        Some(bytes) => format!("{bytes} bytes"),
        None => "—".to_owned(),
    };
    view! {
        <TableScroll label="What the channel reports">
            <table class="facts" id="channel-report">
                <TableHead columns=&["RTCDataChannel", "localPeer", "remotePeer"] />
                <tbody>
                    <tr>
                        <th scope="row">"readyState"</th>
                        {ends.map(|end| view! { <ReadyState end /> }).into_iter().collect_view()}
                    </tr>
                    {rows.into_iter().collect_view()}
                    <tr>
                        <th scope="row">"bufferedAmount"</th>
                        <td id="buffered-amount">{buffered}</td>
                        <td>"—"</td>
                    </tr>
                </tbody>
            </table>
        </TableScroll>
    }
}

#[component]
fn ReadyState(end: ChannelEnd) -> impl IntoView {
    let now = Signal::derive(move || end.states.with(|states| states.last().copied()));
    view! {
        <td>
            {move || match now.get() {
                Some(state) => view! { <StateBadge state=state.as_str() /> }.into_any(),
                None => "—".into_any(),
            }}
        </td>
    }
}
