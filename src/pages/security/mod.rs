//! What protects a call, for this page: the context, the permissions, a connection with its keys,
//! and an attacker to try it with.

pub(crate) mod context;
pub(crate) mod lab;

use leptos::prelude::*;

use crate::components::Page;
use crate::hooks::{use_scene, use_trace};
use crate::text;
use context::ContextFacts;
use lab::Lab;

#[component]
pub fn SecurityPage() -> impl IntoView {
    let trace = use_trace();
    let scene = use_scene(trace);
    view! {
        <Page text=text::SECURITY trace>
            <ContextFacts />
            <Lab scene />
        </Page>
    }
}
