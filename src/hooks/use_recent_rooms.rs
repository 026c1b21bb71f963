//! Where this browser was in a call, newest first, as in [`Destination::Link`](crate::rooms::Destination).

use leptos::prelude::*;

use super::use_stored;

const MOST: usize = 8;

/// The links, as this browser remembers them; to set them is to remember them so.
pub(crate) fn use_recent_rooms() -> RwSignal<Vec<String>> {
    let stored = use_stored("rooms");
    let known = stored.with_untracked(|text| text.lines().map(str::to_owned).collect());
    let rooms = RwSignal::<Vec<String>>::new(known);
    Effect::new(move |earlier: Option<()>| {
        let rooms = rooms.get();
        if earlier.is_some() {
            // No name has a line break.
            stored.set(rooms.join("\n"));
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
