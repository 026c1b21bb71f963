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

/// Where to meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// A room's name, as a person wrote it.
    Name(String),
    /// What is behind the page of meetings in the address: a room, percent-encoded, and how to get there,
    /// such as `my%20room?via=tab`.
    Link(String),
}

/// What a person entered: a room's name, or a link to a room of this tour. `None` for nothing.
pub(crate) fn destination(entered: &str) -> Option<Destination> {
    /// What each page has before its rooms, and what says the same where all are on one page.
    const PAGES: [(&str, &str); 5] = [
        ("/meet/", ""),
        ("/call/", ""),
        ("/firebase/mesh/", "via=firebase"),
        ("/firebase/", "via=firebase"),
        ("/mesh/", ""),
    ];
    let entered = entered.trim();
    let link = PAGES.iter().find_map(|(page, says)| {
        let (_, rest) = entered.split_once(page)?;
        Some((rest, *says))
    });
    let Some((rest, says)) = link else {
        return (!entered.is_empty()).then(|| Destination::Name(entered.to_owned()));
    };
    // Behind `#` may be an invitation by text.
    let (rest, hash) = rest.split_once('#').unwrap_or((rest, ""));
    let (room, query) = rest.split_once('?').unwrap_or((rest, ""));
    let room = room.trim_end_matches('/');
    let query: Vec<_> = [query, says]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    let mut link = room.to_owned();
    for (mark, text) in [('?', query.join("&").as_str()), ('#', hash)] {
        if !text.is_empty() {
            link.push(mark);
            link += text;
        }
    }
    (!room.is_empty()).then_some(Destination::Link(link))
}

/// The room of a [`Destination::Link`], percent-encoded.
pub(crate) fn room_of(link: &str) -> &str {
    link.split(['?', '#']).next().unwrap_or_default()
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
    fn a_link_leads_to_its_room_by_its_transport() {
        let link = |link: &str| Some(Destination::Link(link.to_owned()));
        for (entered, expected) in [
            (" kitchen ", Some(Destination::Name("kitchen".to_owned()))),
            ("  ", None),
            ("https://a.example/meet/", None),
            (
                "https://a.example/tour/meet/my%20room?via=tab",
                link("my%20room?via=tab"),
            ),
            ("a.example/call/kitchen/", link("kitchen")),
            (
                "https://a.example/call/kitchen?via=paste#wt1.text",
                link("kitchen?via=paste#wt1.text"),
            ),
            (
                "https://a.example/firebase/kitchen",
                link("kitchen?via=firebase"),
            ),
            (
                "https://a.example/firebase/mesh/kitchen?server=wss://b.example/ws",
                link("kitchen?server=wss://b.example/ws&via=firebase"),
            ),
        ] {
            assert_eq!(destination(entered), expected, "{entered}");
        }
    }

    #[test]
    fn a_link_has_a_room() {
        for link in ["my%20room", "my%20room?via=tab", "my%20room#text"] {
            assert_eq!(room_of(link), "my%20room");
        }
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
