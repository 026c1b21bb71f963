//! A list that shows its newest entry.

use leptos::html::ElementType;
use leptos::leptos_dom::helpers::queue_microtask;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::hooks::use_in_sight;

/// So many pixels above the end still count as the end.
const NEAR: i32 = 40;

/// Further down than any list is long. Browsers count in parts of a pixel, and Firefox has no room for
/// those of the largest number.
const BEYOND_THE_END: i32 = 10_000_000;

/// Keeps `list` at its end, unless somebody scrolled back in it. The first of the returned
/// functions is to be called right before rows are drawn: once they are, it scrolls, before anything
/// else can happen. It asks for nothing, since each question where a list is makes the browser lay out
/// the whole page; and it scrolls only while the list is in sight, since that does so, too.
///
/// The second is for events `scroll`. One that comes between drawing and scrolling must not look as if the
/// reader had gone back, so only who is further up than before has. And a browser moves the list
/// itself when it becomes higher; who is at its end then is so afterwards, too.
pub(crate) fn use_follow<E>(
    list: NodeRef<E>,
) -> (impl Fn() + Copy + 'static, impl Fn() + Copy + 'static)
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + 'static,
{
    let element = move || {
        let list = list.try_get_untracked().flatten();
        list.map(JsCast::unchecked_into::<web_sys::HtmlElement>)
    };
    // Who reads further up stays with the rows that are in sight; at the end nothing is to hold
    // them, or a browser would itself scroll when the rows become higher in a narrower window.
    let anchor = move |list: &web_sys::HtmlElement, value: &str| {
        drop(list.style().set_property("overflow-anchor", value));
    };
    // Where the list was last while it was followed; `None` while the reader is further up.
    let followed = StoredValue::new(Some(0));
    let scrolled = move || {
        let Some(list) = element() else {
            return;
        };
        let top = list.scroll_top();
        let is_at_end = list.scroll_height() - top - list.client_height() <= NEAR;
        let was = followed.try_get_value().flatten();
        if is_at_end || was.is_some_and(|was| top >= was) {
            followed.try_set_value(Some(top));
        } else if was.is_some() {
            followed.try_set_value(None);
            anchor(&list, "auto");
        }
    };
    let in_sight = use_in_sight(list);
    let to_end = move || {
        if let Some(list) = element() {
            anchor(&list, "none");
            list.set_scroll_top(BEYOND_THE_END);
        }
    };
    let is_followed = move || followed.try_get_value().flatten().is_some();
    let follow = move || {
        if is_followed() && in_sight.try_get_untracked() == Some(true) {
            queue_microtask(to_end);
        }
    };
    Effect::new(move || {
        if in_sight.get() && is_followed() {
            to_end();
        }
    });
    (follow, scrolled)
}
