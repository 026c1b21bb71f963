//! Where everybody is seen.

use leptos::html;
use leptos::prelude::*;
use signaling_protocol::RoomKind;

use super::in_call::{InCall, WhenLoaded};
use super::scene::Scene;
use super::tile::{Enlarging, OwnTile};
use crate::components::VideoTile;
use crate::hooks::LazyHook;

/// Shared screens large, then the people: two of them one above the other's corner, more of them
/// side by side.
#[component]
pub(super) fn Stage(
    scene: Scene,
    part: LazyHook<InCall>,
    #[prop(into)] name: Signal<String>,
) -> impl IntoView {
    let Scene {
        kind,
        media,
        speaking,
        failed: error,
        ..
    } = scene;
    view! {
        <WhenLoaded part scene view=|views| views.screens />
        {match kind {
            RoomKind::Call => view! {
                <div class="call">
                    <WhenLoaded part scene view=|views| views.peers meanwhile=nobody />
                    <OwnTile class="own" media speaking name error />
                </div>
            }
            .into_any(),
            RoomKind::Mesh => view! {
                <div class="tiles">
                    <OwnTile media speaking name error />
                    <WhenLoaded part scene view=|views| views.peers />
                </div>
            }
            .into_any(),
        }}
    }
}

/// The other person's tile as it is while nobody is there.
fn nobody(scene: Scene) -> AnyView {
    let video = NodeRef::<html::Video>::new();
    view! {
        <VideoTile
            id="remoteVideo"
            class="remote"
            video_class="peer-video"
            caption="The other person"
            stream=Signal::stored_local(None)
            placeholder="The other person appears here."
            video
        >
            <Enlarging name="The other person" video has_video=Signal::stored(false) error=scene.failed />
        </VideoTile>
    }
    .into_any()
}
