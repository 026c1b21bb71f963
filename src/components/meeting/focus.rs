//! Where the keyboard goes on when what had the focus is gone.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Gives the focus to the element with this id, if there is one.
pub(crate) fn focus_on(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Fails for no element that can have the focus.
        let _ = element.focus();
    }
}

/// The same, where nothing on the page has the focus.
pub(crate) fn focus_unless_kept(id: &str) {
    if is_focus_lost() {
        focus_on(id);
    }
}

/// Whether nothing on the page has the focus.
fn is_focus_lost() -> bool {
    let body = document().body().map(JsCast::unchecked_into::<HtmlElement>);
    let active = document().active_element();
    active.is_none_or(|active| body.is_some_and(|body| *active == **body))
}
