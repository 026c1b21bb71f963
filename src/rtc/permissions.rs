//! What the browser would answer if it were asked for a device, without asking
//! (<https://www.w3.org/TR/permissions/>).

use gloo_events::EventListener;
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::EventTarget;

use super::settled;
use crate::error::JsError;

/// One `PermissionStatus` and its listener.
pub struct Permission {
    status: JsValue,
    listener: Option<EventListener>,
}

impl Permission {
    /// `camera`, `microphone` …; never shows a question. Fails with `TypeError` for a name that
    /// the browser does not know, with `NotSupportedError` where it tells of none.
    pub async fn query(name: &str) -> Result<Self, JsError> {
        let missing = || JsError::not_supported("navigator.permissions");
        let navigator = web_sys::window().ok_or_else(missing)?.navigator();
        let permissions = Reflect::get(&navigator, &"permissions".into())?;
        // Of what is no object, `Reflect.get` throws.
        if !permissions.is_object() {
            return Err(missing());
        }
        let query = Reflect::get(&permissions, &"query".into())?;
        let query: Function = query.dyn_into().map_err(|_| missing())?;
        let descriptor = Object::new();
        Reflect::set(&descriptor, &"name".into(), &name.into())?;
        let promise = query.call1(&permissions, &descriptor);
        let status = settled(promise.map(JsCast::unchecked_into)).await?;
        Ok(Self {
            status,
            listener: None,
        })
    }

    /// `granted`, `denied` or `prompt`
    pub fn state(&self) -> String {
        let state = Reflect::get(&self.status, &"state".into());
        state.ok().and_then(|s| s.as_string()).unwrap_or_default()
    }

    /// `change`: the person decided, here or in the browser's settings.
    pub(crate) fn on_change(&mut self, f: impl Fn(String) + 'static) {
        let Some(target) = self.status.dyn_ref::<EventTarget>() else {
            return;
        };
        let status = self.status.clone();
        let listener = EventListener::new(target, "change", move |_| {
            let state = Reflect::get(&status, &"state".into());
            f(state.ok().and_then(|s| s.as_string()).unwrap_or_default());
        });
        self.listener = Some(listener);
    }
}
