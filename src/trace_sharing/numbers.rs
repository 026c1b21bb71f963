//! Which numbers the connections of others have in a trace that begins with ours: no two the same,
//! and none that one of ours can have. Pure.

use crate::inspection::connections::FIRST_OF_OTHERS;
use crate::linear_map::LinearMap;

/// Further connections of one person have no number.
const MOST_CONNECTIONS: usize = 64;

/// The numbers that are given.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    given: u32,
}

/// The numbers of one other person's connections, there and here.
#[derive(Debug, Default)]
pub(super) struct TheirNumbers(LinearMap<u32, u32>);

impl Numbers {
    /// The number of somebody else's connection.
    pub(super) fn of_other(&mut self, theirs: &mut TheirNumbers, number: u32) -> Option<u32> {
        if let Some(known) = theirs.0.get(&number) {
            return Some(*known);
        }
        if theirs.0.len() >= MOST_CONNECTIONS {
            return None;
        }
        let shown = FIRST_OF_OTHERS.checked_add(self.given)?;
        self.given += 1;
        theirs.0.insert(number, shown);
        Some(shown)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_two_connections_have_one_number(
            asked in proptest::collection::vec((0_usize..2, 0_u32..20), 1..200),
        ) {
            let (mut numbers, mut others) = (Numbers::default(), [(); 2].map(|()| TheirNumbers::default()));
            let mut shown = BTreeMap::new();
            for (whose, number) in asked {
                let got = numbers.of_other(&mut others[whose], number);
                let before = *shown.entry((whose, number)).or_insert(got);
                prop_assert_eq!(before, got, "it stays");
                prop_assert!(got >= Some(FIRST_OF_OTHERS));
            }
            let different: BTreeSet<_> = shown.values().collect();
            prop_assert_eq!(different.len(), shown.len(), "{:?}", shown);
        }

        #[test]
        fn nobody_has_more_than_some(asked in proptest::collection::vec(any::<u32>(), 0..300)) {
            let (mut numbers, mut theirs) = (Numbers::default(), TheirNumbers::default());
            for number in asked {
                numbers.of_other(&mut theirs, number);
            }
            prop_assert!(theirs.0.len() <= MOST_CONNECTIONS);
        }
    }

    #[test]
    fn where_there_are_no_more_nothing_breaks() {
        let mut numbers = Numbers { given: u32::MAX };
        assert_eq!(numbers.of_other(&mut TheirNumbers::default(), 1), None);
    }
}
