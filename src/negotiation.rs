//! Perfect negotiation as a state machine.
//!
//! Decides what to do with a peer connection so that both sides may start, add or drop media at
//! any time, even at the same moment: <https://www.w3.org/TR/webrtc/#perfect-negotiation-example>.
//! One side of a pair is *polite*: when two offers cross, it takes its own back, while the
//! impolite side ignores the other's.
//!
//! The standard's example guards against its own concurrency with three flags. Here at most one
//! operation runs at a time and everything else waits in order, so two of the flags disappear:
//! what the signaling state says when a message's turn comes is what counts. Pure: commands go
//! out, outcomes come in; whoever drives it owns the `RTCPeerConnection`.

mod dtls;

use std::collections::VecDeque;

use dtls::DtlsRole;
use signaling_protocol::{IceCandidate, PeerId, PeerSignal, SdpType, SessionDescription};

use crate::states::SignalingState;

/// Who gives way when two offers cross.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Polite,
    Impolite,
}

impl Role {
    /// The role of `me` towards `other`: both ends come to opposite answers from the ids alone.
    pub(crate) fn of(me: &PeerId, other: &PeerId) -> Self {
        if me > other {
            Self::Polite
        } else {
            Self::Impolite
        }
    }
}

/// An operation to carry out on the peer connection. The next comes only after
/// [`Negotiator::handle_done`] or [`Negotiator::handle_failed`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// `setLocalDescription()` without a description: an offer or an answer, as the state asks.
    SetLocalDescription,
    SetRemoteDescription(SessionDescription),
    AddIceCandidate(IceCandidate),
}

/// What an operation led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    LocalDescription(SessionDescription),
    RemoteDescription,
    IceCandidate,
}

/// Whether a failed operation is worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// A candidate of an offer that was ignored, or lost: it belongs to nothing here.
    Expected,
    Unexpected,
    /// The offer for which this side had to take its own back. When a data channel came first and the two
    /// offers begin with different media, Chromium goes on holding the numbers of its own header extensions
    /// against the other's (“RTP extension ID reassignment not supported”), and the connection takes no
    /// description any more, not even a rollback; to roll back before does not help. Only a new
    /// connection does.
    Broken,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InFlight {
    LocalDescription,
    RemoteOffer {
        /// This side's own offer is taken back for it.
        crosses: bool,
    },
    RemoteAnswer,
    Candidate,
}

/// One end of the negotiation between two peers.
#[derive(Debug)]
pub(crate) struct Negotiator {
    role: Role,
    state: SignalingState,
    in_flight: Option<InFlight>,
    negotiation_needed: bool,
    answer_due: bool,
    ignoring_offer: bool,
    /// See [`Self::awaiting_first_offer`].
    awaiting_first_offer: bool,
    /// See [`Self::handle_restart`].
    offer_again: bool,
    /// Descriptions may have been lost, to which the candidates that arrive belong.
    lost: bool,
    /// Received and not yet dealt with.
    inbox: VecDeque<PeerSignal>,
    /// To be sent, oldest first.
    outbox: VecDeque<PeerSignal>,
    /// Local candidates that must not overtake the description they belong to.
    held_candidates: Vec<IceCandidate>,
    dtls_role: DtlsRole,
}

impl Negotiator {
    pub(crate) fn new(role: Role) -> Self {
        Self {
            role,
            state: SignalingState::Stable,
            in_flight: None,
            negotiation_needed: false,
            answer_due: false,
            ignoring_offer: false,
            awaiting_first_offer: false,
            offer_again: false,
            lost: false,
            inbox: VecDeque::new(),
            outbox: VecDeque::new(),
            held_candidates: Vec::new(),
            dtls_role: DtlsRole::default(),
        }
    }

    /// Lets the other side speak first where this side is the polite one, for pairs whose impolite
    /// side has something to negotiate from the start. What this side wants to send goes into
    /// the answer, which saves a round; and the very first offers never cross. That they may not:
    /// when Chromium takes back its first offer while it gathers candidates, it sometimes never
    /// gathers any for the answer, and the connection stays `new` for ever.
    #[must_use]
    pub(crate) fn awaiting_first_offer(mut self) -> Self {
        self.awaiting_first_offer = self.role == Role::Polite;
        self
    }

    /// The `negotiationneeded` event was fired.
    pub(crate) fn handle_negotiation_needed(&mut self) {
        self.negotiation_needed = true;
    }

    /// An answer that is still due will not come, because signals were lost or the peer began
    /// anew: offer again. In any other state there is nothing to repeat.
    pub(crate) fn handle_restart(&mut self) {
        self.offer_again = true;
        self.lost = true;
    }

    /// The `icecandidate` event was fired.
    pub(crate) fn handle_local_candidate(&mut self, candidate: IceCandidate) {
        if self.in_flight == Some(InFlight::LocalDescription) {
            self.held_candidates.push(candidate);
        } else {
            self.outbox.push_back(PeerSignal::Candidate(candidate));
        }
    }

    /// A signal of the other peer arrived.
    pub(crate) fn handle_signal(&mut self, signal: PeerSignal) {
        self.inbox.push_back(signal);
    }

    /// The operation in flight succeeded and left the connection in `state`.
    pub(crate) fn handle_done(&mut self, done: Done, state: SignalingState) {
        self.state = state;
        self.lost &= done != Done::RemoteDescription;
        if let Some(InFlight::RemoteOffer { .. }) = self.in_flight.take() {
            self.answer_due = true;
            self.awaiting_first_offer = false;
            // Answering brings the connection back to stable, where the browser looks again
            // whether there is more to negotiate.
            self.negotiation_needed = false;
        }
        if let Done::LocalDescription(description) = done {
            let description = self.dtls_role.keep(description);
            self.outbox.push_back(PeerSignal::Description(description));
        }
        self.release_candidates();
    }

    /// The operation in flight failed and left the connection in `state`.
    pub(crate) fn handle_failed(&mut self, state: SignalingState) -> Verdict {
        self.state = state;
        let operation = self.in_flight.take();
        // An offer that cannot be used will not be answered; then this side speaks.
        if let Some(InFlight::RemoteOffer { .. }) = operation {
            self.awaiting_first_offer = false;
        }
        self.release_candidates();
        match operation {
            Some(InFlight::Candidate) if self.ignoring_offer || self.lost => Verdict::Expected,
            Some(InFlight::RemoteOffer { crosses: true }) => Verdict::Broken,
            _ => Verdict::Unexpected,
        }
    }

    /// The next operation to carry out, if it is time for one.
    pub(crate) fn poll_command(&mut self) -> Option<Command> {
        let is_over = matches!(self.state, SignalingState::Closed | SignalingState::Unknown);
        if self.in_flight.is_some() || is_over {
            return None;
        }
        if std::mem::take(&mut self.answer_due) && self.state.owes_answer() {
            self.in_flight = Some(InFlight::LocalDescription);
            return Some(Command::SetLocalDescription);
        }
        while let Some(signal) = self.inbox.pop_front() {
            if let Some((in_flight, command)) = self.consider(signal) {
                self.in_flight = Some(in_flight);
                return Some(command);
            }
        }
        if std::mem::take(&mut self.offer_again) && self.state.awaits_answer() {
            self.in_flight = Some(InFlight::LocalDescription);
            return Some(Command::SetLocalDescription);
        }
        if self.awaiting_first_offer {
            return None;
        }
        // In any other state the browser fires the event again on its way back to stable.
        if std::mem::take(&mut self.negotiation_needed) && self.state == SignalingState::Stable {
            self.in_flight = Some(InFlight::LocalDescription);
            return Some(Command::SetLocalDescription);
        }
        None
    }

    /// The next signal to send to the other peer.
    pub(crate) fn poll_signal(&mut self) -> Option<PeerSignal> {
        self.outbox.pop_front()
    }

    fn consider(&mut self, signal: PeerSignal) -> Option<(InFlight, Command)> {
        match signal {
            PeerSignal::Candidate(candidate) => {
                // An ignored offer's candidates cannot be told from those of the generation
                // before it; they are tried, and a failure is expected.
                Some((InFlight::Candidate, Command::AddIceCandidate(candidate)))
            }
            PeerSignal::Description(description) if description.kind == SdpType::Offer => {
                let collision = self.state != SignalingState::Stable;
                self.ignoring_offer = collision && self.role == Role::Impolite;
                if self.ignoring_offer {
                    return None;
                }
                Some((
                    InFlight::RemoteOffer { crosses: collision },
                    Command::SetRemoteDescription(description),
                ))
            }
            PeerSignal::Description(description) => {
                self.ignoring_offer = false;
                // The answer to an offer that was rolled back meanwhile.
                if !self.state.awaits_answer() {
                    return None;
                }
                self.dtls_role.handle_answer(&description);
                Some((
                    InFlight::RemoteAnswer,
                    Command::SetRemoteDescription(description),
                ))
            }
        }
    }

    fn release_candidates(&mut self) {
        let held = self.held_candidates.drain(..).map(PeerSignal::Candidate);
        self.outbox.extend(held);
    }
}

#[cfg(test)]
mod tests;
