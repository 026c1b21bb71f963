//! Files that somebody has changed.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn valid() -> String {
    let signal =
        json!({ "type": "signal", "direction": "sent", "other": "b", "message": { "x": 1 } });
    let candidate = json!({ "type": "candidate", "side": "local", "candidate": { "candidate": "candidate:1" } });
    let state = with(json!({
        "kind": "state", "name": "signalingState", "detail": "stable",
        "connection": { "number": 4_294_967_295_u32, "to": "b" },
    }));
    let entries = [
        described("v=0\r\n"),
        with(json!({ "payload": signal })),
        with(json!({ "payload": candidate })),
        state,
    ];
    let stats = json!([{ "id": "D", "type": "data-channel", "timestamp": 1, "bytesSent": 7 }]);
    file(&entries, &[sample(1, stats.clone()), sample(1, stats)])
}

proptest! {
    /// Whatever is changed in a file, it is a recording that can be looked at and written, or it is
    /// refused.
    #[test]
    fn no_changed_file_makes_anything_panic(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..9, 0_usize..40), 1..6),
    ) {
        let mut text = valid().into_bytes();
        for (place, change, length) in changes {
            let at = place.index(text.len());
            let end = (at + length).min(text.len());
            let new: &[u8] = match change {
                0 => b"",
                1 => b"4294967295",
                2 => b"-1",
                3 => b"1e308",
                4 => b"null",
                5 => b"\"\"",
                6 => b"{}",
                7 => b"\\u0000",
                _ => b"9",
            };
            // In place of a piece, or of a whole number.
            let end = if change % 2 == 1 {
                let digits = text[at..].iter().take_while(|byte| byte.is_ascii_digit());
                at + digits.count()
            } else {
                end
            };
            text.splice(at..end, new.iter().copied());
            if text.is_empty() {
                break;
            }
        }
        if let Ok(recording) = Recording::from_json(&String::from_utf8_lossy(&text)) {
            look(&recording);
            prop_assert_eq!(Recording::from_json(&recording.to_file().json), Ok(recording.clone()));
            let redacted = recording.redacted();
            prop_assert_eq!(Recording::from_json(&redacted.to_file().json), Ok(redacted));
        }
    }

    #[test]
    fn any_field_may_be_anything(
        field in 0_usize..9,
        value in prop_oneof![
            Just(Value::Null), any::<i64>().prop_map(Value::from), any::<f64>().prop_map(Value::from),
            ".{0,9}".prop_map(Value::from), Just(json!([])), Just(json!({})), Just(json!([[{}]])),
        ],
    ) {
        let mut file: Value = serde_json::from_str(&valid()).unwrap();
        let place = [
            "/entries/0/atMs", "/entries/0/id", "/entries/0/connection/number", "/entries/1/payload/message",
            "/entries/0/payload/description/sdp", "/samples/1/atMs", "/samples/1/stats",
            "/samples/1/stats/0/bytesSent", "/samples/1/stats/0/timestamp",
        ][field];
        *file.pointer_mut(place).unwrap() = value;
        if let Ok(recording) = Recording::from_json(&file.to_string()) {
            look(&recording);
        }
    }
}
