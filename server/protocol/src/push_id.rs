//! Identifiers that sort by the time of their making, as Firebase's `push()` makes them. Pure:
//! time and randomness are arguments.
//!
//! Twenty characters: eight for the milliseconds since 1970, twelve at random, in an alphabet
//! whose order is that of its codes. Within one millisecond the random part counts up, so the ids
//! of one generator are in order, also when the clock goes back.
//! <https://firebase.blog/posts/2015/02/the-2120-ways-to-ensure-unique_68>

/// In the order of the characters' codes.
const ALPHABET: &[u8; 64] = b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

const TIME_CHARS: usize = 8;
const RANDOM_CHARS: usize = 12;

/// Makes ids that grow.
#[derive(Clone, Debug, Default)]
pub struct PushIds {
    last_ms: u64,
    random: [u8; RANDOM_CHARS],
}

impl PushIds {
    /// The next id, greater than all before. `now_ms` counts from 1970; of each byte of `random`
    /// six bits are used.
    pub fn next(&mut self, now_ms: u64, random: [u8; RANDOM_CHARS]) -> String {
        if now_ms > self.last_ms {
            self.last_ms = now_ms;
            self.random = random.map(|byte| byte % 64);
        } else if !count_up(&mut self.random) {
            self.last_ms += 1;
            self.random = [0; RANDOM_CHARS];
        }
        let time = (0..TIME_CHARS).map(|place| {
            let shift = 6 * (TIME_CHARS - 1 - place);
            // The highest of 48 bits is reached in the year 10889.
            ((self.last_ms >> shift) & 63) as u8
        });
        let digits = time.chain(self.random);
        digits
            .map(|digit| char::from(ALPHABET[usize::from(digit)]))
            .collect()
    }
}

/// False when there is no greater number.
fn count_up(digits: &mut [u8]) -> bool {
    for digit in digits.iter_mut().rev() {
        if *digit < 63 {
            *digit += 1;
            return true;
        }
        *digit = 0;
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_id_begins_with_its_time() {
        let mut ids = PushIds::default();
        // The time of -JhLeOlGIEjaIOFHR0xd, an id of Firebase's documentation.
        let id = ids.next(1_423_088_131_153, [0; 12]);
        assert_eq!(id, "-JhLeOlG------------");
        assert_eq!(id.len(), 20);
    }

    #[test]
    fn a_full_millisecond_overflows_into_the_next() {
        let mut ids = PushIds::default();
        let first = ids.next(5, [255; 12]);
        assert!(first.ends_with("zzzzzzzzzzzz"));
        assert_eq!(ids.next(5, [0; 12]), "-------5------------");
    }

    proptest! {
        #[test]
        fn ids_grow_whatever_the_clock_does(
            steps in proptest::collection::vec((0_u64..4, any::<[u8; 12]>()), 1..100)
        ) {
            let mut ids = PushIds::default();
            let made: Vec<_> = steps
                .into_iter()
                .map(|(now, random)| ids.next(1_700_000_000_000 + now, random))
                .collect();
            prop_assert!(made.is_sorted_by(|one, next| one < next));
        }
    }
}
