//! Names for rooms, and the room that a link leads to. Pure.

/// Bytes for one name.
pub(crate) const NAME_BYTES: usize = 11;

/// Three words and four digits, such as `bomiva-lutore-kagesi-4071`: easy to say, and with some 67 bits
/// not to be guessed. `random` is what is different each time.
pub(crate) fn new_name(random: [u8; NAME_BYTES]) -> String {
    const CONSONANTS: &[u8; 16] = b"bdfgklmnprstvwyz";
    const VOWELS: &[u8; 4] = b"aeio";
    let (letters, digits) = random.split_at(9);
    let syllable = |byte: &u8| {
        let consonant = CONSONANTS[usize::from(byte >> 4)];
        let vowel = VOWELS[usize::from(byte & 3)];
        [char::from(consonant), char::from(vowel)]
    };
    let words = letters.chunks(3).map(|word| {
        let syllables = word.iter().flat_map(syllable);
        syllables.collect::<String>()
    });
    let digits = digits
        .iter()
        .fold(0, |number, byte| number << 8 | u32::from(*byte));
    let words: Vec<_> = words.collect();
    format!("{}-{:04}", words.join("-"), digits % 10_000)
}

/// Where an invitation leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Destination {
    /// As a part of an address, percent-encoded; or as a person wrote it.
    pub(crate) room: String,
    pub(crate) is_encoded: bool,
    /// With its question mark; may be empty.
    pub(crate) query: String,
}

/// What a person entered: a room's name, or a link to a room of this tour. `None` for nothing.
pub(crate) fn destination(entered: &str) -> Option<Destination> {
    const PAGES: [&str; 4] = ["/meet/", "/call/", "/mesh/", "/firebase/"];
    let entered = entered.trim();
    let link = PAGES.iter().find_map(|page| entered.split_once(page));
    let Some((_, rest)) = link else {
        return (!entered.is_empty()).then(|| Destination {
            room: entered.to_owned(),
            is_encoded: false,
            query: String::new(),
        });
    };
    let rest = rest.split('#').next().unwrap_or_default();
    let (room, query) = rest.split_once('?').unwrap_or((rest, ""));
    let room = room.trim_end_matches('/');
    (!room.is_empty()).then(|| Destination {
        room: room.to_owned(),
        is_encoded: true,
        query: match query {
            "" => String::new(),
            query => format!("?{query}"),
        },
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_three_words_and_four_digits() {
        assert_eq!(new_name([0; NAME_BYTES]), "bababa-bababa-bababa-0000");
        assert_eq!(new_name([255; NAME_BYTES]), "zozozo-zozozo-zozozo-5535");
    }

    #[test]
    fn a_link_leads_to_its_room() {
        let room = |entered| destination(entered).map(|there| (there.room, there.query));
        let to = |room: &str, query: &str| Some((room.to_owned(), query.to_owned()));
        assert_eq!(room(" kitchen "), to("kitchen", ""));
        assert_eq!(
            room("https://a.example/tour/meet/my%20room?via=tab#x"),
            to("my%20room", "?via=tab")
        );
        assert_eq!(room("a.example/call/kitchen/"), to("kitchen", ""));
        assert_eq!(room("  "), None);
        assert_eq!(room("https://a.example/meet/"), None);
    }

    proptest! {
        #[test]
        fn other_bytes_make_another_name_of_the_same_form(random: [u8; NAME_BYTES]) {
            let name = new_name(random);
            prop_assert_eq!(name.len(), 25);
            prop_assert!(signaling_protocol::RoomId::new(&name).is_ok());
            let mut other = random;
            other[0] ^= 16;
            prop_assert_ne!(new_name(other), name);
        }
    }
}
