//! What a meeting hands to each of its views.

use leptos::prelude::*;
use signaling_protocol::RoomKind;

use crate::advice::Advice;
use crate::hooks::{CallHook, CallMediaHook, SpeakingHook};

/// What the views of one meeting have in common.
#[derive(Clone, Copy)]
pub(crate) struct Scene {
    pub(crate) kind: RoomKind,
    pub(crate) call: CallHook,
    pub(crate) media: CallMediaHook,
    pub(crate) speaking: SpeakingHook,
    /// What went wrong where no hook tells it.
    pub(crate) failed: RwSignal<Option<Advice>>,
}
