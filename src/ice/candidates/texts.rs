//! The candidates' texts that a trace has of each connection.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use crate::inspection::connections::Unread;
use crate::sdp::candidate::Candidate;
use crate::trace::{Entry, Side};

/// So many of one connection are kept, the newest: another end may send any number.
const KEPT: usize = 1_000;

/// What was gathered or received, as it was signaled.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    pub(crate) side: Side,
    pub(crate) candidate: Candidate,
}

/// The texts by connection: a peer that connects anew begins with none.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Texts {
    of: BTreeMap<u32, VecDeque<Text>>,
    end: u64,
}

impl Texts {
    /// Makes it tell of the entries up to the end of these ids, as
    /// [`Paths::follow`](crate::inspection::paths::Paths::follow) does; whether that changed
    /// anything.
    pub(crate) fn follow(
        &mut self,
        ids: Range<u64>,
        read: impl FnOnce(Range<u64>, &mut dyn FnMut(&Entry)),
    ) -> bool {
        let Unread { ids, anew } = Unread::of(ids, &mut self.end);
        if anew {
            self.of.clear();
        }
        let mut changed = anew;
        if !ids.is_empty() {
            read(ids, &mut |entry| changed |= self.take_in(entry));
        }
        changed
    }

    /// Those of one connection.
    pub(crate) fn of(&self, connection: u32) -> impl Iterator<Item = &Text> {
        self.of.get(&connection).into_iter().flatten()
    }

    fn take_in(&mut self, entry: &Entry) -> bool {
        let side = match &*entry.name {
            "icecandidate" => Side::Local,
            "addIceCandidate" => Side::Remote,
            _ => return false,
        };
        let Some(of) = &entry.connection else {
            return false;
        };
        // An empty text ends a generation.
        let Ok(candidate) = Candidate::parse(&entry.detail.text()) else {
            return false;
        };
        let texts = self.of.entry(of.number).or_default();
        texts.push_back(Text { side, candidate });
        if texts.len() > KEPT {
            texts.pop_front();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Trace;

    const HOST: &str = "candidate:1 1 udp 2113937151 192.0.2.1 9 typ host";
    const OTHER: &str = "candidate:2 1 udp 2113937151 192.0.2.2 9 typ host";

    fn follow(texts: &mut Texts, trace: &Trace, end: u64) -> bool {
        texts.follow(0..end, |ids, f| trace.each(ids, f))
    }

    fn addresses(texts: &Texts, connection: u32) -> Vec<(Side, &str)> {
        let texts = texts.of(connection);
        texts
            .map(|text| (text.side, &*text.candidate.address))
            .collect()
    }

    #[test]
    fn a_connections_own_and_received_candidates_are_in_the_trace() {
        let trace = Trace::new(|| 0.0);
        let robin = trace.tracer("Robin").for_connection();
        robin.event("icecandidate", HOST);
        robin.event("icecandidate", "");
        robin.call("addIceCandidate", OTHER);
        robin.call("addTrack", "video");
        let mut texts = Texts::default();
        assert!(follow(&mut texts, &trace, trace.ids().end));
        let known = [(Side::Local, "192.0.2.1"), (Side::Remote, "192.0.2.2")];
        assert_eq!(addresses(&texts, 1), known);
        // Robin comes again, by the same name.
        let again = trace.tracer("Robin").for_connection();
        again.call("new RTCPeerConnection", "");
        assert!(!follow(&mut texts, &trace, trace.ids().end));
        again.call("addIceCandidate", HOST);
        assert!(follow(&mut texts, &trace, trace.ids().end));
        assert_eq!(addresses(&texts, 2), [(Side::Remote, "192.0.2.1")]);
        assert_eq!(addresses(&texts, 1), known);
        // A recording that is taken back.
        assert!(follow(&mut texts, &trace, 1));
        assert_eq!(addresses(&texts, 1), known[..1]);
        assert_eq!(addresses(&texts, 2), []);
    }

    #[test]
    fn however_many_come_the_memory_has_an_end() {
        let trace = Trace::new(|| 0.0);
        let tracer = trace.tracer("Robin").for_connection();
        for port in 1..=KEPT + 5 {
            tracer.call(
                "addIceCandidate",
                format!("candidate:1 1 udp 1 192.0.2.1 {port} typ host"),
            );
        }
        let mut texts = Texts::default();
        follow(&mut texts, &trace, trace.ids().end);
        assert_eq!(texts.of(1).count(), KEPT);
        assert_eq!(texts.of(1).next().unwrap().candidate.port, 6);
    }
}
