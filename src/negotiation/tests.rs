//! Two negotiators, each with a model of `RTCPeerConnection` that follows the standard's rules
//! for states and for firing `negotiationneeded`, joined by two ordered pipes.

use super::*;
use proptest::prelude::*;

/// What of the standard the negotiation depends on.
#[derive(Debug)]
struct ModelConnection {
    name: Role,
    state: SignalingState,
    /// Tracks added so far, and how many of them a completed exchange has covered.
    tracks: u32,
    negotiated: u32,
    offered: u32,
    /// The `[[NegotiationNeeded]]` slot: set means that the event was fired.
    needed: bool,
    offers_made: u32,
    /// The offer that the last exchange completed here was about; an offer's "SDP" is its name.
    agreed: Option<String>,
    pending_remote_offer: String,
    /// The offer that waits for its answer.
    pending_local_offer: String,
    /// Candidates are gathered once a local description was set.
    gathers: bool,
    has_remote_description: bool,
}

impl ModelConnection {
    fn new(name: Role) -> Self {
        Self {
            name,
            state: SignalingState::Stable,
            tracks: 0,
            negotiated: 0,
            offered: 0,
            needed: false,
            offers_made: 0,
            agreed: None,
            pending_remote_offer: String::new(),
            pending_local_offer: String::new(),
            gathers: false,
            has_remote_description: false,
        }
    }

    /// <https://www.w3.org/TR/webrtc/#dfn-update-the-negotiation-needed-flag>; true when the
    /// event fires.
    fn update_negotiation_needed(&mut self) -> bool {
        let fires =
            self.state == SignalingState::Stable && self.tracks > self.negotiated && !self.needed;
        self.needed |= fires;
        fires
    }

    fn back_to_stable(&mut self) {
        self.state = SignalingState::Stable;
        self.needed = false;
    }

    fn run(&mut self, command: &Command) -> Result<Done, String> {
        let description = |kind, offer: &str| SessionDescription {
            kind,
            sdp: offer.to_owned(),
        };
        self.gathers |= *command == Command::SetLocalDescription;
        match (command, self.state) {
            // Made again with nothing new in it, an offer is the same.
            (Command::SetLocalDescription, SignalingState::HaveLocalOffer)
                if self.offered == self.tracks =>
            {
                let offer = &self.pending_local_offer;
                Ok(Done::LocalDescription(description(SdpType::Offer, offer)))
            }
            (
                Command::SetLocalDescription,
                SignalingState::Stable | SignalingState::HaveLocalOffer,
            ) => {
                self.state = SignalingState::HaveLocalOffer;
                self.offered = self.tracks;
                self.offers_made += 1;
                let offer = format!("{} of {:?}", self.offers_made, self.name);
                self.pending_local_offer.clone_from(&offer);
                Ok(Done::LocalDescription(description(SdpType::Offer, &offer)))
            }
            (Command::SetLocalDescription, SignalingState::HaveRemoteOffer) => {
                self.back_to_stable();
                self.agreed = Some(self.pending_remote_offer.clone());
                Ok(Done::LocalDescription(description(
                    SdpType::Answer,
                    &self.pending_remote_offer,
                )))
            }
            (Command::SetRemoteDescription(remote), state) => match (remote.kind, state) {
                // From have-local-offer this is the implicit rollback.
                (SdpType::Offer, SignalingState::Stable | SignalingState::HaveLocalOffer) => {
                    self.state = SignalingState::HaveRemoteOffer;
                    self.pending_remote_offer = remote.sdp.clone();
                    self.has_remote_description = true;
                    Ok(Done::RemoteDescription)
                }
                (SdpType::Answer, SignalingState::HaveLocalOffer)
                    if remote.sdp != self.pending_local_offer =>
                {
                    Err("InvalidAccessError: its sections are not those of the offer".to_owned())
                }
                (SdpType::Answer, SignalingState::HaveLocalOffer) => {
                    self.negotiated = self.offered;
                    self.agreed = Some(remote.sdp.clone());
                    self.has_remote_description = true;
                    self.back_to_stable();
                    Ok(Done::RemoteDescription)
                }
                (kind, state) => Err(format!("InvalidStateError: {kind:?} in {state:?}")),
            },
            (Command::AddIceCandidate(_), _) if self.has_remote_description => {
                Ok(Done::IceCandidate)
            }
            (command, state) => Err(format!("InvalidStateError: {command:?} in {state:?}")),
        }
    }
}

struct Side {
    negotiator: Negotiator,
    connection: ModelConnection,
    running: Option<Command>,
}

impl Side {
    fn new(negotiator: Negotiator) -> Self {
        Self {
            connection: ModelConnection::new(negotiator.role),
            negotiator,
            running: None,
        }
    }

    fn fire(&mut self) {
        if self.connection.update_negotiation_needed() {
            self.negotiator.handle_negotiation_needed();
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    AddTrack(usize),
    GatherCandidate(usize),
    /// Begin the next operation.
    Begin(usize),
    /// Let the operation that runs come to its end.
    Finish(usize),
    /// Take one message out of the pipe towards this side.
    Deliver(usize),
    /// Everything on its way is lost, and both sides are told.
    Lose,
}

struct World {
    sides: [Side; 2],
    /// `pipes[i]` leads to side `i`.
    pipes: [VecDeque<PeerSignal>; 2],
    errors: Vec<String>,
}

impl World {
    fn new() -> Self {
        Self::of([Role::Polite, Role::Impolite].map(Negotiator::new))
    }

    fn of(negotiators: [Negotiator; 2]) -> Self {
        Self {
            sides: negotiators.map(Side::new),
            pipes: Default::default(),
            errors: Vec::new(),
        }
    }

    /// Whether the step could be taken.
    fn step(&mut self, step: Step) -> bool {
        match step {
            Step::AddTrack(i) => {
                let side = &mut self.sides[i];
                side.connection.tracks += 1;
                // The operations chain is empty only while nothing runs.
                if side.running.is_none() {
                    side.fire();
                }
                true
            }
            Step::GatherCandidate(i) => {
                let side = &mut self.sides[i];
                if !side.connection.gathers {
                    return false;
                }
                side.negotiator
                    .handle_local_candidate(IceCandidate::default());
                self.flush(i);
                true
            }
            Step::Begin(i) => {
                let side = &mut self.sides[i];
                if side.running.is_some() {
                    return false;
                }
                side.running = side.negotiator.poll_command();
                side.running.is_some()
            }
            Step::Finish(i) => {
                let side = &mut self.sides[i];
                let Some(command) = side.running.take() else {
                    return false;
                };
                match side.connection.run(&command) {
                    Ok(done) => side.negotiator.handle_done(done, side.connection.state),
                    Err(error) => {
                        if side.negotiator.handle_failed(side.connection.state)
                            == Verdict::Unexpected
                        {
                            self.errors.push(format!("side {i}: {error}"));
                        }
                    }
                }
                self.sides[i].fire();
                self.flush(i);
                true
            }
            Step::Lose => {
                self.pipes = Default::default();
                for side in &mut self.sides {
                    side.negotiator.handle_restart();
                }
                true
            }
            Step::Deliver(i) => {
                let Some(signal) = self.pipes[i].pop_front() else {
                    return false;
                };
                self.sides[i].negotiator.handle_signal(signal);
                true
            }
        }
    }

    fn flush(&mut self, from: usize) {
        while let Some(signal) = self.sides[from].negotiator.poll_signal() {
            self.pipes[1 - from].push_back(signal);
        }
    }

    /// Takes every step that is left, in the order given by `first`; panics when that does not
    /// come to an end.
    fn settle(&mut self, first: usize) {
        for _ in 0..1_000 {
            let order = [first, 1 - first];
            let moved = order.iter().any(|&i| {
                self.step(Step::Finish(i))
                    || self.step(Step::Begin(i))
                    || self.step(Step::Deliver(i))
            });
            if !moved {
                return;
            }
        }
        panic!("the two sides negotiate for ever");
    }

    fn assert_agreed(&self) {
        assert_eq!(self.errors, Vec::<String>::new());
        for side in &self.sides {
            assert_eq!(side.connection.state, SignalingState::Stable);
            assert_eq!(side.connection.negotiated, side.connection.tracks);
        }
        let [polite, impolite] = &self.sides;
        assert_eq!(polite.connection.agreed, impolite.connection.agreed);
    }
}

fn step() -> impl Strategy<Value = Step> {
    (0..2_usize, 0..11_u8).prop_map(|(i, which)| match which {
        0 => Step::AddTrack(i),
        1..=2 => Step::GatherCandidate(i),
        3..=5 => Step::Begin(i),
        6..=7 => Step::Finish(i),
        _ => Step::Deliver(i),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_order_of_events_ends_in_agreement(
        steps in proptest::collection::vec(step(), 0..120),
        first in 0..2_usize,
    ) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
        }
        world.settle(first);
        world.assert_agreed();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn who_awaits_the_first_offer_never_takes_its_own_first_one_back(
        steps in proptest::collection::vec(step(), 0..120),
        first in 0..2_usize,
    ) {
        let sides = [Role::Polite, Role::Impolite];
        let mut world = World::of(sides.map(|role| Negotiator::new(role).awaiting_first_offer()));
        world.step(Step::AddTrack(1));
        for step in steps {
            let polite = &world.sides[0].connection;
            prop_assert!(polite.has_remote_description || polite.offers_made == 0);
            world.step(step);
        }
        world.settle(first);
        world.assert_agreed();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Also when signals are lost at any time, as with a service that forgets everything.
    #[test]
    fn what_was_lost_is_made_good(
        steps in proptest::collection::vec(
            prop_oneof![20 => step(), 1 => Just(Step::Lose)],
            0..120,
        ),
        first in 0..2_usize,
    ) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
        }
        world.step(Step::Lose);
        world.settle(first);
        // An answer that was being made may come late, to an offer that has more by now.
        world.errors.retain(|error| !error.contains("InvalidAccessError"));
        world.assert_agreed();
    }
}

#[test]
fn one_side_starts_and_one_exchange_is_enough() {
    let mut world = World::new();
    world.step(Step::AddTrack(0));
    world.settle(0);
    world.assert_agreed();
    assert_eq!(world.sides[0].connection.offers_made, 1);
    assert_eq!(world.sides[1].connection.offers_made, 0);
}

#[test]
fn when_offers_cross_the_polite_side_takes_its_own_back() {
    let mut world = World::new();
    for i in [0, 1] {
        world.step(Step::AddTrack(i));
        world.step(Step::Begin(i));
        world.step(Step::Finish(i));
    }
    world.step(Step::Deliver(0));
    world.step(Step::Begin(0));
    assert!(
        matches!(&world.sides[0].running, Some(Command::SetRemoteDescription(d)) if d.kind == SdpType::Offer)
    );
    world.step(Step::Deliver(1));
    assert!(
        !world.step(Step::Begin(1)),
        "the impolite side ignores the offer"
    );
    world.settle(0);
    world.assert_agreed();
}

#[test]
fn a_candidate_never_overtakes_its_description() {
    let mut negotiator = Negotiator::new(Role::Polite);
    negotiator.handle_negotiation_needed();
    assert_eq!(
        negotiator.poll_command(),
        Some(Command::SetLocalDescription)
    );
    negotiator.handle_local_candidate(IceCandidate::default());
    assert_eq!(negotiator.poll_signal(), None);
    let offer = SessionDescription {
        kind: SdpType::Offer,
        sdp: String::new(),
    };
    negotiator.handle_done(
        Done::LocalDescription(offer.clone()),
        SignalingState::HaveLocalOffer,
    );
    assert_eq!(
        negotiator.poll_signal(),
        Some(PeerSignal::Description(offer))
    );
    assert!(matches!(
        negotiator.poll_signal(),
        Some(PeerSignal::Candidate(_))
    ));
}

#[test]
fn a_refused_offer_does_not_swallow_what_this_side_wants() {
    let mut negotiator = Negotiator::new(Role::Impolite);
    negotiator.handle_signal(PeerSignal::Description(SessionDescription {
        kind: SdpType::Offer,
        sdp: "nonsense".to_owned(),
    }));
    negotiator.handle_negotiation_needed();
    assert!(matches!(
        negotiator.poll_command(),
        Some(Command::SetRemoteDescription(_))
    ));
    assert_eq!(
        negotiator.handle_failed(SignalingState::Stable),
        Verdict::Unexpected
    );
    assert_eq!(
        negotiator.poll_command(),
        Some(Command::SetLocalDescription)
    );
}

#[test]
fn only_an_offer_that_crosses_breaks_the_connection_when_it_is_refused() {
    for (crosses, verdict) in [(true, Verdict::Broken), (false, Verdict::Unexpected)] {
        let mut polite = Negotiator::new(Role::Polite);
        let mut state = SignalingState::Stable;
        if crosses {
            polite.handle_negotiation_needed();
            assert_eq!(polite.poll_command(), Some(Command::SetLocalDescription));
            state = SignalingState::HaveLocalOffer;
            let own = SessionDescription {
                kind: SdpType::Offer,
                sdp: String::new(),
            };
            polite.handle_done(Done::LocalDescription(own), state);
        }
        let offer = SessionDescription {
            kind: SdpType::Offer,
            sdp: "other".to_owned(),
        };
        polite.handle_signal(PeerSignal::Description(offer.clone()));
        let taken = Some(Command::SetRemoteDescription(offer));
        assert_eq!(polite.poll_command(), taken);
        assert_eq!(polite.handle_failed(state), verdict);
    }
}

#[test]
fn a_closed_connection_is_left_alone() {
    let mut negotiator = Negotiator::new(Role::Polite);
    negotiator.handle_negotiation_needed();
    negotiator.poll_command();
    negotiator.handle_failed(SignalingState::Closed);
    negotiator.handle_negotiation_needed();
    assert_eq!(negotiator.poll_command(), None);
}

#[test]
fn the_roles_of_a_pair_are_opposite() {
    let (a, b) = (PeerId::new("a"), PeerId::new("b"));
    assert_eq!(Role::of(&a, &b), Role::Impolite);
    assert_eq!(Role::of(&b, &a), Role::Polite);
}
