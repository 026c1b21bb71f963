//! Where everybody is seen.

use leptos::prelude::*;
use signaling_protocol::RoomKind;

use super::in_call::{InCall, WhenLoaded};
use super::scene::Scene;
use super::tile::OwnTile;
use crate::components::VideoTile;
use crate::hooks::LazyHook;

/// Shared screens large, then the people: two of them one above the other's corner, more of them
/// side by side.
#[component]
pub(super) fn Stage(scene: Scene, part: LazyHook<InCall>, name: RwSignal<String>) -> impl IntoView {
    view! {
        <WhenLoaded part scene view=|views| views.screens />
        {match scene.kind {
            RoomKind::Call => view! {
                <div class="call">
                    <WhenLoaded part scene view=|views| views.peers meanwhile=nobody />
                    <OwnTile class="own" scene name />
                </div>
            }
            .into_any(),
            RoomKind::Mesh => view! {
                <div class="tiles">
                    <OwnTile scene name />
                    <WhenLoaded part scene view=|views| views.peers />
                </div>
            }
            .into_any(),
        }}
    }
}

/// The other person's tile as it is while nobody is there.
fn nobody(_: Scene) -> AnyView {
    view! {
        <VideoTile
            id="remoteVideo"
            class="remote"
            video_class="peer-video"
            caption="The other person"
            stream=Signal::stored_local(None)
            placeholder="The other person appears here."
        />
    }
    .into_any()
}
