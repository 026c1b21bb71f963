//! What two tabs say to each other until they know each other, and whom a message is for. Pure.
//!
//! Whoever has a seat says hello to the room; whoever has the other seat answers. Which of two
//! comes first does not matter, and hellos that cross do no harm. That somebody is gone is not
//! said: its lock tells.

use serde::{Deserialize, Serialize};
use signaling_protocol::{LeaveReason, PeerId, PeerMessage};

use super::super::Event;

/// A message on the room's channel, which every tab in the room hears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Letter {
    from: PeerId,
    /// `None` is for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<PeerId>,
    #[serde(flatten)]
    body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Body {
    Hello { name: String },
    Here { name: String },
    Signal(PeerMessage),
}

/// What a letter led to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) events: Vec<Event>,
    pub(super) reply: Option<Letter>,
    /// From now on it matters when this one is gone.
    pub(super) watch: Option<PeerId>,
}

/// One tab that has a seat.
#[derive(Debug)]
pub(super) struct TabSession {
    me: PeerId,
    name: String,
    peer: Option<PeerId>,
}

impl TabSession {
    pub(super) fn new(me: PeerId, name: String) -> Self {
        Self {
            me,
            name,
            peer: None,
        }
    }

    /// To be sent first.
    pub(super) fn hello(&self) -> Letter {
        self.letter(
            None,
            Body::Hello {
                name: self.name.clone(),
            },
        )
    }

    pub(super) fn signal(&self, to: PeerId, message: PeerMessage) -> Letter {
        self.letter(Some(to), Body::Signal(message))
    }

    pub(super) fn handle_letter(&mut self, letter: Letter) -> Outcome {
        let Letter { from, to, body } = letter;
        if to.is_some_and(|to| to != self.me) || from == self.me {
            return Outcome::default();
        }
        match body {
            Body::Hello { name } => {
                let here = Body::Here {
                    name: self.name.clone(),
                };
                Outcome {
                    reply: Some(self.letter(Some(from.clone()), here)),
                    ..self.meet(from, name)
                }
            }
            Body::Here { name } => self.meet(from, name),
            Body::Signal(message) if self.peer.as_ref() == Some(&from) => Outcome {
                events: vec![Event::Signal { from, message }],
                ..Outcome::default()
            },
            // Of somebody who is gone.
            Body::Signal(_) => Outcome::default(),
        }
    }

    /// The one that was watched has closed, hung up or crashed: between tabs that is all one.
    pub(super) fn handle_gone(&mut self, peer: &PeerId) -> Option<Event> {
        self.peer.take_if(|known| known == peer).map(left)
    }

    fn meet(&mut self, peer: PeerId, name: String) -> Outcome {
        // Both said hello and both were answered.
        if self.peer.as_ref() == Some(&peer) {
            return Outcome::default();
        }
        // Where there are two seats, whoever comes third sits where somebody sat before.
        let earlier = self.peer.replace(peer.clone()).map(left);
        Outcome {
            watch: Some(peer.clone()),
            events: earlier
                .into_iter()
                .chain([Event::PeerJoined { peer, name }])
                .collect(),
            reply: None,
        }
    }

    fn letter(&self, to: Option<PeerId>, body: Body) -> Letter {
        Letter {
            from: self.me.clone(),
            to,
            body,
        }
    }
}

fn left(peer: PeerId) -> Event {
    Event::PeerLeft {
        peer,
        reason: LeaveReason::Left,
    }
}

#[cfg(test)]
mod tests;
