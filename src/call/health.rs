//! How a connection to a peer does, and when to look for a new path to it. Pure: time is an
//! argument, in milliseconds.
//!
//! `disconnected` often heals by itself, `failed` never does; for both there is the ICE restart
//! (<https://www.w3.org/TR/webrtc/#dom-rtcpeerconnection-restartice>), repeated with growing
//! pauses. Restarting means signaling, so nothing is tried while the peer or we ourselves cannot
//! be signaled to; then it is tried at once.

use crate::negotiation::Role;
use crate::states::ConnectionState;

/// How a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Never connected yet.
    Connecting,
    Connected,
    /// Was connected; another path is looked for.
    Reconnecting,
    /// No path was found; it goes on trying.
    Failed,
}

/// A first connection that takes longer is helped along.
const SLOW_START_MS: f64 = 10_000.0;
/// So long `disconnected` may heal by itself.
const PATIENCE_MS: f64 = 3_000.0;
const FIRST_PAUSE_MS: f64 = 2_000.0;
const LONGEST_PAUSE_MS: f64 = 30_000.0;
/// The polite end lets the other begin, so that both do not restart for the same reason.
const COURTESY: f64 = 1.5;

/// One connection's state, and the next thing to do about it.
#[derive(Clone, Debug)]
pub(crate) struct Health {
    role: Role,
    state: State,
    was_connected: bool,
    reachable: bool,
    restarts: i32,
    restart_at: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Starting,
    Connected,
    Disconnected,
    Failed,
}

impl Health {
    /// A connection that was made at `now`, to a peer that can be signaled to.
    pub(crate) fn new(role: Role, now: f64) -> Self {
        let mut health = Self {
            role,
            state: State::Starting,
            was_connected: false,
            reachable: true,
            restarts: 0,
            restart_at: None,
        };
        health.plan(SLOW_START_MS, now);
        health
    }

    /// A new connection took the place of this one.
    #[must_use]
    pub(crate) fn renewed(&self, now: f64) -> Self {
        Self {
            was_connected: self.was_connected,
            reachable: self.reachable,
            ..Self::new(self.role, now)
        }
    }

    /// Whether there ever was a way to the peer.
    pub(crate) fn was_connected(&self) -> bool {
        self.was_connected
    }

    /// `RTCPeerConnection.connectionState` is `state` now.
    pub(crate) fn handle_state(&mut self, state: ConnectionState, now: f64) {
        let state = match state {
            ConnectionState::Connected => State::Connected,
            ConnectionState::Disconnected => State::Disconnected,
            ConnectionState::Failed => State::Failed,
            // After a restart it is `connecting` again; the plan for the next one stands.
            _ => State::Starting,
        };
        if state == self.state {
            return;
        }
        self.state = state;
        match state {
            State::Connected => {
                self.was_connected = true;
                self.restarts = 0;
                self.restart_at = None;
            }
            State::Disconnected => self.plan(PATIENCE_MS, now),
            State::Failed => self.plan(self.pause(), now),
            State::Starting if self.restart_at.is_none() => self.plan(SLOW_START_MS, now),
            State::Starting => {}
        }
    }

    /// Whether signals reach the peer.
    pub(crate) fn handle_reachable(&mut self, reachable: bool, now: f64) {
        let back = reachable && !self.reachable;
        self.reachable = reachable;
        // What was said meanwhile, or would have been, may be lost; and nobody else will try.
        if back && self.state != State::Connected {
            self.restarts = 0;
            self.restart_at = Some(now);
        }
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub(crate) fn deadline(&self) -> Option<f64> {
        self.restart_at.filter(|_| self.reachable)
    }

    /// Whether to restart ICE now.
    pub(crate) fn handle_timeout(&mut self, now: f64) -> bool {
        if !self.deadline().is_some_and(|at| at <= now) {
            return false;
        }
        self.restarts += 1;
        self.plan(self.pause(), now);
        true
    }

    pub(crate) fn condition(&self) -> Condition {
        match self.state {
            State::Failed => Condition::Failed,
            State::Connected => Condition::Connected,
            State::Starting if !self.was_connected => Condition::Connecting,
            _ => Condition::Reconnecting,
        }
    }

    fn pause(&self) -> f64 {
        (FIRST_PAUSE_MS * 2_f64.powi(self.restarts.min(10))).min(LONGEST_PAUSE_MS)
    }

    fn plan(&mut self, pause: f64, now: f64) {
        let courtesy = match self.role {
            Role::Polite => COURTESY,
            Role::Impolite => 1.0,
        };
        self.restart_at = Some(now + pause * courtesy);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn connected() -> Health {
        let mut health = Health::new(Role::Impolite, 0.0);
        health.handle_state(ConnectionState::Connected, 100.0);
        health
    }

    #[test]
    fn a_connection_that_stands_is_left_alone() {
        let mut health = connected();
        assert_eq!(health.deadline(), None);
        assert!(!health.handle_timeout(1e9));
        assert_eq!(health.condition(), Condition::Connected);
    }

    #[test]
    fn a_short_interruption_heals_by_itself() {
        let mut health = connected();
        health.handle_state(ConnectionState::Disconnected, 1000.0);
        assert_eq!(health.condition(), Condition::Reconnecting);
        assert!(!health.handle_timeout(3000.0));
        health.handle_state(ConnectionState::Connected, 3500.0);
        assert!(!health.handle_timeout(10_000.0));
    }

    #[test]
    fn restarts_come_with_growing_pauses_until_it_is_connected() {
        let mut health = connected();
        health.handle_state(ConnectionState::Disconnected, 0.0);
        let mut now = 0.0;
        let mut pauses = Vec::new();
        for _ in 0..6 {
            let at = health.deadline().unwrap();
            pauses.push(at - now);
            now = at;
            assert!(health.handle_timeout(now));
        }
        assert_eq!(
            pauses,
            [3000.0, 4000.0, 8000.0, 16_000.0, 30_000.0, 30_000.0]
        );
        health.handle_state(ConnectionState::Connected, now);
        assert_eq!(health.deadline(), None);
    }

    #[test]
    fn a_restart_that_is_under_way_is_no_reason_for_another() {
        let mut health = connected();
        health.handle_state(ConnectionState::Failed, 0.0);
        assert_eq!(health.condition(), Condition::Failed);
        assert!(health.handle_timeout(2000.0));
        let next = health.deadline();
        health.handle_state(ConnectionState::Connecting, 2100.0);
        assert_eq!(health.condition(), Condition::Reconnecting);
        assert_eq!(health.deadline(), next);
    }

    #[test]
    fn who_cannot_be_signaled_to_is_waited_for() {
        let mut health = connected();
        health.handle_reachable(false, 0.0);
        health.handle_state(ConnectionState::Disconnected, 0.0);
        assert_eq!(health.condition(), Condition::Reconnecting);
        assert_eq!(health.deadline(), None);
        health.handle_reachable(true, 20_000.0);
        assert!(health.handle_timeout(20_000.0));
    }

    #[test]
    fn who_comes_back_while_media_flowed_is_left_alone() {
        let mut health = connected();
        health.handle_reachable(false, 0.0);
        health.handle_reachable(true, 5000.0);
        assert_eq!(health.condition(), Condition::Connected);
        assert_eq!(health.deadline(), None);
    }

    proptest! {
        /// Whatever happened, a connection that is not connected and can be signaled to always has
        /// a next attempt.
        #[test]
        fn it_never_gives_up(steps in proptest::collection::vec((0_u8..7, 0_u32..20_000), 0..40)) {
            let mut health = Health::new(Role::Polite, 0.0);
            let mut now = 0.0;
            for (step, pause) in steps {
                now += f64::from(pause);
                match step {
                    0 => health.handle_state(ConnectionState::Connecting, now),
                    1 => health.handle_state(ConnectionState::Connected, now),
                    2 => health.handle_state(ConnectionState::Disconnected, now),
                    3 => health.handle_state(ConnectionState::Failed, now),
                    4 => health.handle_reachable(false, now),
                    5 => health.handle_reachable(true, now),
                    _ => drop(health.handle_timeout(now)),
                }
            }
            health.handle_reachable(true, now);
            prop_assert!(health.state == State::Connected || health.deadline().is_some());
        }
    }
}
