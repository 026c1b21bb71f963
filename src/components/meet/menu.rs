//! A menu above the bar. The browser opens and closes it, and puts it above everything else
//! (<https://html.spec.whatwg.org/multipage/popover.html>).

use leptos::html;
use leptos::prelude::*;

use crate::components::icon::Icon;

/// The button `label`, and what it opens. The `children` are made when it is first opened.
#[component]
pub(super) fn Menu(
    id: &'static str,
    /// The id of the button itself.
    #[prop(optional)]
    button: Option<&'static str>,
    label: &'static str,
    icon: &'static str,
    /// Only the icon is seen.
    #[prop(optional)]
    narrow: bool,
    #[prop(optional, into)] class: &'static str,
    /// Told when it opens and closes.
    open: RwSignal<bool>,
    children: ChildrenFn,
) -> impl IntoView {
    let was_open = RwSignal::new(false);
    let toggled = move |event: leptos::ev::Event| {
        let element: web_sys::Element = event_target(&event);
        let is_open = element.matches(":popover-open").unwrap_or(false);
        open.set(is_open);
        if is_open {
            was_open.set(true);
        }
    };
    view! {
        <button
            type="button"
            id=button
            class=format!("bar-button {class}")
            class:narrow=narrow
            aria-label=narrow.then_some(label)
            title=narrow.then_some(label)
            aria-expanded=move || open.get().to_string()
            popovertarget=id
        >
            <Icon path=icon />
            {(!narrow).then(|| view! { <span class="bar-label">{label}</span> })}
        </button>
        <div class="menu" id=id popover="auto" role="group" aria-label=label on:toggle=toggled>
            <Show when=move || was_open.get()>{children()}</Show>
        </div>
    }
}

/// One line of a menu, which it closes.
#[component]
pub(super) fn MenuButton(
    #[prop(into)] label: Signal<&'static str>,
    icon: &'static str,
    press: Callback<()>,
    #[prop(optional, into)] class: &'static str,
) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let pressed = move |_| {
        if let Some(button) = button.get_untracked()
            && let Ok(Some(menu)) = button.closest("[popover]")
        {
            hide(&menu);
        }
        press.run(());
    };
    view! {
        <button type="button" class=format!("menu-item {class}") node_ref=button on:click=pressed>
            <Icon path=icon />
            {label}
        </button>
    }
}

/// `hidePopover()`, which web-sys lacks.
fn hide(menu: &web_sys::Element) {
    let function = js_sys::Reflect::get(menu, &"hidePopover".into());
    if let Ok(function) = function.and_then(wasm_bindgen::JsCast::dyn_into::<js_sys::Function>) {
        // Fails for a menu that is closed already.
        let _ = function.call0(menu);
    }
}
