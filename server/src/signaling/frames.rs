//! Messages as the texts that travel.

use axum::extract::ws::Utf8Bytes;
use serde_json::value::RawValue;
use signaling_protocol::{ErrorCode, ErrorMessage, ServerMessage};

use crate::signaling::rooms::SeatId;

pub(crate) fn serialised(message: &ServerMessage) -> String {
    // Strings, numbers and texts that are JSON already: there is nothing that could fail.
    serde_json::to_string(message).unwrap_or_default()
}

pub(crate) fn error(code: ErrorCode, text: &str) -> Utf8Bytes {
    serialised(&ServerMessage::Error(ErrorMessage::new(code, text))).into()
}

/// [`ServerMessage::Signal`] with its number, written in one go: most of all traffic is this.
pub(crate) fn signal(seq: u64, from: SeatId, signal: &RawValue) -> Utf8Bytes {
    use std::fmt::Write;

    const ENVELOPE: usize = 104;
    let signal = signal.get();
    let mut text = String::with_capacity(ENVELOPE + signal.len());
    let from = from.0;
    // Writing to a string does not fail.
    let _ = write!(
        text,
        r#"{{"seq":{seq},"type":"signal","from":"{from:032x}","signal":"#
    );
    text.push_str(signal);
    text.push('}');
    text.into()
}

#[cfg(test)]
mod tests {
    use signaling_protocol::numbered;

    use super::*;
    use crate::signaling::rooms::MAX_SIGNAL_BYTES;

    #[test]
    fn a_signal_is_what_serde_would_write() {
        let payload = RawValue::from_string("{\"a\": 1}".to_owned()).unwrap();
        let message = ServerMessage::Signal {
            from: SeatId(7).peer_id(),
            signal: payload.clone(),
        };
        let expected = numbered(&serialised(&message), 3);
        assert_eq!(signal(3, SeatId(7), &payload).as_str(), expected);
    }

    #[test]
    fn the_longest_signal_with_the_greatest_number_fits() {
        let payload = RawValue::from_string("1".repeat(MAX_SIGNAL_BYTES)).unwrap();
        let text = signal(u64::MAX, SeatId(u128::MAX), &payload);
        assert_eq!(text.len(), signaling_protocol::MAX_MESSAGE_BYTES);
        let specification = include_str!("../../protocol/README.md");
        let row = format!("| the value of a `signal`, in bytes | {MAX_SIGNAL_BYTES} |");
        assert!(specification.contains(&row), "{row}");
    }
}
