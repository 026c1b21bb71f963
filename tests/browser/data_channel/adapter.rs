//! `rtc::data_channel` and `lab::throughput` between two real peers.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, join3, select};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use webrtc_tour::lab::pair::End;
use webrtc_tour::lab::throughput::{self, Ending, MIB, Tally};
use webrtc_tour::rtc::data_channel::{DataChannelOptions, Message, Reliability, WaterMarks};
use webrtc_tour::rtc::now_ms;
use webrtc_tour::states::DataChannelState;

use crate::data_channel::tools::{Joined, joined, until};

async fn joined_by_default() -> Joined {
    joined(&DataChannelOptions::default(), |_| {}).await
}

#[wasm_bindgen_test]
async fn both_ends_report_what_was_asked_for() {
    let options = DataChannelOptions {
        ordered: false,
        reliability: Reliability::MaxRetransmits(3),
        negotiated_id: None,
        protocol: "chess".to_owned(),
    };
    let joined = joined(&options, |_| {}).await;
    for channel in [&joined.local, &joined.remote] {
        let report = channel.report();
        assert_eq!(report.label, "test");
        assert!(!report.ordered && !report.negotiated && report.is_lossy());
        assert_eq!(report.max_retransmits, Some(3));
        assert_eq!(report.max_packet_life_time, None);
        assert_eq!(report.protocol, "chess");
        assert_eq!(channel.ready_state(), DataChannelState::Open);
    }
    assert_eq!(joined.local.id(), joined.remote.id());
}

#[wasm_bindgen_test]
async fn a_life_time_reaches_the_other_end() {
    let options = DataChannelOptions {
        reliability: Reliability::MaxPacketLifeTime(250),
        ..DataChannelOptions::default()
    };
    let report = joined(&options, |_| {}).await.remote.report();
    assert_eq!(report.max_packet_life_time, Some(250));
    assert!(report.ordered && report.is_lossy());
}

#[wasm_bindgen_test]
async fn a_negotiated_channel_opens_at_both_ends_unannounced() {
    let options = DataChannelOptions {
        negotiated_id: Some(7),
        ..DataChannelOptions::default()
    };
    let joined = joined(&options, |_| {}).await;
    assert_eq!(joined.local.id(), Some(7));
    assert!(joined.remote.report().negotiated);
    joined.local.send_text("hello").unwrap();
    until("it arrives", || !joined.received.borrow().is_empty()).await;
    let entries = joined.trace.entries();
    assert!(entries.iter().all(|entry| entry.name != "datachannel"));
}

#[wasm_bindgen_test]
async fn text_bytes_and_empty_messages_arrive_as_they_were_sent() {
    let joined = joined_by_default().await;
    let messages = [
        Message::Text("grüß dich 👋".to_owned()),
        Message::Binary(vec![0, 1, 254, 255]),
        Message::Text(String::new()),
        Message::Binary(Vec::new()),
    ];
    for message in &messages {
        match message {
            Message::Text(text) => joined.local.send_text(text).unwrap(),
            Message::Binary(bytes) => joined.local.send_binary(bytes).unwrap(),
        }
    }
    until("all arrived", || joined.received.borrow().len() == 4).await;
    assert_eq!(*joined.received.borrow(), messages);
}

#[wasm_bindgen_test]
async fn what_is_sent_at_the_moment_of_opening_is_not_lost() {
    let joined = joined(&DataChannelOptions::default(), |local| {
        let channel = Rc::downgrade(local);
        local.on_state_change(move |state| {
            if let Some(channel) = channel
                .upgrade()
                .filter(|_| state == DataChannelState::Open)
            {
                channel.send_text("first").unwrap();
            }
        });
    })
    .await;
    until("it arrives", || !joined.received.borrow().is_empty()).await;
}

#[wasm_bindgen_test]
async fn a_message_for_a_closed_channel_is_an_error_in_every_browser() {
    let joined = joined_by_default().await;
    joined.local.close();
    let error = joined.local.send_text("late").unwrap_err();
    assert_eq!(error.name, "InvalidStateError");
    let error = joined.local.send_when_room(b"late").await.unwrap_err();
    assert_eq!(error.name, "InvalidStateError");
}

#[wasm_bindgen_test]
async fn dropping_one_end_closes_the_other() {
    let joined = joined_by_default().await;
    let closed = Rc::new(Cell::new(false));
    let tell = closed.clone();
    joined
        .remote
        .on_state_change(move |state| tell.set(state == DataChannelState::Closed));
    drop(joined.local);
    until("the remote end is closed", || closed.get()).await;
    assert_eq!(joined.remote.ready_state(), DataChannelState::Closed);
}

#[wasm_bindgen_test]
async fn a_dropped_end_hears_nothing_more() {
    let joined = joined_by_default().await;
    joined.local.send_text("before").unwrap();
    until("it arrives", || joined.received.borrow().len() == 1).await;
    let states = Rc::new(RefCell::new(Vec::new()));
    let note = states.clone();
    joined
        .remote
        .on_state_change(move |state| note.borrow_mut().push(state));
    // Its listeners hold the other handles to these: they are gone when the channel is.
    drop(joined.remote);
    assert_eq!(Rc::strong_count(&states), 1);
    assert_eq!(Rc::strong_count(&joined.received), 1);
}

#[wasm_bindgen_test]
async fn sending_when_there_is_room_keeps_the_queue_short_and_everything_arrives() {
    let joined = joined_by_default().await;
    let message = vec![7; throughput::MESSAGE_SIZE];
    let bound = WaterMarks::BULK.high as usize + message.len();
    let mut longest = 0;
    for _ in 0..128 {
        joined.local.send_when_room(&message).await.unwrap();
        longest = longest.max(joined.local.buffered_amount() as usize);
    }
    assert!(longest <= bound, "{longest} bytes were queued");
    assert!(longest > bound / 2, "it never had to wait: {longest} bytes");
    until("all arrived", || joined.received.borrow().len() == 128).await;
}

#[wasm_bindgen_test]
async fn waiting_for_room_ends_when_the_channel_is_closed() {
    let joined = joined_by_default().await;
    let message = vec![7; throughput::MESSAGE_SIZE];
    while joined.local.buffered_amount() <= WaterMarks::BULK.high {
        joined.local.send_binary(&message).unwrap();
    }
    let sending = pin!(joined.local.send_when_room(&message));
    let closing = pin!(async {
        joined.local.close();
        until("the sender gives up", || false).await;
    });
    let Either::Left((result, _)) = select(sending, closing).await else {
        unreachable!("the other fails when it ends");
    };
    assert_eq!(result.unwrap_err().name, "InvalidStateError");
}

#[wasm_bindgen_test]
async fn waiting_for_room_ends_when_the_connection_is_closed() {
    let joined = joined_by_default().await;
    let message = vec![7; throughput::MESSAGE_SIZE];
    while joined.local.has_room() {
        joined.local.send_binary(&message).unwrap();
    }
    let sending = pin!(joined.local.send_when_room(&message));
    let closing = pin!(async {
        joined.pair.connection(End::Local).unwrap().close();
        until("the sender gives up", || false).await;
    });
    let Either::Left((result, _)) = select(sending, closing).await else {
        unreachable!("the other fails when it ends");
    };
    assert_eq!(result.unwrap_err().name, "InvalidStateError");
}

#[wasm_bindgen_test]
async fn all_who_wait_for_room_send_when_there_is_some() {
    let joined = joined_by_default().await;
    joined.local.set_water_marks(WaterMarks::SHARED);
    let message = vec![7; throughput::MESSAGE_SIZE];
    let send = || async {
        for _ in 0..16 {
            joined.local.send_when_room(&message).await.unwrap();
        }
    };
    let sending = pin!(join3(send(), send(), send()));
    let late = pin!(until("all have sent", || false));
    let Either::Left(_) = select(sending, late).await else {
        unreachable!("the other fails when it ends");
    };
    until("all arrived", || joined.received.borrow().len() == 48).await;
}

#[wasm_bindgen_test]
async fn a_shared_channel_is_full_sooner_and_takes_short_messages_all_the_same() {
    let joined = joined_by_default().await;
    joined.local.set_water_marks(WaterMarks::SHARED);
    assert!(joined.local.has_room());
    let message = vec![7; throughput::MESSAGE_SIZE];
    let mut sent = 0;
    while joined.local.has_room() {
        joined.local.send_binary(&message).unwrap();
        sent += 1;
    }
    assert!(joined.local.buffered_amount() > WaterMarks::SHARED.high);
    assert!(sent <= 8, "{sent} messages before it was full");
    joined.local.send_text("short").unwrap();
    until("there is room again", || joined.local.has_room()).await;
    until("all arrived", || joined.received.borrow().len() == sent + 1).await;
    joined.local.close();
    assert!(!joined.local.has_room(), "it is closed");
}

/// Runs so many MiB and hands what arrives to the tally.
async fn measured(joined: &Joined, mib: u32) -> (Ending, Tally) {
    let lossy = joined.local.report().is_lossy();
    let tally = Rc::new(RefCell::new(Tally::new(1, mib, lossy, now_ms())));
    let count = tally.clone();
    joined.remote.on_message(move |message| {
        if let Message::Binary(bytes) = message {
            count.borrow_mut().handle_received(&bytes, now_ms());
        }
    });
    let ending = throughput::run(&joined.local, &tally).await;
    let tally = tally.replace(Tally::new(0, 0, false, 0.0));
    (ending, tally)
}

#[wasm_bindgen_test]
async fn a_run_over_a_reliable_channel_loses_nothing() {
    let joined = joined_by_default().await;
    let (ending, tally) = measured(&joined, 6).await;
    assert_eq!(ending, Ending::Complete);
    let figures = tally.figures();
    assert_eq!((figures.sent, figures.received), (6 * MIB, 6 * MIB));
    assert!(figures.mib_per_second().unwrap() > 0.1);
}

#[wasm_bindgen_test]
async fn a_run_over_an_unreliable_channel_ends_whatever_is_lost() {
    let options = DataChannelOptions {
        ordered: false,
        reliability: Reliability::MaxPacketLifeTime(0),
        ..DataChannelOptions::default()
    };
    let joined = joined(&options, |_| {}).await;
    let (ending, tally) = measured(&joined, 6).await;
    let figures = tally.figures();
    assert_eq!(figures.sent, 6 * MIB);
    match ending {
        Ending::Complete => assert_eq!(figures.received, figures.sent),
        Ending::Lossy => assert!(figures.received < figures.sent),
        other => panic!("{other:?}"),
    }
}

#[wasm_bindgen_test]
async fn a_run_fails_when_the_other_end_closes_the_channel() {
    let joined = joined_by_default().await;
    let run = pin!(measured(&joined, 64));
    let closing = pin!(async {
        until("something was sent", || {
            !joined.received.borrow().is_empty()
        })
        .await;
        joined.remote.close();
        TimeoutFuture::new(60_000).await;
    });
    let Either::Left(((ending, _), _)) = select(run, closing).await else {
        panic!("the run went on");
    };
    assert!(matches!(ending, Ending::Failed(error) if error.name == "InvalidStateError"));
}

#[wasm_bindgen_test]
async fn the_size_limit_is_known_once_the_channel_is_open() {
    let joined = joined_by_default().await;
    let connection = joined.pair.connection(End::Local).unwrap();
    assert!(connection.max_message_size().unwrap() >= 65_536.0);
}
