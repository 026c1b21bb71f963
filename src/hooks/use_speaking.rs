//! Who speaks.

use leptos::prelude::*;
use signaling_protocol::PeerId;

use crate::hooks::{CallHook, CallMediaHook};

#[derive(Clone, Copy)]
pub struct SpeakingHook {
    who: RwSignal<Vec<PeerId>>,
    own: RwSignal<bool>,
}

pub fn use_speaking(_call: CallHook, _media: CallMediaHook) -> SpeakingHook {
    SpeakingHook {
        who: RwSignal::new(Vec::new()),
        own: RwSignal::new(false),
    }
}

impl SpeakingHook {
    /// Reactive.
    pub fn peer(self, id: &PeerId) -> bool {
        self.who.with(|who| who.contains(id))
    }

    /// Reactive.
    pub fn own(self) -> bool {
        self.own.get()
    }
}
