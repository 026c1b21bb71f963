//! A call of two in one page with somebody in the middle of their signaling.
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
use crate::trace::Trace;
use crate::trace::vocabulary::Actor;

/// An end of a connection: a person's, or one of the two of whoever is in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    Alice,
    /// The attacker, who plays Bob.
    TowardsAlice,
    /// The attacker, who plays Alice.
    TowardsBob,
    Bob,
}

impl Place {
    /// As it is called in traces.
    pub fn name(self) -> &'static str {
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
pub enum SceneEvent {
    States(Place, ConnectionStates),
    Track(Place, MediaStreamTrack),
    /// This arrived.
    Heard(Place, String),
    Failed(JsError),
}

enum Wake {
    Link(Place, LinkEvent),
    Opened(Place),
    Text(Place, String),
}

/// The two people, and whoever is in the middle; dropping it closes all connections.
pub struct Scene {
    attacked: bool,
    channels: BTreeMap<Place, DataChannel>,
    /// What is to be said once there is a way.
    unsaid: BTreeMap<Place, Vec<String>>,
    /// What the attacker sends on belongs to one stream each way.
    relayed: MediaStream,
    links: Links<Place>,
    hear: mpsc::UnboundedSender<Wake>,
    heard: mpsc::UnboundedReceiver<Wake>,
}

impl Scene {
    /// Both people begin to connect, each sending its own stream.
    pub fn new(
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
        let everybody: &[(Place, Role)] = match attacked {
            false => &[(Place::Alice, Role::Impolite), (Place::Bob, Role::Polite)],
            true => &[
                (Place::Alice, Role::Impolite),
                (Place::TowardsAlice, Role::Polite),
                (Place::TowardsBob, Role::Impolite),
                (Place::Bob, Role::Polite),
            ],
        };
        for (place, role) in everybody {
            let tracer = trace.tracer(place.name());
            let connection = scene.links.add(*place, *role, &[], tracer)?;
            // Who offers makes the channel.
            if *role == Role::Impolite {
                let channel =
                    connection.create_data_channel("messages", &DataChannelOptions::default())?;
                scene.keep(*place, channel);
            }
            let own = match place {
                Place::Alice => alice,
                Place::Bob => bob,
                Place::TowardsAlice | Place::TowardsBob => continue,
            };
            for track in own.get_tracks().iter() {
                connection.add_track(wasm_bindgen::JsCast::unchecked_ref(&track), own)?;
            }
        }
        Ok(scene)
    }

    pub fn connection(&self, place: Place) -> Option<&Rc<PeerConnection>> {
        self.links.get(&place)
    }

    /// Everybody who has a connection.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        self.links.keys().copied()
    }

    /// Sends a message from here, as soon as there is a way.
    pub fn say(&mut self, from: Place, text: String) -> Result<(), JsError> {
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
    pub async fn next(&mut self) -> SceneEvent {
        loop {
            let (links, heard) = (&mut self.links, &mut self.heard);
            let wake = poll_fn(|context| match heard.poll_next_unpin(context) {
                Poll::Ready(Some(wake)) => Poll::Ready(wake),
                _ => links
                    .poll_next(context)
                    .map(|(place, event)| Wake::Link(place, event)),
            });
            let wake = wake.await;
            match self.handle(wake) {
                Ok(Some(event)) => return event,
                Ok(None) => {}
                Err(error) => return SceneEvent::Failed(error),
            }
        }
    }

    fn handle(&mut self, wake: Wake) -> Result<Option<SceneEvent>, JsError> {
        Ok(match wake {
            Wake::Link(place, LinkEvent::Signal(signal)) => {
                let to = place.other_end(self.attacked);
                self.links.handle_signal(&to, signal);
                None
            }
            Wake::Link(place, LinkEvent::Track { track, .. }) => {
                if let Some(connection) = place.onward().and_then(|to| self.links.get(&to)) {
                    connection.add_track(&track, &self.relayed)?;
                }
                Some(SceneEvent::Track(place, track))
            }
            Wake::Link(place, LinkEvent::DataChannel(channel)) => {
                self.keep(place, channel);
                None
            }
            Wake::Link(place, LinkEvent::States(states)) => Some(SceneEvent::States(place, states)),
            Wake::Link(_, LinkEvent::Failed(error)) => Some(SceneEvent::Failed(error)),
            Wake::Link(_, LinkEvent::Muted) => None,
            Wake::Opened(place) => {
                for text in self.unsaid.remove(&place).unwrap_or_default() {
                    self.say(place, text)?;
                }
                None
            }
            Wake::Text(place, text) => {
                if let Some(to) = place.onward() {
                    self.say(to, text.clone())?;
                }
                Some(SceneEvent::Heard(place, text))
            }
        })
    }

    fn keep(&mut self, place: Place, channel: DataChannel) {
        let hear = self.hear.clone();
        let tell = move |wake| drop(hear.unbounded_send(wake));
        let tell_open = tell.clone();
        channel.on_state_change(move |state| {
            if state == "open" {
                tell_open(Wake::Opened(place));
            }
        });
        // One that was announced may be open already.
        if channel.is_open() {
            tell(Wake::Opened(place));
        }
        channel.on_message(move |message| {
            if let Message::Text(text) = message {
                tell(Wake::Text(place, text));
            }
        });
        self.channels.insert(place, channel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_come_back_to_where_they_were_answered() {
        use Place::{Alice, Bob, TowardsAlice, TowardsBob};
        assert_eq!(Alice.other_end(false), Bob);
        assert_eq!(Bob.other_end(false), Alice);
        for place in [Alice, Bob, TowardsAlice, TowardsBob] {
            let other = place.other_end(true);
            assert_ne!(other, place);
            assert_eq!(other.other_end(true), place);
        }
    }
}
