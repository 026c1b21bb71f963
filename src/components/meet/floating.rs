//! Your own video in a corner of the stage: it is dragged to another, and goes there by the arrow keys.

use crate::decimal::decimal;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Corner {
    TopLeft,
    TopRight,
    BottomLeft,
    #[default]
    BottomRight,
}

impl Corner {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::TopLeft => "top-left",
            Self::TopRight => "top-right",
            Self::BottomLeft => "bottom-left",
            Self::BottomRight => "bottom-right",
        }
    }

    /// The one that an arrow key leads to.
    fn beside(self, key: &str) -> Option<Self> {
        let (is_left, is_top) = (
            matches!(self, Self::TopLeft | Self::BottomLeft),
            matches!(self, Self::TopLeft | Self::TopRight),
        );
        let (is_left, is_top) = match key {
            "ArrowLeft" => (true, is_top),
            "ArrowRight" => (false, is_top),
            "ArrowUp" => (is_left, true),
            "ArrowDown" => (is_left, false),
            _ => return None,
        };
        Some(match (is_left, is_top) {
            (true, true) => Self::TopLeft,
            (false, true) => Self::TopRight,
            (true, false) => Self::BottomLeft,
            (false, false) => Self::BottomRight,
        })
    }

    /// The one that a point is nearest to; `x` and `y` between 0 and 1 from the upper left corner.
    fn nearest(x: f64, y: f64) -> Self {
        match (x < 0.5, y < 0.5) {
            (true, true) => Self::TopLeft,
            (false, true) => Self::TopRight,
            (true, false) => Self::BottomLeft,
            (false, false) => Self::BottomRight,
        }
    }
}

/// Where it is, and how it is moved.
#[derive(Clone, Copy)]
pub(super) struct FloatingHook {
    pub(super) corner: RwSignal<Corner>,
    element: NodeRef<html::Div>,
    floats: Signal<bool>,
    /// Where the pointer went down.
    grabbed: StoredValue<Option<(f64, f64)>>,
}

/// `element` is in a corner of its parent while it `floats`.
pub(super) fn use_floating(element: NodeRef<html::Div>, floats: Signal<bool>) -> FloatingHook {
    FloatingHook {
        corner: RwSignal::new(Corner::default()),
        element,
        floats,
        grabbed: StoredValue::new(None),
    }
}

impl FloatingHook {
    pub(super) fn begin(self, event: &PointerEvent) {
        let on_button = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .is_some_and(|target| {
                target
                    .closest("button")
                    .is_ok_and(|button| button.is_some())
            });
        if !self.floats.get_untracked() || on_button || event.button() != 0 {
            return;
        }
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        self.grabbed.set_value(Some(at));
        if let Some(element) = self.element.get_untracked() {
            // Fails for a pointer that is gone already.
            let _ = element.set_pointer_capture(event.pointer_id());
        }
    }

    pub(super) fn drag(self, event: &PointerEvent) {
        let Some((x, y)) = self.grabbed.get_value() else {
            return;
        };
        let (dx, dy) = (
            f64::from(event.client_x()) - x,
            f64::from(event.client_y()) - y,
        );
        self.set_translation(&format!("{}px {}px", decimal(dx, 0), decimal(dy, 0)));
    }

    pub(super) fn end(self) {
        if self.grabbed.get_value().is_none() {
            return;
        }
        self.grabbed.set_value(None);
        if let Some((x, y)) = self.place() {
            self.corner.set(Corner::nearest(x, y));
        }
        self.set_translation("");
    }

    pub(super) fn handle_key(self, event: &KeyboardEvent) {
        let next = self.corner.get_untracked().beside(&event.key());
        if let Some(next) = next.filter(|_| self.floats.get_untracked()) {
            event.prevent_default();
            self.corner.set(next);
        }
    }

    /// Where its middle is in its parent, from 0 to 1.
    fn place(self) -> Option<(f64, f64)> {
        let element = self.element.get_untracked()?;
        let parent = element.parent_element()?.get_bounding_client_rect();
        let own = element.get_bounding_client_rect();
        let share = |from: f64, length: f64, begin: f64, whole: f64| {
            (from + length / 2.0 - begin) / whole.max(1.0)
        };
        Some((
            share(own.x(), own.width(), parent.x(), parent.width()),
            share(own.y(), own.height(), parent.y(), parent.height()),
        ))
    }

    fn set_translation(self, value: &str) {
        let element = self.element.get_untracked();
        let element = element.map(JsCast::unchecked_into::<HtmlElement>);
        if let Some(element) = element {
            // Fails for no property of this name.
            let _ = element.style().set_property("translate", value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_to_the_nearest_corner() {
        assert_eq!(Corner::nearest(0.1, 0.2), Corner::TopLeft);
        assert_eq!(Corner::nearest(0.9, 0.2), Corner::TopRight);
        assert_eq!(Corner::nearest(0.4, 0.9), Corner::BottomLeft);
        assert_eq!(Corner::nearest(1.2, 0.5), Corner::BottomRight);
    }

    #[test]
    fn arrow_keys_lead_to_every_corner() {
        let corner = Corner::default();
        let corner = corner.beside("ArrowLeft").unwrap();
        assert_eq!(corner, Corner::BottomLeft);
        let corner = corner.beside("ArrowUp").unwrap();
        assert_eq!(corner, Corner::TopLeft);
        assert_eq!(corner.beside("ArrowRight"), Some(Corner::TopRight));
        assert_eq!(corner.beside("ArrowUp"), Some(corner));
        assert_eq!(corner.beside("Enter"), None);
    }
}
