//! How another participant is. The one place that decides it: what shows a participant asks a
//! [`Presence`] and concludes nothing from connections and seats. Pure.
//!
//! There is no "weak" yet: nothing in a call measures a connection for that.

use super::health::Condition;

/// What people are told about another participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// We have not begun to connect: others' turn comes first.
    Waiting,
    /// Never connected yet.
    Connecting,
    Connected,
    /// Was connected; another path is looked for.
    Reconnecting,
    /// No path was found; it goes on trying.
    Failed,
    /// Its connection to the signaling service is lost, and the service waits for it to come back.
    /// Our connection to it is in this condition meanwhile, and may go on carrying media; `None`
    /// while its turn has not come.
    Away(Option<Condition>),
}

impl Presence {
    /// `condition` is that of the connection over which the participant is reached, `None` while
    /// its turn has not come; `is_away` says whether the signaling service lost it.
    pub(crate) fn of(condition: Option<Condition>, is_away: bool) -> Self {
        match condition {
            _ if is_away => Self::Away(condition),
            None => Self::Waiting,
            Some(Condition::Connecting) => Self::Connecting,
            Some(Condition::Connected) => Self::Connected,
            Some(Condition::Reconnecting) => Self::Reconnecting,
            Some(Condition::Failed) => Self::Failed,
        }
    }

    /// One word for the state of a tile. Who is away reads as if the connection itself were
    /// interrupted, once there is one.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Waiting | Self::Away(None) => "waiting",
            Self::Connecting | Self::Away(Some(Condition::Connecting)) => "connecting",
            Self::Connected => "connected",
            Self::Reconnecting
            | Self::Away(Some(Condition::Connected | Condition::Reconnecting)) => "reconnecting",
            Self::Failed | Self::Away(Some(Condition::Failed)) => "failed",
        }
    }

    /// Whether everything is as it should be.
    pub(crate) fn is_connected(self) -> bool {
        self == Self::Connected
    }

    /// Whether others' turn to be connected to comes first.
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Waiting | Self::Away(None))
    }

    /// Whether the first connection is being made.
    pub(crate) fn is_connecting(self) -> bool {
        matches!(
            self,
            Self::Connecting | Self::Away(Some(Condition::Connecting))
        )
    }

    /// Whether there has not been a connection yet, and none has failed.
    pub(crate) fn is_coming(self) -> bool {
        self.is_waiting() || self.is_connecting()
    }

    /// Whether the path that there was is lost, and nothing but the network is to blame.
    pub(crate) fn is_interrupted(self) -> bool {
        self == Self::Reconnecting
    }

    /// Whether no path was found.
    pub(crate) fn has_failed(self) -> bool {
        matches!(self, Self::Failed | Self::Away(Some(Condition::Failed)))
    }

    /// Whether the signaling service lost the participant.
    pub fn is_away(self) -> bool {
        matches!(self, Self::Away(_))
    }

    /// Whether there is a connection, or was one that may come back.
    pub(crate) fn was_connected(self) -> bool {
        !self.is_coming() && !self.has_failed()
    }

    /// Whether a person may want to have a new connection made. Who is only away comes back by
    /// itself, and the connection to it may well stand.
    pub(crate) fn needs_reconnect(self) -> bool {
        self.is_interrupted() || self.has_failed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONDITIONS: [Option<Condition>; 5] = [
        None,
        Some(Condition::Connecting),
        Some(Condition::Connected),
        Some(Condition::Reconnecting),
        Some(Condition::Failed),
    ];

    fn every_presence() -> impl Iterator<Item = Presence> {
        let of = |is_away| CONDITIONS.map(|condition| Presence::of(condition, is_away));
        of(false).into_iter().chain(of(true))
    }

    #[test]
    fn who_is_here_is_as_the_connection_is() {
        let words = CONDITIONS.map(|condition| Presence::of(condition, false).as_str());
        assert_eq!(
            words,
            [
                "waiting",
                "connecting",
                "connected",
                "reconnecting",
                "failed"
            ]
        );
    }

    #[test]
    fn who_is_away_is_not_connected_although_media_may_flow() {
        let words = CONDITIONS.map(|condition| Presence::of(condition, true).as_str());
        assert_eq!(
            words,
            [
                "waiting",
                "connecting",
                "reconnecting",
                "reconnecting",
                "failed"
            ]
        );
        let flows = Presence::of(Some(Condition::Connected), true);
        assert!(!flows.is_connected() && flows.was_connected());
    }

    #[test]
    fn a_new_connection_is_offered_where_the_network_is_to_blame() {
        let offered = |is_away| {
            CONDITIONS.map(|condition| Presence::of(condition, is_away).needs_reconnect())
        };
        assert_eq!(offered(false), [false, false, false, true, true]);
        assert_eq!(offered(true), [false, false, false, false, true]);
    }

    #[test]
    fn of_every_presence_exactly_one_thing_is_true() {
        for presence in every_presence() {
            let stages = [
                presence.is_waiting(),
                presence.is_connecting(),
                presence.was_connected(),
                presence.has_failed(),
            ];
            let true_ones = stages.iter().filter(|stage| **stage).count();
            assert_eq!(true_ones, 1, "{presence:?}");
            let here = [presence.is_connected(), presence.is_interrupted()];
            assert!(
                !presence.is_away() || here == [false, false],
                "{presence:?}"
            );
            assert!(presence.was_connected() || here == [false, false]);
        }
    }
}
