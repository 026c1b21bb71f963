//! The inspector: a drawer that shows what really happens on a page, and the same views of a
//! recording.
//!
//! [`InspectorDock`] is the button and the frame; what is in the frame is a file of its own that
//! is loaded when the drawer is first opened. While it is closed nothing is rendered and nothing
//! follows the trace.
//!
//! A view is a function of what is [inspected](crate::hooks::InspectedTrace), with a line in [`TABS`].

pub(crate) mod descriptions;
pub(crate) mod detail;
pub(crate) mod dock;
pub(crate) mod export;
pub(crate) mod figure;
pub(crate) mod ladder;
mod lazy;
pub(crate) mod row;
pub(crate) mod samples;
pub(crate) mod states;
pub(crate) mod tabs;
pub(crate) mod trace_sharing;

use leptos::prelude::*;

use crate::hooks::InspectedTrace;

pub(crate) use dock::InspectorDock;
pub(crate) use tabs::InspectorTabs;

/// One view.
pub(crate) struct Tab {
    /// Part of its element's id.
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    /// Whether it has a meaning for a recording.
    pub(crate) replays: bool,
    pub(crate) view: fn(InspectedTrace) -> AnyView,
}

/// The views in their order.
pub(crate) const TABS: &[Tab] = &[
    Tab {
        id: "ladder",
        title: "Ladder",
        replays: true,
        view: |inspected| view! { <ladder::LadderTab inspected /> }.into_any(),
    },
    Tab {
        id: "sdp",
        title: "SDP",
        replays: true,
        view: |inspected| view! { <descriptions::SdpTab inspected /> }.into_any(),
    },
    Tab {
        id: "candidates",
        title: "Candidates",
        replays: true,
        view: |inspected| view! { <samples::CandidatesTab inspected /> }.into_any(),
    },
    Tab {
        id: "states",
        title: "States",
        replays: true,
        view: |inspected| view! { <states::StatesTab inspected /> }.into_any(),
    },
    Tab {
        id: "statistics",
        title: "Statistics",
        replays: true,
        view: |inspected| view! { <samples::StatisticsTab inspected /> }.into_any(),
    },
    Tab {
        id: "export",
        title: "Export",
        replays: false,
        view: |inspected| view! { <export::ExportTab inspected /> }.into_any(),
    },
];
