//! The ways into a room: what carries the signals, and how it is made ready before Join.

use std::pin::pin;

use futures_channel::mpsc;
use futures_util::future::{join, select};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use signaling_protocol::{RoomId, SUBPROTOCOL, Token};

use super::CallHook;
use crate::call;
use crate::hooks::idle::idle;
use crate::hooks::use_firebase::transport_firebase;
use crate::hooks::use_lazy::IDLE_WITHIN_MS;
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

/// How long a connection to the server is kept open before Join, in milliseconds.
/// Proxies close one after a minute in which nothing comes.
const EARLY_FOR_MS: u32 = 50_000;

/// A server that has not answered for so long before Join, in milliseconds, is said to be out of reach.
const ANSWERS_WITHIN_MS: u32 = 8_000;

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
pub(super) struct Early {
    room: RoomId,
    token: Token,
    signaling: Box<dyn Signaling>,
}

impl CallHook {
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
    pub(super) fn take_early(self, room: &RoomId) -> Option<(Box<dyn Signaling>, Token)> {
        let early = self.early.try_update_value(Option::take).flatten()?;
        let fits = early.room == *room && self.transport.get_untracked() == Transport::WebSocket;
        fits.then_some((early.signaling, early.token))
    }

    /// The way into the room; none where the page's address names no usable server.
    pub(super) fn signaling(self, room: &RoomId, token: Token) -> Option<Box<dyn Signaling>> {
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
    pub(super) fn prefetch(self) {
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

    /// Empty where the page's address names no usable one.
    pub(super) fn server_address(self) -> String {
        self.server.get_value().unwrap_or_default()
    }
}

/// The parameter of addresses that names a signaling server.
pub(crate) const SERVER: &str = "server";

/// From the page's address, its meta tag, or its origin.
pub(super) fn server_address() -> Result<String, InvalidAddress> {
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
