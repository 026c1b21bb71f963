//! What makes the page an app on a desk or a phone: it keeps its files, and its icon shows the call.

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::hooks::{CallMediaHook, use_task};

/// The script of `src/installed`, beside the pages.
const SERVICE_WORKER: &str = "service-worker.js";

/// The address of the icon, a picture in itself, ends so.
const ICON_END: &str = "%3C/svg%3E";

/// Keeps the bundle's files in this browser. Without it they are loaded as ever.
pub(crate) fn keep_bundle() {
    let navigator = window().navigator();
    // Not everywhere, and only where the page came over a secure connection.
    let has_workers = js_sys::Reflect::has(&navigator, &"serviceWorker".into());
    if has_workers == Ok(true) {
        let registered = navigator.service_worker().register(SERVICE_WORKER);
        use_task().run(async move {
            drop(JsFuture::from(registered).await);
        });
    }
}

/// Marks the icon of the page while there is a call: green if the microphone is on, red if it is muted.
pub(super) fn use_icon(media: CallMediaHook) {
    let Some((link, plain)) = icon() else {
        return;
    };
    let marked = {
        let (link, plain) = (link.clone(), plain.clone());
        move |color: &str| {
            let dot = format!("%3Ccircle cx='25' cy='7' r='7' fill='%23{color}'/%3E{ICON_END}");
            let drawn = plain.strip_suffix(ICON_END).unwrap_or(&plain);
            link.set_href(&format!("{drawn}{dot}"));
        }
    };
    Effect::new(move |_| {
        let is_heard = media.is_microphone_on() && media.has_microphone();
        marked(if is_heard { "2fb46e" } else { "e0483a" });
    });
    let whole = StoredValue::new_local((link, plain));
    on_cleanup(move || {
        whole.try_with_value(|(link, plain)| link.set_href(plain));
    });
}

fn icon() -> Option<(web_sys::HtmlLinkElement, String)> {
    let link = document().query_selector("link[rel='icon']").ok()??;
    let link: web_sys::HtmlLinkElement = wasm_bindgen::JsCast::dyn_into(link).ok()?;
    let plain = link.href();
    plain.ends_with(ICON_END).then_some((link, plain))
}
