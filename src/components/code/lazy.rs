//! What a page shows of the code, loaded when the reader asks for it.

use leptos::prelude::*;

use super::StoryView;
use crate::components::lazy_view::View;
use crate::lazy::{Loading, lazy};
use crate::routes;
use crate::source;

/// `$name` loads the view of the story `$story`.
macro_rules! story {
    ($name:ident, $story:ident) => {
        lazy!($name: View = || view! { <StoryView story=&source::$story /> }.into_any());
    };
}

story!(code_media_stream, MEDIA_STREAM);
story!(code_browsers, BROWSERS);
story!(code_peer_connection, PEER_CONNECTION);
story!(code_data_channel, DATA_CHANNEL);
story!(code_call, CALL);
story!(code_nat, NAT);
story!(code_mesh, MESH);
story!(code_firebase, FIREBASE);
story!(code_security, SECURITY);
story!(code_replay, REPLAY);

/// The story of the page at this path, if it has one.
pub(super) fn story_of(path: &str) -> Option<fn() -> Loading<View>> {
    Some(match path {
        routes::MEDIA_STREAM => code_media_stream,
        routes::BROWSERS => code_browsers,
        routes::PEER_CONNECTION => code_peer_connection,
        routes::DATA_CHANNEL => code_data_channel,
        routes::CALL => code_call,
        routes::NAT => code_nat,
        routes::MESH => code_mesh,
        routes::FIREBASE | routes::FIREBASE_MESH => code_firebase,
        routes::SECURITY => code_security,
        routes::REPLAY => code_replay,
        _ => return None,
    })
}
