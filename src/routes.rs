//! The paths of the app: each page's address, what the router matches there, and the base under
//! which the bundle is hosted. Knows no view; what is at a path is decided by [`crate::app`].

use leptos::prelude::document;

/// The parameter of the addresses that may name a room.
pub(crate) const ROOM: &str = "room";

/// Declares each page once: the constant is its path, and the function of [`patterns`] is what the
/// router compares addresses with. Pages that say `room` also match with a room's name behind.
macro_rules! pages {
    ($($(#[$about:meta])* $path:ident, $pattern:ident: $literal:tt $(/ $room:ident)?;)+) => {
        $($(#[$about])* pub const $path: &str = $literal;)+

        /// All paths.
        pub(crate) const PAGES: &[&str] = &[$($path),+];

        /// What the router matches.
        pub(crate) mod patterns {
            use leptos_router::{PossibleRouteMatch, path};

            $(
                #[doc = concat!("The addresses of `", $literal, "`.")]
                pub(crate) fn $pattern() -> impl PossibleRouteMatch + Clone + Send + 'static {
                    (path!($literal), $(pages!(@$room))?)
                }
            )+
        }
    };
    (@room) => { leptos_router::OptionalParamSegment(crate::routes::ROOM) };
}

pages! {
    /// The overview.
    HOME, home: "/";
    INTRODUCTION, introduction: "/introduction";
    BROWSERS, browsers: "/browsers";
    MEDIA_STREAM, media_stream: "/media-stream";
    PEER_CONNECTION, peer_connection: "/peer-connection";
    DATA_CHANNEL, data_channel: "/data-channel";
    /// A call of two.
    CALL, call: "/call" / room;
    NAT, nat: "/nat";
    /// A call of many.
    MESH, mesh: "/mesh" / room;
    /// The second page of the chapter about Firebase. The router takes the first that matches, so
    /// it stands before the page of which it could be a room.
    FIREBASE_MESH, firebase_mesh: "/firebase/mesh" / room;
    FIREBASE, firebase: "/firebase" / room;
    SECURITY, security: "/security";
    SOURCES, sources: "/sources";
    GLOSSARY, glossary: "/glossary";
    REPLAY, replay: "/replay";
    /// A meeting, without any lesson.
    MEET, meet: "/meet" / room;
}

/// Whether a page other than the chapter's own is at this path, which was made of a room's name.
pub(crate) fn is_page(path: &str) -> bool {
    PAGES.contains(&path)
}

/// `/call` and `/call/kitchen` are one page. Both paths as in the address, the base included.
pub(crate) fn is_same_page(one: &str, other: &str) -> bool {
    let base = base_path();
    let page = |path| page_of(str::strip_prefix(path, &base).unwrap_or(path));
    page(one) == page(other)
}

/// Whether a meeting is at this path, as it is in the address.
pub(crate) fn is_meeting(path: &str) -> bool {
    let base = base_path();
    let path = str::strip_prefix(path, &base).unwrap_or(path);
    page_of(path) == MEET.trim_start_matches('/')
}

/// The page that is at this path, without the base; a room's name is not part of it.
fn page_of(path: &str) -> &str {
    let under = |page: &str| matches!(path.strip_prefix(page), Some(rest) if rest.is_empty() || rest.starts_with('/'));
    if under(FIREBASE_MESH) {
        return FIREBASE_MESH;
    }
    let segment = path.trim_start_matches('/').split('/').next();
    segment.unwrap_or_default()
}

/// The path under which the bundle is hosted, from `<base href>`: "" or "/some/path".
pub(crate) fn base_path() -> String {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new(&base)
        .map(|url| url.pathname().trim_end_matches('/').to_owned())
        .unwrap_or_default()
}

/// The path of a room on a page, without the base.
pub(crate) fn room_path(page: &str, room: &str) -> String {
    let room: String = js_sys::encode_uri_component(room).into();
    format!("{page}/{room}")
}

/// A page's path as links need it: the router's `A` leaves out the base.
pub(crate) fn href(path: &str) -> String {
    base_path() + path
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use leptos_router::PossibleRouteMatch;

    use super::*;
    use crate::text::CHAPTERS;

    #[test]
    fn a_room_is_on_the_page_of_its_chapter() {
        for (path, page) in [
            ("/", ""),
            ("/call", "call"),
            ("/call/kitchen", "call"),
            ("/firebase", "firebase"),
            ("/firebase/mesher", "firebase"),
            ("/firebase/kitchen", "firebase"),
            ("/firebase/mesh", FIREBASE_MESH),
            ("/firebase/mesh/kitchen", FIREBASE_MESH),
        ] {
            assert_eq!(page_of(path), page, "{path}");
        }
    }

    /// What the pattern leaves of a path, and what it takes for the room; `None` where it fails.
    fn matched<'a>(pattern: &impl PossibleRouteMatch, path: &'a str) -> Option<(&'a str, String)> {
        let found = pattern.test(path)?;
        let rest = found.remaining();
        let room = found.params().into_iter().find(|(name, _)| name == ROOM);
        Some((rest, room.map(|(_, room)| room).unwrap_or_default()))
    }

    #[test]
    fn a_path_and_its_pattern_are_one() {
        let whole = Some(("", String::new()));
        assert_eq!(matched(&patterns::media_stream(), MEDIA_STREAM), whole);
        assert_eq!(matched(&patterns::replay(), REPLAY), whole);
        assert_eq!(matched(&patterns::call(), CALL), whole);
        assert_eq!(matched(&patterns::firebase_mesh(), FIREBASE_MESH), whole);
        assert_eq!(
            matched(&patterns::home(), CALL),
            Some((CALL, String::new()))
        );
        assert_eq!(matched(&patterns::replay(), CALL), None);
    }

    #[test]
    fn only_calls_have_rooms() {
        let kitchen = Some(("", "kitchen".to_owned()));
        assert_eq!(matched(&patterns::call(), "/call/kitchen"), kitchen);
        assert_eq!(matched(&patterns::mesh(), "/mesh/kitchen"), kitchen);
        assert_eq!(matched(&patterns::firebase(), "/firebase/kitchen"), kitchen);
        let path = "/firebase/mesh/kitchen";
        assert_eq!(matched(&patterns::firebase_mesh(), path), kitchen);
        let rest = Some(("/kitchen", String::new()));
        assert_eq!(matched(&patterns::nat(), "/nat/kitchen"), rest);
    }

    #[test]
    fn every_page_has_a_path_of_its_own() {
        assert_eq!(PAGES.iter().collect::<BTreeSet<_>>().len(), PAGES.len());
    }

    #[test]
    fn every_chapter_is_at_the_path_of_a_page() {
        for chapter in &CHAPTERS {
            assert!(PAGES.contains(&chapter.path), "{}", chapter.path);
        }
    }
}
