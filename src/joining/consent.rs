//! Whether two people show each other what their browsers do: either may ask, the other accepts or
//! refuses, either may stop. Pure; times are arguments, and the channel keeps its order.

use std::collections::VecDeque;

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
    Joined,
    /// The other does not want to.
    Refused,
    /// The other has ended it.
    Stopped,
}

#[derive(Debug, Default)]
pub struct Consent {
    standing: Standing,
    /// How often we stopped, and the other.
    own_stops: u32,
    heard_stops: u32,
    /// How often we refused, and until when the other's questions are not heard.
    refusals: u32,
    quiet_until_ms: f64,
    outgoing: VecDeque<TraceMessage>,
}

impl Consent {
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// We want to. Where the other asks already, that is a yes.
    pub fn handle_ask(&mut self) {
        match self.standing {
            Standing::Apart | Standing::Refused | Standing::Stopped => {
                self.standing = Standing::Asking;
                self.ask();
            }
            Standing::Asked => self.handle_accept(),
            Standing::Asking | Standing::Joined => {}
        }
    }

    /// We say yes.
    pub fn handle_accept(&mut self) {
        if self.standing == Standing::Asked {
            self.standing = Standing::Joined;
            let stops = self.heard_stops;
            self.outgoing.push_back(TraceMessage::Accept { stops });
        }
    }

    /// We say no.
    pub fn handle_refuse(&mut self, now_ms: f64) {
        if self.standing == Standing::Asked {
            self.standing = Standing::Apart;
            let rest = REST_MS * f64::from(1 << self.refusals.min(MOST_REFUSALS));
            self.refusals = self.refusals.saturating_add(1);
            self.rest(now_ms + rest);
            self.refuse();
        }
    }

    /// We end it, or take our question back.
    pub fn handle_stop(&mut self) {
        if matches!(self.standing, Standing::Asking | Standing::Joined) {
            self.standing = Standing::Apart;
            self.stop();
        }
    }

    /// What the other says. Messages about anything else change nothing.
    pub fn handle_message(&mut self, message: &TraceMessage, now_ms: f64) {
        match message {
            TraceMessage::Stop => self.handle_stopped(now_ms),
            TraceMessage::Ask { stops } if *stops == self.own_stops => self.handle_asked(now_ms),
            TraceMessage::Accept { stops } if *stops == self.own_stops => match self.standing {
                Standing::Asking => self.standing = Standing::Joined,
                Standing::Joined => {}
                // It must not go on believing that we agreed.
                _ => self.stop(),
            },
            TraceMessage::Refuse { stops } if *stops == self.own_stops => match self.standing {
                Standing::Asking => self.standing = Standing::Refused,
                Standing::Joined => self.standing = Standing::Stopped,
                _ => {}
            },
            _ => {}
        }
    }

    /// The channel is gone, or another took its place: both begin anew. What was refused stays so.
    pub fn handle_closed(&mut self) {
        *self = Self {
            refusals: self.refusals,
            quiet_until_ms: self.quiet_until_ms,
            ..Self::default()
        };
    }

    /// What to say next.
    pub fn poll_message(&mut self) -> Option<TraceMessage> {
        self.outgoing.pop_front()
    }

    fn handle_asked(&mut self, now_ms: f64) {
        match self.standing {
            // Both asked at once. The other will say so of our question.
            Standing::Asking => self.standing = Standing::Joined,
            Standing::Joined => {
                let stops = self.heard_stops;
                self.outgoing.push_back(TraceMessage::Accept { stops });
            }
            Standing::Asked => {}
            _ if now_ms < self.quiet_until_ms || self.refusals >= MOST_REFUSALS => self.refuse(),
            _ => self.standing = Standing::Asked,
        }
    }

    fn handle_stopped(&mut self, now_ms: f64) {
        self.heard_stops = self.heard_stops.wrapping_add(1);
        match self.standing {
            Standing::Joined => self.standing = Standing::Stopped,
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
        self.outgoing.push_back(TraceMessage::Ask { stops });
    }

    fn refuse(&mut self) {
        let stops = self.heard_stops;
        self.outgoing.push_back(TraceMessage::Refuse { stops });
    }

    fn stop(&mut self) {
        self.own_stops = self.own_stops.wrapping_add(1);
        self.outgoing.push_back(TraceMessage::Stop);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Default)]
    struct Wire {
        ends: [Consent; 2],
        /// To each end.
        under_way: [VecDeque<TraceMessage>; 2],
        now_ms: f64,
    }

    impl Wire {
        fn collect(&mut self) {
            for me in [0, 1] {
                while let Some(message) = self.ends[me].poll_message() {
                    self.under_way[1 - me].push_back(message);
                }
            }
        }

        fn deliver(&mut self, me: usize) {
            if let Some(message) = self.under_way[me].pop_front() {
                self.ends[me].handle_message(&message, self.now_ms);
            }
            self.collect();
        }

        fn settle(&mut self) {
            self.collect();
            for _ in 0..1000 {
                self.deliver(0);
                self.deliver(1);
            }
            assert!(
                self.under_way.iter().all(VecDeque::is_empty),
                "they never end"
            );
        }

        fn standings(&self) -> [Standing; 2] {
            [self.ends[0].standing(), self.ends[1].standing()]
        }
    }

    #[test]
    fn one_asks_the_other_accepts_and_either_stops() {
        let mut wire = Wire::default();
        wire.ends[0].handle_ask();
        wire.settle();
        assert_eq!(wire.standings(), [Standing::Asking, Standing::Asked]);
        wire.ends[1].handle_accept();
        wire.settle();
        assert_eq!(wire.standings(), [Standing::Joined, Standing::Joined]);
        wire.ends[0].handle_stop();
        wire.settle();
        assert_eq!(wire.standings(), [Standing::Apart, Standing::Stopped]);
    }

    #[test]
    fn two_who_ask_at_once_have_agreed() {
        let mut wire = Wire::default();
        wire.ends[0].handle_ask();
        wire.ends[1].handle_ask();
        wire.settle();
        assert_eq!(wire.standings(), [Standing::Joined, Standing::Joined]);
    }

    #[test]
    fn who_was_refused_cannot_nag() {
        let mut wire = Wire::default();
        let mut shown = Vec::new();
        for second in 0..2000 {
            wire.now_ms = f64::from(second) * 1000.0;
            wire.ends[0].handle_ask();
            wire.settle();
            if wire.ends[1].standing() == Standing::Asked {
                shown.push(second);
                wire.ends[1].handle_refuse(wire.now_ms);
                wire.settle();
            }
            assert_eq!(wire.standings(), [Standing::Refused, Standing::Apart]);
        }
        assert_eq!(shown, [0, 30, 90]);
        // A new channel makes nothing good, and we may still ask.
        wire.ends.iter_mut().for_each(Consent::handle_closed);
        wire.ends[0].handle_ask();
        wire.settle();
        assert_eq!(wire.standings(), [Standing::Refused, Standing::Apart]);
        wire.ends[1].handle_ask();
        wire.settle();
        assert_eq!(
            wire.standings(),
            [Standing::Refused, Standing::Asked].map(|s| match s {
                Standing::Refused => Standing::Asked,
                _ => Standing::Asking,
            })
        );
    }

    #[test]
    fn a_question_that_flickers_is_shown_seldom() {
        let mut wire = Wire::default();
        let mut shown = 0;
        for tenth in 0..100 {
            wire.now_ms = f64::from(tenth) * 100.0;
            wire.ends[0].handle_ask();
            wire.settle();
            shown += u32::from(wire.ends[1].standing() == Standing::Asked);
            wire.ends[0].handle_stop();
            wire.settle();
        }
        assert_eq!(shown, 2, "in ten seconds");
    }

    #[test]
    fn nobody_is_joined_to_who_did_not_agree() {
        let mut one = Consent::default();
        one.handle_message(&TraceMessage::Accept { stops: 0 }, 0.0);
        assert_eq!(one.standing(), Standing::Apart);
        assert_eq!(one.poll_message(), Some(TraceMessage::Stop));
        one.handle_message(&TraceMessage::Ask { stops: 7 }, 0.0);
        assert_eq!(one.standing(), Standing::Apart);
    }

    proptest! {
        /// Whatever both press, and however long messages take: in the end both see the same.
        #[test]
        fn both_agree_on_how_they_stand(
            steps in proptest::collection::vec((0_u8..7, 0_usize..2), 0..150)
        ) {
            let mut wire = Wire::default();
            // Whether each has said yes since it last said no.
            let mut willing = [false; 2];
            for (step, me) in steps {
                wire.now_ms += 1000.0;
                let before = wire.ends[me].standing();
                match step {
                    0 => { wire.ends[me].handle_ask(); willing[me] = true; }
                    1 => {
                        wire.ends[me].handle_accept();
                        willing[me] |= before == Standing::Asked;
                    }
                    2 => {
                        wire.ends[me].handle_refuse(wire.now_ms);
                        willing[me] &= before != Standing::Asked;
                    }
                    3 => {
                        wire.ends[me].handle_stop();
                        willing[me] = false;
                    }
                    _ => wire.deliver(me),
                }
                wire.collect();
                for me in [0, 1] {
                    let standing = wire.ends[me].standing();
                    prop_assert!(standing != Standing::Joined || willing[me], "joined unasked");
                    if matches!(standing, Standing::Refused | Standing::Stopped) {
                        willing[me] = false;
                    }
                }
            }
            wire.settle();
            let [one, other] = wire.standings();
            prop_assert_eq!(one == Standing::Joined, other == Standing::Joined, "{:?} {:?}", one, other);
            prop_assert_eq!(one == Standing::Asking, other == Standing::Asked, "{:?} {:?}", one, other);
            prop_assert_eq!(other == Standing::Asking, one == Standing::Asked, "{:?} {:?}", one, other);
        }
    }
}
