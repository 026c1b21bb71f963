//! Looks what the browser has. Never asks for a permission, never throws, and calls nothing that
//! has an effect.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{RtcConfiguration, RtcPeerConnection};

use super::media::is_secure_context;
use crate::support::{Codecs, Found, GROUPS, Presence, Probe, Report};

/// Everything that can be found out at once.
pub fn report() -> Report {
    let navigator = property(&js_sys::global(), "navigator");
    let features = GROUPS.iter().flat_map(|group| group.features);
    let all = [
        ("audio", true),
        ("audio", false),
        ("video", true),
        ("video", false),
    ];
    Report {
        user_agent: property(&navigator, "userAgent")
            .as_string()
            .unwrap_or_default(),
        secure_context: is_secure_context(),
        found: features
            .map(|feature| Found {
                feature,
                presence: presence(feature.probe),
            })
            .collect(),
        codecs: all.map(|(kind, sent)| codecs(kind, sent)).into(),
    }
}

fn presence(probe: Probe) -> Presence {
    let found = match probe {
        Probe::Named(path, older) => {
            if !exists(path) {
                let older = older.iter().find(|path| exists(path));
                return older.map_or(Presence::Missing, |path| Presence::Prefixed(path));
            }
            true
        }
        Probe::WithoutArguments(path) => {
            let function = value(path);
            let length = function.dyn_ref::<Function>().map(Function::length);
            length == Some(0)
        }
        Probe::Simulcast => simulcast().unwrap_or(false),
    };
    match found {
        true => Presence::Present,
        false => Presence::Missing,
    }
}

/// The last name only has to be there: reading an attribute of a prototype throws.
fn exists(path: &str) -> bool {
    let (object, name) = match path.rsplit_once('.') {
        Some((object, name)) => (value(object), name),
        None => (js_sys::global().into(), path),
    };
    // `Reflect.has` throws on what has no properties.
    Reflect::has(&object, &JsValue::from_str(name)).unwrap_or(false)
}

fn value(path: &str) -> JsValue {
    let global = js_sys::global().into();
    path.split('.')
        .fold(global, |object, name| property(&object, name))
}

fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}

/// Whether `sendEncodings` is understood: how many encodings the sender has afterwards. No
/// description is made, so nothing goes over the network.
fn simulcast() -> Result<bool, JsValue> {
    let connection = RtcPeerConnection::new_with_configuration(&RtcConfiguration::new())?;
    let count = encodings(&connection);
    connection.close();
    Ok(count? == 2)
}

fn encodings(connection: &RtcPeerConnection) -> Result<u32, JsValue> {
    let encoding = |rid: &str| {
        let encoding = Object::new();
        Reflect::set(&encoding, &"rid".into(), &rid.into()).map(|_| encoding)
    };
    let init = Object::new();
    let both = Array::of2(&encoding("h")?.into(), &encoding("l")?.into());
    Reflect::set(&init, &"sendEncodings".into(), &both)?;
    let add: Function = Reflect::get(connection, &"addTransceiver".into())?.dyn_into()?;
    let transceiver = add.call2(connection, &"video".into(), &init)?;
    let sender = Reflect::get(&transceiver, &"sender".into())?;
    let get: Function = Reflect::get(&sender, &"getParameters".into())?.dyn_into()?;
    let encodings = Reflect::get(&get.call0(&sender)?, &"encodings".into())?;
    Ok(encodings.dyn_ref::<Array>().map_or(0, Array::length))
}

fn codecs(kind: &'static str, sent: bool) -> Codecs {
    let class = if sent {
        "RTCRtpSender"
    } else {
        "RTCRtpReceiver"
    };
    let list = || {
        let class = value(class);
        let get = property(&class, "getCapabilities");
        let capabilities = get
            .dyn_ref::<Function>()?
            .call1(&class, &kind.into())
            .ok()?;
        let codecs = property(&capabilities, "codecs");
        let codecs = codecs.dyn_ref::<Array>()?.iter().map(|codec| {
            let text = |key| property(&codec, key).as_string().unwrap_or_default();
            match (text("mimeType"), text("sdpFmtpLine")) {
                (name, options) if options.is_empty() => name,
                (name, options) => format!("{name} ({options})"),
            }
        });
        Some(codecs.collect())
    };
    Codecs {
        kind,
        sent,
        codecs: list(),
    }
}
