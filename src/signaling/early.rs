//! A transport that connects before it is asked to, so that joining does not wait for it.

use std::cell::Cell;

use futures_channel::oneshot;
use futures_util::future::{Either, LocalBoxFuture, select};
use futures_util::{FutureExt, StreamExt};

use super::{Connection, Signaling, Unreachable};

type Connected = Result<Box<dyn Connection>, Unreachable>;

/// Dropping it ends a connection that nobody asked for.
pub(crate) struct EarlySignaling {
    signaling: Box<dyn Signaling>,
    /// Asks for the early connection.
    ask: Cell<Option<oneshot::Sender<oneshot::Sender<Connected>>>>,
}

impl EarlySignaling {
    /// The future connects, and keeps the connection until it is asked for. It gives the connection up
    /// when that ends or anything arrives over it. Run the future until it ends. `tell` hears whether there
    /// was a connection.
    pub(crate) fn new(
        signaling: Box<dyn Signaling>,
        tell: impl FnOnce(bool),
    ) -> (Self, impl Future<Output = ()>) {
        let (ask, asked) = oneshot::channel();
        let connecting = signaling.connect();
        let early = Self {
            signaling,
            ask: Cell::new(Some(ask)),
        };
        (early, keep(connecting, asked, tell))
    }
}

async fn keep(
    connecting: LocalBoxFuture<'static, Connected>,
    mut asked: oneshot::Receiver<oneshot::Sender<Connected>>,
    tell: impl FnOnce(bool),
) {
    let connected = connecting.await;
    tell(connected.is_ok());
    let mut connection = match connected {
        Ok(connection) => connection,
        Err(error) => {
            // Join has waited for this attempt already; otherwise nobody needs to know.
            if let Ok(Some(answer)) = asked.try_recv() {
                drop(answer.send(Err(error)));
            }
            return;
        }
    };
    // Before anything is said, a server only speaks to refuse.
    if let Either::Right((Ok(answer), _)) = select(connection.next(), asked).await {
        drop(answer.send(Ok(connection)));
    }
}

impl Signaling for EarlySignaling {
    fn only_introduces(&self) -> bool {
        self.signaling.only_introduces()
    }

    /// If there is no early connection any more, this connects again.
    fn connect(&self) -> LocalBoxFuture<'static, Connected> {
        let again = self.signaling.connect();
        let Some(ask) = self.ask.take() else {
            return again;
        };
        let (answer, answered) = oneshot::channel();
        let is_kept = ask.send(answer).is_ok();
        async move {
            if is_kept && let Ok(connected) = answered.await {
                return connected;
            }
            again.await
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

    use futures_channel::mpsc;
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

    /// What comes over it; it ends with that.
    struct Line(mpsc::UnboundedReceiver<Event>);

    impl Connection for Line {
        fn send(&mut self, _: Request) {}
    }

    impl Stream for Line {
        type Item = Event;

        fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
            self.0.poll_next_unpin(context)
        }
    }

    fn line() -> (mpsc::UnboundedSender<Event>, Connected) {
        let (says, said) = mpsc::unbounded();
        (says, Ok(Box::new(Line(said))))
    }

    fn failed() -> Connected {
        Err(Unreachable("no answer".to_owned()))
    }

    /// The transport, what runs it, and the answers that are left.
    fn early(
        answers: Vec<Connected>,
    ) -> (
        EarlySignaling,
        LocalBoxFuture<'static, ()>,
        Rc<RefCell<Vec<Connected>>>,
    ) {
        let answers = Rc::new(RefCell::new(answers));
        let service = Service {
            answers: answers.clone(),
        };
        let (early, keeping) = EarlySignaling::new(Box::new(service), |_| {});
        (early, keeping.boxed_local(), answers)
    }

    fn run(keeping: &mut LocalBoxFuture<'static, ()>) -> Option<()> {
        keeping.now_or_never()
    }

    #[test]
    fn who_asks_gets_what_was_connected_before_and_then_another() {
        let [(_one, first), (_other, second)] = [line(), line()];
        let (early, mut keeping, left) = early(vec![first, second]);
        assert_eq!(run(&mut keeping), None);
        let asked = early.connect();
        assert_eq!(run(&mut keeping), Some(()));
        assert!(asked.now_or_never().unwrap().is_ok());
        assert_eq!(left.borrow().len(), 1);
        assert!(early.connect().now_or_never().unwrap().is_ok());
        assert_eq!(left.borrow().len(), 0);
    }

    #[test]
    fn an_early_attempt_that_failed_before_anybody_asked_is_not_the_first() {
        let (_says, second) = line();
        let (early, mut keeping, _) = early(vec![failed(), second]);
        assert_eq!(run(&mut keeping), Some(()));
        assert!(early.connect().now_or_never().unwrap().is_ok());
    }

    #[test]
    fn who_waited_for_an_attempt_that_fails_is_told() {
        let (_says, second) = line();
        let (early, mut keeping, left) = early(vec![failed(), second]);
        let asked = early.connect();
        assert_eq!(run(&mut keeping), Some(()));
        assert!(asked.now_or_never().unwrap().is_err());
        assert_eq!(left.borrow().len(), 1);
    }

    #[test]
    fn a_connection_that_ended_or_was_refused_meanwhile_is_made_again() {
        for refused in [false, true] {
            let [(says, first), (_other, second)] = [line(), line()];
            let (early, mut keeping, left) = early(vec![first, second]);
            assert_eq!(run(&mut keeping), None);
            if refused {
                says.unbounded_send(Event::Lost("the server is full".to_owned()))
                    .unwrap();
            } else {
                drop(says);
            }
            assert_eq!(run(&mut keeping), Some(()));
            assert!(early.connect().now_or_never().unwrap().is_ok());
            assert_eq!(left.borrow().len(), 0);
        }
    }

    #[test]
    fn what_nobody_asked_for_ends_with_the_transport() {
        let (says, first) = line();
        let (early, mut keeping, _) = early(vec![first]);
        assert_eq!(run(&mut keeping), None);
        drop(early);
        assert_eq!(run(&mut keeping), Some(()));
        assert!(says.is_closed());
    }

    #[test]
    fn where_connecting_was_ended_it_begins_again() {
        let (_says, first) = line();
        let (early, keeping, _) = early(vec![first]);
        drop(keeping);
        assert!(early.connect().now_or_never().unwrap().is_ok());
    }
}
