//! Errors as the application passes them on: a JavaScript exception keeps the name that the
//! standard gave it, because that name decides what to advise.

use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};

/// A JavaScript exception, turned into data at the adapter that met it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{name}: {message}")]
pub struct JsError {
    /// `DOMException.name` or `Error.name`, such as `NotAllowedError`.
    pub name: String,
    pub(crate) message: String,
    /// `OverconstrainedError.constraint`: the constraint no device can meet.
    pub constraint: Option<String>,
}

impl JsError {
    pub(crate) fn new(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            message: message.into(),
            constraint: None,
        }
    }

    /// The error of a missing interface, for example `mediaDevices` outside a secure context.
    pub(crate) fn not_supported(what: &str) -> Self {
        Self::new(
            "NotSupportedError",
            format!("this browser has no {what} here"),
        )
    }
}

impl From<JsValue> for JsError {
    fn from(value: JsValue) -> Self {
        let text = |key: &str| {
            js_sys::Reflect::get(&value, &JsValue::from_str(key))
                .ok()
                .and_then(|field| field.as_string())
        };
        // `Reflect.get` throws on primitives, which is how a thrown string arrives.
        if !value.is_object() {
            let message = value.as_string().unwrap_or_else(|| format!("{value:?}"));
            return Self::new("Error", message);
        }
        let name = text("name").filter(|name| !name.is_empty());
        let message = text("message").filter(|message| !message.is_empty());
        Self {
            name: name.unwrap_or_else(|| "Error".to_owned()),
            message: message.unwrap_or_else(|| {
                value
                    .dyn_ref::<js_sys::Object>()
                    .map_or_else(String::new, |object| object.to_string().into())
            }),
            constraint: text("constraint").filter(|constraint| !constraint.is_empty()),
        }
    }
}

impl From<serde_wasm_bindgen::Error> for JsError {
    fn from(error: serde_wasm_bindgen::Error) -> Self {
        Self::from(JsValue::from(error))
    }
}
