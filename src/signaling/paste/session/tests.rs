use proptest::prelude::*;
use signaling_protocol::{ConnectionId, SdpType, SessionDescription};

use super::*;
use crate::negotiation::Role;

fn session(name: &str) -> PasteSession {
    let mut session = PasteSession::new(PasteSession::own_id("7"), name.to_owned());
    assert!(matches!(session.poll_event(), Some(Event::Joined { .. })));
    session
}

fn message(signal: PeerSignal) -> PeerMessage {
    PeerMessage {
        connection: ConnectionId::new("c"),
        remote_connection: None,
        signal: Some(signal),
    }
}

fn description(kind: SdpType) -> PeerMessage {
    let sdp = "v=0\r\n".to_owned();
    message(PeerSignal::Description(SessionDescription { kind, sdp }))
}

fn candidate(text: &str) -> PeerMessage {
    message(PeerSignal::Candidate(IceCandidate {
        candidate: text.to_owned(),
        ..IceCandidate::default()
    }))
}

fn order(session: &mut PasteSession, order: Order) {
    session.handle_order(order, "e".to_owned());
}

fn events(session: &mut PasteSession) -> Vec<Event> {
    std::iter::from_fn(|| session.poll_event()).collect()
}

/// Lets the session write its text, given what a browser would say; returns text and peer.
fn written(session: &mut PasteSession, kind: SdpType) -> (String, PeerId) {
    let peer = session.exchange.as_ref().unwrap().1.clone();
    session.handle_signal(&peer, description(kind), 0.0);
    session.handle_signal(&peer, candidate("one"), 10.0);
    session.handle_signal(&peer, candidate(""), 20.0);
    session.handle_timeout(session.deadline().unwrap());
    match session.stage() {
        Stage::Invitation(text) | Stage::Answer(text) => (text.clone(), peer),
        stage => panic!("{stage:?}"),
    }
}

#[test]
fn two_texts_introduce_two_and_the_inviter_offers() {
    let (mut kim, mut ada) = (session("Kim"), session("Ada"));
    order(&mut kim, Order::Invite);
    let (invitation, guest) = written(&mut kim, SdpType::Offer);
    assert_eq!(
        Role::of(&PasteSession::own_id("ff"), &guest),
        Role::Impolite
    );

    order(&mut ada, Order::Use(invitation));
    let told = events(&mut ada);
    let Event::PeerJoined {
        peer: inviter,
        name,
    } = &told[0]
    else {
        panic!("{told:?}");
    };
    assert_eq!(name, "Kim");
    assert_eq!(Role::of(&PasteSession::own_id("00"), inviter), Role::Polite);
    let signal = |message| Event::Signal {
        from: inviter.clone(),
        message,
    };
    // The mark of the end is no candidate that anybody needs.
    assert_eq!(
        told[1..],
        [
            signal(description(SdpType::Offer)),
            signal(candidate("one"))
        ]
    );

    let (answer, _) = written(&mut ada, SdpType::Answer);
    events(&mut kim);
    order(&mut kim, Order::Use(answer));
    let told = events(&mut kim);
    let named = Event::PeerJoined {
        peer: guest,
        name: "Ada".to_owned(),
    };
    assert_eq!(told.len(), 3);
    assert_eq!(told[2], named);
    assert_eq!(kim.stage(), &Stage::Complete);
}

#[test]
fn who_is_not_told_that_there_are_no_more_candidates_waits_for_a_while() {
    let mut kim = session("");
    order(&mut kim, Order::Invite);
    let peer = kim.exchange.as_ref().unwrap().1.clone();
    assert_eq!(kim.deadline(), None);
    kim.handle_signal(&peer, description(SdpType::Offer), 0.0);
    kim.handle_signal(&peer, candidate("one"), 1000.0);
    assert_eq!(kim.deadline(), Some(1000.0 + PATIENCE_MS));
    kim.handle_timeout(5999.0);
    assert_eq!(kim.stage(), &Stage::Gathering);
    kim.handle_timeout(6000.0);
    assert!(matches!(kim.stage(), Stage::Invitation(_)));
    assert_eq!(kim.deadline(), None);
}

#[test]
fn what_comes_too_late_for_the_text_is_handed_back() {
    let mut kim = session("");
    order(&mut kim, Order::Invite);
    let (_, peer) = written(&mut kim, SdpType::Offer);
    kim.handle_signal(&peer, candidate("late"), 9000.0);
    kim.handle_signal(&PeerId::new("stranger"), candidate("other"), 9000.0);
    assert_eq!(kim.take_back(), [candidate("late")]);
    assert_eq!(kim.take_back(), []);
}

#[test]
fn who_begins_anew_gives_up_what_was_begun() {
    let mut kim = session("");
    order(&mut kim, Order::Invite);
    let (_, peer) = written(&mut kim, SdpType::Offer);
    events(&mut kim);
    order(&mut kim, Order::StartOver);
    let reason = LeaveReason::Removed;
    assert_eq!(events(&mut kim), [Event::PeerLeft { peer, reason }]);
    assert_eq!(kim.stage(), &Stage::Idle);
}

#[test]
fn texts_of_no_use_change_nothing() {
    let mut kim = session("Kim");
    order(&mut kim, Order::Invite);
    let (own, _) = written(&mut kim, SdpType::Offer);
    let mut eve = session("Eve");
    eve.handle_order(Order::Invite, "other".to_owned());
    let (of_eve, _) = written(&mut eve, SdpType::Offer);
    let mut max = session("Max");
    order(&mut max, Order::Use(of_eve.clone()));
    let (answer_to_eve, _) = written(&mut max, SdpType::Answer);
    events(&mut kim);
    let before = kim.stage().clone();
    for (text, error) in [
        ("?".to_owned(), ExchangeError::Damage(Damage::NotOne)),
        (own, ExchangeError::OwnInvitation),
        (of_eve, ExchangeError::TwoInvitations),
        (answer_to_eve.clone(), ExchangeError::OtherInvitation),
    ] {
        order(&mut kim, Order::Use(text));
        assert_eq!(kim.error(), Some(error));
        assert_eq!(events(&mut kim), []);
        assert_eq!(kim.stage(), &before);
    }
    let mut idle = session("Ida");
    order(&mut idle, Order::Use(answer_to_eve));
    assert_eq!(idle.error(), Some(ExchangeError::NoInvitation));
}

proptest! {
    /// Whatever is pressed and said in whatever order, there is at most one peer, and it is told
    /// of before it says anything.
    #[test]
    fn there_is_never_more_than_one_other(
        steps in proptest::collection::vec((0..6, 0_u32..9000), 0..60)
    ) {
        let mut guest = session("Ada");
        let mut inviter = session("Kim");
        order(&mut inviter, Order::Invite);
        let (invitation, _) = written(&mut inviter, SdpType::Offer);
        order(&mut guest, Order::Use(invitation.clone()));
        let (answer, _) = written(&mut guest, SdpType::Answer);

        let mut kim = session("Kim");
        let mut here: Option<PeerId> = None;
        let mut now = 0.0;
        for (number, (what, pause)) in steps.into_iter().enumerate() {
            now += f64::from(pause);
            let to = here.clone().unwrap_or_else(|| PeerId::new("nobody"));
            match what {
                0 => kim.handle_order(Order::Invite, number.to_string()),
                1 => kim.handle_order(Order::StartOver, number.to_string()),
                2 => kim.handle_order(Order::Use(invitation.clone()), number.to_string()),
                3 => kim.handle_order(Order::Use(answer.clone()), number.to_string()),
                4 => kim.handle_signal(&to, description(SdpType::Offer), now),
                _ => kim.handle_timeout(now),
            }
            for event in events(&mut kim) {
                match event {
                    Event::PeerJoined { peer, .. } => {
                        prop_assert!(here.is_none() || here == Some(peer.clone()));
                        here = Some(peer);
                    }
                    Event::PeerLeft { peer, .. } => prop_assert_eq!(here.take(), Some(peer)),
                    Event::Signal { from, .. } => prop_assert_eq!(here.as_ref(), Some(&from)),
                    other => prop_assert!(false, "{:?}", other),
                }
            }
            prop_assert_eq!(here.is_none(), kim.stage() == &Stage::Idle);
        }
    }
}
