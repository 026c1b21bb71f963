//! An entry as one browser tells it to another, which believes none of it. Pure.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::trace::vocabulary::PAGE;
use crate::trace::{ConnectionRef, Detail, Entry, Kind, Payload, Source};

/// Larger payloads are left out, by both ends.
const MOST_PAYLOAD_BYTES: usize = 48 * 1024;
/// … and so is one that makes an entry longer than this when it is written: JSON may take six bytes
/// for one.
const MOST_WRITTEN_BYTES: usize = 60 * 1024;
/// Longer texts are cut.
const MOST_NAME_CHARS: usize = 80;
const MOST_DETAIL_CHARS: usize = 1000;
const MOST_FILE_CHARS: usize = 120;
/// No trace is so long.
const FURTHEST_MS: f64 = 1e12;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    at_ms: f64,
    kind: Kind,
    name: String,
    #[serde(default, skip_serializing_if = "Detail::is_empty")]
    detail: Detail,
    file: String,
    line: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    connection: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<Value>,
}

/// Whether an entry is about the connection with `other`, or about a signal to or from there.
pub(super) fn concerns(entry: &Entry, other: &str) -> bool {
    match (&entry.connection, entry.payload.as_deref()) {
        (Some(of), _) => of.to.as_deref() == Some(other),
        (None, Some(Payload::Signal { other: of, .. })) => of.as_deref() == Some(other),
        _ => false,
    }
}

/// As it is sent, and how many bytes that takes. Whose entry it is and to whom a connection or signal
/// leads is left out, because the reader knows; its texts and its signal may still name either.
pub(super) fn write(entry: &Entry) -> Option<(Value, usize)> {
    let small = |payload: &&Arc<Payload>| payload.size() <= MOST_PAYLOAD_BYTES;
    let payload = entry.payload.as_ref().filter(small).map(|payload| {
        let payload = match &**payload {
            Payload::Signal {
                direction, message, ..
            } => serde_json::to_value(Payload::Signal {
                direction: *direction,
                other: None,
                message: message.clone(),
            }),
            payload => serde_json::to_value(payload),
        };
        payload.ok()
    });
    let mut written = Written {
        at_ms: entry.at_ms,
        kind: entry.kind,
        name: cut(entry.name.to_string(), MOST_NAME_CHARS),
        detail: entry.detail.first_chars(MOST_DETAIL_CHARS),
        file: cut(entry.source.file.to_string(), MOST_FILE_CHARS),
        line: entry.source.line,
        connection: entry.connection.as_ref().map(|of| of.number),
        payload: payload.flatten(),
    };
    let mut bytes = serde_json::to_string(&written).ok()?.len();
    if bytes > MOST_WRITTEN_BYTES {
        written.payload = None;
        bytes = serde_json::to_string(&written).ok()?.len();
    }
    Some((serde_json::to_value(written).ok()?, bytes))
}

/// What `peer` sent, as if it stood in our trace, by its clock and with its number of the
/// connection: it happened at that peer, and at the other end of its connection and its signals
/// is this page. `None` of what makes no sense.
pub(super) fn read(value: Value, peer: &Arc<str>) -> Option<Entry> {
    let written: Written = serde_json::from_value(value).ok()?;
    if !(-FURTHEST_MS..=FURTHEST_MS).contains(&written.at_ms) {
        return None;
    }
    // A payload of a later version is no reason to forget the rest.
    let payload = written
        .payload
        .and_then(|value| serde_json::from_value::<Payload>(value).ok())
        .filter(|payload| payload.size() <= MOST_PAYLOAD_BYTES);
    let payload = match payload {
        Some(Payload::Signal {
            direction, message, ..
        }) => Some(Payload::Signal {
            direction,
            other: Some(PAGE.to_owned()),
            message,
        }),
        payload => payload,
    };
    let is_signal = matches!(payload, Some(Payload::Signal { .. }));
    if written.connection.is_none() && !is_signal {
        return None;
    }
    Some(Entry {
        id: 0,
        at_ms: written.at_ms,
        peer: peer.clone(),
        kind: written.kind,
        name: Cow::Owned(cut(written.name, MOST_NAME_CHARS)),
        detail: written.detail.first_chars(MOST_DETAIL_CHARS),
        source: Source {
            file: Cow::Owned(cut(written.file, MOST_FILE_CHARS)),
            line: written.line,
        },
        connection: written.connection.map(|number| ConnectionRef {
            number,
            to: Some(Arc::from(PAGE)),
        }),
        payload: payload.map(Arc::new),
    })
}

fn cut(mut text: String, chars: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(chars) {
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;
    use signaling_protocol::{SdpType, SessionDescription};

    use super::*;
    use crate::recording::Recording;
    use crate::trace::{Direction, Side, Trace};

    fn peer() -> Arc<str> {
        Arc::from("r0b1n")
    }

    #[test]
    fn what_concerns_the_two_is_told_and_stands_at_the_other() {
        let trace = Trace::new(|| 0.0);
        let connection = trace.tracer("k1m").toward("k1m").for_connection();
        let description = SessionDescription {
            kind: SdpType::Offer,
            sdp: "v=0\r\n".to_owned(),
        };
        let side = Side::Remote;
        connection
            .with(Payload::Description { side, description })
            .call("setRemoteDescription", "offer");
        let signal = |direction, other: &str| Payload::Signal {
            direction,
            other: Some(other.to_owned()),
            message: json!({ "connection": "c" }),
        };
        let signaling = trace.tracer("signaling");
        signaling
            .with(signal(Direction::Sent, "k1m"))
            .signal("send", "answer to k1m");
        // Nobody else's business.
        signaling
            .with(signal(Direction::Sent, "s4m"))
            .signal("send", "answer to s4m");
        trace
            .tracer("s4m")
            .toward("s4m")
            .for_connection()
            .call("close", "");
        trace.tracer("page").call("getUserMedia", "");

        let entries = trace.entries();
        let concerning: Vec<_> = entries
            .iter()
            .filter(|entry| concerns(entry, "k1m"))
            .collect();
        assert_eq!(concerning.len(), 2);
        let read: Vec<_> = concerning
            .iter()
            .map(|entry| read(write(entry).unwrap().0, &peer()).unwrap())
            .collect();
        assert_eq!(read[0].peer, peer());
        let of = read[0].connection.as_ref().unwrap();
        assert_eq!((of.number, of.to.as_deref()), (1, Some(PAGE)));
        assert_eq!(read[0].payload, concerning[0].payload);
        assert_eq!(read[0].source, concerning[0].source);
        assert_eq!(read[1].peer, peer());
        let Some(Payload::Signal { other, .. }) = read[1].payload.as_deref() else {
            panic!("no signal");
        };
        assert_eq!(other.as_deref(), Some(PAGE));
    }

    #[test]
    fn what_is_too_large_or_makes_no_sense_is_left_out() {
        let fine = json!({
            "atMs": 1.5, "kind": "call", "name": "n", "file": "f", "line": 1, "connection": 1,
            "payload": { "type": "value", "value": 1 },
        });
        let with = |key: &str, value: Value| {
            let mut entry = fine.clone();
            entry[key] = value;
            read(entry, &peer())
        };
        assert!(read(fine.clone(), &peer()).unwrap().payload.is_some());
        assert_eq!(with("atMs", json!(1e300)), None);
        assert_eq!(with("atMs", json!(null)), None);
        assert_eq!(with("kind", json!("miracle")), None);
        assert_eq!(with("connection", json!(-1)), None);
        assert_eq!(with("connection", json!(null)), None, "it concerns nobody");
        assert_eq!(read(json!([1]), &peer()), None);
        let long = with("detail", json!("ä".repeat(5000))).unwrap();
        assert_eq!(long.detail.text().chars().count(), MOST_DETAIL_CHARS);
        for before in MOST_DETAIL_CHARS - 20..=MOST_DETAIL_CHARS {
            let text = format!("{} 2a00:1450:4001:81b::2004", "x".repeat(before));
            let cut = with("detail", json!(text)).unwrap();
            let shown = Recording::new(vec![cut], Vec::new()).redacted();
            assert!(!shown.to_file().json.contains("2a00"), "{before}");
        }
        let large = json!({ "type": "value", "value": "x".repeat(MOST_PAYLOAD_BYTES + 1) });
        assert_eq!(with("payload", large).unwrap().payload, None);
        assert_eq!(
            with("payload", json!({ "type": "new" })).unwrap().payload,
            None
        );
    }

    #[test]
    fn a_large_payload_is_not_sent() {
        let trace = Trace::new(|| 0.0);
        let large = Payload::Value {
            value: json!("x".repeat(MOST_PAYLOAD_BYTES + 1)),
        };
        trace
            .tracer("k1m")
            .for_connection()
            .with(large)
            .call("n", "");
        let (written, bytes) = write(&trace.entries()[0]).unwrap();
        assert!(written.get("payload").is_none());
        assert!(written.to_string().len() == bytes && bytes < 500);
    }

    proptest! {
        /// Also where JSON takes six bytes for one.
        #[test]
        fn nothing_is_written_longer_than_it_may_be(
            text in "[\u{0}-\u{1f}\"äa😀]{1,4}", times in 1_usize..60_000, what in 0_u8..4,
        ) {
            let long = text.repeat(times);
            let trace = Trace::new(|| 0.0);
            let tracer = trace.tracer("k1m").toward("k1m").for_connection();
            match what {
                0 => tracer.call("n", long),
                1 => tracer.call(long, ""),
                2 => tracer.with(Payload::Value { value: json!(vec![1e-300; times]) }).call("n", ""),
                _ => tracer.with(Payload::Value { value: json!(long) }).call("n", ""),
            }
            let (written, bytes) = write(&trace.entries()[0]).unwrap();
            prop_assert!(bytes <= MOST_WRITTEN_BYTES, "{}", bytes);
            prop_assert_eq!(written.to_string().len(), bytes);
            prop_assert!(read(written, &peer()).is_some());
        }

        #[test]
        fn any_text_is_read_without_panic(text in ".{0,200}", line in any::<u32>()) {
            let entry = json!({
                "atMs": 1.0, "kind": "event", "name": text, "detail": text, "file": text,
                "line": line, "connection": line,
            });
            let read = read(entry, &peer()).unwrap();
            prop_assert!(read.name.chars().count() <= MOST_NAME_CHARS);
            prop_assert!(text.starts_with(&*read.name));
        }
    }
}
