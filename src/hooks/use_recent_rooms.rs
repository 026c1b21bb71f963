//! Where this browser was in a call, newest first, as in [`Destination::Link`](crate::rooms::Destination).

use leptos::prelude::*;

use super::use_stored;

const MOST: usize = 8;

/// The links, as this browser remembers them; to set them is to remember them so.
pub(crate) fn use_recent_rooms() -> RwSignal<Vec<String>> {
    let stored = use_stored("rooms");
    // What an earlier version stored and this one does not understand is as good as nothing.
    let known: Vec<String> =
        stored.with_untracked(|text| serde_json::from_str(text).unwrap_or_default());
    let rooms = RwSignal::new(known);
    Effect::new(move |earlier: Option<()>| {
        let rooms = rooms.get();
        if earlier.is_some() {
            let text = match rooms.is_empty() {
                true => String::new(),
                // A list of texts is always JSON.
                false => serde_json::to_string(&rooms).unwrap_or_default(),
            };
            stored.set(text);
        }
    });
    rooms
}

/// This one is the newest now.
pub(crate) fn remember_room(rooms: RwSignal<Vec<String>>, link: String) {
    rooms.update(|rooms| {
        rooms.retain(|other| *other != link);
        rooms.insert(0, link);
        rooms.truncate(MOST);
    });
}
