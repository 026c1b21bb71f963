//! Small drawings beside the words of a button.

use leptos::prelude::*;

pub(crate) const BACK: &str = "M15 5l-7 7 7 7";
pub(crate) const CAMERA: &str = "M3 7h12v10H3zM15 10l6-3v10l-6-3";
pub(crate) const CHAT: &str = "M4 5h16v11H9l-5 4z";
pub(crate) const CLOSE: &str = "M6 6l12 12M18 6L6 18";
pub(crate) const FLIP: &str =
    "M4 8h3l2-3h6l2 3h3v11H4zM9 13a3 3 0 0 1 5-2l1 1M15 14a3 3 0 0 1-5 2l-1-1";
pub(crate) const FULL_SCREEN: &str = "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5";
pub(crate) const GRID: &str = "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z";
pub(crate) const HAND: &str = "M8 12V6a1.5 1.5 0 0 1 3 0v5V4.5a1.5 1.5 0 0 1 3 0V11V6a1.5 1.5 0 0 1 3 0v9a6 6 0 0 1-6 6c-3 0-4.5-1.5-6-4l-2-3.5a1.5 1.5 0 0 1 2.5-1.5L8 14.5";
pub(crate) const HANG_UP: &str = "M3 15c5-5 13-5 18 0l-2.5 2.5-4-2V13a10 10 0 0 0-5 0v2.5l-4 2z";
pub(crate) const HIDE: &str =
    "M3 3l18 18M10 6a9 9 0 0 1 11 6 14 14 0 0 1-2.5 3.5M6 7.5A14 14 0 0 0 3 12a9 9 0 0 0 12 5.5";
pub(crate) const KEYS: &str = "M3 6h18v12H3zM7 10h.01M12 10h.01M17 10h.01M8 14h8";
pub(crate) const LINK: &str = "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1-1";
pub(crate) const LOW_BANDWIDTH: &str = "M4 20v-4M9 20v-8M14 20v-4M19 20v-4";
pub(crate) const MENU: &str = "M6 10l6 6 6-6";
pub(crate) const MICROPHONE: &str =
    "M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 12a7 7 0 0 0 14 0M12 19v2";
pub(crate) const MORE: &str = "M5 12h.01M12 12h.01M19 12h.01";
pub(crate) const NEXT: &str = "M9 5l7 7-7 7";
pub(crate) const PEOPLE: &str = "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14a6.5 6.5 0 0 1 3.5 6";
pub(crate) const PHONE: &str = "M6 3l3 1 1 4-2 2a12 12 0 0 0 6 6l2-2 4 1 1 3-2 3C10 21 3 14 3 6z";
pub(crate) const PICTURE_IN_PICTURE: &str = "M3 5h18v14H3zM12 12h6v4h-6z";
pub(crate) const PIN: &str = "M9 4h6l-1 6 3 3H7l3-3zM12 13v7";
/// Drawn as a thick point in a circle.
pub(crate) const RECORD: &str =
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z";
pub(crate) const REACTION: &str =
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 14a4.5 4.5 0 0 0 8 0M9 9h.01M15 9h.01";
pub(crate) const SCREEN: &str = "M3 5h18v11H3zM8 20h8M12 16v4";
pub(crate) const SOUNDS: &str = "M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4";
pub(crate) const SPEAKER: &str = "M4 9v6h4l5 4V5L8 9zM16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11";
pub(crate) const SPEAKER_VIEW: &str = "M4 4h16v10H4zM4 17h4v3H4zM10 17h4v3h-4zM16 17h4v3h-4z";
pub(crate) const WHAT: &str = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8h.01";

/// A drawing of lines; it says nothing that the button's name does not.
#[component]
pub(crate) fn Icon(path: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=path></path>
        </svg>
    }
}
