//! PURE: what clients say to each other, in the sizes and the proportion of a real negotiation:
//! one description of 2 to 4 KiB, then eight candidates of some 200 bytes, and again.

use std::fmt::Write;

use crate::probe::Probe;

/// Candidates after each description: host, server reflexive and relayed ones of two interfaces.
const CANDIDATES: u64 = 8;

/// Sizes of the descriptions, in bytes: from one data channel to a few media sections.
const DESCRIPTION_BYTES: [usize; 5] = [2048, 2560, 3072, 3584, 4096];

/// What a message is, for dialects that say so outside the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Offer,
    Answer,
    Candidate,
}

impl Kind {
    /// Of a pair the client that came first offers, the other answers.
    pub(crate) fn of(probe: &Probe) -> Self {
        match probe.seq % (CANDIDATES + 1) {
            1 if probe.from < probe.to => Self::Offer,
            1 => Self::Answer,
            _ => Self::Candidate,
        }
    }
}

/// Ready-made texts, because making them anew would cost more than relaying them.
#[derive(Debug)]
pub(crate) struct Payloads {
    /// As they stand in JSON, of [`DESCRIPTION_BYTES`].
    sdp: Vec<String>,
}

impl Payloads {
    pub(crate) fn new() -> Self {
        Self {
            sdp: DESCRIPTION_BYTES.map(sdp).into(),
        }
    }

    /// The payload of the message that `probe` describes, as JSON.
    pub(crate) fn payload(&self, probe: &Probe) -> String {
        let kind = Kind::of(probe);
        let mut text = String::with_capacity(match kind {
            Kind::Candidate => 320,
            _ => 4096 + 128,
        });
        // Writing to a string cannot fail.
        let _ = write!(text, r#"{{"connection":"{probe}","#);
        let _ = match kind {
            Kind::Offer => self.description(&mut text, "offer", probe),
            Kind::Answer => self.description(&mut text, "answer", probe),
            Kind::Candidate => candidate(&mut text, probe.seq % (CANDIDATES + 1)),
        };
        text
    }

    fn description(&self, text: &mut String, kind: &str, probe: &Probe) -> std::fmt::Result {
        let nth = usize::try_from(probe.seq / (CANDIDATES + 1)).unwrap_or_default();
        let sdp = &self.sdp[(probe.from + nth) % self.sdp.len()];
        write!(text, r#""description":{{"type":"{kind}","sdp":"{sdp}"}}}}"#)
    }
}

fn candidate(text: &mut String, nth: u64) -> std::fmt::Result {
    let port = 50_000 + nth;
    write!(
        text,
        r#""candidate":{{"candidate":"candidate:{nth} 1 udp 2122252543 192.0.2.{nth} {port} typ srflx raddr 10.0.0.{nth} rport {port} ufrag Yf0T","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"Yf0T"}}}}"#
    )
}

/// A session description of about `bytes`, as it stands in JSON.
fn sdp(bytes: usize) -> String {
    let mut text = String::from(
        r"v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96 97\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:Yf0T\r\na=ice-pwd:5xJ2bRkQ0cP7sWv3nLz8uEyA\r\na=setup:actpass\r\n",
    );
    for payload_type in 96.. {
        let before = text.len();
        let _ = write!(
            text,
            r"a=rtpmap:{payload_type} VP9/90000\r\na=rtcp-fb:{payload_type} nack pli\r\na=fmtp:{payload_type} profile-id=0\r\n"
        );
        if text.len() > bytes {
            text.truncate(before);
            break;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(from: usize, to: usize, seq: u64) -> Probe {
        Probe {
            from,
            to,
            seq,
            due: 1_000_000_000,
        }
    }

    #[test]
    fn payloads_are_what_two_browsers_say() {
        let payloads = Payloads::new();
        for seq in 1..100 {
            let probe = probe(1, 2, seq);
            let text = payloads.payload(&probe);
            let message: signaling_protocol::PeerMessage = serde_json::from_str(&text).unwrap();
            assert!(message.signal.is_some());
            assert_eq!(Probe::find(&text), Some(probe));
        }
    }

    #[test]
    fn sizes_are_realistic() {
        let payloads = Payloads::new();
        for seq in 1..100 {
            let probe = probe(7, 2, seq);
            let bytes = payloads.payload(&probe).len();
            match Kind::of(&probe) {
                Kind::Candidate => assert!((180..260).contains(&bytes), "{bytes}"),
                _ => assert!((1900..4200).contains(&bytes), "{bytes}"),
            }
        }
    }

    #[test]
    fn one_offers_the_other_answers_and_candidates_follow() {
        assert_eq!(Kind::of(&probe(1, 2, 1)), Kind::Offer);
        assert_eq!(Kind::of(&probe(2, 1, 1)), Kind::Answer);
        assert_eq!(Kind::of(&probe(1, 2, 9)), Kind::Candidate);
        assert_eq!(Kind::of(&probe(1, 2, 10)), Kind::Offer);
        let descriptions = (1..=90).filter(|seq| Kind::of(&probe(1, 2, *seq)) != Kind::Candidate);
        assert_eq!(descriptions.count(), 10);
    }
}
