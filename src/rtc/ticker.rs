//! A pulse that goes on while the page is hidden.
//!
//! Browsers slow the timers of hidden pages down to one tick a minute, which is too slow for a
//! heartbeat, or for moving pictures; those of workers go on.
//! <https://html.spec.whatwg.org/multipage/workers.html>

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_channel::mpsc;
use futures_util::stream::{LocalBoxStream, Stream, StreamExt};
use gloo_events::EventListener;
use gloo_timers::future::IntervalStream;
use wasm_bindgen::{JsCast, JsValue};

use super::worker::ScriptWorker;

/// Its ticks; dropping it ends it.
pub(crate) struct Ticker(LocalBoxStream<'static, ()>);

impl Ticker {
    pub(crate) fn new(every_ms: u32) -> Self {
        let ticks = match Pulse::new(every_ms) {
            Ok(pulse) => pulse.boxed_local(),
            // The page forbids workers: better slow than never.
            Err(_) => IntervalStream::new(every_ms).boxed_local(),
        };
        Self(ticks)
    }
}

impl Stream for Ticker {
    type Item = ();

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<()>> {
        self.0.poll_next_unpin(context)
    }
}

struct Pulse {
    _worker: ScriptWorker,
    ticks: mpsc::UnboundedReceiver<()>,
    _listener: EventListener,
}

impl Pulse {
    fn new(every_ms: u32) -> Result<Self, JsValue> {
        let script = format!("setInterval(() => postMessage(0), {every_ms});");
        let worker = ScriptWorker::start(&script)?;
        let (tell, ticks) = mpsc::unbounded();
        let target: &web_sys::EventTarget = worker.unchecked_ref();
        let listener = EventListener::new(target, "message", move |_| {
            // The receiver goes together with the listener.
            drop(tell.unbounded_send(()));
        });
        Ok(Self {
            _worker: worker,
            ticks,
            _listener: listener,
        })
    }
}

impl Stream for Pulse {
    type Item = ();

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<()>> {
        self.ticks.poll_next_unpin(context)
    }
}
