//! The descriptions of connections in their order: which came before, which answers which.

use signaling_protocol::SdpType;

/// One description that was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Unique in its list.
    pub id: u64,
    /// The number of the connection; both its ends have it in common.
    pub connection: u32,
    /// Who wrote it.
    pub who: String,
    /// For whom, where that is known.
    pub whom: Option<String>,
    pub kind: SdpType,
    /// Empty for a rollback.
    pub sdp: String,
}

/// The description before by the same peer in the same connection. A rollback has none.
pub(crate) fn previous(rounds: &[Round], index: usize) -> Option<&Round> {
    let round = rounds
        .get(index)
        .filter(|round| round.kind != SdpType::Rollback)?;
    let mut before = rounds[..index].iter().rev();
    before.find(|other| {
        other.connection == round.connection
            && other.who == round.who
            && other.kind != SdpType::Rollback
    })
}

/// What an offer was answered with, or what an answer answers. A rollback has none, and an offer
/// that was rolled back or overtaken by another has none either.
pub(crate) fn counterpart(rounds: &[Round], index: usize) -> Option<&Round> {
    let round = rounds.get(index)?;
    let same = |other: &&Round| other.connection == round.connection;
    let is_answer = |other: &Round| matches!(other.kind, SdpType::Answer | SdpType::Pranswer);
    match round.kind {
        SdpType::Rollback => None,
        SdpType::Offer => {
            let after = rounds[index + 1..].iter().filter(same);
            // A provisional answer may be followed by others; the last one counts.
            let mut answers = after
                .take_while(|other| is_answer(other))
                .filter(|other| other.who != round.who);
            let first = answers.next()?;
            Some(answers.last().unwrap_or(first))
        }
        SdpType::Answer | SdpType::Pranswer => {
            let mut before = rounds[..index].iter().rev().filter(same);
            before.find(|other| other.kind == SdpType::Offer && other.who != round.who)
        }
    }
}
