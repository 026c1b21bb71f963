//! What of our trace is still to be sent to one other person. Pure.

use serde_json::Value;
use signaling_protocol::TraceMessage;

use super::wire_entry;
use crate::trace::Trace;

/// About so many bytes go in one message; one larger entry goes alone. The longest that can be written
/// is shorter than the 64 KiB that every end takes (RFC 8841, section 6.1).
const BATCH_BYTES: usize = 16 * 1024;

#[derive(Debug)]
pub(super) struct Outbox {
    /// The other, as our trace calls it.
    other: String,
    /// The first entry that was not looked at.
    next: u64,
    /// Where the last message began.
    before: u64,
}

impl Outbox {
    /// From the beginning of the newest connection to `other`, as far as the trace has it.
    pub(super) fn new(trace: &Trace, other: &str) -> Self {
        let mut newest = None;
        let mut begin = trace.ids().end;
        // An offer may come before there is a connection for it.
        let mut signals = None;
        trace.each(trace.ids(), |entry| {
            if entry.connection.is_none() && wire_entry::concerns(entry, other) {
                signals.get_or_insert(entry.id);
            }
            let of = entry.connection.as_ref();
            let of = of.filter(|of| of.to.as_deref() == Some(other));
            if let Some(of) = of
                && newest.is_none_or(|newest| of.number > newest)
            {
                newest = Some(of.number);
                begin = signals.unwrap_or(entry.id);
            }
            // The end of an earlier connection comes after the offer that replaces it.
            if of.is_some() && entry.name != "close" {
                signals = None;
            }
        });
        Self {
            other: other.to_owned(),
            next: begin,
            before: begin,
        }
    }

    /// The next message, and whether there is more to tell at once.
    pub(super) fn batch(&mut self, trace: &Trace) -> (TraceMessage, bool) {
        let now_ms = trace.now_ms();
        let end = trace.ids().end;
        let (mut entries, mut size) = (Vec::<Value>::new(), 0);
        // Where the log was full, the first may be gone.
        self.next = self.next.max(trace.ids().start);
        self.before = self.next;
        let mut last_ms = None;
        while self.next < end {
            let (mut written, mut at_ms) = (None, now_ms);
            trace.each(self.next..self.next + 1, |entry| {
                at_ms = entry.at_ms;
                if wire_entry::concerns(entry, &self.other) {
                    written = wire_entry::write(entry);
                }
            });
            if let Some((written, bytes)) = written {
                if !entries.is_empty() && size + bytes > BATCH_BYTES {
                    break;
                }
                size += bytes + 1;
                entries.push(written);
            }
            last_ms = Some(at_ms);
            self.next += 1;
        }
        let more = self.next < end;
        let up_to_ms = match last_ms.filter(|_| more) {
            Some(last_ms) => last_ms,
            None => now_ms,
        };
        (TraceMessage::Entries { entries, up_to_ms }, more)
    }

    /// The last message could not be sent.
    pub(super) fn take_back(&mut self) {
        self.next = self.before;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;
    use crate::trace::Tracer;

    fn trace() -> (Trace, Tracer) {
        let clock = Rc::new(Cell::new(0.0));
        let trace = Trace::new(move || clock.replace(clock.get() + 1.0));
        let tracer = trace.tracer("k1m").toward("k1m");
        (trace, tracer)
    }

    fn all(outbox: &mut Outbox, trace: &Trace) -> Vec<String> {
        let mut names = Vec::new();
        let mut before = f64::NEG_INFINITY;
        loop {
            let (message, more) = outbox.batch(trace);
            let TraceMessage::Entries { entries, up_to_ms } = &message else {
                panic!("{message:?}");
            };
            assert!(serde_json::to_string(&message).unwrap().len() < 2 * BATCH_BYTES);
            for entry in entries {
                let at_ms = entry["atMs"].as_f64().unwrap();
                assert!(at_ms >= before && at_ms <= *up_to_ms);
                names.push(entry["name"].as_str().unwrap().to_owned());
            }
            before = *up_to_ms;
            if !more {
                return names;
            }
        }
    }

    #[test]
    fn it_begins_with_the_present_connection_and_tells_each_entry_once() {
        let (trace, toward) = trace();
        toward.for_connection().call("earlier", "");
        let present = toward.for_connection();
        for number in 0..300 {
            present.call(number.to_string(), "x".repeat(500));
            trace
                .tracer("s4m")
                .toward("s4m")
                .for_connection()
                .call("other", "");
        }
        let mut outbox = Outbox::new(&trace, "k1m");
        let expected: Vec<_> = (0..300).map(|number| number.to_string()).collect();
        assert_eq!(all(&mut outbox, &trace), expected);
        assert_eq!(all(&mut outbox, &trace), [""; 0]);
        present.call("later", "");
        assert_eq!(all(&mut outbox, &trace), ["later"]);
    }

    #[test]
    fn what_the_trace_forgot_is_passed_over() {
        let (trace, toward) = trace();
        let present = toward.for_connection();
        present.call("first", "");
        let mut outbox = Outbox::new(&trace, "k1m");
        for _ in 0..Trace::CAPACITY {
            trace.tracer("page").event("e", "");
        }
        present.call("second", "");
        assert_eq!(all(&mut outbox, &trace), ["second"]);
        assert_eq!(all(&mut Outbox::new(&trace, "nobody"), &trace), [""; 0]);
    }
}
