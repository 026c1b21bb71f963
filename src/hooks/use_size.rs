//! How large a part of the page is.

use leptos::html::ElementType;
use leptos::prelude::*;
use stage_layout::Size;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver, ResizeObserverEntry};

/// In CSS pixels, without padding; nothing before it is there.
pub(crate) fn use_size<E>(element: NodeRef<E>) -> RwSignal<Size>
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + 'static,
{
    let size = RwSignal::new(Size {
        width: 0.0,
        height: 0.0,
    });
    let observing = StoredValue::new_local(None::<Observing>);
    Effect::new(move |_| {
        let element = element.get().map(JsCast::unchecked_into::<Element>);
        observing.set_value(element.and_then(|element| Observing::new(&element, size)));
    });
    on_cleanup(move || {
        observing.try_update_value(|observing| *observing = None);
    });
    size
}

/// Ends the observation when it is dropped.
struct Observing {
    observer: ResizeObserver,
    _told: Closure<dyn FnMut(js_sys::Array)>,
}

impl Observing {
    fn new(element: &Element, size: RwSignal<Size>) -> Option<Self> {
        let told = Closure::new(move |entries: js_sys::Array| {
            // The last tells what is so now.
            let entry: ResizeObserverEntry = entries.pop().unchecked_into();
            let rect = entry.content_rect();
            size.try_set(Size {
                width: rect.width(),
                height: rect.height(),
            });
        });
        let callback: &Closure<_> = &told;
        // An error would mean that this is no function.
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
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
