//! Something that is there only once it is wanted.

use leptos::prelude::*;

/// A heading that opens. Its `children` are made when it is opened and dropped when it is closed,
/// so that closed it costs nothing.
#[component]
pub(crate) fn Disclosure(
    summary: &'static str,
    #[prop(optional)] id: Option<&'static str>,
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <details
            class="disclosure"
            id=id
            on:toggle=move |event| {
                open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
            }
        >
            <summary>{summary}</summary>
            <Show when=move || open.get()>{children()}</Show>
        </details>
    }
}
