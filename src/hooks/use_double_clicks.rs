//! A double click is meant for what was there at the first click, not for what came in its place.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlLabelElement, KeyboardEvent, MouseEvent};

use super::{ignore_repeats, listen_first};

/// What systems call a double click unless told otherwise.
const WITHIN_MS: f64 = 500.0;

/// A hand is never quite still, and a finger less so; in CSS pixels.
const WITHIN_PX: f64 = 8.0;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Click {
    at_ms: f64,
    x: f64,
    y: f64,
}

impl Click {
    fn is_second_of(self, first: Self) -> bool {
        let (dx, dy) = (self.x - first.x, self.y - first.y);
        (0.0..=WITHIN_MS).contains(&(self.at_ms - first.at_ms)) && dx.hypot(dy) <= WITHIN_PX
    }
}

/// Takes away the second click of a double click where it falls on another control than the first, and keys
/// that are held from buttons, for as long as the page is open.
pub(crate) fn use_double_clicks() {
    let last = StoredValue::new_local(None::<(Click, Element)>);
    listen_first("click", move |event| {
        let Some(event) = event.dyn_ref::<MouseEvent>() else {
            return;
        };
        let control = control_of(event, "button, a, input, label, summary");
        // A key makes clicks of no position.
        let Some(control) = control.filter(|_| event.detail() > 0) else {
            return;
        };
        let click = Click {
            at_ms: event.time_stamp(),
            x: f64::from(event.client_x()),
            y: f64::from(event.client_y()),
        };
        let is_for_another = last.with_value(|last| {
            let last = last.as_ref();
            last.is_some_and(|(first, of)| click.is_second_of(*first) && *of != control)
        });
        if is_for_another {
            event.stop_propagation();
            event.prevent_default();
        } else {
            last.set_value(Some((click, control)));
        }
    });
    listen_first("keydown", |event| {
        let event: &KeyboardEvent = event.unchecked_ref();
        if control_of(event, "button, a").is_some() {
            ignore_repeats(event);
        }
    });
}

/// A label is its field: the browser makes a second click of that on the label, at once and at the same place.
fn control_of(event: &Event, kinds: &str) -> Option<Element> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let control = target.closest(kinds).ok()??;
    let label = control.dyn_ref::<HtmlLabelElement>();
    let field = label.and_then(HtmlLabelElement::control);
    Some(field.map_or(control, Element::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_click_is_soon_and_at_the_same_place() {
        let first = Click {
            at_ms: 1000.0,
            x: 100.0,
            y: 50.0,
        };
        let after = |ms: f64, x: f64| {
            let second = Click {
                at_ms: first.at_ms + ms,
                x: first.x + x,
                ..first
            };
            second.is_second_of(first)
        };
        assert!(after(200.0, 3.0));
        assert!(!after(501.0, 0.0));
        assert!(!after(200.0, 20.0));
        assert!(!after(-1.0, 0.0));
    }
}
