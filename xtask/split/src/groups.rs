//! Which files become one, so that opening a part asks for few files and brings little that it does
//! not need. Pure.
//!
//! The splitter makes a file for each set of parts that need the same: hundreds, most of them small.

/// What asking for one more file costs, in bytes of wasm that could be sent instead: a request, and
/// that compression begins anew.
const FILE_COST: f64 = 40_000.0;

/// Some of the parts, each by its number: the bits that are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts(u128);

impl Parts {
    /// As many parts as can be told apart.
    pub(crate) const MOST: usize = u128::BITS as usize;

    /// The parts with these numbers, all below [`Parts::MOST`].
    pub(crate) fn of(numbers: impl IntoIterator<Item = usize>) -> Self {
        Self(numbers.into_iter().fold(0, |all, number| all | 1 << number))
    }

    fn has_any_of(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    pub(crate) fn has(self, number: usize) -> bool {
        self.has_any_of(Self::of([number]))
    }
}

/// Some files, and which parts need any of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) files: Vec<String>,
    pub(crate) needed_by: Parts,
    pub(crate) bytes: usize,
}

/// How a part may come to be needed.
pub(crate) struct Opening {
    pub(crate) part: Parts,
    /// What is loaded by then.
    pub(crate) after: Parts,
    /// How often, compared with others.
    pub(crate) weight: f64,
}

/// Joins two groups as long as that makes the openings cheaper, the best two first.
pub(crate) fn join(mut groups: Vec<Group>, openings: &[Opening]) -> Vec<Group> {
    let cost = |needed_by: Parts, bytes: usize| {
        let loading = openings.iter().filter(|opening| {
            needed_by.has_any_of(opening.part) && !needed_by.has_any_of(opening.after)
        });
        loading.map(|opening| opening.weight).sum::<f64>() * (bytes as f64 + FILE_COST)
    };
    loop {
        let costs: Vec<_> = groups
            .iter()
            .map(|group| cost(group.needed_by, group.bytes))
            .collect();
        let mut best: Option<(f64, usize, usize)> = None;
        for (second, other) in groups.iter().enumerate() {
            for (first, one) in groups[..second].iter().enumerate() {
                let both = one.needed_by.with(other.needed_by);
                let joined = cost(both, one.bytes + other.bytes);
                let gain = costs[first] + costs[second] - joined;
                if gain > best.map_or(0.0, |(gain, ..)| gain) {
                    best = Some((gain, first, second));
                }
            }
        }
        let Some((_, first, second)) = best else {
            return groups;
        };
        let other = groups.remove(second);
        let one = &mut groups[first];
        one.files.extend(other.files);
        one.needed_by = one.needed_by.with(other.needed_by);
        one.bytes += other.bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: usize = 0;
    const MESH: usize = 1;
    const CODE: usize = 2;

    fn group(file: &str, needed_by: &[usize], bytes: usize) -> Group {
        Group {
            files: vec![file.to_owned()],
            needed_by: Parts::of(needed_by.iter().copied()),
            bytes,
        }
    }

    fn opening(part: usize, after: &[usize], weight: f64) -> Opening {
        Opening {
            part: Parts::of([part]),
            after: Parts::of(after.iter().copied()),
            weight,
        }
    }

    fn first() -> [Opening; 3] {
        [CALL, MESH, CODE].map(|part| opening(part, &[], 1.0))
    }

    fn files(groups: &[Group]) -> Vec<Vec<&str>> {
        let files = groups.iter().map(|group| {
            let mut files: Vec<_> = group.files.iter().map(String::as_str).collect();
            files.sort_unstable();
            files
        });
        files.collect()
    }

    #[test]
    fn what_the_same_parts_need_is_one_file() {
        let groups = vec![
            group("a", &[CALL, MESH], 1_000_000),
            group("b", &[CALL, MESH], 1_000_000),
        ];
        assert_eq!(files(&join(groups, &first())), [["a", "b"]]);
    }

    #[test]
    fn what_is_large_and_not_needed_is_not_brought_along() {
        let groups = vec![
            group("shared", &[CALL, MESH], 90_000),
            group("call", &[CALL], 90_000),
            group("small", &[MESH], 100),
        ];
        let joined = join(groups, &first());
        assert_eq!(files(&joined), [vec!["shared", "small"], vec!["call"]]);
        assert_eq!(joined[0].bytes, 90_100);
        assert_eq!(joined[0].needed_by, Parts::of([CALL, MESH]));
    }

    #[test]
    fn parts_that_are_seldom_opened_carry_more() {
        let groups = vec![group("a", &[CALL, CODE], 10), group("b", &[CALL], 60_000)];
        assert_eq!(join(groups.clone(), &first()).len(), 2);
        let openings = [opening(CALL, &[], 1.0), opening(CODE, &[], 0.1)];
        assert_eq!(join(groups, &openings).len(), 1);
    }

    #[test]
    fn what_is_loaded_already_costs_nothing() {
        let groups = vec![group("a", &[CALL, CODE], 10), group("b", &[CALL], 60_000)];
        let openings = [opening(CALL, &[], 1.0), opening(CODE, &[CALL], 1.0)];
        assert_eq!(join(groups, &openings).len(), 1);
    }
}
