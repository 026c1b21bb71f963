//! A meeting that fills the window, for people who want to talk: the lobby before, the stage during the
//! call. What a meeting is and does is [`super::meeting`]'s, which the chapters show as well.

mod announcer;
mod bar;
mod buttons;
mod closable;
mod details;
mod device_menu;
mod floating;
pub(crate) mod installed;
mod kept_recordings;
mod lobby;
mod menu;
mod mute_requests;
mod network;
mod panel;
mod people;
mod quality;
mod reactions;
mod recording;
mod rights;
mod seats;
mod small_window;
mod stage;
mod use_stage;

use leptos::prelude::*;

use super::lazy_view::View;
use super::meeting::session::MeetingHook;
use crate::lazy::lazy;
pub(crate) use lobby::Lobby;
use stage::Stage;

lazy!(pub(crate) stage: View = || {
    // The page has provided it.
    let meeting = expect_context::<MeetingHook>();
    view! { <Stage meeting /> }.into_any()
});
