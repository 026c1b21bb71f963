//! Whether a part of the page is in the window.

use leptos::html::ElementType;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry};

/// Tells whether an element is in the window, for work that is wasted while nobody looks.
pub(crate) fn use_in_sight<E>(element: NodeRef<E>) -> Signal<bool>
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + 'static,
{
    let in_sight = RwSignal::new(false);
    let observing = StoredValue::new_local(None::<Observing>);
    Effect::new(move |_| {
        let element = element.get().map(JsCast::unchecked_into::<Element>);
        let observed = element.and_then(|element| Observing::new(&element, in_sight));
        observing.set_value(observed);
    });
    on_cleanup(move || {
        observing.try_update_value(|observing| *observing = None);
    });
    in_sight.into()
}

/// Ends the observation when it is dropped.
struct Observing {
    observer: IntersectionObserver,
    _told: Closure<dyn FnMut(js_sys::Array)>,
}

impl Observing {
    fn new(element: &Element, in_sight: RwSignal<bool>) -> Option<Self> {
        let told = Closure::new(move |entries: js_sys::Array| {
            // The last tells what is so now.
            let entry: IntersectionObserverEntry = entries.pop().unchecked_into();
            in_sight.try_set(entry.is_intersecting());
        });
        let callback: &Closure<_> = &told;
        // An error would mean that this is no function.
        let observer = IntersectionObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self {
            observer,
            _told: told,
        })
    }
}

impl Drop for Observing {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
