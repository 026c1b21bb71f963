//! Pairs of candidates: how their checks go, and which goes first.

use super::candidate::Candidate;
use crate::sdp::candidate::Priority;
use crate::statistics::Stat;

/// One pair and its checks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pair {
    pub(crate) id: String,
    /// Ids of candidates; one may be missing in a report.
    pub(crate) local: String,
    pub(crate) remote: String,
    pub(crate) state: PairState,
    pub(crate) nominated: bool,
    pub(crate) selected: bool,
    /// Only an earlier report has it: browsers drop pairs that lead nowhere.
    pub(crate) dropped: bool,
    /// By the formula of RFC 8445, section 6.1.2.3, from the candidates' priorities, exactly; a
    /// report has it only as a rounded number.
    pub(crate) priority: Option<u64>,
    pub(crate) requests_sent: Option<f64>,
    pub(crate) requests_received: Option<f64>,
    pub(crate) responses_sent: Option<f64>,
    pub(crate) responses_received: Option<f64>,
    /// Of the newest check, in milliseconds.
    pub(crate) round_trip_ms: Option<f64>,
    pub(crate) bytes_sent: Option<f64>,
    pub(crate) bytes_received: Option<f64>,
}

/// <https://www.w3.org/TR/webrtc-stats/#dom-rtcstatsicecandidatepairstate>
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PairState {
    Frozen,
    Waiting,
    InProgress,
    Failed,
    Succeeded,
    /// A word of the browser's own, such as Firefox's `cancelled`.
    Other(String),
}

impl Pair {
    /// Whether any check of it was answered. The state tells it of the newest only: some browsers
    /// go on checking a pair that works, and call that in progress.
    pub(crate) fn was_answered(&self) -> bool {
        self.state == PairState::Succeeded || some(self.responses_received)
    }

    /// Whether any media or data went over it, as far as the browser counts.
    pub(crate) fn carried_anything(&self) -> bool {
        some(self.bytes_sent) || some(self.bytes_received)
    }

    /// Whether any check of it was sent; `None` where the browser does not tell.
    pub(crate) fn was_checked(&self) -> Option<bool> {
        if self.was_answered() || some(self.requests_sent) {
            return Some(true);
        }
        match self.state {
            PairState::InProgress | PairState::Failed => Some(true),
            PairState::Frozen | PairState::Waiting => Some(false),
            PairState::Succeeded | PairState::Other(_) => {
                self.requests_sent.is_some().then_some(false)
            }
        }
    }

    pub(super) fn order(&self) -> impl Ord + use<> {
        let order = (!self.selected, self.state.order());
        (order, std::cmp::Reverse(self.priority))
    }

    pub(super) fn new(
        stat: &Stat,
        selected: Option<&str>,
        candidates: &[Candidate],
        controlling: Option<bool>,
    ) -> Self {
        let id = |member| stat.text(member).unwrap_or_default().to_owned();
        let (local, remote) = (id("localCandidateId"), id("remoteCandidateId"));
        let priority = |id: &str| {
            let candidate = candidates.iter().find(|candidate| candidate.id == id);
            candidate.and_then(|candidate| candidate.priority)
        };
        let round_trip = stat.number("currentRoundTripTime");
        Self {
            id: stat.id().to_owned(),
            state: PairState::from(stat.text("state").unwrap_or("unknown")),
            nominated: stat.bool("nominated") == Some(true),
            selected: selected == Some(stat.id()),
            dropped: false,
            priority: pair_priority(priority(&local), priority(&remote), controlling),
            requests_sent: stat.number("requestsSent"),
            requests_received: stat.number("requestsReceived"),
            responses_sent: stat.number("responsesSent"),
            responses_received: stat.number("responsesReceived"),
            round_trip_ms: round_trip.map(|seconds| seconds * 1000.0),
            bytes_sent: stat.number("bytesSent"),
            bytes_received: stat.number("bytesReceived"),
            local,
            remote,
        }
    }
}

impl PairState {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Frozen => "frozen",
            Self::Waiting => "waiting",
            Self::InProgress => "in-progress",
            Self::Failed => "failed",
            Self::Succeeded => "succeeded",
            Self::Other(word) => word,
        }
    }

    /// What it means, for a person.
    pub(crate) fn meaning(&self) -> &'static str {
        match self {
            Self::Frozen => "No check was sent yet: it waits until a pair like it was checked.",
            Self::Waiting => "No check was sent yet; one comes when it is its turn.",
            Self::InProgress => "A check was sent: no answer to it yet.",
            Self::Failed => "No answer came, or a wrong one.",
            Self::Succeeded => "The other end answered the check.",
            Self::Other(word) if word == "cancelled" => {
                "Given up, because another pair was found first."
            }
            Self::Other(_) => "A word of this browser’s own.",
        }
    }

    fn order(&self) -> u8 {
        match self {
            Self::Succeeded => 0,
            Self::InProgress => 1,
            Self::Waiting => 2,
            Self::Frozen => 3,
            Self::Failed => 4,
            Self::Other(_) => 5,
        }
    }
}

impl From<&str> for PairState {
    fn from(word: &str) -> Self {
        match word {
            "frozen" => Self::Frozen,
            "waiting" => Self::Waiting,
            // The older word, which some browsers still use.
            "in-progress" | "inprogress" => Self::InProgress,
            "failed" => Self::Failed,
            "succeeded" => Self::Succeeded,
            other => Self::Other(other.to_owned()),
        }
    }
}

fn some(count: Option<f64>) -> bool {
    count.is_some_and(|count| count > 0.0)
}

/// The highest of a candidate: RFC 8445, section 5.1.2.1.
const HIGHEST: u32 = (1 << 31) - 1;

/// 2³² × min(G, D) + 2 × max(G, D) + (1 if G > D), where G is of the controlling end. When it
/// is not known who that is, the last bit stays 0.
fn pair_priority(
    local: Option<Priority>,
    remote: Option<Priority>,
    controlling: Option<bool>,
) -> Option<u64> {
    // A file may have any number, and the sum has no room for more.
    let known = |of: Option<Priority>| {
        of.map(Priority::value)
            .filter(|p| (1..=HIGHEST).contains(p))
    };
    let (local, remote) = (u64::from(known(local)?), u64::from(known(remote)?));
    let last = match controlling {
        Some(true) => local > remote,
        Some(false) => remote > local,
        None => false,
    };
    Some((local.min(remote) << 32) + 2 * local.max(remote) + u64::from(last))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// RFC 8445, section 6.1.2.3: both ends must order the pairs alike.
        #[test]
        fn both_ends_compute_the_same_priority(one in 1..=HIGHEST, other in 1..=HIGHEST) {
            let (one, other) = (Some(Priority::from(one)), Some(Priority::from(other)));
            let here = pair_priority(one, other, Some(true));
            prop_assert!(here.is_some());
            prop_assert_eq!(here, pair_priority(other, one, Some(false)));
        }
    }

    #[test]
    fn what_no_candidate_has_gives_none() {
        let fine = Some(Priority::from(HIGHEST));
        for none in [0, HIGHEST + 1, u32::MAX].map(|value| Some(Priority::from(value))) {
            assert_eq!(pair_priority(none, none, Some(true)), None);
            assert_eq!(pair_priority(none, fine, None), None);
            assert_eq!(pair_priority(fine, none, None), None);
        }
    }
}
