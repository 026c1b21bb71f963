//! A connection as views see it.

use std::fmt;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use crate::error::JsError;
use crate::rtc::peer_connection::PeerConnection;
use crate::statistics::Report;
use crate::verification::Evidence;

/// A connection to read statistics from; it is closed when the call says so. Equal only to
/// itself.
#[derive(Clone)]
pub struct SharedConnection(Rc<dyn Observed>);

/// What a view reads of a connection. Behind a trait, so that a page that only shows connections does not
/// load the code that makes them.
trait Observed {
    fn stats(self: Rc<Self>) -> LocalBoxFuture<'static, Result<Report, JsError>>;
    fn evidence(&self) -> Evidence;
    fn audio_level(&self) -> Option<f64>;
    fn peer_connection(self: Rc<Self>) -> Rc<PeerConnection>;
}

impl Observed for PeerConnection {
    fn stats(self: Rc<Self>) -> LocalBoxFuture<'static, Result<Report, JsError>> {
        async move { Self::stats(&self).await }.boxed_local()
    }

    fn evidence(&self) -> Evidence {
        Self::evidence(self)
    }

    fn audio_level(&self) -> Option<f64> {
        Self::audio_level(self)
    }

    fn peer_connection(self: Rc<Self>) -> Rc<PeerConnection> {
        self
    }
}

impl SharedConnection {
    /// The whole of what `getStats()` says.
    pub(crate) fn stats(&self) -> LocalBoxFuture<'static, Result<Report, JsError>> {
        Rc::clone(&self.0).stats()
    }

    /// What a verification code is made of, as the connection is now.
    pub(crate) fn evidence(&self) -> Evidence {
        self.0.evidence()
    }

    /// How loud what is received is, from 0 to 1; `None` where the browser does not say.
    pub(crate) fn audio_level(&self) -> Option<f64> {
        self.0.audio_level()
    }

    /// All that can be done with it, at the price of loading the code for it.
    pub fn peer_connection(&self) -> Rc<PeerConnection> {
        Rc::clone(&self.0).peer_connection()
    }
}

impl From<Rc<PeerConnection>> for SharedConnection {
    fn from(connection: Rc<PeerConnection>) -> Self {
        Self(connection)
    }
}

impl PartialEq for SharedConnection {
    fn eq(&self, other: &Self) -> bool {
        // Not the tables of methods, of which a program may have several.
        Rc::as_ptr(&self.0).addr() == Rc::as_ptr(&other.0).addr()
    }
}

impl fmt::Debug for SharedConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PeerConnection")
    }
}
