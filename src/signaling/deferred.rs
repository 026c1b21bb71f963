//! A transport whose code is loaded when it is first needed.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use super::{Connection, Signaling, Unreachable};
use crate::lazy::Loading;

/// What makes the transport, once its code is there.
type Make<P> = Box<dyn FnOnce(P) -> Option<Box<dyn Signaling>>>;

/// Makes the transport with the first attempt to connect, and goes on with the same one. An attempt for
/// which the code cannot be loaded has failed like any other.
pub(crate) struct DeferredSignaling<P> {
    load: fn() -> Loading<P>,
    only_introduces: bool,
    transport: Rc<RefCell<State<P>>>,
}

enum State<P> {
    /// `None` while it is made, which takes no time.
    ToBeMade(Option<Make<P>>),
    Made(Box<dyn Signaling>),
}

impl<P: 'static> DeferredSignaling<P> {
    /// What `load` loads makes the transport.
    pub(crate) fn new(
        load: fn() -> Loading<P>,
        make: impl FnOnce(P) -> Box<dyn Signaling> + 'static,
    ) -> Self {
        Self::fallible(load, |part| Some(make(part)))
    }

    /// What `load` loads makes the transport, or knows no address at which to reach it.
    pub(crate) fn fallible(
        load: fn() -> Loading<P>,
        make: impl FnOnce(P) -> Option<Box<dyn Signaling>> + 'static,
    ) -> Self {
        Self {
            load,
            only_introduces: false,
            transport: Rc::new(RefCell::new(State::ToBeMade(Some(Box::new(make))))),
        }
    }

    /// See [`Signaling::only_introduces`].
    pub(crate) fn only_introducing(self) -> Self {
        Self {
            only_introduces: true,
            ..self
        }
    }
}

impl<P: 'static> Signaling for DeferredSignaling<P> {
    fn only_introduces(&self) -> bool {
        self.only_introduces
    }

    fn connect(&self) -> LocalBoxFuture<'static, Result<Box<dyn Connection>, Unreachable>> {
        if let State::Made(transport) = &*self.transport.borrow() {
            return transport.connect();
        }
        let (load, state) = (self.load, self.transport.clone());
        let connect = async move {
            let part = load()
                .await
                .map_err(|_| Unreachable("the code for this transport could not be loaded; if this keeps happening, reload the page".to_owned()))?;
            let connecting = state.borrow_mut().made(part).map(Signaling::connect);
            match connecting {
                Some(connecting) => connecting.await,
                None => Err(Unreachable("its address cannot be used".to_owned())),
            }
        };
        connect.boxed_local()
    }
}

impl<P> State<P> {
    fn made(&mut self, part: P) -> Option<&dyn Signaling> {
        if let Self::ToBeMade(make) = self {
            *self = Self::Made(make.take()?(part)?);
        }
        match self {
            Self::Made(transport) => Some(&**transport),
            Self::ToBeMade(_) => None,
        }
    }
}
