//! An exchange of two texts: who made the invitation, who answers it, and what is in which. Pure:
//! time (in milliseconds) and names are arguments.
//!
//! Each end knows the other only under a name of its own making, chosen so that whoever invites is
//! the impolite end, which makes the first offer.

use std::collections::VecDeque;

use signaling_protocol::{IceCandidate, LeaveReason, PeerId, PeerMessage, PeerSignal};
use thiserror::Error;

use super::super::Event;
use super::note::{self, Damage, Kind, Note};

/// A text is written when no further candidate came for so long …
const PATIENCE_MS: f64 = 5_000.0;
/// … or for so long after the browser said that it has no more.
const SETTLE_MS: f64 = 250.0;

/// What the person asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    Invite,
    /// A text that came from the other person.
    Use(String),
    /// Gives up the exchange that there is.
    StartOver,
}

/// How far the exchange is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Somebody has to make an invitation, here or there.
    #[default]
    Idle,
    /// The browser finds out how it can be reached.
    Gathering,
    /// The other person needs this invitation, and its answer is awaited.
    Invitation(String),
    /// The other person needs this answer.
    Answer(String),
    /// Both ends know everything.
    Complete,
}

/// Why a text was of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ExchangeError {
    #[error(transparent)]
    Damage(#[from] Damage),
    #[error("This is your own invitation.")]
    OwnInvitation,
    #[error("This is an invitation, and you made one as well; only one of you invites.")]
    TwoInvitations,
    #[error("This is an answer, but no invitation waits for one here.")]
    NoInvitation,
    #[error("This answers another invitation, perhaps an earlier one.")]
    OtherInvitation,
}

/// One person's part in one exchange after the other.
#[derive(Debug)]
pub(super) struct PasteSession {
    name: String,
    stage: Stage,
    error: Option<ExchangeError>,
    /// The present exchange: its name, and what the other end is called here.
    exchange: Option<(String, PeerId)>,
    /// What we write: an invitation or an answer.
    kind: Kind,
    collected: Vec<PeerMessage>,
    write_at: Option<f64>,
    gathered: bool,
    /// What came after the text was written.
    late: Vec<PeerMessage>,
    events: VecDeque<Event>,
}

impl PasteSession {
    pub(super) fn new(me: PeerId, name: String) -> Self {
        let joined = Event::Joined {
            me,
            grace_ms: 0,
            created: true,
            capacity: 2,
            peers: Vec::new(),
            ice_servers: Vec::new(),
            rights: None,
        };
        Self {
            name,
            stage: Stage::Idle,
            error: None,
            exchange: None,
            kind: Kind::Invitation,
            collected: Vec::new(),
            write_at: None,
            gathered: false,
            late: Vec::new(),
            events: VecDeque::from([joined]),
        }
    }

    /// Who takes part: greater than the other end where that invites, and else smaller.
    pub(super) fn own_id(random: &str) -> PeerId {
        PeerId::new(format!("m{random}"))
    }

    pub(super) fn stage(&self) -> &Stage {
        &self.stage
    }

    pub(super) fn error(&self) -> Option<ExchangeError> {
        self.error
    }

    pub(super) fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// `fresh` names an exchange that begins now; it was never used before.
    pub(super) fn handle_order(&mut self, order: Order, fresh: String) {
        self.error = None;
        match order {
            Order::Invite => {
                let peer = PeerId::new(format!("z{fresh}"));
                self.begin(Kind::Invitation, fresh, peer, String::new());
            }
            Order::Use(text) => {
                if let Err(error) = self.take_in(&text) {
                    self.error = Some(error);
                }
            }
            Order::StartOver => self.give_up(),
        }
    }

    fn take_in(&mut self, text: &str) -> Result<(), ExchangeError> {
        let note = note::decode(text)?;
        let current = self.exchange.as_ref();
        let same = current.is_some_and(|(exchange, _)| *exchange == note.exchange);
        let waiting = matches!(self.stage, Stage::Invitation(_));
        match (note.kind, waiting) {
            (Kind::Invitation, true) if same => Err(ExchangeError::OwnInvitation),
            (Kind::Invitation, true) => Err(ExchangeError::TwoInvitations),
            (Kind::Invitation, false) => {
                let peer = PeerId::new(format!("a{}", note.exchange));
                self.begin(Kind::Answer, note.exchange, peer.clone(), note.name);
                self.deliver(peer, note.messages);
                Ok(())
            }
            (Kind::Answer, false) => Err(ExchangeError::NoInvitation),
            (Kind::Answer, true) => match current {
                Some((_, peer)) if same => {
                    let peer = peer.clone();
                    self.deliver(peer.clone(), note.messages);
                    // It is here since the invitation; now it has a name.
                    self.events.push_back(Event::PeerJoined {
                        peer,
                        name: note.name,
                    });
                    self.stage = Stage::Complete;
                    Ok(())
                }
                _ => Err(ExchangeError::OtherInvitation),
            },
        }
    }

    /// A signal that our end of the connection wants to send.
    pub(super) fn handle_signal(&mut self, to: &PeerId, message: PeerMessage, now: f64) {
        if self.exchange.as_ref().is_none_or(|(_, peer)| peer != to) {
            return;
        }
        if self.stage != Stage::Gathering {
            return self.late.push(message);
        }
        match &message.signal {
            Some(PeerSignal::Candidate(IceCandidate { candidate, .. })) if candidate.is_empty() => {
                self.gathered = true;
            }
            Some(_) => self.collected.push(message),
            // The text itself says that we are there.
            None => {}
        }
        let described =
            |message: &PeerMessage| matches!(message.signal, Some(PeerSignal::Description(_)));
        if self.collected.iter().any(described) {
            let pause = if self.gathered {
                SETTLE_MS
            } else {
                PATIENCE_MS
            };
            self.write_at = Some(now + pause);
        }
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub(super) fn deadline(&self) -> Option<f64> {
        self.write_at
    }

    /// Enough was waited for: the text is written.
    pub(super) fn handle_timeout(&mut self, now: f64) {
        if !self.write_at.is_some_and(|at| at <= now) {
            return;
        }
        self.write_at = None;
        let Some((exchange, _)) = &self.exchange else {
            return;
        };
        let text = note::encode(&Note {
            kind: self.kind,
            exchange: exchange.clone(),
            name: self.name.clone(),
            messages: std::mem::take(&mut self.collected),
        });
        self.stage = match self.kind {
            Kind::Invitation => Stage::Invitation(text),
            Kind::Answer => Stage::Answer(text),
        };
    }

    /// The two have a connection: what is still to be said over it.
    pub(super) fn take_back(&mut self) -> Vec<PeerMessage> {
        self.stage = Stage::Complete;
        std::mem::take(&mut self.late)
    }

    fn begin(&mut self, kind: Kind, exchange: String, peer: PeerId, name: String) {
        self.give_up();
        self.kind = kind;
        self.stage = Stage::Gathering;
        self.exchange = Some((exchange, peer.clone()));
        self.events.push_back(Event::PeerJoined { peer, name });
    }

    fn deliver(&mut self, from: PeerId, messages: Vec<PeerMessage>) {
        let events = messages.into_iter().map(|message| Event::Signal {
            from: from.clone(),
            message,
        });
        self.events.extend(events);
    }

    fn give_up(&mut self) {
        if let Some((_, peer)) = self.exchange.take() {
            self.events.push_back(Event::PeerLeft {
                peer,
                reason: LeaveReason::Removed,
            });
        }
        self.stage = Stage::Idle;
        self.collected.clear();
        self.late.clear();
        self.gathered = false;
        self.write_at = None;
    }
}

#[cfg(test)]
mod tests;
