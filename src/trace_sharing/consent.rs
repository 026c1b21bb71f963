//! Whether two people show each other what their browsers do: either may ask, the other accepts or
//! refuses, either may stop. Pure; times are arguments, and the channel keeps its order.

use std::collections::VecDeque;
use std::mem::discriminant;

use signaling_protocol::TraceMessage;

/// Who was refused and asks again within this time is refused without anybody being asked. It
/// doubles with each refusal.
const REST_MS: f64 = 30_000.0;
/// … and from then on always.
const MOST_REFUSALS: u32 = 3;
/// A question that was taken back does not come back sooner.
const TAKEN_BACK_REST_MS: f64 = 5_000.0;

/// How we stand with one other person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    #[default]
    Apart,
    /// We asked and wait for the answer.
    Asking,
    /// The other asks and waits for ours.
    Asked,
    /// Both see both sides.
    Shared,
    /// The other does not want to.
    Refused,
    /// The other has ended it.
    Stopped,
}

#[derive(Debug, Default)]
pub(super) struct Consent {
    standing: Standing,
    /// How often we stopped, and the other.
    own_stops: u32,
    heard_stops: u32,
    /// How often we refused, and until when the other's questions are not heard.
    refusals: u32,
    quiet_until_ms: f64,
    unsaid: VecDeque<TraceMessage>,
}

impl Consent {
    pub(super) fn standing(&self) -> Standing {
        self.standing
    }

    /// We want to. Where the other asks already, that is a yes.
    pub(super) fn handle_ask(&mut self) {
        match self.standing {
            Standing::Apart | Standing::Refused | Standing::Stopped => {
                self.standing = Standing::Asking;
                self.ask();
            }
            Standing::Asked => self.handle_accept(),
            Standing::Asking | Standing::Shared => {}
        }
    }

    /// We say yes.
    pub(super) fn handle_accept(&mut self) {
        if self.standing == Standing::Asked {
            self.standing = Standing::Shared;
            self.accept();
        }
    }

    /// We say no.
    pub(super) fn handle_refuse(&mut self, now_ms: f64) {
        if self.standing == Standing::Asked {
            self.standing = Standing::Apart;
            let rest = REST_MS * f64::from(1 << self.refusals.min(MOST_REFUSALS));
            self.refusals = self.refusals.saturating_add(1);
            self.rest(now_ms + rest);
            self.refuse();
        }
    }

    /// We end it, or take our question back.
    pub(super) fn handle_stop(&mut self) {
        if matches!(self.standing, Standing::Asking | Standing::Shared) {
            self.standing = Standing::Apart;
            self.stop();
        }
    }

    /// What the other says. Messages about anything else change nothing.
    pub(super) fn handle_message(&mut self, message: &TraceMessage, now_ms: f64) {
        match message {
            TraceMessage::Stop => self.handle_stopped(now_ms),
            // Nobody can know of a stop that was not said yet.
            _ if self.unsaid.contains(&TraceMessage::Stop) => {}
            TraceMessage::Ask { stops } if *stops == self.own_stops => self.handle_asked(now_ms),
            TraceMessage::Accept { stops } if *stops == self.own_stops => match self.standing {
                Standing::Asking => self.standing = Standing::Shared,
                Standing::Shared => {}
                // It must not go on believing that we agreed.
                _ => self.stop(),
            },
            TraceMessage::Refuse { stops } if *stops == self.own_stops => match self.standing {
                Standing::Asking => self.standing = Standing::Refused,
                Standing::Shared => self.standing = Standing::Stopped,
                _ => {}
            },
            _ => {}
        }
    }

    /// The channel is gone, or another took its place: both begin anew. What was refused stays so.
    pub(super) fn handle_closed(&mut self) {
        *self = Self {
            refusals: self.refusals,
            quiet_until_ms: self.quiet_until_ms,
            ..Self::default()
        };
    }

    /// What to say next.
    pub(super) fn poll_message(&mut self) -> Option<TraceMessage> {
        self.unsaid.pop_front()
    }

    /// That could not be said, and comes first the next time.
    pub(super) fn handle_unsaid(&mut self, message: TraceMessage) {
        self.unsaid.push_front(message);
    }

    fn handle_asked(&mut self, now_ms: f64) {
        match self.standing {
            // Both asked at once. The other will say so of our question.
            Standing::Asking => self.standing = Standing::Shared,
            Standing::Shared => self.accept(),
            Standing::Asked => {}
            _ if now_ms < self.quiet_until_ms || self.refusals >= MOST_REFUSALS => self.refuse(),
            _ => self.standing = Standing::Asked,
        }
    }

    fn handle_stopped(&mut self, now_ms: f64) {
        self.heard_stops = self.heard_stops.wrapping_add(1);
        match self.standing {
            Standing::Shared => self.standing = Standing::Stopped,
            Standing::Asked => {
                self.standing = Standing::Apart;
                self.rest(now_ms + TAKEN_BACK_REST_MS);
            }
            // Ours was said before we heard this, so the other ignores it.
            Standing::Asking => self.ask(),
            _ => {}
        }
    }

    fn rest(&mut self, until_ms: f64) {
        self.quiet_until_ms = self.quiet_until_ms.max(until_ms);
    }

    fn ask(&mut self) {
        let stops = self.heard_stops;
        self.say(TraceMessage::Ask { stops });
    }

    fn accept(&mut self) {
        let stops = self.heard_stops;
        self.say(TraceMessage::Accept { stops });
    }

    fn refuse(&mut self) {
        let stops = self.heard_stops;
        self.say(TraceMessage::Refuse { stops });
    }

    /// Once, however often the other wants to hear it: where the same still waits with fewer stops, the
    /// other would ignore that.
    fn say(&mut self, message: TraceMessage) {
        let same = |last: &TraceMessage| discriminant(last) == discriminant(&message);
        if self.unsaid.back().is_some_and(same) {
            self.unsaid.pop_back();
        }
        self.unsaid.push_back(message);
    }

    fn stop(&mut self) {
        self.own_stops = self.own_stops.wrapping_add(1);
        self.unsaid.push_back(TraceMessage::Stop);
    }
}
