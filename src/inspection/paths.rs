//! Which way each connection took through its state machines. Pure.

use std::ops::Range;
use std::sync::Arc;

use super::connections::{self, Unread};
use super::machines::Machine;
use crate::trace::{Entry, Kind};

/// So many steps of one machine are kept, the first.
const KEPT: usize = 1_000;

/// A state that was reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Milliseconds since the trace began.
    pub(crate) at_ms: f64,
    /// As the browser told it: possibly one that the standard does not have.
    pub state: String,
    /// The id of the entry that told it.
    pub(crate) entry: u64,
}

/// One connection and its ways.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectionPaths {
    /// As in the trace.
    pub(crate) number: u32,
    /// Who reports about it.
    pub peer: Arc<str>,
    /// Whom it leads to.
    pub(crate) to: Option<Arc<str>>,
    steps: [Vec<Step>; Machine::ALL.len()],
    /// Also of a connection whose beginning nobody remembers.
    is_closed: bool,
}

impl ConnectionPaths {
    /// The states in the order of their coming; the last is the state now.
    pub fn steps(&self, machine: Machine) -> &[Step] {
        &self.steps[machine as usize]
    }

    /// See [`connections::title`].
    pub(crate) fn title(&self) -> String {
        connections::title(self.number, &self.peer, self.to.as_deref())
    }

    fn is_own(&self) -> bool {
        !connections::is_of_others(self.number)
    }

    fn reach(&mut self, machine: Machine, entry: &Entry, state: &str) {
        let steps = &mut self.steps[machine as usize];
        // Another end may claim any number of states.
        if steps.len() < KEPT && steps.last().is_none_or(|last| last.state != state) {
            steps.push(Step {
                at_ms: entry.at_ms,
                state: state.to_owned(),
                entry: entry.id,
            });
        }
    }
}

/// The numbers of the steps that went from one state to the other, counted from 1.
pub(crate) fn taken(steps: &[Step], from: &str, to: &str) -> Vec<usize> {
    let pairs = steps.windows(2).enumerate();
    pairs
        .filter(|(_, pair)| pair[0].state == from && pair[1].state == to)
        .map(|(index, _)| index + 1)
        .collect()
}

/// The ways of all connections of a trace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paths {
    connections: Vec<ConnectionPaths>,
    end: u64,
}

impl Paths {
    /// In the order of their making.
    pub fn connections(&self) -> &[ConnectionPaths] {
        &self.connections
    }

    /// The number of this page's first connection that is not closed. When all are closed, that of
    /// the last; and where there is none of this page, of somebody else's.
    pub(crate) fn first_open(&self) -> Option<u32> {
        let mut own = self.connections.iter().filter(|of| of.is_own());
        let open = own.clone().find(|of| !of.is_closed);
        let found = open.or_else(|| own.next_back());
        found.or(self.connections.last()).map(|of| of.number)
    }

    pub(crate) fn connection(&self, number: u32) -> Option<&ConnectionPaths> {
        let mut all = self.connections.iter();
        all.find(|connection| connection.number == number)
    }

    /// Makes it tell of the entries up to the end of these ids. `read` is asked for those that were
    /// not looked at yet. What a trace forgot meanwhile stays known.
    pub fn follow(
        &mut self,
        ids: Range<u64>,
        read: impl FnOnce(Range<u64>, &mut dyn FnMut(&Entry)),
    ) {
        let Unread { ids, anew } = Unread::of(ids, &mut self.end);
        if anew {
            self.connections.clear();
        }
        if !ids.is_empty() {
            read(ids, &mut |entry| self.take_in(entry));
        }
    }

    fn take_in(&mut self, entry: &Entry) {
        let Some(of) = &entry.connection else {
            return;
        };
        let known = self.connections.iter().position(|c| c.number == of.number);
        let index = known.unwrap_or_else(|| {
            self.connections.push(ConnectionPaths {
                number: of.number,
                peer: entry.peer.clone(),
                to: of.to.clone(),
                steps: Default::default(),
                is_closed: false,
            });
            self.connections.len() - 1
        });
        let Some(connection) = self.connections.get_mut(index) else {
            return;
        };
        match (entry.kind, &*entry.name) {
            (Kind::Call, "new RTCPeerConnection") => {
                for machine in Machine::ALL {
                    if let Some(state) = machine.initial() {
                        connection.reach(machine, entry, state);
                    }
                }
            }
            (Kind::Call, "close") => {
                connection.is_closed = true;
                for machine in Machine::ALL {
                    if machine.closes() && !connection.steps(machine).is_empty() {
                        connection.reach(machine, entry, "closed");
                    }
                }
            }
            (Kind::State, _) => {
                if let Some(machine) = Machine::of(entry) {
                    connection.reach(machine, entry, &entry.detail.text());
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::trace::{ConnectionRef, Trace};

    fn follow(paths: &mut Paths, trace: &Trace, end: u64) {
        paths.follow(trace.ids().start..end, |ids, f| trace.each(ids, f));
    }

    fn paths_of(trace: &Trace) -> Paths {
        let mut paths = Paths::default();
        follow(&mut paths, trace, trace.ids().end);
        paths
    }

    fn names(connection: &ConnectionPaths, machine: Machine) -> Vec<&str> {
        let steps = connection.steps(machine).iter();
        steps.map(|step| &*step.state).collect()
    }

    #[test]
    fn a_connection_goes_its_way_and_closing_ends_it_without_an_event() {
        let trace = Trace::new(|| 0.0);
        let tracer = trace
            .tracer("localPeer")
            .toward("remotePeer")
            .for_connection();
        tracer.call("new RTCPeerConnection", "");
        tracer.state("signalingState", "have-local-offer");
        tracer.state("signalingState", "stable");
        tracer.state("RTCDtlsTransport.state", "connecting");
        tracer.state("iceGatheringState", "gathering");
        tracer.call("close", "");
        let paths = paths_of(&trace);
        let connection = &paths.connections()[0];
        assert_eq!(connection.title(), "1: localPeer to remotePeer");
        assert_eq!(
            names(connection, Machine::Signaling),
            ["stable", "have-local-offer", "stable", "closed"]
        );
        assert_eq!(
            names(connection, Machine::IceGathering),
            ["new", "gathering"]
        );
        assert_eq!(
            names(connection, Machine::DtlsTransport),
            ["connecting", "closed"]
        );
        assert_eq!(names(connection, Machine::Connection), ["new", "closed"]);
        assert_eq!(
            taken(
                connection.steps(Machine::Signaling),
                "have-local-offer",
                "stable"
            ),
            [2]
        );
    }

    #[test]
    fn a_state_that_nobody_knows_is_a_step_like_any_other() {
        let trace = Trace::new(|| 0.0);
        let tracer = trace.tracer("p").for_connection();
        tracer.state("connectionState", "enlightened");
        let paths = paths_of(&trace);
        assert_eq!(
            names(&paths.connections()[0], Machine::Connection),
            ["enlightened"]
        );
        assert!(!Machine::Connection.knows("new", "enlightened"));
    }

    #[test]
    fn connections_under_one_name_are_told_apart() {
        let trace = Trace::new(|| 0.0);
        for state in ["failed", "connected"] {
            let tracer = trace.tracer("ada").toward("ada").for_connection();
            tracer.state("connectionState", state);
        }
        let paths = paths_of(&trace);
        assert_eq!(paths.connections().len(), 2);
        let second = paths.connection(2).unwrap();
        assert_eq!(names(second, Machine::Connection), ["connected"]);
        assert_eq!(second.title(), "2: to ada");
    }

    #[test]
    fn the_first_open_connection_of_this_page_is_looked_at() {
        let trace = Trace::new(|| 0.0);
        let looked_at = || paths_of(&trace).first_open();
        assert_eq!(looked_at(), None);
        let made = || {
            let tracer = trace.tracer("ada").for_connection();
            tracer.call("new RTCPeerConnection", "");
            tracer
        };
        let (first, second) = (made(), made());
        made();
        assert_eq!(looked_at(), Some(1));
        first.call("close", "");
        assert_eq!(looked_at(), Some(2));
        let mut late = Paths::default();
        let newer = 1..trace.ids().end;
        late.follow(newer, |ids, f| trace.each(ids, f));
        assert_eq!(late.first_open(), Some(2));
        second.call("close", "");
        assert_eq!(looked_at(), Some(3));
        let mut theirs = trace.entries().remove(0);
        theirs.connection = Some(ConnectionRef {
            number: connections::FIRST_OF_OTHERS,
            to: None,
        });
        let mut paths = Paths::default();
        paths.follow(0..1, |_, f| f(&theirs));
        assert_eq!(
            paths.first_open(),
            theirs.connection.as_ref().map(|of| of.number)
        );
        theirs.id = trace.ids().end;
        let mut paths = paths_of(&trace);
        paths.follow(0..theirs.id + 1, |_, f| f(&theirs));
        assert_eq!(paths.connections().len(), 4);
        assert_eq!(paths.first_open(), Some(3));
    }

    proptest! {
        #[test]
        fn stepping_to_and_fro_is_the_same_as_beginning_anew(
            states in proptest::collection::vec((0_u8..3, ".{0,4}"), 0..30),
            ends in proptest::collection::vec(0_u64..30, 1..9),
        ) {
            let trace = Trace::new(|| 0.0);
            let tracer = trace.tracer("p").for_connection();
            for (kind, text) in &states {
                match kind {
                    0 => tracer.state("connectionState", text.clone()),
                    1 => tracer.call("close", text.clone()),
                    _ => tracer.state(text.clone(), "new"),
                }
            }
            let mut paths = Paths::default();
            for end in ends {
                let end = end.min(states.len() as u64);
                follow(&mut paths, &trace, end);
                let mut anew = Paths::default();
                follow(&mut anew, &trace, end);
                prop_assert_eq!(&paths, &anew);
            }
        }
    }

    #[test]
    fn no_machine_has_steps_without_end() {
        let trace = Trace::new(|| 0.0);
        let tracer = trace.tracer("ada").toward("ada").for_connection();
        for number in 0..3_000 {
            let state = ["checking", "connected"][number % 2];
            tracer.state("iceConnectionState", state);
        }
        let mut paths = Paths::default();
        paths.follow(trace.ids(), |ids, f| trace.each(ids, f));
        let steps = paths.connections()[0].steps(Machine::IceConnection);
        assert_eq!(steps.len(), KEPT);
    }
}
