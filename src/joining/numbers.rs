//! Which numbers the connections of several people have in one trace: no two the same. Pure.

use std::collections::{BTreeMap, BTreeSet};

/// Connections of others are numbered from here on, so that ours keep the numbers that they have in
/// our own trace.
const FIRST_OF_OTHERS: u32 = 1001;
/// Further connections of one person have no number.
const MOST_CONNECTIONS: usize = 64;

/// The numbers that are given.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// Ours from [`FIRST_OF_OTHERS`] on: where one of another had ours, we have the next.
    own: BTreeMap<u32, u32>,
    /// From [`FIRST_OF_OTHERS`] on.
    given: BTreeSet<u32>,
}

/// The numbers of one other person's connections, there and here.
#[derive(Debug, Default)]
pub(super) struct TheirNumbers(BTreeMap<u32, u32>);

impl Numbers {
    /// The number of our own connection.
    pub(super) fn of_own(&mut self, number: u32) -> Option<u32> {
        if number < FIRST_OF_OTHERS {
            return Some(number);
        }
        if let Some(known) = self.own.get(&number) {
            return Some(*known);
        }
        let shown = match self.given.insert(number) {
            true => number,
            false => self.next()?,
        };
        self.own.insert(number, shown);
        Some(shown)
    }

    /// The number of somebody else's.
    pub(super) fn of_other(&mut self, theirs: &mut TheirNumbers, number: u32) -> Option<u32> {
        if let Some(known) = theirs.0.get(&number) {
            return Some(*known);
        }
        if theirs.0.len() >= MOST_CONNECTIONS {
            return None;
        }
        let shown = self.next()?;
        theirs.0.insert(number, shown);
        Some(shown)
    }

    /// The one after the last.
    fn next(&mut self) -> Option<u32> {
        let next = match self.given.last() {
            Some(last) => last.checked_add(1)?,
            None => FIRST_OF_OTHERS,
        };
        self.given.insert(next);
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_two_connections_have_one_number(
            asked in proptest::collection::vec((0_usize..3, 995_u32..1015), 1..200),
        ) {
            let (mut numbers, mut others) = (Numbers::default(), [(); 2].map(|()| TheirNumbers::default()));
            let mut shown = BTreeMap::new();
            for (whose, number) in asked {
                let got = match whose {
                    0 => numbers.of_own(number),
                    other => numbers.of_other(&mut others[other - 1], number),
                };
                let before = *shown.entry((whose, number)).or_insert(got);
                prop_assert_eq!(before, got, "it stays");
                prop_assert!(whose != 0 || number >= FIRST_OF_OTHERS || got == Some(number));
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
        let (mut numbers, mut theirs) = (Numbers::default(), TheirNumbers::default());
        assert_eq!(numbers.of_own(u32::MAX), Some(u32::MAX));
        assert_eq!(numbers.of_other(&mut theirs, 1), None);
    }
}
