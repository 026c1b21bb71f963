//! A call, as signals.

use std::cell::Cell;
use std::pin::pin;

use futures_channel::mpsc;
use futures_util::future::{join, select};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use signaling_protocol::{Passphrase, PeerId, Reaction, RoomId, RoomKind, SUBPROTOCOL, Token};

use crate::call::roster::Phase;
use crate::call::{
    self, CallEvent, CallHandle, CallOptions, CallView, ChatLine, ConnectionOrder, Wish,
};
use crate::hooks::idle::idle;
use crate::hooks::use_firebase::transport_firebase;
use crate::hooks::use_lazy::IDLE_WITHIN_MS;
use crate::hooks::use_seat::{SeatHook, forget_in_tab, is_in_tab, use_seat};
use crate::hooks::{
    CallMediaHook, FirebaseHook, PageTrace, ReactionsHook, TaskSlot, TraceSharingHook,
    use_firebase, use_reactions, use_task, use_throttled, use_trace_sharing,
};
use crate::lazy::lazy;
use crate::signaling::Signaling;
use crate::signaling::address::{self, InvalidAddress, Sources};
use crate::signaling::deferred::DeferredSignaling;
use crate::signaling::early::EarlySignaling;
use crate::signaling::paste::{Exchange, Order, PasteSignaling};
use crate::signaling::tabs::TabSignaling;
use crate::signaling::transport::Transport;
use crate::signaling::websocket::WebSocketSignaling;
use crate::trace::Tracer;
use crate::trace::vocabulary::Part;

type NewWebSocket = fn(String, Token, Tracer) -> Box<dyn Signaling>;
type NewTabs = fn(Tracer) -> Box<dyn Signaling>;
type NewPaste =
    fn(mpsc::UnboundedReceiver<Order>, Box<dyn Fn(Exchange)>, Tracer) -> Box<dyn Signaling>;

lazy!(transport_websocket: NewWebSocket = |server, token, tracer| {
    Box::new(WebSocketSignaling::new(server, token, tracer))
});
lazy!(transport_tabs: NewTabs = |tracer| Box::new(TabSignaling::new(tracer)));
lazy!(transport_paste: NewPaste = |orders, show, tracer| {
    Box::new(PasteSignaling::new(orders, show, tracer))
});

/// While much happens, connections come first and what is seen of them second: once nothing has happened for
/// so many milliseconds.
const QUIET_MS: u32 = 40;

/// How long nothing new is seen of a call at most, in milliseconds.
const SHOWN_WITHIN_MS: u32 = 200;

/// How long a connection to the server is kept open before Join, in milliseconds.
/// Proxies close one after a minute in which nothing comes.
const EARLY_FOR_MS: u32 = 50_000;

/// A server that has not answered for so long before Join, in milliseconds, is said to be out of reach.
const ANSWERS_WITHIN_MS: u32 = 8_000;

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

/// Whether the signaling server answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ServerCheck {
    /// It was not asked.
    #[default]
    NotBegun,
    Waiting,
    Reached,
    Failed,
}

/// A way into a room that is open already.
struct Early {
    room: RoomId,
    token: Token,
    signaling: Box<dyn Signaling>,
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

    /// Connects to the server before Join, so that joining this room does not wait for it.
    pub(crate) fn connect_early(self, room: &RoomId) {
        let is_for_room = |early: &Option<Early>| {
            let early = early.as_ref();
            early.is_some_and(|early| early.room == *room)
        };
        if self.is_running()
            // The others have nothing to open, or ask the database for an account.
            || self.transport.get_untracked() != Transport::WebSocket
            || self.early.with_value(is_for_room)
        {
            return;
        }
        let Some(token) = self.seat.token(&self.server_address(), room) else {
            return;
        };
        let Some(signaling) = self.signaling(room, token.clone()) else {
            return;
        };
        self.server_check.set(ServerCheck::Waiting);
        let (signaling, keeping) = EarlySignaling::new(signaling, move |reached| {
            self.server_check.try_set(match reached {
                true => ServerCheck::Reached,
                false => ServerCheck::Failed,
            });
        });
        self.early.set_value(Some(Early {
            room: room.clone(),
            token,
            signaling: Box::new(signaling),
        }));
        self.connecting_early.run(async move {
            let time = async {
                TimeoutFuture::new(ANSWERS_WITHIN_MS).await;
                // It may still come.
                if self.server_check.try_get_untracked() == Some(ServerCheck::Waiting) {
                    self.server_check.try_set(ServerCheck::Failed);
                }
                TimeoutFuture::new(EARLY_FOR_MS - ANSWERS_WITHIN_MS).await;
            };
            select(pin!(keeping), pin!(time)).await;
            self.early.try_set_value(None);
        });
    }

    /// Looks once more whether the server answers.
    pub(crate) fn check_server(self, room: &RoomId) {
        self.early.set_value(None);
        self.connect_early(room);
    }

    /// The way into this room, and who we are there: what was connected early, if it leads there.
    fn take_early(self, room: &RoomId) -> Option<(Box<dyn Signaling>, Token)> {
        let early = self.early.try_update_value(Option::take).flatten()?;
        let fits = early.room == *room && self.transport.get_untracked() == Transport::WebSocket;
        fits.then_some((early.signaling, early.token))
    }

    /// The way into the room; none where the page's address names no usable server.
    fn signaling(self, room: &RoomId, token: Token) -> Option<Box<dyn Signaling>> {
        let tracer = self.trace.tracer(Part::Signaling);
        Some(match self.transport.get_untracked() {
            Transport::WebSocket => {
                let server = self.server.get_value().ok()?;
                let make = |new: NewWebSocket| new(server, token, tracer);
                Box::new(DeferredSignaling::new(transport_websocket, make))
            }
            Transport::Firebase => {
                let room = room.clone();
                Box::new(self.firebase.signaling(room, self.kind.get_value(), tracer))
            }
            Transport::Tabs => {
                let make = |new: NewTabs| new(tracer);
                Box::new(DeferredSignaling::new(transport_tabs, make))
            }
            Transport::Paste => {
                let (orders, received) = mpsc::unbounded();
                self.orders.set_value(Some(orders));
                let show = Box::new(move |exchange| self.exchange.set(exchange));
                let make = move |new: NewPaste| new(received, show, tracer);
                Box::new(DeferredSignaling::new(transport_paste, make).only_introducing())
            }
        })
    }

    /// Loads what the next call needs, so that joining does not wait for it. What cannot be loaded now
    /// is loaded then.
    fn prefetch(self) {
        let transport = self.transport.get();
        let transport = async move {
            match transport {
                Transport::WebSocket => drop(transport_websocket().await),
                Transport::Firebase => drop(transport_firebase().await),
                Transport::Tabs => drop(transport_tabs().await),
                Transport::Paste => drop(transport_paste().await),
            }
        };
        self.prefetching.run(async move {
            idle(IDLE_WITHIN_MS).await;
            join(call::prefetch(), transport).await;
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

    /// Empty where the page's address names no usable one.
    fn server_address(self) -> String {
        self.server.get_value().unwrap_or_default()
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

/// The parameter of addresses that names a signaling server.
pub(crate) const SERVER: &str = "server";

/// From the page's address, its meta tag, or its origin.
fn server_address() -> Result<String, InvalidAddress> {
    let location = window().location();
    let query = location
        .search()
        .ok()
        .and_then(|search| web_sys::UrlSearchParams::new_with_str(&search).ok())
        .and_then(|query| query.get(SERVER));
    let meta = document()
        .query_selector("meta[name='signaling-server']")
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"));
    let mut origin = location.origin().unwrap_or_default();
    if cfg!(debug_assertions) {
        // `trunk serve` proxies /ws, but never answers a subprotocol.
        origin += &format!("/ws?subprotocol={SUBPROTOCOL}");
    }
    address::resolve(Sources {
        query: query.as_deref(),
        meta: meta.as_deref(),
        origin: &origin,
    })
}
