//! The inspector: a drawer that shows what really happens on a page, and the same views of a
//! recording.
//!
//! [`InspectorDock`] is the button and the frame. What is in the frame is a part of the program that
//! is loaded when the drawer is first opened, with the view that is open first; each other view is one
//! that is loaded when its tab is first pointed at, focused or chosen. While the drawer is closed
//! nothing is rendered and nothing follows the trace.
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

use crate::components::lazy_view::View;
use crate::lazy::Loading;

pub(crate) use dock::InspectorDock;
pub(crate) use lazy::{InspectorViews, inspector};

/// One view.
pub(crate) struct Tab {
    /// Part of its element's id.
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    /// Whether it has a meaning for a recording.
    pub(crate) replays: bool,
    pub(crate) load: fn() -> Loading<View>,
}

/// The views in their order.
pub(crate) const TABS: &[Tab] = &[
    Tab {
        id: "ladder",
        title: "Ladder",
        replays: true,
        load: lazy::ladder,
    },
    Tab {
        id: "sdp",
        title: "SDP",
        replays: true,
        load: lazy::sdp,
    },
    Tab {
        id: "candidates",
        title: "Candidates",
        replays: true,
        load: lazy::candidates,
    },
    Tab {
        id: "states",
        title: "States",
        replays: true,
        load: lazy::states,
    },
    Tab {
        id: "statistics",
        title: "Statistics",
        replays: true,
        load: lazy::statistics,
    },
    Tab {
        id: "export",
        title: "Export",
        replays: false,
        load: lazy::export,
    },
];
