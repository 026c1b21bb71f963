//! Signaling by copy and paste: two people hand each other one text each, by whatever way they
//! have, and no server is involved. The texts are complete: description, all candidates, names.
//!
//! It only introduces the two; whatever is to be said later goes over their own connection.

mod note;
mod session;

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_channel::mpsc;
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, ready};
use futures_util::stream::{Stream, StreamExt};
use gloo_timers::future::TimeoutFuture;
use signaling_protocol::PeerMessage;

use super::{Connection, Event, Request, Signaling, Unreachable, summary};
use crate::rtc::{now_ms, random_hex};
use crate::trace::Tracer;
pub use note::Damage;
use session::PasteSession;
pub use session::{ExchangeError, Order, Stage};

/// What people see of an exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exchange {
    pub stage: Stage,
    /// Why the last text was of no use.
    pub error: Option<ExchangeError>,
}

/// Whether there may be an invitation or an answer in a text, such as the end of an address.
pub(crate) fn is_in(text: &str) -> bool {
    note::is_in(text)
}

/// The transport that people are.
pub struct PasteSignaling(Rc<Desk>);

/// Where the texts come from and go to.
struct Desk {
    orders: RefCell<mpsc::UnboundedReceiver<Order>>,
    on_change: Box<dyn Fn(Exchange)>,
    tracer: Tracer,
}

impl PasteSignaling {
    /// `on_change` is told whenever the exchange looks different.
    pub fn new(
        orders: mpsc::UnboundedReceiver<Order>,
        on_change: impl Fn(Exchange) + 'static,
        tracer: Tracer,
    ) -> Self {
        Self(Rc::new(Desk {
            orders: RefCell::new(orders),
            on_change: Box::new(on_change),
            tracer,
        }))
    }
}

impl Signaling for PasteSignaling {
    fn only_introduces(&self) -> bool {
        true
    }

    fn connect(&self) -> LocalBoxFuture<'static, Result<Box<dyn Connection>, Unreachable>> {
        let connection: Box<dyn Connection> = Box::new(PasteConnection {
            desk: self.0.clone(),
            session: None,
            shown: None,
            alarm: None,
        });
        ready(Ok(connection)).boxed_local()
    }
}

struct PasteConnection {
    desk: Rc<Desk>,
    session: Option<PasteSession>,
    shown: Option<Exchange>,
    /// When the text is written, and the timer for it.
    alarm: Option<(f64, TimeoutFuture)>,
}

impl PasteConnection {
    fn show(&mut self) {
        let exchange = self
            .session
            .as_ref()
            .map_or_else(Exchange::default, |session| Exchange {
                stage: session.stage().clone(),
                error: session.error(),
            });
        if self.shown.as_ref() != Some(&exchange) {
            self.shown = Some(exchange.clone());
            (self.desk.on_change)(exchange);
        }
    }

    fn set_alarm(&mut self) {
        let next = self.session.as_ref().and_then(PasteSession::deadline);
        if self.alarm.as_ref().map(|(at, _)| *at) != next {
            self.alarm = next.map(|at| {
                let pause = (at - now_ms()).ceil().max(0.0);
                (at, TimeoutFuture::new(pause as u32))
            });
        }
    }
}

impl Connection for PasteConnection {
    fn send(&mut self, request: Request) {
        summary::report_request(&self.desk.tracer, &request);
        match request {
            Request::Join { name, .. } => {
                let me = PasteSession::own_id(&random_hex::<8>());
                self.session = Some(PasteSession::new(me, name));
            }
            Request::Leave => self.session = None,
            Request::Signal { to, message } => {
                if let Some(session) = &mut self.session {
                    session.handle_signal(&to, message, now_ms());
                }
            }
            // People know no hosts.
            Request::Host(_) => {}
        }
    }

    fn take_back(&mut self) -> Vec<PeerMessage> {
        self.session
            .as_mut()
            .map_or_else(Vec::new, PasteSession::take_back)
    }
}

impl Stream for PasteConnection {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        let this = &mut *self;
        while let Poll::Ready(Some(order)) = this.desk.orders.borrow_mut().poll_next_unpin(context)
        {
            if let Some(session) = &mut this.session {
                session.handle_order(order, random_hex::<8>());
            }
        }
        this.set_alarm();
        while let Some((_, timer)) = &mut this.alarm
            && timer.poll_unpin(context).is_ready()
        {
            this.alarm = None;
            if let Some(session) = &mut this.session {
                session.handle_timeout(now_ms());
            }
            this.set_alarm();
        }
        this.show();
        match this.session.as_mut().and_then(PasteSession::poll_event) {
            Some(event) => {
                summary::report_event(&this.desk.tracer, &event);
                Poll::Ready(Some(event))
            }
            None => Poll::Pending,
        }
    }
}

impl Drop for PasteConnection {
    fn drop(&mut self) {
        self.session = None;
        self.show();
    }
}
