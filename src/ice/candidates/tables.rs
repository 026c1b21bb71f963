//! The rows of both tables, from a report.

use std::collections::HashSet;

use super::candidate::Candidate;
use super::pair::Pair;
use super::texts::Text;
use crate::sdp::candidate::Priority;
use crate::statistics::{Report, Stat};
use crate::trace::Side;

/// What one end knows about candidates and pairs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables {
    /// Highest priority first, local before remote.
    pub(crate) candidates: Vec<Candidate>,
    /// The selected one first, then by state and priority.
    pub(crate) pairs: Vec<Pair>,
    /// Those that only earlier reports have, as they were last, in the same order.
    pub(crate) dropped: Vec<Pair>,
    /// Only of pairs that were dropped.
    former: Vec<Candidate>,
    /// Whether this end chooses the pair; `None` where the browser does not tell.
    pub(crate) controlling: Option<bool>,
}

impl Tables {
    /// `texts` are the candidates' texts that were gathered or received, in any order; they only
    /// fill in what `report` leaves out.
    pub fn new<'a>(report: &Report, texts: impl IntoIterator<Item = &'a Text>) -> Self {
        let texts: Vec<_> = texts.into_iter().collect();
        let mut candidates: Vec<_> = report
            .iter()
            .filter_map(|stat| match stat.kind() {
                "local-candidate" => Some(Candidate::new(stat, Side::Local, &texts)),
                "remote-candidate" => Some(Candidate::new(stat, Side::Remote, &texts)),
                _ => None,
            })
            .collect();
        candidates.sort_by_key(|candidate| {
            let priority = candidate.priority.map(Priority::value);
            (candidate.side, std::cmp::Reverse(priority))
        });
        let role = report.of_kind("transport").find_map(|t| t.text("iceRole"));
        let controlling = match role {
            Some("controlling") => Some(true),
            Some("controlled") => Some(false),
            _ => None,
        };
        let selected = report.selected_pair().map(Stat::id);
        let pairs = report.of_kind("candidate-pair");
        let pairs = pairs.map(|stat| Pair::new(stat, selected, &candidates, controlling));
        let mut pairs: Vec<_> = pairs.collect();
        pairs.sort_by_key(Pair::order);
        Self {
            candidates,
            pairs,
            controlling,
            ..Self::default()
        }
    }

    /// With the pairs that were dropped since; `earlier` are former reports, newest first.
    pub(crate) fn since<'a>(mut self, earlier: impl IntoIterator<Item = &'a Report>) -> Self {
        let mut known: HashSet<String> = self.pairs.iter().map(|pair| pair.id.clone()).collect();
        for report in earlier {
            let mut ids = report.of_kind("candidate-pair").map(Stat::id);
            // Of most reports everything is known, and nothing needs to be made.
            if ids.all(|id| known.contains(id)) {
                continue;
            }
            let then = Self::new(report, []);
            for pair in &then.pairs {
                if self.dropped.len() == DROPPED {
                    break;
                }
                if !known.insert(pair.id.clone()) {
                    continue;
                }
                for id in [&pair.local, &pair.remote] {
                    if self.candidate(id).is_none() {
                        self.former.extend(then.candidate(id).cloned());
                    }
                }
                self.dropped.push(Pair {
                    selected: false,
                    dropped: true,
                    ..pair.clone()
                });
            }
        }
        self.dropped.sort_by_key(Pair::order);
        self
    }

    /// Also of a pair that was dropped.
    pub(crate) fn candidate(&self, id: &str) -> Option<&Candidate> {
        let mut all = self.candidates.iter().chain(&self.former);
        all.find(|candidate| candidate.id == id)
    }

    /// Those that were dropped last.
    pub(crate) fn all_pairs(&self) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().chain(&self.dropped)
    }

    pub(crate) fn of(&self, side: Side) -> impl Iterator<Item = &Candidate> {
        self.candidates
            .iter()
            .filter(move |candidate| candidate.side == side)
    }

    pub(crate) fn selected(&self) -> Option<&Pair> {
        self.pairs.iter().find(|pair| pair.selected)
    }

    /// The own candidate and the other's between which everything travels.
    pub fn selected_ends(&self) -> Option<[&Candidate; 2]> {
        let pair = self.selected()?;
        Some([self.candidate(&pair.local)?, self.candidate(&pair.remote)?])
    }
}

/// So many are remembered of those that were dropped.
const DROPPED: usize = 100;

#[cfg(test)]
mod tests;
