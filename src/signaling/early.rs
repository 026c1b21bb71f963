//! A transport that connects before it is asked to: whoever is about to join does not wait for it.

use std::cell::Cell;

use futures_channel::oneshot;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use super::{Connection, Signaling, Unreachable};

type Connected = Result<Box<dyn Connection>, Unreachable>;

/// Dropping it ends a connection that nobody asked for.
pub(crate) struct EarlySignaling {
    signaling: Box<dyn Signaling>,
    first: Cell<Option<oneshot::Receiver<Connected>>>,
}

impl EarlySignaling {
    /// The future connects; it is to be run until it ends.
    pub(crate) fn new(signaling: Box<dyn Signaling>) -> (Self, impl Future<Output = ()>) {
        let (sender, first) = oneshot::channel();
        let connecting = signaling.connect();
        let early = Self {
            signaling,
            first: Cell::new(Some(first)),
        };
        let connecting = async move {
            // Whoever does not want it any more has dropped the other end.
            drop(sender.send(connecting.await));
        };
        (early, connecting)
    }
}

impl Signaling for EarlySignaling {
    fn only_introduces(&self) -> bool {
        self.signaling.only_introduces()
    }

    /// The early attempt is nobody's business if it failed: then this is the first.
    fn connect(&self) -> LocalBoxFuture<'static, Connected> {
        let again = self.signaling.connect();
        let Some(first) = self.first.take() else {
            return again;
        };
        async move {
            match first.await {
                Ok(Ok(connection)) => Ok(connection),
                Ok(Err(_)) | Err(oneshot::Canceled) => again.await,
            }
        }
        .boxed_local()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::pin::Pin;
    use std::rc::Rc;
    use std::task::{Context, Poll};

    use futures_util::stream::Stream;

    use super::*;
    use crate::signaling::{Event, Request};

    /// Answers each attempt to connect with the next of `answers`.
    struct Service {
        answers: Rc<RefCell<Vec<Connected>>>,
    }

    impl Signaling for Service {
        fn connect(&self) -> LocalBoxFuture<'static, Connected> {
            let answers = self.answers.clone();
            async move { answers.borrow_mut().remove(0) }.boxed_local()
        }
    }

    struct Line;

    impl Connection for Line {
        fn send(&mut self, _: Request) {}
    }

    impl Stream for Line {
        type Item = Event;

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Event>> {
            Poll::Pending
        }
    }

    fn reached() -> Connected {
        Ok(Box::new(Line))
    }

    fn failed() -> Connected {
        Err(Unreachable("no answer".to_owned()))
    }

    #[test]
    fn who_asks_gets_what_was_connected_before_and_then_another() {
        let answers = Rc::new(RefCell::new(vec![reached(), reached()]));
        let service = Service {
            answers: answers.clone(),
        };
        let (early, connecting) = EarlySignaling::new(Box::new(service));
        let asked = early.connect();
        connecting.now_or_never().unwrap();
        assert!(asked.now_or_never().unwrap().is_ok());
        assert_eq!(answers.borrow().len(), 1);
        assert!(early.connect().now_or_never().unwrap().is_ok());
        assert_eq!(answers.borrow().len(), 0);
    }

    #[test]
    fn an_early_attempt_that_failed_is_not_the_first() {
        let answers = Rc::new(RefCell::new(vec![failed(), reached()]));
        let (early, connecting) = EarlySignaling::new(Box::new(Service { answers }));
        connecting.now_or_never().unwrap();
        assert!(early.connect().now_or_never().unwrap().is_ok());
    }

    #[test]
    fn where_connecting_was_ended_it_begins_again() {
        let answers = Rc::new(RefCell::new(vec![reached()]));
        let (early, connecting) = EarlySignaling::new(Box::new(Service { answers }));
        drop(connecting);
        assert!(early.connect().now_or_never().unwrap().is_ok());
    }
}
