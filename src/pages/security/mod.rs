//! What protects a call, for this page: the context, the permissions, a connection with its keys,
//! and an attacker to try it with.

pub mod context;
pub mod lab;

use leptos::prelude::*;

use crate::components::{Page, Prose};
use crate::hooks::{use_scene, use_trace};
use context::ContextFacts;
use lab::Lab;

#[component]
pub fn SecurityPage() -> impl IntoView {
    let trace = use_trace();
    let scene = use_scene(trace);
    view! {
        <Page
            path="/security"
            lead="What WebRTC encrypts, whom one has to trust all the same, and a code by which two people find out whether somebody sits between them."
            trace
        >
            <Prose html=include_str!("../text/security.html") />
            <ContextFacts />
            <Lab scene />
        </Page>
    }
}
