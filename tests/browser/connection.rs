//! Peer connections and their negotiation, between two ends in one page.

use std::cell::Cell;
use std::rc::Rc;

use crate::support::{record_connections, recorded, trace, within};
use signaling_protocol::IceServer;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::MediaStreamTrack;
use webrtc_tour::call::links::LinkEvent;
use webrtc_tour::ice::candidates::Tables;
use webrtc_tour::inspection::machines::Machine;
use webrtc_tour::inspection::paths::Paths;
use webrtc_tour::lab::pair::{End, Pair};
use webrtc_tour::rtc::all_settled;
use webrtc_tour::rtc::constraints::{AudioRequest, MediaRequest, VideoRequest};
use webrtc_tour::rtc::data_channel::DataChannelOptions;
use webrtc_tour::rtc::media::{self, LocalMedia};
use webrtc_tour::rtc::peer_connection::PeerConnection;
use webrtc_tour::rtc::senders::LocalTracks;
use webrtc_tour::states::{ConnectionState, SignalingState};

fn video() -> LocalMedia {
    let request = MediaRequest {
        video: Some(VideoRequest::default()),
        audio: None,
    };
    media::synthesize(&request, trace().tracer("test")).unwrap()
}

fn add(pair: &Pair, end: End, media: &LocalMedia) {
    let connection = pair.connection(end).unwrap();
    for track in media.tracks() {
        connection.add_track(&track, media.stream()).unwrap();
    }
}

/// Runs the pair until each named end has received so many tracks, both are connected, and
/// nothing is being negotiated.
async fn settle(pair: &mut Pair, expected: &[(End, usize)]) -> Vec<(End, MediaStreamTrack)> {
    let mut received = Vec::new();
    let settled = |pair: &Pair, received: &[(End, MediaStreamTrack)]| {
        let all_there = expected
            .iter()
            .all(|(end, count)| received.iter().filter(|(at, _)| at == end).count() == *count);
        all_there
            && End::BOTH.iter().all(|end| {
                let connection = pair.connection(*end).unwrap();
                connection.states().connection == ConnectionState::Connected
                    && connection.signaling_state() == SignalingState::Stable
            })
    };
    within("both ends agree", async {
        while !settled(pair, &received) {
            match pair.next().await {
                (end, LinkEvent::Track { track, .. }) => received.push((end, track)),
                (end, LinkEvent::Failed(error)) => panic!("{end:?}: {error}"),
                _ => {}
            }
        }
    })
    .await;
    received
}

#[wasm_bindgen_test]
async fn one_end_sends_and_the_other_receives() {
    let media = video();
    let mut pair = Pair::new(&trace()).unwrap();
    add(&pair, End::Local, &media);
    let received = settle(&mut pair, &[(End::Remote, 1)]).await;
    assert_eq!(received[0].1.kind(), "video");
    let connection = pair.connection(End::Local).unwrap();
    let selected = within("the selected pair", async {
        loop {
            let report = connection.stats().await.unwrap();
            if let Some(ends) = Tables::new(&report, &[]).selected_ends() {
                return ends.map(Clone::clone);
            }
        }
    })
    .await;
    assert_eq!(selected[0].protocol.as_deref(), Some("udp"));
    assert_eq!(selected[0].kind.to_string(), "host");
}

#[wasm_bindgen_test]
async fn both_ends_start_at_the_same_moment() {
    let (here, there) = (video(), video());
    let mut pair = Pair::new(&trace()).unwrap();
    add(&pair, End::Local, &here);
    add(&pair, End::Remote, &there);
    settle(&mut pair, &[(End::Local, 1), (End::Remote, 1)]).await;
}

#[wasm_bindgen_test]
async fn either_end_adds_media_later_and_again_at_the_same_moment() {
    let media: Vec<_> = (0..5).map(|_| video()).collect();
    let mut pair = Pair::new(&trace()).unwrap();
    add(&pair, End::Local, &media[0]);
    settle(&mut pair, &[(End::Remote, 1)]).await;
    add(&pair, End::Remote, &media[1]);
    settle(&mut pair, &[(End::Local, 1)]).await;
    for round in [2, 3] {
        add(&pair, End::Local, &media[round]);
        add(&pair, End::Remote, &media[round + 1]);
        settle(&mut pair, &[(End::Local, 1), (End::Remote, 1)]).await;
    }
}

#[wasm_bindgen_test]
async fn another_camera_takes_over_without_a_new_offer() {
    let (first, second) = (video(), video());
    let mut pair = Pair::new(&trace()).unwrap();
    let local = pair.connection(End::Local).unwrap().clone();
    let mut local_tracks = LocalTracks::new().unwrap();
    local_tracks.camera = first.track("video");
    assert!(
        local.send(&local_tracks).unwrap().is_empty(),
        "nothing to replace"
    );
    settle(&mut pair, &[(End::Remote, 1)]).await;
    let offer = local.local_description();
    for camera in [None, second.track("video")] {
        local_tracks.camera = camera;
        let promises = local.send(&local_tracks).unwrap();
        assert_eq!(promises.len(), 1);
        all_settled(promises).await.unwrap();
    }
    drop(first);
    assert_eq!(local.local_description(), offer);
}

#[wasm_bindgen_test]
async fn a_kind_that_was_not_sent_before_is_negotiated() {
    let request = MediaRequest {
        video: Some(VideoRequest::default()),
        audio: Some(AudioRequest::default()),
    };
    let media = media::synthesize(&request, trace().tracer("test")).unwrap();
    let mut pair = Pair::new(&trace()).unwrap();
    let local = pair.connection(End::Local).unwrap().clone();
    let mut local_tracks = LocalTracks::new().unwrap();
    local_tracks.camera = media.track("video");
    local.send(&local_tracks).unwrap();
    settle(&mut pair, &[(End::Remote, 1)]).await;
    local_tracks.microphone = media.track("audio");
    local.send(&local_tracks).unwrap();
    let received = settle(&mut pair, &[(End::Remote, 1)]).await;
    assert_eq!(received[0].1.kind(), "audio");
}

#[wasm_bindgen_test]
async fn dropping_the_pair_closes_both_connections_and_detaches() {
    record_connections();
    let media = video();
    let mut pair = Pair::new(&trace()).unwrap();
    add(&pair, End::Local, &media);
    settle(&mut pair, &[(End::Remote, 1)]).await;
    let held_by_a_view = pair.connection(End::Local).unwrap().clone();
    drop(pair);
    assert_eq!(recorded(), (2, 2));
    assert_eq!(held_by_a_view.states().connection, ConnectionState::Closed);
}

#[wasm_bindgen_test]
fn a_dropped_connection_hears_nothing_more() {
    record_connections();
    let connection = PeerConnection::new(&[], trace().tracer("test")).unwrap();
    let heard = Rc::new(Cell::new(0));
    let counter = heard.clone();
    connection.on_negotiation_needed(move || counter.set(counter.get() + 1));
    let raw: web_sys::EventTarget = js_sys::eval("window.recorded[0]").unwrap().unchecked_into();
    let event = || web_sys::Event::new("negotiationneeded").unwrap();
    raw.dispatch_event(&event()).unwrap();
    assert_eq!(heard.get(), 1);
    drop(connection);
    raw.dispatch_event(&event()).unwrap();
    assert_eq!(heard.get(), 1);
    assert_eq!(Rc::strong_count(&heard), 1, "the closure was freed");
}

#[wasm_bindgen_test]
fn a_bad_ice_server_is_an_error_and_not_a_panic() {
    let server = IceServer {
        urls: vec!["http://not.an.ice.server".to_owned()],
        username: None,
        credential: None,
    };
    let error = PeerConnection::new(&[server], trace().tracer("test"));
    assert_eq!(error.err().expect("an error").name, "SyntaxError");
}

#[wasm_bindgen_test]
async fn nonsense_from_the_other_side_is_reported_and_survived() {
    use signaling_protocol::{PeerSignal, SdpType, SessionDescription};
    use webrtc_tour::call::links::Links;
    use webrtc_tour::negotiation::Role;

    let mut links = Links::new();
    links
        .add((), Role::Impolite, &[], trace().tracer("test"))
        .unwrap();
    let nonsense = SessionDescription {
        kind: SdpType::Offer,
        sdp: "nonsense".to_owned(),
    };
    links.handle_signal(&(), PeerSignal::Description(nonsense));
    let event = within("the failure", links.next()).await;
    assert!(matches!(event, ((), LinkEvent::Failed(_))));
    // It can still make an offer of its own.
    let options = DataChannelOptions::default();
    let connection = links.get(&()).unwrap();
    let _channel = connection.create_data_channel("test", &options).unwrap();
    within("an offer", async {
        loop {
            if let ((), LinkEvent::Signal(PeerSignal::Description(offer))) = links.next().await {
                return assert_eq!(offer.kind, SdpType::Offer);
            }
        }
    })
    .await;
}

/// What the machines of `src/inspection/machines` draw is what this browser does: offers that cross,
/// a restart, media that comes later, and an end that is left alone.
#[wasm_bindgen_test]
async fn every_step_that_this_browser_takes_is_drawn() {
    let trace = trace();
    let mut pair = Pair::new(&trace).unwrap();
    let ends = End::BOTH.map(|end| pair.connection(end).unwrap().clone());
    let _channels = ends.each_ref().map(|end| {
        let options = DataChannelOptions::default();
        end.create_data_channel("chat", &options).unwrap()
    });
    settle(&mut pair, &[]).await;
    ends[0].restart_ice();
    within("a new offer", async {
        while ends[0].signaling_state() == SignalingState::Stable {
            pair.next().await;
        }
    })
    .await;
    settle(&mut pair, &[]).await;
    let media = video();
    add(&pair, End::Remote, &media);
    settle(&mut pair, &[(End::Local, 1)]).await;
    ends[0].close();
    within("the other end notices", async {
        while ends[1].states().connection == ConnectionState::Connected {
            pair.next().await;
        }
    })
    .await;
    let mut paths = Paths::default();
    paths.follow(trace.ids(), |ids, f| trace.each(ids, f));
    let mut odd = Vec::new();
    for connection in paths.connections() {
        for machine in Machine::ALL {
            let states: Vec<_> = connection
                .steps(machine)
                .iter()
                .map(|s| &*s.state)
                .collect();
            let title = machine.title();
            let told = format!("{} {title}: {}", connection.peer, states.join(" → "));
            assert!(states.len() > 1, "{told}");
            let mut steps = states.windows(2);
            if steps.any(|pair| !machine.knows(pair[0], pair[1])) {
                odd.push(told);
            }
        }
    }
    assert!(odd.is_empty(), "{odd:#?}");
}
