//! How the others are heard: over which speaker, and how loud each.

use leptos::prelude::*;
use signaling_protocol::PeerId;

use crate::linear_map::LinearMap;

/// A context of the tiles; where there is none, all are as loud as they are sent, over the speaker that the
/// browser chooses.
#[derive(Clone, Copy)]
pub(crate) struct Playback {
    /// The id of the speaker; empty for the browser's choice.
    pub(crate) speaker_id: RwSignal<String>,
    /// From 0 to 1, of those whose volume was changed.
    volumes: RwSignal<LinearMap<PeerId, f64>>,
}

/// Provides the context.
pub(crate) fn provide_playback(speaker_id: RwSignal<String>) -> Playback {
    let playback = Playback {
        speaker_id,
        volumes: RwSignal::new(LinearMap::default()),
    };
    provide_context(playback);
    playback
}

impl Playback {
    /// From 0 to 1; reactive.
    pub(crate) fn volume(self, id: &PeerId) -> f64 {
        let volume = self.volumes.with(|volumes| volumes.get(id).copied());
        volume.unwrap_or(1.0)
    }

    pub(crate) fn set_volume(self, id: &PeerId, volume: f64) {
        self.volumes.update(|volumes| {
            volumes.insert(id.clone(), volume.clamp(0.0, 1.0));
        });
    }
}
