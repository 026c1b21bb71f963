//! The calls of the chapters before, with a Firebase database as the messenger.

use leptos::prelude::*;
use signaling_protocol::RoomKind;

use crate::app::FIREBASE_MESH;
use crate::components::{ConfigForm, ContactTimesPanel, DatabasePanel, Meeting, Page, Prose};
use crate::hooks::{use_call, use_call_media, use_trace};
use crate::signaling::transport::Transport;

/// A call of two.
#[component]
pub fn FirebasePage() -> impl IntoView {
    view! {
        <FirebaseCall
            kind=RoomKind::Call
            path="/firebase"
            lead="Whoever runs no server can let a database carry the signals. The call stays the same to the last line; only the messenger differs."
            text=include_str!("../text/firebase.html")
        />
    }
}

/// A call of many.
#[component]
pub fn FirebaseMeshPage() -> impl IntoView {
    view! {
        <FirebaseCall
            kind=RoomKind::Mesh
            path=FIREBASE_MESH
            title="Firebase: a call for up to eight"
            lead="Many people over one database, each with an inbox of its own. Connect to all of them at once, or to one after the other as the tutorial does, and compare the times."
            text=include_str!("../text/firebase-mesh.html")
        />
    }
}

#[component]
fn FirebaseCall(
    kind: RoomKind,
    path: &'static str,
    #[prop(optional)] title: Option<&'static str>,
    lead: &'static str,
    text: &'static str,
) -> impl IntoView {
    let trace = use_trace();
    let media = use_call_media(trace);
    let call = use_call(trace, kind, media, Transport::Firebase);
    let heading = match kind {
        RoomKind::Call => "Call somebody",
        RoomKind::Mesh => "Meet each other",
    };
    view! {
        <Page path="/firebase" nostrip:title=title lead trace>
            <Prose html=text />
            <Meeting title=heading path kind call media join_label="Call" />
            {(kind == RoomKind::Mesh)
                .then(|| {
                    view! { <ContactTimesPanel call remembered="firebase-contacts" /> }
                })}
            <DatabasePanel call />
            <ConfigForm call />
        </Page>
    }
}
