//! Recordings that come with the pages. `examples/README.md` tells how each was made.

/// A call that needed a relay: each peer is behind a router that takes a new outer port for each
/// destination.
pub(crate) const RELAY: &str = include_str!("examples/relay.json");

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use serde::Serialize;

    use super::*;
    use crate::ice::candidates::{Tables, Texts, connection_type, reasons};
    use crate::ice::reach::Reach;
    use crate::recording::redact::placeholder;
    use crate::recording::{Recording, Timelines};
    use crate::sdp::candidate::CandidateType;
    use crate::statistics::Timeline;
    use crate::trace::{Entry, Side};

    fn relay() -> Recording {
        Recording::from_json(RELAY).unwrap()
    }

    /// The only connection, at its end.
    fn measured(recording: &Recording) -> Timeline {
        let recorded = Timelines::new(recording.samples());
        let connections = recorded.connections(f64::INFINITY);
        assert_eq!(connections.len(), 1, "{connections:?}");
        recorded.timeline(connections[0], recording.samples().len())
    }

    fn tables_at(timeline: &Timeline, sample: usize) -> Tables {
        let reports: Vec<_> = timeline.samples().map(|sample| &sample.stats).collect();
        let earlier = reports[..sample].iter().rev().copied();
        Tables::new(reports[sample], &[]).since(earlier)
    }

    /// All words in this but for placeholders.
    fn told(value: impl Serialize) -> Vec<String> {
        let text = serde_json::to_string(&value).unwrap();
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && !"-.".contains(c));
        let words = words.filter(|word| !placeholder::looks_like_one(word));
        words.map(str::to_owned).collect()
    }

    #[test]
    fn it_is_small_and_tells_nobodys_address_or_fingerprint() {
        assert!(RELAY.len() < 250_000, "{} bytes", RELAY.len());
        let recording = relay();
        assert!(recording.is_redacted());
        assert_eq!(recording.left_out().to_string(), "24 samples of statistics");
        // Had anything been left, it would be found now.
        let (entries, samples) = (recording.entries().to_vec(), recording.samples().to_vec());
        let again = Recording::new(entries, samples).redacted();
        assert!(told(again.entries()) == told(recording.entries()));
        for (again, sample) in again.samples().iter().zip(recording.samples()) {
            assert_eq!(told(&again.stats), told(&sample.stats));
        }
        let words = RELAY.split(|c: char| !c.is_ascii_alphanumeric() && !".:".contains(c));
        for word in words {
            let address = word.trim_matches(['.', ':']).parse::<IpAddr>();
            let told = address.is_ok_and(|address| Reach::of(address) != Reach::Own);
            assert!(!told, "{word}");
            assert!(word.split(':').count() < 16, "{word}");
        }
        assert!(RELAY.contains("fingerprint-1") && RELAY.contains("ipv4-private-1"));
    }

    /// Files that were exported before have the details of their entries as texts.
    #[test]
    fn an_older_file_shows_the_same() {
        let mut older: serde_json::Value = serde_json::from_str(RELAY).unwrap();
        let entries = older["entries"].as_array_mut().unwrap();
        for (entry, now) in entries.iter_mut().zip(relay().entries()) {
            if entry.get("detail").is_some() {
                entry["detail"] = now.detail.to_string().into();
            }
        }
        let older = Recording::from_json(&older.to_string()).unwrap();
        assert_eq!(older.samples(), relay().samples());
        for (older, now) in older.entries().iter().zip(relay().entries()) {
            assert_eq!(older.detail.text(), now.detail.text());
            let detail = now.detail.clone();
            assert_eq!(
                &Entry {
                    detail,
                    ..older.clone()
                },
                now
            );
        }
    }

    #[test]
    fn it_shows_why_a_relay_was_used() {
        let recording = relay();
        let timeline = measured(&recording);
        let end = tables_at(&timeline, timeline.samples().len() - 1);
        let [own, other] = end.selected_ends().unwrap();
        assert_eq!(own.kind, CandidateType::Relayed);
        assert_ne!(other.kind, CandidateType::Relayed);
        assert_eq!(connection_type(&end).unwrap().name, "Relay");
        // Better pairs were tried all along …
        let early = reasons(&tables_at(&timeline, 3)).join(" ");
        assert!(
            early.contains("have a higher priority, but were not used"),
            "{early}"
        );
        assert!(
            early.contains("were checked, and no answer has come"),
            "{early}"
        );
        // … and the browser dropped them in the end.
        let late = reasons(&end).join(" ");
        assert!(
            late.contains("that the browser has dropped since"),
            "{late}"
        );
        assert!(
            late.contains("were checked, and no answer has come"),
            "{late}"
        );
        let direct = end.dropped.iter().filter(|pair| {
            let ends = [&pair.local, &pair.remote].map(|id| end.candidate(id).unwrap());
            let direct = ends.iter().all(|end| end.kind != CandidateType::Relayed);
            direct && pair.requests_sent > Some(0.0) && pair.responses_received == Some(0.0)
        });
        assert!(direct.count() >= 2);
    }

    #[test]
    fn it_shows_what_the_connection_cost_and_every_type_of_candidate() {
        let recording = relay();
        let timeline = measured(&recording);
        let end = tables_at(&timeline, timeline.samples().len() - 1);
        let pair = end.selected().unwrap();
        assert!(pair.bytes_sent > Some(1e6) && pair.bytes_received > Some(1e6));
        assert!(pair.round_trip_ms > Some(40.0), "{:?}", pair.round_trip_ms);
        let mut texts = Texts::default();
        let entries = recording.entries();
        texts.follow(0..entries.len() as u64, |ids, f| {
            let range = ids.start as usize..ids.end as usize;
            entries[range].iter().for_each(f);
        });
        let number = recording.samples()[0].connection;
        for side in [Side::Local, Side::Remote] {
            for kind in [
                CandidateType::Host,
                CandidateType::ServerReflexive,
                CandidateType::Relayed,
            ] {
                let mut of_it = texts.of(number);
                let found = of_it.any(|text| text.side == side && text.candidate.kind == kind);
                assert!(found, "{side:?} {kind}");
            }
        }
    }
}
