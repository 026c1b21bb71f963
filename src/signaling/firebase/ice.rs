//! The ICE servers that a database offers. Pure.

use serde_json::Value;
use signaling_protocol::IceServer;

/// Where the database names none, and does not say `false`: the one of the tutorial.
const DEFAULT_STUN: &str = "stun:stun.l.google.com:19302";

/// What is at `/iceServers`: an array of `RTCIceServer`, `false` for none.
/// <https://www.w3.org/TR/webrtc/#dom-rtciceserver>
pub(super) fn servers(value: &Value) -> Vec<IceServer> {
    match value {
        Value::Null => vec![IceServer {
            urls: vec![DEFAULT_STUN.to_owned()],
            username: None,
            credential: None,
        }],
        Value::Array(servers) => servers.iter().filter_map(server).collect(),
        // An array of which some were removed.
        Value::Object(servers) => servers.values().filter_map(server).collect(),
        _ => Vec::new(),
    }
}

fn server(value: &Value) -> Option<IceServer> {
    let text = |key: &str| value.get(key)?.as_str().map(str::to_owned);
    let urls = match value.get("urls")? {
        Value::String(url) => vec![url.clone()],
        urls => serde_json::from_value(urls.clone()).ok()?,
    };
    Some(IceServer {
        urls,
        username: text("username"),
        credential: text("credential"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_owners_write_is_understood() {
        let one = servers(&json!([{ "urls": "stun:a" }]));
        assert_eq!(one[0].urls, ["stun:a"]);
        let turn = json!({ "urls": ["turn:b"], "username": "u", "credential": "c" });
        let some = servers(&json!({ "1": turn, "2": { "url": "stun:old" }, "3": 7 }));
        assert_eq!(some.len(), 1);
        assert_eq!(some[0].credential.as_deref(), Some("c"));
        assert_eq!(servers(&json!(false)), []);
        assert_eq!(servers(&Value::Null)[0].urls, [DEFAULT_STUN]);
    }
}
