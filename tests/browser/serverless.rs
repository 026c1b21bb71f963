//! Calls without any server: between tabs, and by texts that people hand each other. Both ends are
//! in one page, which for channels, locks and texts is no difference.

use std::cell::RefCell;
use std::rc::Rc;

use crate::support::participant::{Participant, audio_and_video, connected, join};
use crate::support::{record_connections, recorded, trace, until};
use futures_channel::mpsc;
use signaling_protocol::{ErrorCode, LeaveReason};
use wasm_bindgen_test::wasm_bindgen_test;
use webrtc_tour::call::{Phase, Presence};
use webrtc_tour::rtc::media::LocalMedia;
use webrtc_tour::signaling::paste::{
    Damage, Exchange, ExchangeError, Order, PasteSignaling, Stage,
};
use webrtc_tour::signaling::tabs::TabSignaling;

fn tab() -> TabSignaling {
    TabSignaling::new(trace().tracer("test"))
}

/// Somebody who carries texts.
struct Writer {
    person: Participant,
    orders: mpsc::UnboundedSender<Order>,
    exchange: Rc<RefCell<Exchange>>,
}

impl Writer {
    fn new(name: &str, media: Option<&LocalMedia>) -> Self {
        let exchange = Rc::new(RefCell::new(Exchange::default()));
        let (orders, received) = mpsc::unbounded();
        let shown = exchange.clone();
        let show = move |exchange| *shown.borrow_mut() = exchange;
        let signaling = PasteSignaling::new(received, show, trace().tracer("test"));
        Self {
            person: join(signaling, name, media),
            orders,
            exchange,
        }
    }

    fn order(&self, order: Order) {
        self.orders.unbounded_send(order).unwrap();
    }

    fn put_in(&self, text: &str) {
        self.order(Order::Use(text.to_owned()));
    }

    /// The text to hand over.
    async fn text(&self) -> String {
        let text = || match &self.exchange.borrow().stage {
            Stage::Invitation(text) | Stage::Answer(text) => Some(text.clone()),
            _ => None,
        };
        until("the text is written", || text().is_some()).await;
        text().unwrap()
    }

    async fn is_told(&self, error: ExchangeError) {
        until(&format!("{error}"), || {
            self.exchange.borrow().error == Some(error)
        })
        .await;
    }

    fn is_idle(&self) -> bool {
        self.person.is_alone()
    }
}

/// Two who have exchanged their texts and are connected.
async fn introduced(media: &LocalMedia) -> [Writer; 2] {
    let inviter = Writer::new("Kim", Some(media));
    let guest = Writer::new("Ada", Some(media));
    introduce(&inviter, &guest).await;
    [inviter, guest]
}

async fn introduce(inviter: &Writer, guest: &Writer) {
    inviter.order(Order::Invite);
    guest.put_in(&inviter.text().await);
    inviter.put_in(&guest.text().await);
    connected(&inviter.person, &guest.person, 2).await;
    // Only a channel that is open tells that the other end closed it.
    until("the channel is open", || {
        inviter.person.standing().is_some() && guest.person.standing().is_some()
    })
    .await;
}

#[wasm_bindgen_test]
async fn two_tabs_meet_and_who_hangs_up_is_gone_and_may_come_back() {
    record_connections();
    let media = audio_and_video();
    let one = join(tab(), "Kim", Some(&media));
    until("the first is in", || one.is_alone()).await;
    assert_eq!(
        one.see(|view| view.phase.clone()),
        Phase::InRoom { created: true }
    );
    for _ in 0..3 {
        let other = join(tab(), "Ada", Some(&media));
        connected(&one, &other, 2).await;
        assert_eq!(
            other.see(|view| view.phase.clone()),
            Phase::InRoom { created: false }
        );
        assert_eq!(one.see(|view| view.participants[0].name.clone()), "Ada");
        assert_eq!(other.see(|view| view.participants[0].name.clone()), "Kim");
        other.handle.hang_up();
        until("the other is gone", || one.is_alone()).await;
        assert_eq!(one.departed(), Some(("Ada".to_owned(), LeaveReason::Left)));
    }
    assert_eq!(recorded(), (6, 6), "every connection is closed");
}

#[wasm_bindgen_test]
async fn two_tabs_that_join_at_once_meet_and_a_closed_one_is_gone() {
    let media = audio_and_video();
    for _ in 0..5 {
        let one = join(tab(), "Kim", Some(&media));
        let other = join(tab(), "Ada", Some(&media));
        connected(&one, &other, 2).await;
        drop(other);
        until("the other is gone", || one.is_alone()).await;
    }
}

#[wasm_bindgen_test]
async fn a_third_tab_is_refused_until_a_seat_is_free() {
    let media = audio_and_video();
    let one = join(tab(), "Kim", Some(&media));
    let other = join(tab(), "Ada", Some(&media));
    connected(&one, &other, 2).await;
    let third = join(tab(), "Eve", Some(&media));
    until("the third is refused", || {
        third.sees(|view| matches!(&view.phase, Phase::Refused(e) if e.code == ErrorCode::RoomFull))
    })
    .await;
    assert!(one.is_connected(2) && other.is_connected(2));
    // The seat of whoever left is free at once.
    other.handle.hang_up();
    let third = join(tab(), "Eve", Some(&media));
    connected(&one, &third, 2).await;
    assert_eq!(one.see(|view| view.participants[0].name.clone()), "Eve");
}

#[wasm_bindgen_test]
async fn tabs_share_a_screen_and_begin_anew() {
    let media = audio_and_video();
    let one = join(tab(), "Kim", Some(&media));
    let other = join(tab(), "Ada", Some(&media));
    connected(&one, &other, 2).await;
    other.send(&media, true);
    until("the screen is there", || one.sees_screen()).await;
    one.handle.reconnect(other.id());
    until("it begins anew", || {
        one.presence() != Some(Presence::Connected)
    })
    .await;
    connected(&one, &other, 2).await;
}

#[wasm_bindgen_test]
async fn two_texts_make_a_call() {
    record_connections();
    let media = audio_and_video();
    let [inviter, guest] = introduced(&media).await;
    assert_eq!(
        guest.person.see(|view| view.participants[0].name.clone()),
        "Kim"
    );
    until("the guest has a name", || {
        inviter
            .person
            .sees(|view| view.participants[0].name == "Ada")
    })
    .await;
    inviter.person.handle.chat("hello".to_owned());
    until("the line is there", || !guest.person.lines().is_empty()).await;
    assert_eq!(recorded(), (2, 0));
}

#[wasm_bindgen_test]
async fn what_is_negotiated_later_needs_no_third_text() {
    let media = audio_and_video();
    let writers = introduced(&media).await;
    let [one, other] = writers.each_ref().map(|writer| &writer.person);
    for (from, to) in [(one, other), (other, one)] {
        for _ in 0..2 {
            from.send(&media, true);
            until("the screen is there", || to.sees_screen()).await;
            from.send(&media, false);
            until("the screen is gone", || !to.sees_screen()).await;
        }
    }
    // At the same moment, so that offers cross.
    one.send(&media, true);
    other.send(&media, true);
    until("both screens are there", || {
        one.sees_screen() && other.sees_screen()
    })
    .await;
    connected(one, other, 2).await;
}

#[wasm_bindgen_test]
async fn what_changes_while_the_texts_are_carried_is_negotiated_when_they_arrived() {
    let media = audio_and_video();
    let inviter = Writer::new("Kim", Some(&media));
    let guest = Writer::new("Ada", None);
    inviter.order(Order::Invite);
    let invitation = inviter.text().await;
    inviter.person.send(&media, true);
    guest.put_in(&invitation);
    let answer = guest.text().await;
    guest.person.send(&media, true);
    inviter.put_in(&answer);
    connected(&inviter.person, &guest.person, 2).await;
    until("both screens are there", || {
        inviter.person.sees_screen() && guest.person.sees_screen()
    })
    .await;
}

#[wasm_bindgen_test]
async fn who_hangs_up_a_call_of_texts_is_gone_and_the_next_exchange_may_begin() {
    let media = audio_and_video();
    let inviter = Writer::new("Kim", Some(&media));
    for _ in 0..2 {
        let guest = Writer::new("Ada", Some(&media));
        introduce(&inviter, &guest).await;
        guest.person.handle.hang_up();
        until("the guest is gone", || inviter.is_idle()).await;
        assert_eq!(
            inviter.person.departed(),
            Some(("Ada".to_owned(), LeaveReason::Left))
        );
    }
    // Also whoever closes the page, and either end may invite.
    let guest = Writer::new("Eve", Some(&media));
    introduce(&guest, &inviter).await;
    drop(guest);
    until("the guest is gone", || inviter.is_idle()).await;
}

#[wasm_bindgen_test]
async fn texts_that_are_of_no_use_say_why_and_harm_nothing() {
    let media = audio_and_video();
    let inviter = Writer::new("Kim", Some(&media));
    let guest = Writer::new("Ada", Some(&media));
    inviter.order(Order::Invite);
    let old = inviter.text().await;
    guest.put_in(&old);
    let old_answer = guest.text().await;
    inviter.order(Order::StartOver);
    until("it begins anew", || inviter.is_idle()).await;
    inviter.put_in(&old_answer);
    inviter.is_told(ExchangeError::NoInvitation).await;
    inviter.order(Order::Invite);
    let invitation = inviter.text().await;
    for (text, error) in [
        ("hello", ExchangeError::Damage(Damage::NotOne)),
        (
            &invitation[..invitation.len() - 1],
            ExchangeError::Damage(Damage::Incomplete),
        ),
        (&invitation, ExchangeError::OwnInvitation),
        (&old, ExchangeError::TwoInvitations),
        (&old_answer, ExchangeError::OtherInvitation),
    ] {
        inviter.put_in(text);
        inviter.is_told(error).await;
    }
    guest.order(Order::StartOver);
    until("the guest begins anew", || guest.is_idle()).await;
    guest.put_in(&format!(
        " <https://example.org/call/a?via=paste#{invitation}> \n"
    ));
    let answer = guest.text().await;
    let (half, rest) = answer.split_at(answer.len() / 2);
    inviter.put_in(&format!("{half}\r\n  {rest}\n"));
    connected(&inviter.person, &guest.person, 2).await;
}
