//! Which files become one, so that opening a part asks for few files and brings little that it does
//! not need. Pure.
//!
//! The splitter makes a file for each set of parts that need the same: hundreds, most of them small.

use std::collections::BTreeSet;

use crate::openings::Opening;

/// What asking for one more file costs, in bytes of code and data that could be sent instead: a request,
/// and that compression begins anew. Of 6,000, 9,000, 14,000 and 20,000, this gave the fewest compressed
/// bytes in few files.
const FILE_COST: f64 = 9_000.0;

/// Some files, and which parts need any of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) files: Vec<String>,
    pub(crate) needed_by: BTreeSet<String>,
    /// Of code and data.
    pub(crate) bytes: u64,
}

/// Joins groups so that what people open is cheap.
pub(crate) fn join(groups: Vec<Group>, openings: &[Opening]) -> Vec<Group> {
    let joined = greedily(groups.clone(), openings);
    refined(&groups, joined, openings)
}

/// Moves single groups from one joined group to another as long as that makes what people open cheaper:
/// what was joined early may be better elsewhere in the end.
fn refined(groups: &[Group], joined: Vec<Group>, openings: &[Opening]) -> Vec<Group> {
    let loads = |group: &Group| -> Vec<bool> {
        let parts = &group.needed_by;
        openings
            .iter()
            .map(|opening| !opening.parts.is_disjoint(parts))
            .collect()
    };
    let loads: Vec<_> = groups.iter().map(loads).collect();
    let holds = |file: &String| joined.iter().position(|group| group.files.contains(file));
    let mut home: Vec<_> = groups
        .iter()
        .map(|group| group.files.first().and_then(holds).unwrap_or_default())
        .collect();
    // How many of its groups need each joined one, for each opening, and its bytes.
    let mut homes = vec![(vec![0_u32; openings.len()], 0_u64); joined.len()];
    for (group, (home, loads)) in groups.iter().zip(home.iter().zip(&loads)) {
        homes[*home].1 += group.bytes;
        for (count, loads) in homes[*home].0.iter_mut().zip(loads) {
            *count += u32::from(*loads);
        }
    }
    loop {
        let mut has_moved = false;
        for (at, group) in groups.iter().enumerate() {
            let from = home[at];
            let leaves = leaving(&homes[from], group.bytes, &loads[at], openings);
            let others = (0..homes.len()).filter(|other| *other != from);
            let costs = others.map(|other| {
                let enters = entering(&homes[other], group.bytes, &loads[at], openings);
                (leaves + enters, other)
            });
            let best = costs.min_by(|(one, _), (other, _)| one.total_cmp(other));
            // Rounding is no gain.
            let Some((_, to)) = best.filter(|(cost, _)| *cost < -1.0) else {
                continue;
            };
            for (opening, loads) in loads[at].iter().enumerate() {
                homes[from].0[opening] -= u32::from(*loads);
                homes[to].0[opening] += u32::from(*loads);
            }
            homes[from].1 -= group.bytes;
            homes[to].1 += group.bytes;
            home[at] = to;
            has_moved = true;
        }
        if !has_moved {
            break;
        }
    }
    let mut refined: Vec<_> = homes.iter().map(|_| None::<Group>).collect();
    for (group, home) in groups.iter().zip(home) {
        match &mut refined[home] {
            Some(there) => {
                there.files.extend(group.files.iter().cloned());
                there.needed_by.extend(group.needed_by.iter().cloned());
                there.bytes += group.bytes;
            }
            nobody => *nobody = Some(group.clone()),
        }
    }
    refined.into_iter().flatten().collect()
}

/// What it costs, or saves, if a group with these bytes is taken out of a joined one.
fn leaving(
    (counts, bytes): &(Vec<u32>, u64),
    of: u64,
    loads: &[bool],
    openings: &[Opening],
) -> f64 {
    let each = counts.iter().zip(loads).zip(openings);
    each.map(|((count, loads), opening)| {
        let before = if *count > 0 {
            *bytes as f64 + FILE_COST
        } else {
            0.0
        };
        let after = match count - u32::from(*loads) {
            0 => 0.0,
            _ => (bytes - of) as f64 + FILE_COST,
        };
        opening.often * (after - before)
    })
    .sum()
}

/// … if it is put into one.
fn entering(
    (counts, bytes): &(Vec<u32>, u64),
    of: u64,
    loads: &[bool],
    openings: &[Opening],
) -> f64 {
    let each = counts.iter().zip(loads).zip(openings);
    each.map(|((count, loads), opening)| {
        let before = if *count > 0 {
            *bytes as f64 + FILE_COST
        } else {
            0.0
        };
        let after = match count + u32::from(*loads) {
            0 => 0.0,
            _ => (bytes + of) as f64 + FILE_COST,
        };
        opening.often * (after - before)
    })
    .sum()
}

/// Joins two groups as long as that makes what people open cheaper, the best two first.
fn greedily(groups: Vec<Group>, openings: &[Opening]) -> Vec<Group> {
    let often: Vec<f64> = openings.iter().map(|opening| opening.often).collect();
    let mut places: Vec<Option<Place>> = groups
        .into_iter()
        .map(|group| Some(Place::new(group, openings)))
        .collect();
    // With whom joining each gains most.
    let mut best: Vec<_> = (0..places.len())
        .map(|place| partner(&places, place, &often))
        .collect();
    loop {
        let gaining = best.iter().enumerate();
        let gaining = gaining.filter_map(|(place, best)| Some((place, (*best)?)));
        let most = gaining.max_by(|(_, (one, _)), (_, (other, _))| one.total_cmp(other));
        let Some((first, (_, second))) = most else {
            return places
                .into_iter()
                .flatten()
                .map(|place| place.group)
                .collect();
        };
        let joined = match (places[first].take(), places[second].take()) {
            (Some(one), Some(other)) => one.join(other),
            _ => unreachable!("a partner is there"),
        };
        places[first] = Some(joined);
        for (place, best) in best.iter_mut().enumerate() {
            let lost = |(_, partner)| partner == first || partner == second;
            if place == first || place == second || best.is_some_and(lost) {
                *best = partner(&places, place, &often);
            } else if let Some(gain) = gain(&places, place, first, &often)
                && gain > best.map_or(0.0, |(gain, _)| gain)
            {
                *best = Some((gain, first));
            }
        }
    }
}

/// A group, and which of the openings load it.
struct Place {
    group: Group,
    loaded_by: Vec<bool>,
}

impl Place {
    fn new(group: Group, openings: &[Opening]) -> Self {
        let loads = |opening: &Opening| !opening.parts.is_disjoint(&group.needed_by);
        Self {
            loaded_by: openings.iter().map(loads).collect(),
            group,
        }
    }

    fn join(mut self, other: Self) -> Self {
        self.group.files.extend(other.group.files);
        self.group.needed_by.extend(other.group.needed_by);
        self.group.bytes += other.group.bytes;
        for (loads, also) in self.loaded_by.iter_mut().zip(other.loaded_by) {
            *loads |= also;
        }
        self
    }

    fn cost(&self) -> f64 {
        self.group.bytes as f64 + FILE_COST
    }
}

/// What is saved by joining two; `None` if one of them is gone.
fn gain(places: &[Option<Place>], one: usize, other: usize, often: &[f64]) -> Option<f64> {
    let (one, other) = (places[one].as_ref()?, places[other].as_ref()?);
    let (cost, other_cost) = (one.cost(), other.cost());
    let loaded = one.loaded_by.iter().zip(&other.loaded_by).zip(often);
    let saved = loaded.map(|(loaded, often)| match loaded {
        (false, false) => 0.0,
        (true, true) => often * FILE_COST,
        (true, false) => often * (FILE_COST - other_cost),
        (false, true) => often * (FILE_COST - cost),
    });
    Some(saved.sum())
}

/// The one with whom joining this gains most, and how much; `None` if it gains with nobody.
fn partner(places: &[Option<Place>], place: usize, often: &[f64]) -> Option<(f64, usize)> {
    let others = (0..places.len()).filter(|other| *other != place);
    let gains = others.filter_map(|other| Some((gain(places, place, other, often)?, other)));
    gains
        .filter(|(gain, _)| *gain > 0.0)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(file: &str, needed_by: &[&str], bytes: u64) -> Group {
        Group {
            files: vec![file.to_owned()],
            needed_by: set(needed_by),
            bytes,
        }
    }

    fn set(parts: &[&str]) -> BTreeSet<String> {
        parts.iter().map(|part| (*part).to_owned()).collect()
    }

    fn openings<const N: usize>(all: [(&[&str], f64); N]) -> [Opening; N] {
        all.map(|(parts, often)| Opening {
            parts: set(parts),
            often,
        })
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
        let openings = openings([(&["call"], 1.0), (&["mesh"], 1.0)]);
        assert_eq!(files(&join(groups, &openings)), [["a", "b"]]);
    }

    #[test]
    fn what_is_large_and_not_needed_is_not_brought_along() {
        let groups = vec![
            group("shared", &["call", "mesh"], 90_000),
            group("call", &["call"], 90_000),
            group("small", &["mesh"], 100),
        ];
        let openings = openings([(&["call"], 1.0), (&["mesh"], 1.0)]);
        let mut joined = join(groups, &openings);
        joined.sort_by_key(|group| group.files.len());
        assert_eq!(files(&joined), [vec!["call"], vec!["shared", "small"]]);
        assert_eq!(joined[1].bytes, 90_100);
        assert_eq!(joined[1].needed_by, set(&["call", "mesh"]));
    }

    #[test]
    fn parts_that_are_seldom_opened_carry_more() {
        let groups = vec![
            group("a", &["call", "code"], 10),
            group("b", &["call"], 60_000),
        ];
        let often = openings([(&["call"], 1.0), (&["code"], 1.0)]);
        assert_eq!(join(groups.clone(), &often).len(), 2);
        let seldom = openings([(&["call"], 1.0), (&["code"], 0.1)]);
        assert_eq!(join(groups, &seldom).len(), 1);
    }

    #[test]
    fn what_is_there_already_costs_nothing_more() {
        let groups = vec![
            group("shared", &["call", "inspector"], 10),
            group("call", &["call"], 60_000),
        ];
        let alone = openings([(&["call"], 1.0), (&["inspector"], 1.0)]);
        assert_eq!(join(groups.clone(), &alone).len(), 2);
        let after = openings([(&["call"], 1.0), (&["call", "inspector"], 1.0)]);
        assert_eq!(join(groups, &after).len(), 1);
    }
}
