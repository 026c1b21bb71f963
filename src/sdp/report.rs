//! One description of a list, laid out and compared as somebody asked for.

use signaling_protocol::SdpType;

use super::description::{Problem, TooLong, parse};
use super::presentation::{Part, present};
use super::rounds::{Round, counterpart, previous};
use super::summary::{answered, since};

/// What a description is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Comparison {
    #[default]
    Nothing,
    /// What the same peer described before.
    Previous,
    /// The answer to the offer, the offer to the answer.
    Counterpart,
}

/// A description with all that is said of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Report {
    pub(crate) parts: Vec<Part>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) compared: Option<Compared>,
}

/// What it was compared with, and what came out in a few words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Compared {
    pub(crate) who: String,
    pub(crate) kind: SdpType,
    pub(crate) words: Vec<String>,
}

/// Lays out the description at `index`; nothing if there is none, or if it is a rollback. A
/// comparison that is not [`available`] is left out.
pub(crate) fn report(
    rounds: &[Round],
    index: usize,
    comparison: Comparison,
) -> Result<Report, TooLong> {
    let Some(round) = rounds.get(index) else {
        return Ok(Report::default());
    };
    let description = parse(&round.sdp)?;
    let other = comparison
        .other(rounds, index)
        .map(|other| Ok((other, parse(&other.sdp)?)))
        .transpose()?;
    let compared = other.as_ref().map(|(other, there)| Compared {
        who: other.who.clone(),
        kind: other.kind,
        words: match (comparison, round.kind) {
            (Comparison::Counterpart, SdpType::Offer) => answered(&description, there),
            (Comparison::Counterpart, _) => answered(there, &description),
            _ => since(there, &description),
        },
    });
    let against = other.as_ref().map(|(other, there)| (there, other.kind));
    Ok(Report {
        parts: match round.kind {
            SdpType::Rollback => Vec::new(),
            kind => present(&description, kind, against),
        },
        problems: description.problems(),
        compared,
    })
}

/// Whether there is something to compare with.
pub(crate) fn available(rounds: &[Round], index: usize, comparison: Comparison) -> bool {
    comparison == Comparison::Nothing || comparison.other(rounds, index).is_some()
}

impl Comparison {
    /// What the round at `index` is compared with; always one of the same connection.
    pub(crate) fn other(self, rounds: &[Round], index: usize) -> Option<&Round> {
        match self {
            Self::Nothing => None,
            Self::Previous => previous(rounds, index),
            Self::Counterpart => counterpart(rounds, index),
        }
    }
}
