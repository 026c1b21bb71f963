//! Two peers in one page.

use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use signaling_protocol::{PeerSignal, SdpType};

use crate::advice::{Advice, for_connection, for_loading};
use crate::call::links::LinkEvent;
use crate::error::JsError;
use crate::hooks::use_lazy::prefetch;
use crate::hooks::{PageTrace, TaskSlot, use_task};
use crate::lab::pair::{End, Pair};
use crate::lazy::lazy;
use crate::rtc::peer_connection::PeerConnection;
use crate::states::{
    ConnectionState, ConnectionStates, IceConnectionState, IceGatheringState, SignalingState,
};

/// What one end shows.
#[derive(Clone, Copy)]
pub(crate) struct EndHook {
    /// The states in the order of their coming; the last is the state now.
    pub(crate) signaling: RwSignal<Vec<SignalingState>>,
    pub(crate) ice_gathering: RwSignal<Vec<IceGatheringState>>,
    pub(crate) ice_connection: RwSignal<Vec<IceConnectionState>>,
    pub(crate) connection: RwSignal<Vec<ConnectionState>>,
    /// The candidates it gathered.
    pub(crate) candidates: RwSignal<Vec<String>>,
    /// The description it made.
    pub(crate) description: RwSignal<Option<(SdpType, String)>>,
}

/// A pair, and what its ends show.
#[derive(Clone, Copy)]
pub struct PairHook {
    pub(crate) local: EndHook,
    pub(crate) remote: EndHook,
    pub(crate) advice: RwSignal<Option<Advice>>,
    pub(crate) running: RwSignal<bool>,
    connections: StoredValue<Option<[Rc<PeerConnection>; 2]>, LocalStorage>,
    driving: TaskSlot,
    trace: PageTrace,
}

type SetUp = Box<dyn FnOnce(&Pair) -> Result<(), JsError>>;
type OnEvent = Box<dyn Fn(End, LinkEvent)>;
type Drive = fn(PairHook, SetUp, OnEvent) -> LocalBoxFuture<'static, Advice>;

// A page that is only read connects nobody.
lazy!(load_pair: Drive = |hook, set_up, on_event| hook.drive(set_up, on_event).boxed_local());

/// No peers yet; their code loads in the background.
pub fn use_pair(trace: PageTrace) -> PairHook {
    use_task().run(prefetch(load_pair));
    PairHook {
        local: EndHook::new(),
        remote: EndHook::new(),
        advice: RwSignal::new(None),
        running: RwSignal::new(false),
        connections: StoredValue::new_local(None),
        driving: use_task(),
        trace,
    }
}

impl PairHook {
    pub(crate) fn end(self, end: End) -> EndHook {
        match end {
            End::Local => self.local,
            End::Remote => self.remote,
        }
    }

    /// Makes two peers, lets `set_up` add media or channels to them, and runs them until
    /// [`Self::stop`] or until the page is left. `on_event` gets what the ends receive. The code for
    /// it is loaded before, unless it is there.
    pub fn start(
        self,
        set_up: impl FnOnce(&Pair) -> Result<(), JsError> + 'static,
        on_event: impl Fn(End, LinkEvent) + 'static,
    ) {
        self.stop();
        self.advice.set(None);
        for end in End::BOTH {
            self.end(end).reset();
        }
        self.running.set(true);
        self.driving.run(async move {
            let ended = match load_pair().await {
                Ok(drive) => drive(self, Box::new(set_up), Box::new(on_event)).await,
                Err(_) => for_loading("The code for connections"),
            };
            self.advice.set(Some(ended));
            self.running.set(false);
        });
    }

    /// Runs a pair; ends only when it cannot be made.
    async fn drive(self, set_up: SetUp, on_event: OnEvent) -> Advice {
        let pair = Pair::new(&self.trace.get()).and_then(|pair| {
            set_up(&pair)?;
            Ok(pair)
        });
        let mut pair = match pair {
            Ok(pair) => pair,
            Err(error) => return for_connection(&error),
        };
        let connections = [End::Local, End::Remote].map(|end| pair.connection(end).cloned());
        if let [Some(local), Some(remote)] = connections {
            self.connections.set_value(Some([local, remote]));
        }
        loop {
            let (end, event) = pair.next().await;
            if let Some(event) = self.show(end, event) {
                on_event(end, event);
            }
        }
    }

    /// Closes both peers. `close()` fires no event, so the states shown are set here.
    pub fn stop(self) {
        self.driving.cancel();
        self.running.set(false);
        let Some(connections) = self.connections.try_update_value(Option::take).flatten() else {
            return;
        };
        for (end, connection) in End::BOTH.into_iter().zip(connections) {
            connection.close();
            self.end(end).take_in(&connection.states());
        }
    }

    /// One end's connection, while there is a pair.
    pub(crate) fn connection(self, end: End) -> Option<Rc<PeerConnection>> {
        self.connections.with_value(|connections| {
            let [local, remote] = connections.as_ref()?;
            Some(match end {
                End::Local => local.clone(),
                End::Remote => remote.clone(),
            })
        })
    }

    /// Gives back what is not about the connection itself.
    fn show(self, end: End, event: LinkEvent) -> Option<LinkEvent> {
        let hook = self.end(end);
        match event {
            LinkEvent::Signal(PeerSignal::Description(description)) => {
                hook.description
                    .set(Some((description.kind, description.sdp)));
                None
            }
            LinkEvent::Signal(PeerSignal::Candidate(candidate)) => {
                if !candidate.candidate.is_empty() {
                    hook.candidates.update(|all| all.push(candidate.candidate));
                }
                None
            }
            LinkEvent::States(states) => {
                hook.take_in(&states);
                None
            }
            LinkEvent::Failed(error) | LinkEvent::Broken(error) => {
                self.advice.set(Some(for_connection(&error)));
                None
            }
            LinkEvent::Muted => None,
            event @ (LinkEvent::Track { .. } | LinkEvent::DataChannel(_)) => Some(event),
        }
    }
}

impl EndHook {
    fn new() -> Self {
        Self {
            signaling: RwSignal::new(Vec::new()),
            ice_gathering: RwSignal::new(Vec::new()),
            ice_connection: RwSignal::new(Vec::new()),
            connection: RwSignal::new(Vec::new()),
            candidates: RwSignal::new(Vec::new()),
            description: RwSignal::new(None),
        }
    }

    fn reset(self) {
        let states = ConnectionStates::initial();
        self.signaling.set(vec![states.signaling]);
        self.ice_gathering.set(vec![states.ice_gathering]);
        self.ice_connection.set(vec![states.ice_connection]);
        self.connection.set(vec![states.connection]);
        self.candidates.set(Vec::new());
        self.description.set(None);
    }

    fn take_in(self, states: &ConnectionStates) {
        note(self.signaling, states.signaling);
        note(self.ice_gathering, states.ice_gathering);
        note(self.ice_connection, states.ice_connection);
        note(self.connection, states.connection);
    }

    /// Whether it is connected now; reactive.
    pub(crate) fn is_connected(self) -> bool {
        self.connection
            .with(|states| states.last() == Some(&ConnectionState::Connected))
    }
}

fn note<T: PartialEq + Send + Sync + 'static>(history: RwSignal<Vec<T>>, state: T) {
    if history.with_untracked(|history| history.last() != Some(&state)) {
        history.update(|history| history.push(state));
    }
}
