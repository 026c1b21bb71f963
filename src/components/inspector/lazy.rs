//! The parts of the program that the inspector is loaded in.

use leptos::prelude::*;

use super::descriptions::SdpTab;
use super::export::ExportTab;
use super::ladder::LadderTab;
use super::samples::{CandidatesTab, StatisticsTab};
use super::states::StatesTab;
use super::tabs::InspectorTabs;
use crate::components::lazy_view::{LazyView, View};
use crate::hooks::{InspectedTrace, LazyHook};
use crate::lazy::{Loading, lazy, loaded};

lazy!(pub(crate) inspector: View = || inspected().map(|inspected| view! { <InspectorTabs inspected /> }).into_any());

/// Open first, and therefore in the same part as the tabs.
pub(super) fn ladder() -> Loading<View> {
    loaded(|| {
        inspected()
            .map(|inspected| view! { <LadderTab inspected /> })
            .into_any()
    })
}

/// A view whose part has the name `$part`.
macro_rules! view_part {
    ($name:ident, $part:ident, $tab:ident) => {
        pub(super) fn $name() -> Loading<View> {
            lazy!($part: View = || inspected().map(|inspected| view! { <$tab inspected /> }).into_any());
            $part()
        }
    };
}

view_part!(sdp, inspector_sdp, SdpTab);
view_part!(candidates, inspector_candidates, CandidatesTab);
view_part!(states, inspector_states, StatesTab);
view_part!(statistics, inspector_statistics, StatisticsTab);
view_part!(export, inspector_export, ExportTab);

/// All views of what is inspected, as soon as their part, [`inspector`], is loaded.
#[component]
pub(crate) fn InspectorViews(part: LazyHook<View>, inspected: InspectedTrace) -> impl IntoView {
    provide_context(inspected);
    view! { <LazyView part what="The inspector" loading="Loading the inspector…" /> }
}

fn inspected() -> Option<InspectedTrace> {
    use_context()
}
