//! Small drawings beside the words of a button.

use leptos::prelude::*;

pub(crate) const CAMERA: &str = "M3 7h12v10H3zM15 10l6-3v10l-6-3";
pub(crate) const CHAT: &str = "M4 5h16v11H9l-5 4z";
pub(crate) const FULL_SCREEN: &str = "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5";
pub(crate) const HANG_UP: &str = "M3 15c5-5 13-5 18 0l-2.5 2.5-4-2V13a10 10 0 0 0-5 0v2.5l-4 2z";
pub(crate) const KEYS: &str = "M3 6h18v12H3zM7 10h.01M12 10h.01M17 10h.01M8 14h8";
pub(crate) const MICROPHONE: &str =
    "M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 12a7 7 0 0 0 14 0M12 19v2";
pub(crate) const PHONE: &str = "M6 3l3 1 1 4-2 2a12 12 0 0 0 6 6l2-2 4 1 1 3-2 3C10 21 3 14 3 6z";
pub(crate) const PICTURE_IN_PICTURE: &str = "M3 5h18v14H3zM12 12h6v4h-6z";
pub(crate) const SCREEN: &str = "M3 5h18v11H3zM8 20h8M12 16v4";

/// A drawing of lines; it says nothing that the button's name does not.
#[component]
pub(crate) fn Icon(path: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=path></path>
        </svg>
    }
}
