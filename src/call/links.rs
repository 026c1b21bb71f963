//! Peer connections, each with its negotiation, driven by one task.
//!
//! A listener only puts its event into a queue; [`Links::next`] takes it out, lets the
//! [`Negotiator`] decide, and carries out the decision. So nothing is ever dropped inside its own
//! callback, and per link only one operation runs at a time. Where signals come from and go to
//! is the caller's.

use std::collections::{BTreeMap, VecDeque};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_channel::mpsc;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::StreamExt;
use signaling_protocol::{IceCandidate, IceServer, PeerSignal};
use web_sys::MediaStreamTrack;

use crate::error::JsError;
use crate::negotiation::{Command, Done, Negotiator, Role, Verdict};
use crate::rtc::data_channel::DataChannel;
use crate::rtc::peer_connection::{ConnectionStates, PeerConnection};
use crate::trace::Tracer;

/// What a link tells its owner.
pub enum LinkEvent {
    /// To be handed to the other end, in this order.
    Signal(PeerSignal),
    /// Media arrives.
    Track {
        track: MediaStreamTrack,
        /// The id of the stream to which its sender says it belongs.
        stream: String,
    },
    /// A track that arrives was muted or unmuted: its sender stopped or began to send.
    Muted,
    DataChannel(DataChannel),
    States(ConnectionStates),
    /// An operation failed; the connection goes on as far as it can.
    Failed(JsError),
    /// An operation failed, after which the connection cannot be negotiated any more; see
    /// [`Verdict::Broken`]. Media goes on as it is.
    Broken(JsError),
}

enum Heard {
    NegotiationNeeded,
    Candidate(IceCandidate),
    Event(LinkEvent),
}

struct Link {
    /// Tells a link from an earlier one under the same key.
    serial: u64,
    connection: Rc<PeerConnection>,
    negotiator: Negotiator,
    operation: Option<LocalBoxFuture<'static, Result<Done, JsError>>>,
}

impl Drop for Link {
    /// A view may still hold the connection; it ends with the link all the same.
    fn drop(&mut self) {
        self.connection.close();
    }
}

/// The links to all peers, by key; dropping it closes them.
pub struct Links<K> {
    links: BTreeMap<K, Link>,
    next_serial: u64,
    hear: mpsc::UnboundedSender<(K, u64, Heard)>,
    heard: mpsc::UnboundedReceiver<(K, u64, Heard)>,
    ready: VecDeque<(K, LinkEvent)>,
}

impl<K: Ord + Clone + 'static> Links<K> {
    pub fn new() -> Self {
        let (hear, heard) = mpsc::unbounded();
        Self {
            links: BTreeMap::new(),
            next_serial: 0,
            hear,
            heard,
            ready: VecDeque::new(),
        }
    }

    /// Makes a peer connection under `key`, in place of any that was there. Adding media or a
    /// data channel to it is what starts the negotiation; the polite end waits for the other's
    /// first offer, so the impolite one must have something to offer.
    pub fn add(
        &mut self,
        key: K,
        role: Role,
        ice_servers: &[IceServer],
        tracer: Tracer,
    ) -> Result<Rc<PeerConnection>, JsError> {
        self.remove(&key);
        let serial = self.next_serial;
        self.next_serial += 1;
        let connection = PeerConnection::new(ice_servers, tracer)?;
        let hear = {
            let (queue, key) = (self.hear.clone(), key.clone());
            // The queue is gone only together with every link.
            move |heard| drop(queue.unbounded_send((key.clone(), serial, heard)))
        };
        let tell = hear.clone();
        connection.on_negotiation_needed(move || tell(Heard::NegotiationNeeded));
        let tell = hear.clone();
        connection.on_ice_candidate(move |candidate| tell(Heard::Candidate(candidate)));
        let tell = hear.clone();
        connection.on_track(move |track, stream| {
            tell(Heard::Event(LinkEvent::Track { track, stream }));
        });
        let tell = hear.clone();
        connection.on_mute_change(move || tell(Heard::Event(LinkEvent::Muted)));
        let tell = hear.clone();
        connection.on_data_channel(move |c| tell(Heard::Event(LinkEvent::DataChannel(c))));
        connection.on_state_change(move |s| hear(Heard::Event(LinkEvent::States(s))));
        let connection = Rc::new(connection);
        let link = Link {
            serial,
            connection: connection.clone(),
            negotiator: Negotiator::new(role).awaiting_first_offer(),
            operation: None,
        };
        self.links.insert(key, link);
        Ok(connection)
    }

    /// Closes the connection; nothing more is told of it.
    pub(crate) fn remove(&mut self, key: &K) {
        self.links.remove(key);
        self.ready.retain(|(of, _)| of != key);
    }

    pub fn get(&self, key: &K) -> Option<&Rc<PeerConnection>> {
        self.links.get(key).map(|link| &link.connection)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.links.keys()
    }

    /// A signal of the other end; one for a link that is gone has no meaning any more.
    pub fn handle_signal(&mut self, key: &K, signal: PeerSignal) {
        if let Some(link) = self.links.get_mut(key) {
            link.negotiator.handle_signal(signal);
        }
    }

    /// Looks for a new way to the other end, as soon as the negotiation under way is over: the
    /// answer to an offer before the restart must not be taken for one to the offer after it.
    pub(crate) fn restart(&self, key: &K) {
        if let Some(link) = self.links.get(key) {
            link.connection.restart_ice();
        }
    }

    /// Repeats an offer that was not answered, because it or the answer may be lost. Nothing in it
    /// is new, so that an answer to either is an answer to both.
    pub(crate) fn repeat_offer(&mut self, key: &K) {
        if let Some(link) = self.links.get_mut(key) {
            link.negotiator.handle_restart();
        }
    }

    /// The next event of any link; pending while there is nothing to tell. Waiting may be given
    /// up at any time without losing an event.
    pub async fn next(&mut self) -> (K, LinkEvent) {
        poll_fn(|context| self.poll_next(context)).await
    }

    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<(K, LinkEvent)> {
        loop {
            while let Poll::Ready(Some((key, serial, heard))) = self.heard.poll_next_unpin(context)
            {
                self.take_in(key, serial, heard);
            }
            let mut progress = false;
            for (key, link) in &mut self.links {
                progress |= link.advance(context, |event| {
                    self.ready.push_back((key.clone(), event));
                });
            }
            if let Some(event) = self.ready.pop_front() {
                return Poll::Ready(event);
            }
            if !progress {
                return Poll::Pending;
            }
        }
    }

    fn take_in(&mut self, key: K, serial: u64, heard: Heard) {
        let Some(link) = self.links.get_mut(&key).filter(|l| l.serial == serial) else {
            return;
        };
        match heard {
            Heard::NegotiationNeeded => link.negotiator.handle_negotiation_needed(),
            Heard::Candidate(candidate) => link.negotiator.handle_local_candidate(candidate),
            Heard::Event(event) => self.ready.push_back((key, event)),
        }
    }
}

impl<K: Ord + Clone + 'static> Default for Links<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl Link {
    /// Takes the negotiation as far as it goes now; true when anything moved.
    fn advance(&mut self, context: &mut Context<'_>, mut tell: impl FnMut(LinkEvent)) -> bool {
        let mut progress = false;
        loop {
            if let Some(operation) = &mut self.operation {
                let Poll::Ready(result) = operation.poll_unpin(context) else {
                    break;
                };
                self.operation = None;
                progress = true;
                let state = self.connection.signaling_state();
                match result {
                    Ok(done) => self.negotiator.handle_done(done, state),
                    Err(error) => {
                        let verdict = self.negotiator.handle_failed(state);
                        if verdict != Verdict::Expected {
                            self.connection.tracer().error("negotiation", &error);
                        }
                        match verdict {
                            Verdict::Expected => {}
                            Verdict::Unexpected => tell(LinkEvent::Failed(error)),
                            Verdict::Broken => tell(LinkEvent::Broken(error)),
                        }
                    }
                }
            }
            let Some(command) = self.negotiator.poll_command() else {
                break;
            };
            self.operation = Some(run(self.connection.clone(), command).boxed_local());
        }
        while let Some(signal) = self.negotiator.poll_signal() {
            progress = true;
            tell(LinkEvent::Signal(signal));
        }
        progress
    }
}

async fn run(connection: Rc<PeerConnection>, command: Command) -> Result<Done, JsError> {
    match command {
        Command::SetLocalDescription => {
            let description = connection.set_local_description().await?;
            Ok(Done::LocalDescription(description))
        }
        Command::SetRemoteDescription(description) => {
            connection.set_remote_description(&description).await?;
            Ok(Done::RemoteDescription)
        }
        Command::AddIceCandidate(candidate) => {
            connection.add_ice_candidate(&candidate).await?;
            Ok(Done::IceCandidate)
        }
    }
}
