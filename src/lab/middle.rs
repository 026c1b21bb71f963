//! A call of two in one page with an attacker in the middle of their signaling.
//!
//! Who only passes descriptions on can do nothing but delay. Who replaces them can end both
//! connections at itself: it keeps Alice's offer and answers it as if it were Bob, and makes Bob an
//! offer of its own as if it were Alice. Both get connected, media and messages flow, and
//! everything is decrypted in between. Nothing in either connection is forged; each end has told
//! the truth to the wrong one.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use futures_channel::mpsc;
use futures_util::StreamExt;
use web_sys::{MediaStream, MediaStreamTrack};

use crate::call::links::{LinkEvent, Links};
use crate::error::JsError;
use crate::negotiation::Role;
use crate::rtc::data_channel::{DataChannel, DataChannelOptions, Message};
use crate::rtc::peer_connection::{ConnectionStates, PeerConnection};
use crate::states::DataChannelState;
use crate::trace::Trace;
use crate::trace::vocabulary::Actor;

/// The label of the channel for messages.
const LABEL: &str = "messages";

/// Whose connection it is: that of one of the two people, or of the attacker, who has two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Party {
    Alice,
    /// The attacker, who plays Bob.
    TowardsAlice,
    /// The attacker, who plays Alice.
    TowardsBob,
    Bob,
}

impl Party {
    /// As it is called in traces.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Alice => Actor::Alice.as_str(),
            Self::TowardsAlice => Actor::TowardsAlice.as_str(),
            Self::TowardsBob => Actor::TowardsBob.as_str(),
            Self::Bob => Actor::Bob.as_str(),
        }
    }

    /// Where its signals arrive.
    fn other_end(self, attacked: bool) -> Self {
        match (self, attacked) {
            (Self::Alice, false) | (Self::TowardsBob, _) => Self::Bob,
            (Self::Alice, true) => Self::TowardsAlice,
            (Self::Bob, false) | (Self::TowardsAlice, _) => Self::Alice,
            (Self::Bob, true) => Self::TowardsBob,
        }
    }

    /// Where the attacker sends on what arrives here.
    fn onward(self) -> Option<Self> {
        match self {
            Self::TowardsAlice => Some(Self::TowardsBob),
            Self::TowardsBob => Some(Self::TowardsAlice),
            Self::Alice | Self::Bob => None,
        }
    }
}

/// What happens, and where.
pub(crate) enum SceneEvent {
    States(Party, ConnectionStates),
    Track(Party, MediaStreamTrack),
    /// This arrived.
    Heard(Party, String),
    Failed(JsError),
}

enum Wake {
    Link(Party, Box<LinkEvent>),
    Opened(Party),
    Text(Party, String),
}

/// The two people, and the attacker in the middle; dropping it closes all connections.
pub(crate) struct Scene {
    attacked: bool,
    channels: BTreeMap<Party, DataChannel>,
    /// What is to be said once there is an open channel.
    unsaid: BTreeMap<Party, Vec<String>>,
    /// What the attacker sends on belongs to one stream in each direction.
    relayed: MediaStream,
    links: Links<Party>,
    hear: mpsc::UnboundedSender<Wake>,
    heard: mpsc::UnboundedReceiver<Wake>,
}

impl Scene {
    /// Both people begin to connect, each sending its own stream.
    pub(crate) fn new(
        attacked: bool,
        alice: &MediaStream,
        bob: &MediaStream,
        trace: &Trace,
    ) -> Result<Self, JsError> {
        let (hear, heard) = mpsc::unbounded();
        let mut scene = Self {
            attacked,
            channels: BTreeMap::new(),
            unsaid: BTreeMap::new(),
            relayed: MediaStream::new()?,
            links: Links::new(),
            hear,
            heard,
        };
        let everybody: &[(Party, Role)] = match attacked {
            false => &[(Party::Alice, Role::Impolite), (Party::Bob, Role::Polite)],
            true => &[
                (Party::Alice, Role::Impolite),
                (Party::TowardsAlice, Role::Polite),
                (Party::TowardsBob, Role::Impolite),
                (Party::Bob, Role::Polite),
            ],
        };
        for (party, role) in everybody {
            let tracer = trace.tracer(party.name());
            let connection = scene.links.add(*party, *role, &[], tracer)?;
            // Who offers makes the channel.
            if *role == Role::Impolite {
                let channel =
                    connection.create_data_channel(LABEL, &DataChannelOptions::default())?;
                scene.keep(*party, channel);
            }
            let own = match party {
                Party::Alice => alice,
                Party::Bob => bob,
                Party::TowardsAlice | Party::TowardsBob => continue,
            };
            for track in own.get_tracks().iter() {
                connection.add_track(wasm_bindgen::JsCast::unchecked_ref(&track), own)?;
            }
        }
        Ok(scene)
    }

    pub(crate) fn connection(&self, party: Party) -> Option<&Rc<PeerConnection>> {
        self.links.get(&party)
    }

    /// Everybody who has a connection.
    pub(crate) fn parties(&self) -> impl Iterator<Item = Party> {
        self.links.keys().copied()
    }

    /// Sends a message from here, as soon as there is an open channel.
    pub(crate) fn say(&mut self, from: Party, text: String) -> Result<(), JsError> {
        match self.channels.get(&from).filter(|channel| channel.is_open()) {
            Some(channel) => channel.send_text(&text),
            None => {
                self.unsaid.entry(from).or_default().push(text);
                Ok(())
            }
        }
    }

    /// What happens next. Signals, and what the attacker sends on, are delivered meanwhile. May be
    /// dropped at any time without losing anything.
    pub(crate) async fn next(&mut self) -> SceneEvent {
        loop {
            let (links, heard) = (&mut self.links, &mut self.heard);
            let wake = poll_fn(|context| match heard.poll_next_unpin(context) {
                Poll::Ready(Some(wake)) => Poll::Ready(wake),
                _ => links
                    .poll_next(context)
                    .map(|(party, event)| Wake::Link(party, Box::new(event))),
            });
            let wake = wake.await;
            match self.handle(wake) {
                Ok(Some(event)) => return event,
                Ok(None) => {}
                Err(error) => return SceneEvent::Failed(error),
            }
        }
    }

    fn handle_link(
        &mut self,
        party: Party,
        event: LinkEvent,
    ) -> Result<Option<SceneEvent>, JsError> {
        Ok(match event {
            LinkEvent::Signal(signal) => {
                let to = party.other_end(self.attacked);
                self.links.handle_signal(&to, signal);
                None
            }
            LinkEvent::Track { track, .. } => {
                if let Some(connection) = party.onward().and_then(|to| self.links.get(&to)) {
                    connection.add_track(&track, &self.relayed)?;
                }
                Some(SceneEvent::Track(party, track))
            }
            LinkEvent::DataChannel(channel) => {
                if channel.label() == LABEL {
                    self.keep(party, channel);
                }
                None
            }
            LinkEvent::States(states) => Some(SceneEvent::States(party, states)),
            LinkEvent::Failed(error) | LinkEvent::Broken(error) => Some(SceneEvent::Failed(error)),
            LinkEvent::Muted => None,
        })
    }

    fn handle(&mut self, wake: Wake) -> Result<Option<SceneEvent>, JsError> {
        Ok(match wake {
            Wake::Link(party, event) => self.handle_link(party, *event)?,
            Wake::Opened(party) => {
                for text in self.unsaid.remove(&party).unwrap_or_default() {
                    self.say(party, text)?;
                }
                None
            }
            Wake::Text(party, text) => {
                if let Some(to) = party.onward() {
                    self.say(to, text.clone())?;
                }
                Some(SceneEvent::Heard(party, text))
            }
        })
    }

    fn keep(&mut self, party: Party, channel: DataChannel) {
        let hear = self.hear.clone();
        let tell = move |wake| drop(hear.unbounded_send(wake));
        let tell_open = tell.clone();
        channel.on_state_change(move |state| {
            if state == DataChannelState::Open {
                tell_open(Wake::Opened(party));
            }
        });
        // One that was announced may be open already.
        if channel.is_open() {
            tell(Wake::Opened(party));
        }
        channel.on_message(move |message| {
            if let Message::Text(text) = message {
                tell(Wake::Text(party, text));
            }
        });
        self.channels.insert(party, channel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_come_back_to_where_they_were_answered() {
        use Party::{Alice, Bob, TowardsAlice, TowardsBob};
        assert_eq!(Alice.other_end(false), Bob);
        assert_eq!(Bob.other_end(false), Alice);
        for party in [Alice, Bob, TowardsAlice, TowardsBob] {
            let other = party.other_end(true);
            assert_ne!(other, party);
            assert_eq!(other.other_end(true), party);
        }
    }
}
