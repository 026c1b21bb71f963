//! The code of a call, which is loaded before the first: a page that is only read needs none of it.

use std::pin::pin;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender};
use futures_util::FutureExt;
use futures_util::future::{Either, LocalBoxFuture, select};
use futures_util::stream::StreamExt;
use gloo_timers::future::TimeoutFuture;

use super::driver::Driver;
use super::{CallCommand, CallEvent, CallOptions, CallView, Phase};
use crate::lazy::lazy;
use crate::signaling::Signaling;
use crate::trace::Trace;

/// Between two attempts.
const PAUSE_MS: u32 = 2_000;

/// The way to the driver, for one who has to tell it something itself, and what comes that way.
type Commands = (UnboundedSender<CallCommand>, UnboundedReceiver<CallCommand>);

/// Runs a call until it is over.
type Run = fn(
    Box<dyn Signaling>,
    CallOptions,
    Trace,
    Box<dyn Fn(CallEvent)>,
    Commands,
) -> LocalBoxFuture<'static, ()>;

lazy!(load_driver: Run = |signaling, options, trace, on_event, commands| {
    let driver = Driver::new(signaling, options, &trace, on_event, commands);
    driver.run().boxed_local()
});

/// Loads what a call needs, if it can be had now: a call that begins later does not wait for it.
pub(crate) async fn prefetch() {
    drop(load_driver().await);
}

/// Loads the driver, again and again until it is there; `None` after hanging up. What else is asked
/// for meanwhile waits for it.
pub(super) async fn driver(
    sender: &UnboundedSender<CallCommand>,
    mut commands: UnboundedReceiver<CallCommand>,
    on_event: &dyn Fn(CallEvent),
) -> Option<(Run, UnboundedReceiver<CallCommand>)> {
    let show = |phase| on_event(CallEvent::Changed(Box::new(CallView::empty(phase))));
    let mut waiting = Vec::new();
    loop {
        show(Phase::Connecting);
        match unless_hung_up(load_driver(), &mut commands, &mut waiting).await {
            Some(Ok(run)) => {
                // What came after those that wait stays after them.
                while let Some(Some(command)) = commands.next().now_or_never() {
                    waiting.push(command);
                }
                for command in waiting {
                    // We hold the other end.
                    drop(sender.unbounded_send(command));
                }
                return Some((run, commands));
            }
            Some(Err(_)) => show(Phase::Unreachable {
                reason:
                    "the code for calls could not be loaded; if this keeps happening, reload the page"
                        .to_owned(),
                retry_in_ms: PAUSE_MS,
            }),
            None => break,
        }
        let pause = TimeoutFuture::new(PAUSE_MS);
        if unless_hung_up(pause, &mut commands, &mut waiting)
            .await
            .is_none()
        {
            break;
        }
    }
    show(Phase::Left);
    None
}

/// What comes of `work`, unless the call is hung up before.
async fn unless_hung_up<T>(
    work: impl Future<Output = T>,
    commands: &mut UnboundedReceiver<CallCommand>,
    waiting: &mut Vec<CallCommand>,
) -> Option<T> {
    let mut work = pin!(work);
    loop {
        match select(work, commands.next()).await {
            Either::Left((done, _)) => return Some(done),
            Either::Right((None | Some(CallCommand::HangUp), _)) => return None,
            Either::Right((Some(command), rest)) => {
                waiting.push(command);
                work = rest;
            }
        }
    }
}
