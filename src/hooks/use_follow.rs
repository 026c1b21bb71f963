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
        list.map(JsCast::unchecked_into::<web_sys::HtmlElement>)
    };
    // Who reads further up stays with the rows that are in sight; at the end nothing is to hold
    // them, or a browser would itself scroll when the rows become higher in a narrower window.
    let anchor = move |list: &web_sys::HtmlElement, value: &str| {
        drop(list.style().set_property("overflow-anchor", value));
    };
    // Where following scrolled to. Who is still there is at the end, however high it is by now.
    let put = StoredValue::new(None);
    move || {
        let reading = element().filter(|list| {
            let top = list.scroll_top();
            let below = list.scroll_height() - top - list.client_height();
            below > NEAR && put.try_get_value().flatten() != Some(top)
        });
        if let Some(list) = reading {
            put.try_set_value(None);
            anchor(&list, "auto");
            return;
        }
        queue_microtask(move || {
            if let Some(list) = element() {
                anchor(&list, "none");
                list.set_scroll_top(list.scroll_height());
                put.try_set_value(Some(list.scroll_top()));
            }
        });
    }
}
