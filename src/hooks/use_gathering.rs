//! The candidates that this browser finds with given ICE servers, without any call.

use std::rc::Rc;

use leptos::prelude::*;
use signaling_protocol::IceServer;

use super::{PageTrace, TaskSlot, use_task};
use crate::advice::{Advice, for_connection, for_servers};
use crate::rtc::data_channel::{DataChannel, DataChannelOptions};
use crate::rtc::now_ms;
use crate::rtc::peer_connection::{GatheringError, IceTransportPolicy, PeerConnection};
use crate::sdp::candidate::Candidate;
use crate::states::IceGatheringState;
use crate::trace::vocabulary::Actor;

/// One candidate, and when it was there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Gathered {
    pub(crate) candidate: Candidate,
    /// Milliseconds since the gathering began.
    pub(crate) after_ms: f64,
}

#[derive(Clone, Copy)]
pub(crate) struct GatheringHook {
    pub(crate) found: RwSignal<Vec<Gathered>>,
    /// What servers did not answer as they should.
    pub(crate) errors: RwSignal<Vec<GatheringError>>,
    /// `None` before.
    pub(crate) state: RwSignal<Option<IceGatheringState>>,
    pub(crate) advice: RwSignal<Option<Advice>>,
    connection: StoredValue<Option<(Rc<PeerConnection>, DataChannel)>, LocalStorage>,
    offering: TaskSlot,
    trace: PageTrace,
}

/// Nothing gathered yet.
pub(crate) fn use_gathering(trace: PageTrace) -> GatheringHook {
    GatheringHook {
        found: RwSignal::new(Vec::new()),
        errors: RwSignal::new(Vec::new()),
        state: RwSignal::new(None),
        advice: RwSignal::new(None),
        connection: StoredValue::new_local(None),
        offering: use_task(),
        trace,
    }
}

impl GatheringHook {
    /// Begins anew, with these servers.
    pub(crate) fn start(self, ice_servers: &[IceServer], policy: IceTransportPolicy) {
        self.stop();
        self.advice.set(None);
        self.found.set(Vec::new());
        self.errors.set(Vec::new());
        if let Err(advice) = self.try_start(ice_servers, policy) {
            self.state.set(None);
            self.advice.set(Some(advice));
        }
    }

    /// Closes the connection; what was found stays.
    pub(crate) fn stop(self) {
        self.offering.cancel();
        self.connection
            .try_update_value(|connection| *connection = None);
    }

    fn try_start(
        self,
        ice_servers: &[IceServer],
        policy: IceTransportPolicy,
    ) -> Result<(), Advice> {
        let tracer = self.trace.tracer(Actor::Gatherer);
        let connection = PeerConnection::with_policy(ice_servers, policy, tracer)
            .map_err(|error| for_servers(&error))?;
        let connection = Rc::new(connection);
        let began_ms = now_ms();
        connection.on_ice_candidate(move |candidate| {
            // An empty one only ends a generation.
            if let Ok(candidate) = Candidate::parse(&candidate.candidate) {
                let after_ms = now_ms() - began_ms;
                self.found.update(|found| {
                    found.push(Gathered {
                        candidate,
                        after_ms,
                    })
                });
            }
        });
        connection.on_ice_candidate_error(move |error| {
            self.errors.update(|errors| errors.push(error));
        });
        connection.on_state_change(move |states| self.state.set(Some(states.ice_gathering)));
        // Something to negotiate: without it nothing is gathered.
        let channel = connection
            .create_data_channel("gathering", &DataChannelOptions::default())
            .map_err(|error| for_connection(&error))?;
        self.state.set(Some(connection.states().ice_gathering));
        self.connection
            .set_value(Some((connection.clone(), channel)));
        self.offering.run(async move {
            if let Err(error) = connection.set_local_description().await {
                self.advice.set(Some(for_connection(&error)));
            }
        });
        Ok(())
    }
}
