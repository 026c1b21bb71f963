//! The other participants of a room: what they are called, whether they are there, what they
//! publish, what was written to them, and what they show of their traces. Pure, and knows no
//! connection: over which one a participant is reached is [`super::mesh`]'s.

use std::collections::{BTreeMap, VecDeque};

use signaling_protocol::{MediaStatus, PeerId};

use super::mailbox::Mailbox;
use super::mute_request::MuteRequest;
use crate::trace_sharing::TraceSharing;

/// Only the latest this many departed participants are remembered: people may come and go without end.
const MOST_DEPARTED: usize = 200;

/// Where a participant is, as far as the signaling service says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Seat {
    Taken,
    /// Its connection to the service is lost; the service will say how it ends.
    Disconnected,
    /// It was here before we joined anew, and is not yet again. It has until then.
    Awaited {
        until: f64,
    },
    /// Not in the room any more.
    Left,
}

/// What hosts decided about a participant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PeerRights {
    pub(super) host: bool,
    /// Nobody is to hear it.
    pub(super) silenced: bool,
    /// Everybody is to see it large.
    pub(super) spotlight: bool,
}

/// Another participant who is or was in the room.
#[derive(Debug)]
pub(super) struct Participant {
    name: String,
    seat: Seat,
    rights: PeerRights,
    /// What it says it publishes; `None` before it has.
    pub(super) status: Option<MediaStatus>,
    pub(super) mailbox: Mailbox,
    pub(super) mute_request: MuteRequest,
    pub(super) trace_sharing: TraceSharing,
}

impl Participant {
    /// May be empty.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether its own connection to the service is lost, as far as is known.
    pub(super) fn is_away(&self) -> bool {
        matches!(self.seat, Seat::Disconnected | Seat::Awaited { .. })
    }

    /// What it says; true until it has said something.
    pub(super) fn microphone_on(&self) -> bool {
        let status = self.status.as_ref();
        status.is_none_or(|status| status.microphone)
    }

    /// As [`Self::microphone_on`].
    pub(super) fn camera_on(&self) -> bool {
        self.status.as_ref().is_none_or(|status| status.camera)
    }

    /// Whether it wants the video of our camera.
    pub(super) fn wants_video(&self) -> bool {
        self.status.as_ref().is_none_or(|status| !status.audio_only)
    }

    pub(super) fn hand_raised_at_ms(&self) -> Option<u64> {
        self.status.as_ref()?.hand_raised_at_ms
    }

    /// Whether it says that it records the call.
    pub(super) fn is_recording(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.recording)
    }

    /// Whether it may decide who comes in, and more.
    pub(super) fn is_host(&self) -> bool {
        self.rights.host
    }

    /// Whether nobody is to hear it.
    pub(super) fn is_silenced(&self) -> bool {
        self.rights.silenced
    }

    /// Whether everybody is to see it large.
    pub(super) fn is_spotlit(&self) -> bool {
        self.rights.spotlight
    }

    /// Whether its camera is on and its network too weak for the video, as it says.
    pub(super) fn is_video_paused(&self) -> bool {
        let status = self.status.as_ref();
        status.is_some_and(|status| status.video_paused)
    }

    fn is_here(&self) -> bool {
        self.seat != Seat::Left
    }
}

/// All who are in the room, and who left it last, for they may come back: the numbers of their chat
/// go on, and who was refused to see our trace stays so.
#[derive(Debug)]
pub(super) struct Participants {
    all: BTreeMap<PeerId, Participant>,
    /// Who left, in the order of leaving.
    departed: VecDeque<PeerId>,
    /// Where the numbers of each one's chat begin.
    numbered_from: u64,
}

impl Participants {
    /// Nobody yet. See [`Mailbox::new`] for the number.
    pub(super) fn new(numbered_from: u64) -> Self {
        Self {
            all: BTreeMap::new(),
            departed: VecDeque::new(),
            numbered_from,
        }
    }

    /// Who is in the room, by id.
    pub(super) fn here(&self) -> impl Iterator<Item = (&PeerId, &Participant)> {
        self.all
            .iter()
            .filter(|(_, participant)| participant.is_here())
    }

    pub(super) fn here_mut(&mut self) -> impl Iterator<Item = (&PeerId, &mut Participant)> {
        self.all
            .iter_mut()
            .filter(|(_, participant)| participant.is_here())
    }

    /// `None` for who is not in the room.
    pub(super) fn get(&self, id: &PeerId) -> Option<&Participant> {
        self.all.get(id).filter(|participant| participant.is_here())
    }

    pub(super) fn get_mut(&mut self, id: &PeerId) -> Option<&mut Participant> {
        let participant = self.all.get_mut(id);
        participant.filter(|participant| participant.is_here())
    }

    /// Also who has left.
    pub(super) fn known(&self) -> impl Iterator<Item = (&PeerId, &Participant)> {
        self.all.iter()
    }

    pub(super) fn known_mut(&mut self) -> impl Iterator<Item = (&PeerId, &mut Participant)> {
        self.all.iter_mut()
    }

    /// Also of who has left.
    pub(super) fn trace_sharing_mut(&mut self, id: &PeerId) -> Option<&mut TraceSharing> {
        let participant = self.all.get_mut(id)?;
        Some(&mut participant.trace_sharing)
    }

    /// A participant is in the room. Returns whether it was before.
    pub(super) fn enter(&mut self, id: &PeerId, name: String, seat: Seat) -> bool {
        let was_here = self.get(id).is_some();
        self.departed.retain(|departed| departed != id);
        let numbered_from = self.numbered_from;
        let participant = self.all.entry(id.clone()).or_insert_with(|| Participant {
            name: String::new(),
            seat: Seat::Left,
            rights: PeerRights::default(),
            status: None,
            mailbox: Mailbox::new(numbered_from),
            mute_request: MuteRequest::default(),
            trace_sharing: TraceSharing::new(id.as_str()),
        });
        participant.name = name;
        participant.seat = seat;
        participant.rights = PeerRights::default();
        was_here
    }

    /// False for who is not in the room.
    pub(super) fn set_seat(&mut self, id: &PeerId, seat: Seat) -> bool {
        let participant = self.get_mut(id);
        participant
            .map(|participant| participant.seat = seat)
            .is_some()
    }

    /// What is decided now about a participant who is in the room.
    pub(super) fn set_rights(&mut self, id: &PeerId, rights: PeerRights) {
        if let Some(participant) = self.get_mut(id) {
            participant.rights = rights;
        }
    }

    /// Nobody is known to be in the room any more; all have until then to come back.
    pub(super) fn await_all(&mut self, until: f64) {
        for (_, participant) in self.here_mut() {
            participant.seat = Seat::Awaited { until };
        }
    }

    /// What hosts had decided about a participant who is awaited.
    pub(super) fn awaited_rights(&self, id: &PeerId) -> Option<PeerRights> {
        let awaited = |there: &&Participant| matches!(there.seat, Seat::Awaited { .. });
        let there = self.get(id).filter(awaited)?;
        Some(there.rights)
    }

    /// When the next of those who are awaited has had its time.
    pub(super) fn deadline(&self) -> Option<f64> {
        let awaited = self.here().filter_map(|(_, there)| match there.seat {
            Seat::Awaited { until } => Some(until),
            _ => None,
        });
        awaited.reduce(f64::min)
    }

    /// Who was awaited for long enough.
    pub(super) fn overdue(&self, now: f64) -> Vec<PeerId> {
        let overdue = self
            .here()
            .filter(|(_, there)| matches!(there.seat, Seat::Awaited { until } if until <= now));
        overdue.map(|(id, _)| id.clone()).collect()
    }

    /// A participant left; returns its name, if it was in the room. What it published and what waits
    /// for it are gone when it comes back.
    pub(super) fn leave(&mut self, id: &PeerId) -> Option<String> {
        let participant = self.get_mut(id)?;
        participant.seat = Seat::Left;
        participant.status = None;
        participant.mailbox.handle_left();
        participant.mute_request.handle_answered();
        let name = std::mem::take(&mut participant.name);
        self.departed.push_back(id.clone());
        if self.departed.len() > MOST_DEPARTED {
            self.forget_first();
        }
        Some(name)
    }

    /// A forgotten participant may come back: chat numbers that begin later must be greater than all
    /// that were used.
    fn forget_first(&mut self) {
        let first = self.departed.pop_front();
        if let Some(forgotten) = first.and_then(|id| self.all.remove(&id)) {
            self.numbered_from = self.numbered_from.max(forgotten.mailbox.sent());
        }
    }
}

#[cfg(test)]
mod tests {
    use signaling_protocol::ChannelMessage;

    use super::*;

    fn kim() -> PeerId {
        PeerId::new("kim")
    }

    fn write(participants: &mut Participants) -> u64 {
        let kim = participants.get_mut(&kim()).unwrap();
        match kim.mailbox.handle_text("hello".to_owned(), 0.0) {
            ChannelMessage::Chat(chat) => chat.seq,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn who_comes_back_has_nothing_of_before_but_the_numbers_of_the_chat() {
        let mut participants = Participants::new(100);
        assert!(!participants.enter(&kim(), "Kim".to_owned(), Seat::Taken));
        assert_eq!(write(&mut participants), 101);
        let status = MediaStatus {
            recording: true,
            ..MediaStatus::default()
        };
        participants.get_mut(&kim()).unwrap().status = Some(status);
        assert!(participants.get(&kim()).unwrap().is_recording());
        assert_eq!(participants.leave(&kim()).as_deref(), Some("Kim"));
        assert!(participants.get(&kim()).is_none());
        assert_eq!(participants.here().count(), 0);
        assert_eq!(participants.known().count(), 1);

        assert!(!participants.enter(&kim(), "Kim".to_owned(), Seat::Taken));
        let back = participants.get(&kim()).unwrap();
        assert_eq!(back.mailbox.waiting(), 0);
        assert!(back.status.is_none() && back.camera_on() && back.microphone_on());
        assert!(!back.is_recording());
        assert_eq!(write(&mut participants), 102);
    }

    #[test]
    fn who_stays_keeps_everything_under_a_new_name() {
        let mut participants = Participants::new(0);
        participants.enter(&kim(), String::new(), Seat::Taken);
        write(&mut participants);
        participants.get_mut(&kim()).unwrap().status = Some(MediaStatus::default());
        assert!(participants.enter(&kim(), "Kim".to_owned(), Seat::Disconnected));
        let there = participants.get(&kim()).unwrap();
        assert_eq!((there.name(), there.mailbox.waiting()), ("Kim", 1));
        assert!(there.is_away() && !there.camera_on());
    }

    #[test]
    fn of_those_who_left_the_latest_are_remembered() {
        let mut participants = Participants::new(100);
        let come_and_go = |participants: &mut Participants, number: usize| {
            let id = PeerId::new(format!("visitor-{number}"));
            participants.enter(&id, String::new(), Seat::Taken);
            participants.leave(&id);
        };
        participants.enter(&kim(), "Kim".to_owned(), Seat::Taken);
        for expected in 101..150 {
            assert_eq!(write(&mut participants), expected);
        }
        for number in 0..3 * MOST_DEPARTED {
            come_and_go(&mut participants, number);
            // Who comes back in time is not forgotten in the place of another.
            come_and_go(&mut participants, 0);
        }
        assert_eq!(participants.known().count(), MOST_DEPARTED + 1);
        assert_eq!(write(&mut participants), 150, "she has been here all along");

        participants.leave(&kim());
        for number in 0..MOST_DEPARTED {
            come_and_go(&mut participants, number);
        }
        assert_eq!(participants.known().count(), MOST_DEPARTED);
        participants.enter(&kim(), "Kim".to_owned(), Seat::Taken);
        assert_eq!(
            write(&mut participants),
            151,
            "greater than all she has seen"
        );
    }

    #[test]
    fn who_left_is_neither_away_nor_awaited() {
        let mut participants = Participants::new(0);
        participants.enter(&kim(), String::new(), Seat::Taken);
        participants.leave(&kim());
        participants.await_all(5.0);
        assert!(!participants.set_seat(&kim(), Seat::Disconnected));
        assert_eq!(participants.deadline(), None);
        assert_eq!(participants.overdue(9.0), []);
        assert_eq!(participants.leave(&kim()), None);
    }
}
