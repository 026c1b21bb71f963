//! The descriptions that were exchanged, in order. Pure.

use std::collections::BTreeMap;
use std::ops::Range;

use super::ladder::PAGE;
use crate::sdp::Round;
use crate::trace::{ConnectionRef, Entry, Payload, Side};

/// The rounds of all connections of a trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Descriptions {
    rounds: Vec<Round>,
    /// Where both ends are in this trace: the end that wrote first, by the end that read.
    first_ends: BTreeMap<u32, u32>,
    end: u64,
}

impl Descriptions {
    /// Each description once, also where both its writer and its reader are in the trace.
    pub fn rounds(&self) -> &[Round] {
        &self.rounds
    }

    /// Makes it tell of the entries up to the end of these ids, as
    /// [`Paths::follow`](super::paths::Paths::follow) does; whether that changed anything.
    pub fn follow(
        &mut self,
        ids: Range<u64>,
        read: impl FnOnce(Range<u64>, &mut dyn FnMut(&Entry)),
    ) -> bool {
        let before = self.rounds.len();
        let restarted = ids.end < self.end;
        if restarted {
            *self = Self::default();
        }
        let new = self.end.max(ids.start)..ids.end;
        self.end = ids.end;
        if !new.is_empty() {
            read(new, &mut |entry| self.take_in(entry));
        }
        restarted || self.rounds.len() != before
    }

    fn take_in(&mut self, entry: &Entry) {
        let (Some(of), Some(payload)) = (&entry.connection, &entry.payload) else {
            return;
        };
        let Payload::Description { side, description } = &**payload else {
            return;
        };
        if *side == Side::Remote && self.is_known(of, description.kind, &description.sdp) {
            return;
        }
        let first = self.first_ends.get(&of.number).copied();
        self.rounds.push(Round {
            id: entry.id,
            connection: first.unwrap_or(of.number).to_string(),
            who: writer(entry, of, *side),
            kind: description.kind,
            sdp: description.sdp.clone(),
        });
    }

    /// Whether the other end, which is in this trace too, wrote it; then the two belong together.
    fn is_known(
        &mut self,
        of: &ConnectionRef,
        kind: signaling_protocol::SdpType,
        sdp: &str,
    ) -> bool {
        let mut written = self.rounds.iter().rev();
        let Some(round) = written.find(|round| round.kind == kind && round.sdp == sdp) else {
            return false;
        };
        let first = round.connection.parse().ok();
        if let Some(first) = first.filter(|first| *first != of.number) {
            self.first_ends.entry(of.number).or_insert(first);
        }
        true
    }
}

/// In a call the connection is named after whom it leads to; in one page after its own end.
fn writer(entry: &Entry, of: &ConnectionRef, side: Side) -> String {
    let leads_away = of.to.as_ref().is_none_or(|to| *to == entry.peer);
    match (side, &of.to) {
        (Side::Local, Some(_)) if leads_away => "you".to_owned(),
        (Side::Local, _) => entry.peer.to_string(),
        (Side::Remote, Some(to)) if **to == *PAGE => "you".to_owned(),
        (Side::Remote, Some(to)) => to.to_string(),
        (Side::Remote, None) => "the other end".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use signaling_protocol::{SdpType, SessionDescription};

    use super::*;
    use crate::trace::{Trace, Tracer};

    fn set(tracer: &Tracer, side: Side, kind: SdpType, sdp: &str) {
        let description = SessionDescription {
            kind,
            sdp: sdp.to_owned(),
        };
        let payload = Payload::Description { side, description };
        tracer.with(payload).call("set", "");
    }

    fn followed(trace: &Trace) -> Descriptions {
        let mut descriptions = Descriptions::default();
        follow(&mut descriptions, trace);
        descriptions
    }

    fn follow(descriptions: &mut Descriptions, trace: &Trace) -> bool {
        let entries = trace.entries();
        descriptions.follow(0..entries.len() as u64, |ids, f| {
            let new = entries.iter().filter(|entry| ids.contains(&entry.id));
            new.for_each(f);
        })
    }

    fn shown(descriptions: &Descriptions) -> Vec<(String, String, SdpType)> {
        let rounds = descriptions.rounds().iter();
        rounds
            .map(|round| (round.connection.clone(), round.who.clone(), round.kind))
            .collect()
    }

    #[test]
    fn in_one_page_each_description_is_there_once() {
        let trace = Trace::new(|| 0.0);
        let one = trace
            .tracer("localPeer")
            .toward("remotePeer")
            .for_connection();
        let other = trace
            .tracer("remotePeer")
            .toward("localPeer")
            .for_connection();
        for text in ["first", "second"] {
            set(&one, Side::Local, SdpType::Offer, text);
            set(&other, Side::Remote, SdpType::Offer, text);
            set(
                &other,
                Side::Local,
                SdpType::Answer,
                &format!("{text} answer"),
            );
            set(
                &one,
                Side::Remote,
                SdpType::Answer,
                &format!("{text} answer"),
            );
        }
        let row = |who: &str, kind| ("1".to_owned(), who.to_owned(), kind);
        let round = [
            row("localPeer", SdpType::Offer),
            row("remotePeer", SdpType::Answer),
        ];
        assert_eq!(shown(&followed(&trace)), [round.clone(), round].concat());
    }

    #[test]
    fn in_a_call_the_others_are_written_by_the_other() {
        let trace = Trace::new(|| 0.0);
        let robin = trace.tracer("Robin").toward("Robin").for_connection();
        set(&robin, Side::Remote, SdpType::Offer, "o");
        set(&robin, Side::Local, SdpType::Answer, "a");
        let row = |who: &str, kind| ("1".to_owned(), who.to_owned(), kind);
        assert_eq!(
            shown(&followed(&trace)),
            [row("Robin", SdpType::Offer), row("you", SdpType::Answer)]
        );
    }

    #[test]
    fn what_was_seen_is_not_read_again() {
        let trace = Trace::new(|| 0.0);
        let peer = trace.tracer("peer").for_connection();
        set(&peer, Side::Local, SdpType::Offer, "o");
        let mut descriptions = Descriptions::default();
        assert!(follow(&mut descriptions, &trace));
        assert!(!follow(&mut descriptions, &trace));
        peer.event("icecandidate", "");
        assert!(!follow(&mut descriptions, &trace));
        // A recording that is taken back.
        assert!(descriptions.follow(0..0, |_, _| unreachable!()));
        assert_eq!(descriptions.rounds(), []);
    }
}
