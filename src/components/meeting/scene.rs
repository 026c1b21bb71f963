//! What a meeting hands to each of its views.

use leptos::prelude::*;
use signaling_protocol::RoomKind;

use crate::advice::Advice;
use crate::hooks::{CallHook, CallMediaHook, SpeakingHook};

/// What the views of one meeting have in common.
#[derive(Clone, Copy)]
pub(super) struct Scene {
    pub(super) kind: RoomKind,
    pub(super) call: CallHook,
    pub(super) media: CallMediaHook,
    pub(super) speaking: SpeakingHook,
    /// What went wrong where no hook tells it.
    pub(super) failed: RwSignal<Option<Advice>>,
}
