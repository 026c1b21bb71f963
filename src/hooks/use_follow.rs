//! A list that shows its newest entry.

use leptos::html::ElementType;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// So many pixels above the end still count as the end.
const NEAR: i32 = 40;

/// Scrolls `list` to its end whenever `track` notifies, unless somebody scrolled back in it. The
/// returned function belongs to the list's event `scroll`.
pub fn use_follow<E>(
    list: NodeRef<E>,
    track: impl Fn() + 'static,
) -> impl Fn(leptos::ev::Event) + Copy + 'static
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + 'static,
{
    let element = move || {
        let list = list.try_get_untracked().flatten();
        list.map(JsCast::unchecked_into::<web_sys::Element>)
    };
    let following = StoredValue::new(true);
    Effect::new(move |_| {
        track();
        if following.get_value() {
            request_animation_frame(move || {
                if let Some(list) = element() {
                    list.set_scroll_top(list.scroll_height());
                }
            });
        }
    });
    move |_| {
        if let Some(list) = element() {
            let below = list.scroll_height() - list.scroll_top() - list.client_height();
            following.try_set_value(below < NEAR);
        }
    }
}
