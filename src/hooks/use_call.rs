//! A call, as signals.

use leptos::prelude::*;
use signaling_protocol::{PeerId, RoomId, RoomKind, SUBPROTOCOL};

use crate::call::{self, CallHandle, CallOptions, CallView, ChatLine};
use crate::hooks::{CallMediaHook, PageTrace, TaskSlot, use_task};
use crate::signaling::address::{self, InvalidAddress, Sources};
use crate::signaling::websocket::WebSocketSignaling;

/// The call of one page.
#[derive(Clone, Copy)]
pub struct CallHook {
    /// What the call looks like now; `None` before the first.
    pub view: RwSignal<Option<CallView>, LocalStorage>,
    /// The signaling server, or why its address cannot be used.
    pub chat: RwSignal<Vec<ChatLine>>,
    pub server: StoredValue<Result<String, InvalidAddress>>,
    kind: RoomKind,
    media: CallMediaHook,
    handle: StoredValue<Option<CallHandle>, LocalStorage>,
    running: TaskSlot,
    trace: PageTrace,
}

/// No call yet. What is captured by `media` is what the others receive, also when it changes.
pub fn use_call(trace: PageTrace, kind: RoomKind, media: CallMediaHook) -> CallHook {
    let hook = CallHook {
        view: RwSignal::new_local(None),
        chat: RwSignal::new(Vec::new()),
        media,
        server: StoredValue::new(server_address()),
        kind,
        handle: StoredValue::new_local(None),
        running: use_task(),
        trace,
    };
    Effect::new(move |earlier: Option<()>| {
        let stream = media.picture.get();
        // Between two devices there is nothing for a moment; that is not worth a negotiation.
        let passing = media.starting.get() && stream.is_none();
        // The first run only begins to watch.
        if earlier.is_some() && !passing {
            hook.tell(|handle| handle.replace_stream(stream.clone()));
        }
    });
    hook
}

impl CallHook {
    /// Enters the room. A call that is not over yet is left alone.
    pub fn join(self, room: RoomId, _name: String) {
        if self.is_running() {
            return;
        }
        let Ok(server) = self.server.get_value() else {
            return;
        };
        let signaling = WebSocketSignaling::new(server, self.trace.tracer("signaling"));
        let options = CallOptions {
            room,
            kind: self.kind,
            stream: self.media.picture.get_untracked(),
        };
        let (handle, running) = call::prepare(
            Box::new(signaling),
            options,
            &self.trace.get(),
            move |view| self.view.set(Some(view)),
        );
        self.handle.set_value(Some(handle));
        self.running.run(running);
    }

    pub fn hang_up(self) {
        self.tell(CallHandle::hang_up);
    }

    pub fn send_chat(self, text: String) {
        self.chat.update(|lines| {
            lines.push(ChatLine {
                id: lines.len() as u64,
                author: String::new(),
                own: true,
                text,
                at_ms: js_sys::Date::now(),
            });
        });
    }

    pub fn reconnect(self, _peer: PeerId) {}

    /// Whether a call goes on; reactive.
    pub fn in_call(self) -> bool {
        self.view
            .with(|view| view.as_ref().is_some_and(|view| !view.phase.is_over()))
    }

    /// Whether a call goes on; not reactive.
    pub fn is_running(self) -> bool {
        self.handle.with_value(Option::is_some)
            && self
                .view
                .with_untracked(|view| view.as_ref().is_none_or(|view| !view.phase.is_over()))
    }

    fn tell(self, f: impl FnOnce(&CallHandle)) {
        self.handle.with_value(|handle| {
            if let Some(handle) = handle {
                f(handle);
            }
        });
    }
}

/// From the page's address, its meta tag, or its origin.
fn server_address() -> Result<String, InvalidAddress> {
    let location = window().location();
    let query = location
        .search()
        .ok()
        .and_then(|search| web_sys::UrlSearchParams::new_with_str(&search).ok())
        .and_then(|query| query.get("server"));
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
