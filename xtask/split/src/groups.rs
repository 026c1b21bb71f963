//! Which files become one, so that opening a part asks for few files and brings little that it does
//! not need. Pure.
//!
//! The splitter makes a file for each set of parts that need the same: hundreds, most of them small.

use std::collections::BTreeSet;

/// What asking for one more file costs, in bytes of wasm that could be sent instead: a request, and
/// that compression begins anew. Of the values from 9,000 to 40,000 that were tried, this gave the
/// fewest files without more compressed bytes.
const FILE_COST: f64 = 40_000.0;

/// Some files, and which parts need any of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) files: Vec<String>,
    pub(crate) needed_by: BTreeSet<String>,
    pub(crate) bytes: usize,
}

/// Joins two groups as long as that makes opening the parts cheaper, the best two first. `weight`
/// says how often a part is opened, compared with others.
pub(crate) fn join(mut groups: Vec<Group>, weight: impl Fn(&str) -> f64) -> Vec<Group> {
    let cost = |needed_by: &BTreeSet<String>, bytes: usize| {
        let opened: f64 = needed_by.iter().map(|part| weight(part)).sum();
        opened * (bytes as f64 + FILE_COST)
    };
    loop {
        let costs: Vec<_> = groups
            .iter()
            .map(|group| cost(&group.needed_by, group.bytes))
            .collect();
        let mut best: Option<(f64, usize, usize)> = None;
        for (second, other) in groups.iter().enumerate() {
            for (first, one) in groups[..second].iter().enumerate() {
                let both = &one.needed_by | &other.needed_by;
                let joined = cost(&both, one.bytes + other.bytes);
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
        one.needed_by.extend(other.needed_by);
        one.bytes += other.bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(file: &str, needed_by: &[&str], bytes: usize) -> Group {
        Group {
            files: vec![file.to_owned()],
            needed_by: needed_by.iter().map(|part| (*part).to_owned()).collect(),
            bytes,
        }
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
            group("a", &["call", "mesh"], 1_000_000),
            group("b", &["call", "mesh"], 1_000_000),
        ];
        assert_eq!(files(&join(groups, |_| 1.0)), [["a", "b"]]);
    }

    #[test]
    fn what_is_large_and_not_needed_is_not_brought_along() {
        let groups = vec![
            group("shared", &["call", "mesh"], 90_000),
            group("call", &["call"], 90_000),
            group("small", &["mesh"], 100),
        ];
        let joined = join(groups, |_| 1.0);
        assert_eq!(files(&joined), [vec!["shared", "small"], vec!["call"]]);
        assert_eq!(joined[0].bytes, 90_100);
        let all: BTreeSet<_> = ["call", "mesh"].map(str::to_owned).into();
        assert_eq!(joined[0].needed_by, all);
    }

    #[test]
    fn parts_that_are_seldom_opened_carry_more() {
        let groups = || vec![group("a", &["call"], 50_000), group("b", &["code"], 50_000)];
        assert_eq!(join(groups(), |_| 1.0).len(), 2);
        let shared = vec![
            group("a", &["call", "code"], 10),
            group("b", &["call"], 60_000),
        ];
        assert_eq!(join(shared.clone(), |_| 1.0).len(), 2);
        let weight = |part: &str| if part == "code" { 0.1 } else { 1.0 };
        assert_eq!(join(shared, weight).len(), 1);
    }
}
