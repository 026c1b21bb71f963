//! A message as the history shows it: not kept whole, because it may be large.

use crate::lab::pair::End;
use crate::rtc::data_channel::Message;

/// A message that one end sent or received.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MessageRow {
    pub(crate) id: u64,
    /// Milliseconds since the start.
    pub(crate) at_ms: f64,
    pub(crate) end: End,
    pub(crate) sent: bool,
    /// `text` or `binary`
    pub(crate) kind: &'static str,
    /// Bytes.
    pub(crate) size: usize,
    /// How it begins; binary in hexadecimal.
    pub(crate) beginning: String,
}

impl MessageRow {
    pub(super) fn new(id: u64, at_ms: f64, end: End, sent: bool, message: &Message) -> Self {
        Self {
            id,
            at_ms,
            end,
            sent,
            kind: match message {
                Message::Text(_) => "text",
                Message::Binary(_) => "binary",
            },
            size: message.size(),
            beginning: beginning(message),
        }
    }
}

fn beginning(message: &Message) -> String {
    let (shown, more) = match message {
        Message::Text(text) => {
            let mut rest = text.chars();
            let shown: String = rest.by_ref().take(80).collect();
            (shown, rest.next().is_some())
        }
        Message::Binary(bytes) => {
            let shown: Vec<_> = bytes.iter().take(16).map(|b| format!("{b:02x}")).collect();
            (shown.join(" "), bytes.len() > 16)
        }
    };
    if more { shown + " …" } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_cut_ends_in_an_ellipsis() {
        let text = |count| beginning(&Message::Text("ü".repeat(count)));
        assert_eq!(text(80), "ü".repeat(80));
        assert_eq!(text(81), "ü".repeat(80) + " …");
        let bytes = |count| beginning(&Message::Binary(vec![171; count]));
        assert_eq!(bytes(2), "ab ab");
        assert!(bytes(17).ends_with("ab …") && !bytes(16).contains('…'));
    }
}
