//! The views, loaded when the drawer is first opened.

use leptos::prelude::*;

use super::InspectorTabs;
use crate::hooks::InspectedTrace;
use crate::lazy::lazy;

pub(super) type Views = fn(InspectedTrace) -> AnyView;

lazy!(pub(super) inspector: Views = |inspected| view! { <InspectorTabs inspected /> }.into_any());
