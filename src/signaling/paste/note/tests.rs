use proptest::prelude::*;
use signaling_protocol::{ConnectionId, IceCandidate, PeerSignal, SdpType, SessionDescription};

use super::*;

/// As small as a real one can be, written when this version of the texts was new.
const WRITTEN_EARLIER: &str = "wt1.AGSl2TEKgDAMheG75AQqaaq7Tp6iJi06uHl_DA4iWmxLTxB4w0_gS4qT_qGWhdmboAH0BLdAzdsOfwiFRF2_4OAaK8E4gSKUestTZOfIgYzd22_UH0qLWs86Dj2mcb2mPQF6af3L2lDntg";

fn note(sdp: &str, candidates: &[String]) -> Note {
    let signals = candidates.iter().map(|candidate| {
        PeerSignal::Candidate(IceCandidate {
            candidate: candidate.clone(),
            sdp_mid: Some("0".to_owned()),
            sdp_m_line_index: Some(0),
            username_fragment: Some("tEDh".to_owned()),
        })
    });
    let description = PeerSignal::Description(SessionDescription {
        kind: SdpType::Offer,
        sdp: sdp.to_owned(),
    });
    let messages = [description].into_iter().chain(signals);
    Note {
        kind: Kind::Invitation,
        exchange: "0017cdcce5f361e6".to_owned(),
        name: "Kim".to_owned(),
        messages: messages
            .map(|signal| PeerMessage {
                connection: ConnectionId::new("46628b49a07df5ad"),
                remote_connection: None,
                signal: Some(signal),
            })
            .collect(),
    }
}

fn sample() -> Note {
    let candidate = "candidate:1 1 udp 2122063615 192.0.2.2 34267 typ host";
    note("v=0\r\ns=-\r\nt=0 0\r\n", &[candidate.to_owned()])
}

#[test]
fn a_text_that_was_written_earlier_can_be_read() {
    assert_eq!(decode(WRITTEN_EARLIER), Ok(sample()));
}

#[test]
fn what_browsers_offer_becomes_a_tenth() {
    // The dictionary is made of offers, so half of it is one.
    let dictionary = std::str::from_utf8(DICTIONARY).unwrap();
    let offers: Vec<_> = dictionary.matches("{\"kind\"").collect();
    assert_eq!(offers.len(), 2);
    let sdp = &dictionary[dictionary.rfind("v=0").unwrap()..];
    let text = encode(&note(&sdp.replace("\\r\\n", "\r\n")[..5000], &[]));
    assert!(text.len() < 500, "{} characters", text.len());
}

#[test]
fn it_is_found_in_a_link_and_among_other_words() {
    let text = encode(&sample());
    let (half, rest) = text.split_at(text.len() / 2);
    for text in [
        format!("https://example.org/call/kitchen?via=paste#{text}"),
        format!("Here it is:\n\n  {half}\r\n{rest}\n"),
        format!("<{text}>"),
    ] {
        assert!(is_in(&text));
        assert_eq!(decode(&text), Ok(sample()));
    }
}

#[test]
fn what_is_none_is_said_to_be_none() {
    for text in [
        "",
        "hello",
        "https://example.org/call/kitchen",
        "wt",
        "WT1.",
    ] {
        assert_eq!(decode(text), Err(Damage::NotOne));
    }
    for text in ["wt1.", "wt1.A", "wt1.AAAA", "wt1.!"] {
        assert_eq!(decode(text), Err(Damage::Incomplete));
    }
}

#[test]
fn a_text_that_was_cut_off_is_incomplete() {
    let text = encode(&sample());
    for length in PREFIX.len()..text.len() {
        assert_eq!(decode(&text[..length]), Err(Damage::Incomplete), "{length}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        sdp in "\\PC{0,3000}",
        candidates in proptest::collection::vec("\\PC{0,80}", 0..9),
        name in "\\PC{0,40}",
    ) {
        let note = Note { name, ..note(&sdp, &candidates) };
        let text = encode(&note);
        prop_assert_eq!(decode(&text), Ok(note));
    }

    /// Some character replaced, left out, or put in.
    #[test]
    fn any_damage_is_noticed(at in any::<proptest::sample::Index>(), by in 0x21_u8..0x7f, how in 0..3) {
        let text = encode(&sample()).into_bytes();
        let at = at.index(text.len());
        let mut damaged = text.clone();
        match how {
            0 => damaged[at] = by,
            1 => drop(damaged.remove(at)),
            _ => damaged.insert(at, by),
        }
        let damaged = String::from_utf8(damaged).unwrap();
        let text = String::from_utf8(text).unwrap();
        // What stands before the text is no part of it, as with a link.
        if damaged.find(&text).is_none() {
            prop_assert!(decode(&damaged).is_err());
        }
    }

    #[test]
    fn nothing_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut whole = u16::try_from(bytes.len()).unwrap().to_be_bytes().to_vec();
        whole.extend(bytes);
        whole.extend(crc32(&whole).to_be_bytes());
        let decoded = decode(&format!("{PREFIX}{}", base64(&whole)));
        prop_assert_eq!(decoded, Err(Damage::OtherVersion));
    }
}
