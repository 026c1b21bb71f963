//! A call, as signals. How it gets into its room is in `way_in`.

mod way_in;

use std::cell::Cell;

use futures_channel::mpsc;
use leptos::prelude::*;
use signaling_protocol::{Passphrase, PeerId, Reaction, RoomId, RoomKind};

use crate::call::roster::Phase;
use crate::call::{
    self, CallEvent, CallHandle, CallOptions, CallView, ChatLine, ConnectionOrder, Wish,
};
use crate::hooks::use_seat::{SeatHook, forget_in_tab, is_in_tab, use_seat};
use crate::hooks::{
    CallMediaHook, FirebaseHook, PageTrace, ReactionsHook, TaskSlot, TraceSharingHook,
    use_firebase, use_reactions, use_task, use_throttled, use_trace_sharing,
};
use crate::signaling::address::InvalidAddress;
use crate::signaling::paste::{Exchange, Order};
use crate::signaling::transport::Transport;
use way_in::{Early, server_address};
pub(crate) use way_in::{SERVER, ServerCheck};

/// While much happens, connections come first and what is seen of them second: once nothing has happened for
/// so many milliseconds.
const QUIET_MS: u32 = 40;

/// How long nothing new is seen of a call at most, in milliseconds.
const SHOWN_WITHIN_MS: u32 = 200;

/// How long joining waits for camera and microphone, in milliseconds. A person who is asked may take longer.
const CAPTURED_WITHIN_MS: u32 = 1_000;

/// Older lines of the chat go, lest somebody fill the page.
const MOST_LINES: usize = 1000;

/// The call of one page.
#[derive(Clone, Copy)]
pub struct CallHook {
    /// What the call looks like now; `None` before the first.
    pub view: RwSignal<Option<CallView>, LocalStorage>,
    /// What was written in this call, the newest thousand lines.
    pub(crate) chat: RwSignal<Vec<ChatLine>>,
    /// What people react with, for a moment.
    pub(crate) reactions: ReactionsHook,
    /// Our own.
    pub(crate) is_hand_raised: RwSignal<bool>,
    /// Whether nobody is to send us the video of a camera.
    pub(crate) is_audio_only: RwSignal<bool>,
    /// Of the room, where it needs one. It is kept nowhere else.
    pub(crate) passphrase: RwSignal<String>,
    /// The signaling server, or why its address cannot be used.
    pub(crate) server: StoredValue<Result<String, InvalidAddress>>,
    /// What carries the signals: of this call, or of the next one when none runs.
    pub(crate) transport: RwSignal<Transport>,
    /// How far the texts are, where people carry the signals.
    pub(crate) exchange: RwSignal<Exchange>,
    orders: StoredValue<Option<mpsc::UnboundedSender<Order>>>,
    /// How the next call connects to those who are there already.
    pub(crate) order: RwSignal<ConnectionOrder>,
    /// Which database, where one carries the signals, and what is seen of it.
    pub firebase: FirebaseHook,
    /// What happens here and at those who agreed to show it.
    pub(crate) trace_sharing: TraceSharingHook,
    /// With how many the next call may be.
    pub(crate) kind: StoredValue<RoomKind>,
    media: CallMediaHook,
    seat: SeatHook,
    /// Shows how the call is.
    show: UnsyncCallback<CallView>,
    handle: StoredValue<Option<CallHandle>, LocalStorage>,
    early: StoredValue<Option<Early>, LocalStorage>,
    /// Whether the server answers, as far as is known before Join.
    pub(crate) server_check: RwSignal<ServerCheck>,
    /// Whether a call goes on or is about to: the view says so a moment later.
    begun: StoredValue<bool>,
    running: TaskSlot,
    prefetching: TaskSlot,
    connecting_early: TaskSlot,
    trace: PageTrace,
}

/// No call yet. What is captured by `media` is what the others receive, also when it changes. The
/// page's inspector finds the call as a context.
pub fn use_call(
    trace: PageTrace,
    kind: RoomKind,
    media: CallMediaHook,
    transport: Transport,
) -> CallHook {
    let server = server_address();
    let view = RwSignal::new_local(None);
    let hook = CallHook {
        view,
        show: UnsyncCallback::new(use_throttled(QUIET_MS, SHOWN_WITHIN_MS, move |now| {
            view.set(Some(now))
        })),
        chat: RwSignal::new(Vec::new()),
        reactions: use_reactions(),
        is_hand_raised: RwSignal::new(false),
        is_audio_only: RwSignal::new(false),
        passphrase: RwSignal::new(String::new()),
        firebase: use_firebase(server.clone()),
        server: StoredValue::new(server),
        transport: RwSignal::new(transport),
        exchange: RwSignal::new(Exchange::default()),
        orders: StoredValue::new(None),
        order: RwSignal::new(ConnectionOrder::default()),
        trace_sharing: use_trace_sharing(trace),
        kind: StoredValue::new(kind),
        media,
        seat: use_seat(),
        handle: StoredValue::new_local(None),
        early: StoredValue::new_local(None),
        server_check: RwSignal::new(ServerCheck::default()),
        begun: StoredValue::new(false),
        running: use_task(),
        prefetching: use_task(),
        connecting_early: use_task(),
        trace,
    };
    provide_context(hook);
    Effect::new(move || hook.prefetch());
    // Whoever goes to another page of ours leaves the room, too. A page that is closed or loaded again ends
    // without this.
    on_cleanup(move || {
        if hook.begun.try_get_value() == Some(true) {
            forget_in_tab();
        }
    });
    let is_silenced = Memo::new(move |_| hook.is_silenced());
    Effect::new(move |_| {
        if is_silenced.get() {
            media.unmuted.set(false);
        }
    });
    Effect::new(move |earlier: Option<()>| {
        let local_tracks = media.local_tracks();
        // The first run only begins to watch.
        if earlier.is_some()
            && let Some(local_tracks) = local_tracks
        {
            hook.tell(|handle| handle.send(local_tracks));
        }
    });
    hook
}

impl CallHook {
    /// Enters the room under this name, which may be empty. A call that is not over yet is left
    /// alone.
    pub(crate) fn join(self, room: RoomId, name: String) {
        if self.is_running() {
            return;
        }
        self.media.hide_until_blurred();
        let new = || {
            let token = self.seat.token(&self.server_address(), &room)?;
            Some((self.signaling(&room, token.clone())?, token))
        };
        let Some((signaling, token)) = self.take_early(&room).or_else(new) else {
            return;
        };
        (self.seat).set(self.server_address(), room.clone(), token);
        let is_kept = Cell::new(self.transport.get_untracked() != Transport::WebSocket);
        let options = CallOptions {
            room,
            kind: self.kind.get_value(),
            name,
            passphrase: self
                .passphrase
                .with_untracked(|text| Passphrase::new(text).ok()),
            local_tracks: self.media.local_tracks_now(),
            is_audio_only: self.is_audio_only.get_untracked(),
            order: self.order.get_untracked(),
        };
        self.chat.set(Vec::new());
        self.is_hand_raised.set(false);
        let show = self.show;
        let (handle, running) = call::prepare(
            signaling,
            options,
            &self.trace.get(),
            move |event| match event {
                CallEvent::Changed(view) => {
                    match view.phase {
                        Phase::InRoom { .. } if !is_kept.replace(true) => self.seat.keep(),
                        _ if view.phase.gives_seat_up() => forget_in_tab(),
                        _ => {}
                    }
                    // The next call may be with others.
                    if view.phase.is_over() {
                        self.begun.try_set_value(false);
                        self.media.stop_sharing();
                        self.trace_sharing.clear();
                    }
                    show.run(*view);
                }
                CallEvent::Chat(line) => self.chat.update(|chat| {
                    if chat.len() == MOST_LINES {
                        chat.remove(0);
                    }
                    chat.push(line);
                }),
                CallEvent::Reaction(peer, reaction) => self.reactions.show(peer, reaction),
                CallEvent::Trace(peer, event) => {
                    self.trace_sharing.handle_event(peer.as_str(), event)
                }
            },
        );
        self.handle.set_value(Some(handle.clone()));
        self.begun.set_value(true);
        let media = self.media;
        self.running.run(async move {
            // Tracks that come a moment later would have to be negotiated anew with everybody, at the
            // same time as theirs, and of two offers that cross Chromium may refuse the one it has to take
            // (“RTP extension ID reassignment not supported”).
            media.settled(CAPTURED_WITHIN_MS).await;
            if let Some(local_tracks) = media.local_tracks_now() {
                handle.send(local_tracks);
            }
            running.await;
        });
    }

    /// Goes on with the exchange of texts.
    pub(crate) fn go_on_with(self, order: Order) {
        self.orders.with_value(|orders| {
            if let Some(orders) = orders {
                // A call that has ended has nothing left to do.
                drop(orders.unbounded_send(order));
            }
        });
    }

    pub(crate) fn hang_up(self) {
        self.tell(CallHandle::hang_up);
    }

    /// Writes to everybody in the room.
    pub(crate) fn send_chat(self, text: String) {
        self.tell(|handle| handle.chat(text));
    }

    pub(crate) fn toggle_hand(self) {
        let is_raised = !self.is_hand_raised.get_untracked();
        self.is_hand_raised.set(is_raised);
        self.tell(|handle| handle.raise_hand(is_raised));
    }

    pub(crate) fn toggle_audio_only(self) {
        let is_audio_only = !self.is_audio_only.get_untracked();
        self.is_audio_only.set(is_audio_only);
        self.tell(|handle| handle.set_audio_only(is_audio_only));
    }

    pub(crate) fn react(self, reaction: Reaction) {
        self.tell(|handle| handle.react(reaction));
    }

    /// Makes a new connection to a peer.
    pub(crate) fn reconnect(self, peer: PeerId) {
        self.tell(|handle| handle.reconnect(peer));
    }

    /// Asks a peer to see both sides' traces, answers, or ends it.
    pub(crate) fn share_traces(self, peer: PeerId, wish: Wish) {
        self.tell(|handle| handle.share_traces(peer, wish));
    }

    /// Mutes or unmutes the microphone. Who is muted by a host stays so.
    pub(crate) fn toggle_microphone(self) {
        if untrack(|| !self.is_silenced()) {
            self.media.toggle_microphone();
        }
    }

    /// Whether a host has muted this person for everybody; reactive.
    pub(crate) fn is_silenced(self) -> bool {
        self.view.with(|view| {
            let rights = view.as_ref().and_then(|view| view.rights.as_ref());
            rights.is_some_and(|rights| rights.silenced)
        })
    }

    /// Whether a call goes on; reactive.
    pub(crate) fn in_call(self) -> bool {
        self.view
            .with(|view| view.as_ref().is_some_and(|view| !view.phase.is_over()))
    }

    /// Whether we are in a room; reactive. We stay in it while the server cannot be reached, and while it
    /// has us wait to be let in again: the connections to the others stand.
    pub(crate) fn is_in_room(self) -> bool {
        self.view.with(|view| {
            let view = view.as_ref();
            view.is_some_and(|view| view.me.is_some() && !view.phase.is_over())
        })
    }

    /// Whether this tab has been in the room before the page was loaded; not reactive.
    pub(crate) fn was_in_room(self, room: &str) -> bool {
        let room = RoomId::new(room);
        room.is_ok_and(|room| is_in_tab(&self.server_address(), &room))
    }

    /// Whether a call goes on or is about to; not reactive.
    pub(crate) fn is_running(self) -> bool {
        self.begun.get_value()
    }

    /// Asks for something of the call that goes on.
    pub(crate) fn tell(self, f: impl FnOnce(&CallHandle)) {
        self.handle.with_value(|handle| {
            if let Some(handle) = handle {
                f(handle);
            }
        });
    }
}
