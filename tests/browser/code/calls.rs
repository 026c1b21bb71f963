//! The modules about calls, over wires in this page.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{MediaStream, MediaStreamTrack, RtcPeerConnection};
use webrtc_tour::rtc::media::LocalMedia;

use crate::code::tools::{Unheard, field, object, text, video};
use crate::support::until;

mod two {
    use super::*;

    #[wasm_bindgen(js_namespace = ["twins", "call"])]
    extern "C" {
        pub(crate) fn call(signaling: &JsValue, options: &JsValue) -> RtcPeerConnection;
    }
}

mod many {
    use super::*;

    #[wasm_bindgen(js_namespace = ["twins", "mesh"])]
    extern "C" {
        pub(super) type Room;
        pub(super) fn join(me: &str, options: &JsValue) -> Room;
        pub(super) fn connections(people: u32) -> u32;
        #[wasm_bindgen(method, getter)]
        pub(super) fn peers(this: &Room) -> js_sys::Map;
        #[wasm_bindgen(method, js_name = handleJoined)]
        pub(super) fn handle_joined(this: &Room, id: &str);
        #[wasm_bindgen(method, js_name = handleSignal)]
        pub(super) fn handle_signal(this: &Room, from: &str, signal: &JsValue);
        #[wasm_bindgen(method, js_name = handleLeft)]
        pub(super) fn handle_left(this: &Room, id: &str);
    }
}

pub(crate) type Tracks = Rc<RefCell<Vec<MediaStreamTrack>>>;
type OnTrack = Closure<dyn FnMut(MediaStreamTrack, MediaStream)>;

/// One end of a call, with what arrives there.
pub(crate) struct End {
    pub(crate) connection: RtcPeerConnection,
    pub(crate) tracks: Tracks,
    states: Rc<RefCell<Vec<String>>>,
    _media: LocalMedia,
    _on_track: OnTrack,
    _on_state: Closure<dyn FnMut()>,
}

impl End {
    pub(crate) fn new(signaling: &JsValue, polite: bool) -> Self {
        let (media, tracks) = (video(), Tracks::default());
        let heard = tracks.clone();
        let on_track: OnTrack = Closure::new(move |track, _| heard.borrow_mut().push(track));
        let connection = two::call(
            signaling,
            &object(&[
                ("polite", polite.into()),
                ("stream", media.stream().into()),
                ("onTrack", on_track.as_ref().clone()),
            ]),
        );
        let states = Rc::<RefCell<Vec<String>>>::default();
        let (noted, looked_at) = (states.clone(), connection.clone());
        let on_state = Closure::new(move || {
            noted.borrow_mut().push(text(&looked_at, "signalingState"));
        });
        connection.set_onsignalingstatechange(Some(on_state.as_ref().unchecked_ref()));
        Self {
            connection,
            tracks,
            states,
            _media: media,
            _on_track: on_track,
            _on_state: on_state,
        }
    }

    /// Connected, nothing being negotiated, and so many tracks received.
    pub(crate) fn is_settled(&self, tracks: usize) -> bool {
        text(&self.connection, "connectionState") == "connected"
            && text(&self.connection, "signalingState") == "stable"
            && self.tracks.borrow().len() == tracks
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.connection.set_onsignalingstatechange(None);
        self.connection.set_ontrack(None);
        self.connection.close();
    }
}

/// Two ends that carry messages to each other in order; held back while `wires.held`.
fn wires() -> JsValue {
    js_sys::eval(
        "(() => {
            const wires = { held: false };
            const end = () => ({ queue: [], onmessage: null });
            const [a, b] = [end(), end()];
            const pump = () => {
                if (wires.held) return;
                for (const to of [a, b]) {
                    for (const data of to.queue.splice(0)) to.onmessage({ data });
                }
            };
            a.postMessage = (data) => { b.queue.push(data); setTimeout(pump); };
            b.postMessage = (data) => { a.queue.push(data); setTimeout(pump); };
            const offers = (end) => end.queue.filter((data) => data.includes('\"offer\"')).length;
            wires.crossing = () => offers(a) > 0 && offers(b) > 0;
            wires.release = () => { wires.held = false; pump(); };
            return Object.assign(wires, { a, b });
        })()",
    )
    .unwrap()
}

fn invoke(object: &JsValue, method: &str) -> JsValue {
    let method: Function = field(object, method).unchecked_into();
    method.call0(object).unwrap()
}

#[wasm_bindgen_test]
async fn a_call_connects_when_both_start_and_survives_offers_that_cross() {
    let unheard = Unheard::watch().await;
    let wires = wires();
    let impolite = End::new(&field(&wires, "a"), false);
    let polite = End::new(&field(&wires, "b"), true);
    let settled = |tracks| impolite.is_settled(tracks) && polite.is_settled(tracks);
    until("both ends are connected", || settled(1)).await;

    js_sys::Reflect::set(&wires, &"held".into(), &true.into()).unwrap();
    let (one, other) = (video(), video());
    for (end, media) in [(&impolite, &one), (&polite, &other)] {
        end.states.borrow_mut().clear();
        let track = media.track("video").unwrap();
        end.connection.add_track_0(&track, media.stream());
    }
    until("two offers are under way", || {
        invoke(&wires, "crossing").is_truthy()
    })
    .await;
    invoke(&wires, "release");
    until("both ends agree again", || settled(2)).await;
    let states = |end: &End| end.states.borrow().clone();
    // The polite end took its own offer back for the other’s.
    let (before, after) = ("have-local-offer", "have-remote-offer");
    let polite_states = states(&polite);
    let taken_back = polite_states.iter().position(|state| state == after);
    assert_eq!(polite_states[0], before, "{polite_states:?}");
    assert!(taken_back.is_some_and(|at| at <= 2), "{polite_states:?}");
    // The impolite end did not: its own was answered, and the other’s never taken in.
    assert_eq!(states(&impolite), [before, "stable"]);
    unheard.expect_none();
}

#[wasm_bindgen_test]
async fn three_in_a_mesh_see_each_other_and_notice_who_goes() {
    const IDS: [&str; 3] = ["ada", "bob", "cleo"];
    let unheard = Unheard::watch().await;
    let rooms: Rc<RefCell<BTreeMap<&str, many::Room>>> = Rc::default();
    let seen = Rc::new(RefCell::new(Vec::new()));
    let mut held: Vec<Box<dyn std::any::Any>> = Vec::new();
    for me in IDS {
        let media = video();
        let switchboard = rooms.clone();
        let send: Closure<dyn FnMut(String, JsValue)> = Closure::new(move |to: String, signal| {
            if let Some(room) = switchboard.borrow().get(&*to) {
                room.handle_signal(me, &signal);
            }
        });
        let noted = seen.clone();
        let on_track: Closure<dyn FnMut(String)> =
            Closure::new(move |from| noted.borrow_mut().push((me, from)));
        let options = object(&[
            ("send", send.as_ref().clone()),
            ("stream", media.stream().into()),
            ("onTrack", on_track.as_ref().clone()),
        ]);
        rooms.borrow_mut().insert(me, many::join(me, &options));
        held.push(Box::new((media, send, on_track)));
    }
    for me in IDS {
        for other in IDS.into_iter().filter(|other| *other != me) {
            rooms.borrow()[me].handle_joined(other);
        }
    }
    until("everybody has a track of everybody", || {
        seen.borrow().len() == 6
    })
    .await;
    let connected = |room: &many::Room| {
        let mut count = 0;
        room.peers().for_each(&mut |peer, _| {
            let connection = field(&peer, "connection");
            count += usize::from(text(&connection, "connectionState") == "connected");
        });
        count
    };
    until("everybody is connected", || {
        rooms.borrow().values().all(|room| connected(room) == 2)
    })
    .await;
    assert_eq!(many::connections(3), 3);
    let limits = |room: &many::Room| {
        let mut limits = Vec::new();
        room.peers().for_each(&mut |peer, _| {
            let connection: RtcPeerConnection = field(&peer, "connection").unchecked_into();
            let sender = connection.get_senders().get(0);
            let parameters: Function = field(&sender, "getParameters").unchecked_into();
            let parameters = parameters.call0(&sender).unwrap();
            let encoding = js_sys::Array::from(&field(&parameters, "encodings")).get(0);
            limits.push(field(&encoding, "maxBitrate").as_f64());
        });
        limits
    };
    until("each picture has half of the upload", || {
        let rooms = rooms.borrow();
        rooms
            .values()
            .all(|room| limits(room) == [Some(1_200_000.0); 2])
    })
    .await;
    rooms.borrow()["ada"].handle_left("bob");
    assert_eq!(rooms.borrow()["ada"].peers().size(), 1);
    for me in IDS {
        for other in IDS {
            rooms.borrow()[me].handle_left(other);
        }
    }
    unheard.expect_none();
}
