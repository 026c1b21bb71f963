//! Which text stays: what is made of words of standards and of this program, and of small numbers.
//!
//! Owns the list. Nothing is looked for in any other text: it is replaced as a whole.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::placeholder;

static WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let lines = include_str!("allow_list.txt").lines();
    let words = lines.filter(|line| !line.starts_with('#'));
    let words = words.flat_map(str::split_whitespace);
    let mut all = HashSet::new();
    for word in words {
        // A letter alone would let any word of capitals pass, letter by letter.
        let humps = humps(word).filter(|hump| hump.len() > 1);
        all.extend(humps.map(str::to_ascii_lowercase));
        all.insert(word.to_owned());
    }
    all
});

static SENTENCES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("sentences.txt").lines();
    lines.filter(|line| !line.starts_with('#')).collect()
});

/// The largest number in a text for people, in digits, and in one of a protocol.
const DIGITS: usize = 6;
const PROTOCOL_DIGITS: usize = 20;

/// What joins words of a text, and what those of values, names and paths.
const OF_TEXT: &[char] = &['-'];
const OF_VALUES: &[char] = &['-', '_', '/', '=', '+', '*', '?', '&', '|'];

/// Whether a text for people stays: a sentence of this program, or words of the list with one number
/// at most. No letter stands alone: those are what remains of something else.
pub(super) fn knows(text: &str) -> bool {
    if SENTENCES.contains(text) {
        return true;
    }
    let mut numbers = 0;
    let is_letter = |part: &str| part.len() < 2;
    words(text, OF_TEXT).all(|word| {
        let number = is_number(word, DIGITS);
        numbers += usize::from(number);
        let known = || !word.split('.').any(is_letter) && knows_word(word);
        (number && numbers < 2) || known()
    })
}

/// Whether a value of a protocol stays: words of the list and numbers.
pub(super) fn knows_value(text: &str) -> bool {
    words(text, OF_VALUES).all(|word| is_number(word, PROTOCOL_DIGITS) || knows_word(word))
}

/// Whether this is a member that messages, options or statistics have, or a name of an entry.
pub(super) fn knows_name(name: &str) -> bool {
    words(name, OF_VALUES).all(knows_word)
}

/// What a text consists of, without what stands between. A placeholder is one word.
fn words<'a>(text: &'a str, joints: &'static [char]) -> impl Iterator<Item = &'a str> {
    let between = |c: char| c.is_ascii_whitespace() || ",;()[]{}<>→…".contains(c);
    let words = text.split(between);
    let words = words.map(|word| word.trim_end_matches([':', '.', '!']));
    let words = words.flat_map(move |word| {
        let is_one = placeholder::looks_like_one(word);
        word.split(if is_one { &[] } else { joints })
    });
    words.filter(|word| !word.is_empty())
}

fn knows_word(word: &str) -> bool {
    let parts = |word: &str| word.split('.').all(|part| WORDS.contains(part));
    WORDS.contains(word)
        || placeholder::looks_like_one(word)
        || (word.contains('.') && parts(word))
        || (humps(word).count() > 1
            && humps(word).all(|hump| WORDS.contains(&hump.to_ascii_lowercase())))
}

/// The words in `camelCase`. A run of capitals is one: `RTC`, `Peer` and `Connection` in
/// `RTCPeerConnection`.
fn humps(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(word).filter(|word| word.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    std::iter::from_fn(move || {
        let word = rest?;
        let bytes = word.as_bytes();
        let next = (1..bytes.len()).find(|&at| {
            let ends_run = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
            bytes[at].is_ascii_uppercase() && (!bytes[at - 1].is_ascii_uppercase() || ends_run)
        });
        let (hump, after) = match next {
            Some(at) => word.split_at(at),
            None => (word, ""),
        };
        rest = Some(after).filter(|after| !after.is_empty());
        Some(hump).filter(|hump| !hump.is_empty())
    })
}

/// `12`, or `1.5`
fn is_number(word: &str, digits: usize) -> bool {
    let (whole, fraction) = word.split_once('.').unwrap_or((word, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    word.len() <= digits && is_digits(whole) && is_digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_nothing_stays() {
        for text in [
            "",
            "offer",
            "have-local-offer",
            "video and audio",
            "2 ICE servers",
            "answer to peer-2",
            "NotAllowedError",
            "audio track.enabled",
            "RTCDtlsTransport.state",
            "no answer from ",
            "1.5 seconds",
            "middle → ",
        ] {
            assert!(knows(text), "{text}");
        }
        for text in [
            "TLS_AES_128_GCM_SHA256",
            "video/VP8",
            "minptime=10;useinbandfec=1",
            "4103459238,-63,-57,53395077",
        ] {
            assert!(knows_value(text), "{text}");
        }
        for name in ["totalRoundTripTime", "createOffer", "packetsSentTotal"] {
            assert!(knows_name(name), "{name}");
        }
    }

    #[test]
    fn what_may_tell_something_does_not_stay() {
        for text in [
            "webrtc-tour/call/a",
            "/rooms.json?auth=a.b-c&x=1",
            "a b",
            "a.b",
            "call=a",
            "password-20301234",
            "token-83615290417",
        ] {
            assert!(!knows(text), "{text}");
        }
        for text in [
            "Ada",
            "ADA",
            "ADA LOVELACE IN BERLIN",
            "AKIAIOSFODNNEXAMPLE",
            "KITCHEN",
            "kitchen",
            "192.168.1.7",
            "1.2.3",
            "2a00:1450:4001::2004",
            "1:2:3:4:5:6:7:8",
            "12:34:56:78",
            "0151 234567",
            "01512345678",
            "7ebfe6c0-b891-42ca-9826-7ebfe6c058b7",
            "4f2a9c",
            "eyJhbGci.eyJ1c2Vy.c2ln",
            "offer\u{a0}Ada",
            "x/Ada",
            "offerAda",
            "ä",
        ] {
            assert!(!knows(text), "{text}");
            assert!(text == "0151 234567" || text == "01512345678" || !knows_value(text));
            assert!(!knows_name(text), "{text}");
        }
    }
}
