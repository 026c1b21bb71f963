//! A participant of a call, and what it sees.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{AbortHandle, Abortable};
use signaling_protocol::{LeaveReason, PeerId, RoomId, RoomKind};
use webrtc_tour::call::{
    CallEvent, CallHandle, CallOptions, CallView, ChatLine, ConnectionOrder, Phase, Presence,
    prepare,
};
use webrtc_tour::rtc::constraints::{AudioRequest, MediaRequest, VideoRequest};
use webrtc_tour::rtc::media::{self, LocalMedia};
use webrtc_tour::rtc::peer_connection::PeerConnection;
use webrtc_tour::rtc::senders::LocalTracks;
use webrtc_tour::signaling::Signaling;
use webrtc_tour::states::ConnectionState;
use webrtc_tour::trace::Entry;
use webrtc_tour::trace_sharing::{Merge, Standing};

use super::{trace, until};

/// A call that runs until this is dropped.
pub(crate) struct Participant {
    view: Rc<RefCell<Option<CallView>>>,
    lines: Rc<RefCell<Vec<ChatLine>>>,
    /// Of all who agreed to show theirs.
    merge: Rc<RefCell<Merge>>,
    pub(crate) handle: CallHandle,
    running: AbortHandle,
    nothing: LocalTracks,
}

impl Drop for Participant {
    fn drop(&mut self) {
        self.running.abort();
    }
}

pub(crate) fn join(
    signaling: impl Signaling + 'static,
    name: &str,
    media: Option<&LocalMedia>,
) -> Participant {
    join_in(ConnectionOrder::AtOnce, signaling, name, media, |_| {})
}

/// Connects to those who are there in this order; `on_view` sees every view.
pub(crate) fn join_in(
    order: ConnectionOrder,
    signaling: impl Signaling + 'static,
    name: &str,
    media: Option<&LocalMedia>,
    on_view: impl Fn(&CallView) + 'static,
) -> Participant {
    let view = Rc::new(RefCell::new(None));
    let lines = Rc::new(RefCell::new(Vec::new()));
    let merge = Rc::new(RefCell::new(Merge::default()));
    let (shown, written, merged) = (view.clone(), lines.clone(), merge.clone());
    let trace = trace();
    let own = trace.clone();
    let nothing = LocalTracks::new().unwrap();
    let options = CallOptions {
        room: RoomId::new("kitchen").unwrap(),
        kind: RoomKind::Mesh,
        name: name.to_owned(),
        passphrase: None,
        local_tracks: media.map(|media| with(&nothing, media, false)),
        is_audio_only: false,
        order,
    };
    let (handle, call) = prepare(
        Box::new(signaling),
        options,
        &trace,
        move |event| match event {
            CallEvent::Changed(view) => {
                on_view(&view);
                *shown.borrow_mut() = Some(*view);
            }
            CallEvent::Chat(line) => written.borrow_mut().push(line),
            CallEvent::Reaction(..) => {}
            CallEvent::Trace(peer, event) => {
                let mut merged = merged.borrow_mut();
                merged.follow_own(own.ids(), |ids, f| own.each(ids, f));
                merged.handle_event(peer.as_str(), event);
                merged.follow_own(own.ids(), |ids, f| own.each(ids, f));
            }
        },
    );
    let (running, registration) = AbortHandle::new_pair();
    #[expect(clippy::disallowed_methods, reason = "ended by the participant's drop")]
    wasm_bindgen_futures::spawn_local(Abortable::new(call, registration).map(|_| ()));
    Participant {
        view,
        lines,
        merge,
        handle,
        running,
        nothing,
    }
}

fn with(nothing: &LocalTracks, media: &LocalMedia, screen: bool) -> LocalTracks {
    let mut local_tracks = nothing.clone();
    local_tracks.microphone = media.track("audio");
    local_tracks.camera = media.track("video");
    local_tracks.screen = media.track("video").filter(|_| screen).map(|track| {
        // The same track cannot be sent twice over one connection.
        #[expect(
            clippy::disallowed_methods,
            reason = "stopped with the page of the test"
        )]
        track.clone()
    });
    local_tracks
}

impl Participant {
    /// The media's video and audio, and its video as a screen as well.
    pub(crate) fn local_tracks(&self, media: &LocalMedia, screen: bool) -> LocalTracks {
        with(&self.nothing, media, screen)
    }

    pub(crate) fn send(&self, media: &LocalMedia, screen: bool) {
        self.handle.send(self.local_tracks(media, screen));
    }

    fn seen<T>(&self, f: impl FnOnce(&CallView) -> T) -> Option<T> {
        self.view.borrow().as_ref().map(f)
    }

    /// Whether there is a view already, and this is true of it.
    pub(crate) fn sees(&self, f: impl FnOnce(&CallView) -> bool) -> bool {
        self.seen(f) == Some(true)
    }

    /// Something of the view, of which there is one by now.
    pub(crate) fn see<T>(&self, f: impl FnOnce(&CallView) -> T) -> T {
        self.seen(f).unwrap()
    }

    pub(crate) fn id(&self) -> PeerId {
        self.see(|view| view.me.clone()).unwrap()
    }

    pub(crate) fn lines(&self) -> Vec<ChatLine> {
        self.lines.borrow().clone()
    }

    /// How it stands with the one other about showing each other what both do.
    pub(crate) fn standing(&self) -> Option<Standing> {
        self.see(|view| Some(view.participants.first()?.trace_sharing?.standing))
    }

    /// The shared trace; empty while nobody shares.
    pub(crate) fn merged(&self) -> Vec<Entry> {
        let (merge, mut entries) = (self.merge.borrow(), Vec::new());
        merge.each(merge.ids(), |entry| entries.push(entry.clone()));
        entries
    }

    pub(crate) fn departed(&self) -> Option<(String, LeaveReason)> {
        let departed = self.see(|view| view.departed.clone())?;
        Some((departed.name, departed.reason))
    }

    /// Of the one other.
    pub(crate) fn presence(&self) -> Option<Presence> {
        self.see(|view| view.participants.first().map(|peer| peer.presence))
    }

    /// To the one other.
    pub(crate) fn peer_connection(&self) -> Rc<PeerConnection> {
        let connection = self.see(|view| {
            let connection = view.connection_of(view.participants.first()?)?;
            let connection = connection.peer_connection.as_ref()?;
            Some(connection.peer_connection())
        });
        connection.unwrap()
    }

    /// Connected to exactly one other, and receiving so many tracks of it.
    pub(crate) fn is_connected(&self, tracks: u32) -> bool {
        self.seen(|view| {
            matches!(&view.participants[..], [peer] if peer.presence == Presence::Connected
                && peer.camera.get_tracks().length() == tracks)
        }) == Some(true)
    }

    /// Whether every peer connection stands, whatever is known of the peers.
    pub(crate) fn is_receiving(&self) -> bool {
        let stands = |view: &CallView| {
            let mut peers = view.participants.iter();
            !view.participants.is_empty()
                && peers.all(|peer| {
                    let connection = view.connection_of(peer);
                    connection
                        .is_some_and(|there| there.states.connection == ConnectionState::Connected)
                })
        };
        self.seen(stands) == Some(true)
    }

    pub(crate) fn sees_screen(&self) -> bool {
        let shared = |view: &CallView| {
            let screen = view
                .participants
                .first()
                .and_then(|peer| peer.screen.clone());
            screen.is_some_and(|screen| screen.get_video_tracks().length() == 1)
        };
        self.seen(shared) == Some(true)
    }

    pub(crate) fn is_alone(&self) -> bool {
        self.seen(|view| matches!(view.phase, Phase::InRoom { .. }) && view.participants.is_empty())
            == Some(true)
    }
}

/// Whether everybody is connected to everybody else and receives so many tracks of each.
pub(crate) fn all_connected(people: &[Participant], tracks: u32) -> bool {
    people.iter().all(|person| {
        person.seen(|view| {
            let mut peers = view.participants.iter();
            view.participants.len() == people.len() - 1
                && peers.all(|peer| {
                    peer.presence == Presence::Connected
                        && peer.camera.get_tracks().length() == tracks
                })
        }) == Some(true)
    })
}

pub(crate) fn audio_and_video() -> LocalMedia {
    let request = MediaRequest {
        video: Some(VideoRequest::default()),
        audio: Some(AudioRequest::default()),
    };
    media::synthesize(&request, trace().tracer("test")).unwrap()
}

pub(crate) async fn connected(one: &Participant, other: &Participant, tracks: u32) {
    until("both are connected", || {
        one.is_connected(tracks) && other.is_connected(tracks)
    })
    .await;
}
