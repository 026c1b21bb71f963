//! The inspector's button, and the drawer's frame at the bottom of the window.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

use super::{InspectorViews, inspector};
use crate::hooks::{CallHook, InspectedTrace, PageTrace, use_lazy};

/// The drawer's height in hundredths of the window's.
const HEIGHT: u32 = 50;
/// … on narrow windows, where it needs more of it.
const HEIGHT_NARROW: u32 = 70;
const NARROW_PX: f64 = 768.0;
const SMALLEST: u32 = 20;
const LARGEST: u32 = 90;
const STEP: u32 = 5;
/// Who moves no further than this does not drag.
const STILL_PX: i32 = 3;

/// Opens and closes the inspector of a page. Escape closes it, too.
#[component]
pub(crate) fn InspectorDock(trace: PageTrace) -> impl IntoView {
    let open = RwSignal::new(false);
    let inspected = match use_context::<CallHook>() {
        Some(call) => InspectedTrace::shared(trace, call.trace_sharing),
        None => InspectedTrace::live(trace),
    };
    let button = NodeRef::<html::Button>::new();
    let close = move || {
        open.set(false);
        if let Some(button) = button.get_untracked() {
            // A button that is shown takes the focus.
            let _ = button.focus();
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        // In a field that has something in it, it empties the field, or does nothing.
        let filled = event.target().is_some_and(|target| {
            let field = target
                .dyn_ref::<HtmlInputElement>()
                .map(HtmlInputElement::value);
            let area = target.dyn_ref::<HtmlTextAreaElement>();
            let text = field.or_else(|| area.map(HtmlTextAreaElement::value));
            text.is_some_and(|text| !text.is_empty())
        });
        if event.key() == "Escape" && !filled && open.get_untracked() {
            event.prevent_default();
            close();
        }
    };
    view! {
        <div class="inspector-dock" on:keydown=on_key>
            <button
                type="button"
                class="inspector-button"
                node_ref=button
                aria-expanded=move || open.get().to_string()
                aria-controls="inspector"
                on:click=move |_| open.update(|open| *open = !*open)
            >
                "Inspector"
            </button>
            <Show when=move || open.get()>
                <Drawer inspected on_close=close />
            </Show>
        </div>
    }
}

#[component]
fn Drawer(inspected: InspectedTrace, on_close: impl Fn() + Copy + Send + 'static) -> impl IntoView {
    let part = use_lazy(inspector);
    part.load();
    view! {
        <section class="inspector" id="inspector" aria-labelledby="inspector-title">
            <h2 class="visually-hidden" id="inspector-title">"Inspector"</h2>
            <Handle />
            <button type="button" class="inspector-close" on:click=move |_| on_close()>
                "Close"
                <span class="visually-hidden">" the inspector"</span>
            </button>
            <InspectorViews part inspected />
        </section>
    }
}

/// The drawer's upper edge: it is dragged, or moved by the arrow keys. Who cannot drag presses it
/// (WCAG 2.5.7): once for all the height, once more for the usual.
#[component]
fn Handle() -> impl IntoView {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    let is_narrow = width.is_some_and(|width| width < NARROW_PX);
    let usual = if is_narrow { HEIGHT_NARROW } else { HEIGHT };
    let height = RwSignal::new(usual);
    let set = move |wanted: u32| height.set(wanted.clamp(SMALLEST, LARGEST));
    // The page needs to know it: it leaves room below its end.
    Effect::new(move |_| {
        if let Some(style) = root_style() {
            let value = format!("{}vh", height.get());
            // Fails for no name that begins with two hyphens.
            let _ = style.set_property("--inspector-height", &value);
        }
    });
    on_cleanup(|| {
        if let Some(style) = root_style() {
            let _ = style.remove_property("--inspector-height");
        }
    });
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let now = height.get_untracked();
        set(match &*event.key() {
            "ArrowUp" => now + STEP,
            "ArrowDown" => now.saturating_sub(STEP),
            "Home" => SMALLEST,
            "End" => LARGEST,
            _ => return,
        });
        event.prevent_default();
    };
    // Where the pointer went down.
    let down = RwSignal::new(None::<i32>);
    let dragged = RwSignal::new(false);
    let on_down = move |event: leptos::ev::PointerEvent| {
        if let Some(handle) = target(&event) {
            // Without it the handle still moves while the pointer is over it.
            let _ = handle.set_pointer_capture(event.pointer_id());
            down.set(Some(event.client_y()));
            dragged.set(false);
        }
    };
    let on_move = move |event: leptos::ev::PointerEvent| {
        let window = window()
            .inner_height()
            .ok()
            .and_then(|height| height.as_f64());
        if let Some(window) = window.filter(|height| *height > 0.0)
            && let Some(down) = down.get_untracked()
        {
            // A press is hardly ever without any movement.
            if (event.client_y() - down).abs() > STILL_PX {
                dragged.set(true);
            }
            if dragged.get_untracked() {
                let below = (window - f64::from(event.client_y())) / window * 100.0;
                set(below.round().max(0.0) as u32);
            }
        }
    };
    let on_up = move |_| {
        if down.get_untracked().is_some() && !dragged.get_untracked() {
            let now = height.get_untracked();
            set(if now < LARGEST { LARGEST } else { usual });
        }
        down.set(None);
    };
    view! {
        <div
            class="inspector-handle"
            role="separator"
            tabindex="0"
            aria-orientation="horizontal"
            aria-label="Height of the inspector, in percent of the window"
            title="Drag it, or press it for all the height"
            aria-controls="inspector"
            aria-valuenow=move || height.get()
            aria-valuemin=SMALLEST
            aria-valuemax=LARGEST
            on:keydown=on_key
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=move |_| down.set(None)
        ></div>
    }
}

fn target(event: &leptos::ev::PointerEvent) -> Option<web_sys::Element> {
    event.current_target()?.dyn_into().ok()
}

fn root_style() -> Option<web_sys::CssStyleDeclaration> {
    let root = document().document_element()?;
    Some(root.dyn_into::<web_sys::HtmlElement>().ok()?.style())
}
