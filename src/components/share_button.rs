//! Hands an address to other apps of the device (<https://www.w3.org/TR/web-share/>).

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::error::JsError;
use crate::hooks::use_task;

/// Nothing where the browser has no share sheet. Says when it does not open.
#[component]
pub(crate) fn ShareButton(link: Signal<String>) -> impl IntoView {
    let sharing = use_task();
    let has_failed = RwSignal::new(false);
    // While the click is handled: browsers allow it only then.
    let press = move |_| {
        has_failed.set(false);
        let promise = share(&link.get_untracked());
        sharing.run(async move {
            let result = match promise {
                Ok(promise) => JsFuture::from(promise).await.map_err(JsError::from),
                Err(error) => Err(error),
            };
            // Whoever closes the sheet knows that.
            has_failed.set(result.is_err_and(|error| error.name != "AbortError"));
        });
    };
    can_share().then(|| {
        view! {
            <button type="button" class="share-button" on:click=press>
                "Share link"
            </button>
            <span role="status">
                {move || match has_failed.get() {
                    true => "The browser did not share it: copy the link instead.",
                    false => "",
                }}
            </span>
        }
    })
}

fn can_share() -> bool {
    Reflect::get(&window().navigator(), &"share".into()).is_ok_and(|share| share.is_function())
}

fn share(link: &str) -> Result<Promise, JsError> {
    let navigator: JsValue = window().navigator().into();
    let share: Function = Reflect::get(&navigator, &"share".into())?
        .dyn_into()
        .map_err(|_| JsError::not_supported("navigator.share"))?;
    let data = Object::new();
    Reflect::set(&data, &"url".into(), &link.into())?;
    Ok(Promise::resolve(&share.call1(&navigator, &data)?))
}
