//! A list that shows its newest entry.

use leptos::html::ElementType;
use leptos::leptos_dom::helpers::queue_microtask;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// So many pixels above the end still count as the end.
const NEAR: i32 = 40;

/// Keeps `list` at its end, unless somebody scrolled back in it. The returned function is to be
/// called right before rows are drawn: there it sees where the reader is, and once they are drawn
/// it scrolls, before anything else can happen. Events `scroll` would not do: one that comes
/// between drawing and scrolling looks as if the reader had gone back.
pub fn use_follow<E>(list: NodeRef<E>) -> impl Fn() + Copy + 'static
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + 'static,
{
    let element = move || {
        let list = list.try_get_untracked().flatten();
        list.map(JsCast::unchecked_into::<web_sys::Element>)
    };
    // Where following scrolled to. Who is still there is at the end, even if its rows have other
    // heights now because the window has another width.
    let put = StoredValue::new(None);
    move || {
        let reads_back = element().is_some_and(|list| {
            let top = list.scroll_top();
            let below = list.scroll_height() - top - list.client_height();
            below > NEAR && put.try_get_value().flatten() != Some(top)
        });
        if reads_back {
            put.try_set_value(None);
            return;
        }
        queue_microtask(move || {
            if let Some(list) = element() {
                list.set_scroll_top(list.scroll_height());
                put.try_set_value(Some(list.scroll_top()));
            }
        });
    }
}
