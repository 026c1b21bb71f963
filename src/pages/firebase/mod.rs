//! The calls of the chapters before, with a Firebase database as the messenger.

use leptos::prelude::*;
use signaling_protocol::RoomKind;

use crate::components::{ConfigForm, ConnectionTimesPanel, DatabasePanel, Meeting, Page};
use crate::hooks::{use_call, use_call_media, use_trace};
use crate::routes;
use crate::signaling::transport::Transport;
use crate::text::{self, Text};

/// A call of two.
#[component]
pub fn FirebasePage() -> impl IntoView {
    view! {
        <FirebaseCall
            kind=RoomKind::Call
            path=routes::FIREBASE
            text=text::FIREBASE
        />
    }
}

/// A call of many.
#[component]
pub fn FirebaseMeshPage() -> impl IntoView {
    view! {
        <FirebaseCall
            kind=RoomKind::Mesh
            path=routes::FIREBASE_MESH
            text=text::FIREBASE_MESH
        />
    }
}

#[component]
fn FirebaseCall(kind: RoomKind, path: &'static str, text: Text) -> impl IntoView {
    let trace = use_trace();
    let media = use_call_media(trace);
    let call = use_call(trace, kind, media, Transport::Firebase);
    let heading = match kind {
        RoomKind::Call => "Call somebody",
        RoomKind::Mesh => "Meet each other",
    };
    view! {
        <Page text trace>
            <Meeting title=heading path kind call media />
            {(kind == RoomKind::Mesh)
                .then(|| {
                    view! { <ConnectionTimesPanel call remembered="firebase-contacts" /> }
                })}
            <DatabasePanel call />
            <ConfigForm call />
        </Page>
    }
}
