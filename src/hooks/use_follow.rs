//! A list that shows its newest entry.

use leptos::html::ElementType;
use leptos::leptos_dom::helpers::queue_microtask;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// So many pixels above the end still count as the end.
const NEAR: i32 = 40;

/// Keeps `list` at its end, unless somebody scrolled back in it. The first of the returned
/// functions is to be called right before rows are drawn: there it sees where the reader is, and
/// once they are drawn it scrolls, before anything else can happen. Events `scroll` alone would not
/// do: one that comes between drawing and scrolling looks as if the reader had gone back.
///
/// The second is for these events all the same: a browser moves the list itself when it becomes
/// higher, and who is at its end then is so afterwards, too.
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
    let is_at_end = |list: &web_sys::HtmlElement| {
        list.scroll_height() - list.scroll_top() - list.client_height() <= NEAR
    };
    // Where the end was last. Who is still there is at the end, however far down that is by now.
    let put = StoredValue::new(None);
    let scrolled = move || {
        if let Some(list) = element().filter(is_at_end) {
            put.try_set_value(Some(list.scroll_top()));
        }
    };
    let follow = move || {
        let reading = element().filter(|list| {
            !is_at_end(list) && put.try_get_value().flatten() != Some(list.scroll_top())
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
    };
    (follow, scrolled)
}
