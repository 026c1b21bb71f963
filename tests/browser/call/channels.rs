//! Data channels of a call beside its own.

use wasm_bindgen_test::wasm_bindgen_test;
use webrtc_tour::rtc::data_channel::DataChannelOptions;
use webrtc_tour::states::DataChannelState;
use webrtc_tour::trace::Kind;

use crate::support::participant::{audio_and_video, connected, join};
use crate::support::until;

use super::room::Room;

#[wasm_bindgen_test]
async fn a_channel_of_an_unknown_label_is_reported_and_closed_and_the_call_goes_on() {
    let room = Room::new(2);
    let media = audio_and_video();
    let one = join(room.way(), "Kim", Some(&media));
    let other = join(room.way(), "Ada", Some(&media));
    connected(&one, &other, 2).await;
    let options = DataChannelOptions::default();
    let unknown = one
        .peer_connection()
        .create_data_channel("telepathy", &options);
    let unknown = unknown.unwrap();
    let trace = other.peer_connection().tracer().trace().clone();
    until("it is reported", || {
        let entries = trace.entries();
        let mut errors = entries.iter().filter(|entry| entry.kind == Kind::Error);
        errors.any(|entry| entry.name == "datachannel")
    })
    .await;
    until("it is closed", || {
        unknown.ready_state() == DataChannelState::Closed
    })
    .await;
    for (from, to) in [(&one, &other), (&other, &one)] {
        from.handle.chat("still here".to_owned());
        until("what was written arrives", || {
            let lines = to.lines();
            lines
                .iter()
                .any(|line| !line.own && line.text == "still here")
        })
        .await;
    }
}
