//! Which modules go round in a circle.
//!
//! A circle is one between *siblings*, each with all that is below it: `a` names something of `b` or
//! of its children, and `b` something of `a` or of its children. A module and its own children are
//! one thing in several files and may name each other: `mod.rs` puts together what its children do,
//! and they use the types that it declares for all of them.

use std::collections::{BTreeMap, BTreeSet};

use super::modules::{Arrow, Modules};

/// Each circle with the arrows that close it, in words.
pub(super) fn circles(modules: &Modules) -> Vec<String> {
    // Arrows between the children of one module, by that module's path.
    let mut families: BTreeMap<&[String], Vec<(&str, &str, Arrow)>> = BTreeMap::new();
    for arrow in modules.arrows() {
        let path = |index: usize| modules.all[index].path.as_slice();
        let (from, to) = (path(arrow.from), path(arrow.to));
        let shared = from
            .iter()
            .zip(to)
            .take_while(|(from, to)| from == to)
            .count();
        if let (Some(here), Some(there)) = (from.get(shared), to.get(shared)) {
            let family = families.entry(&from[..shared]).or_default();
            family.push((here, there, arrow));
        }
    }
    let mut found = Vec::new();
    for (parent, arrows) in families {
        for circle in in_circles(&arrows) {
            let among = arrows
                .iter()
                .filter(|(here, there, _)| circle.contains(here) && circle.contains(there));
            let names: Vec<_> = circle.iter().copied().collect();
            let lines: Vec<_> = among.map(|(.., arrow)| modules.in_words(arrow)).collect();
            let place = ["crate"]
                .into_iter()
                .chain(parent.iter().map(String::as_str));
            let place: Vec<_> = place.collect();
            found.push(format!(
                "circle in {}: {}\n    {}",
                place.join("::"),
                names.join(" ↔ "),
                lines.join("\n    ")
            ));
        }
    }
    found
}

/// The sets of names that can all be reached from each other.
fn in_circles<'a>(arrows: &[(&'a str, &'a str, Arrow)]) -> Vec<BTreeSet<&'a str>> {
    let reached = |start: &'a str| {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![start];
        while let Some(here) = waiting.pop() {
            let next = arrows.iter().filter(|(from, ..)| *from == here);
            waiting.extend(
                next.filter(|(_, to, _)| seen.insert(*to))
                    .map(|(_, to, _)| *to),
            );
        }
        seen
    };
    let names: BTreeSet<_> = arrows.iter().map(|(from, ..)| *from).collect();
    let reach: BTreeMap<_, _> = names.iter().map(|&name| (name, reached(name))).collect();
    let mut found = BTreeSet::new();
    for (&name, there) in &reach {
        let circle: BTreeSet<_> = there
            .iter()
            .copied()
            .filter(|other| reach.get(other).is_some_and(|back| back.contains(name)))
            .collect();
        if !circle.is_empty() {
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}
