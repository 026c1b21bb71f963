//! Short sounds about what happens in a call, for people who look elsewhere.

use leptos::prelude::*;
use signaling_protocol::PeerId;

use super::{CallHook, use_stored};
use crate::rtc::chime::Chime;

/// With more people than this, coming and going is no news.
const LARGE: usize = 6;

const ON: &str = "on";
const OFF: &str = "off";

#[derive(Clone, Copy)]
pub(crate) struct SoundsHook {
    /// What was chosen in this browser; empty for nothing.
    chosen: RwSignal<String>,
    is_on: Memo<bool>,
}

/// What is heard of.
#[derive(Clone, Debug, Default, PartialEq)]
struct Heard {
    people: Vec<PeerId>,
    raised_hands: Vec<PeerId>,
    messages: usize,
}

/// Plays them from now on.
pub(crate) fn use_sounds(call: CallHook) -> SoundsHook {
    let chosen = use_stored("sounds");
    let heard = Memo::new(move |_| Heard {
        messages: call
            .chat
            .with(|lines| lines.iter().filter(|line| !line.own).count()),
        ..call.view.with(|view| {
            let peers = || view.iter().flat_map(|view| &view.participants);
            let raised = peers().filter(|peer| peer.hand_raised_at_ms.is_some());
            Heard {
                people: peers().map(|peer| peer.id.clone()).collect(),
                raised_hands: raised.map(|peer| peer.id.clone()).collect(),
                messages: 0,
            }
        })
    });
    let is_on = Memo::new(move |_| match chosen.read().as_str() {
        ON => true,
        OFF => false,
        _ => heard.with(|heard| heard.people.len() < LARGE),
    });
    // Made for the first sound. Where there is no audio, nothing is missed.
    let chime = StoredValue::new_local(None::<Chime>);
    Effect::new(move |before: Option<Heard>| {
        let now = heard.get();
        if let Some(notes) = before.and_then(|before| now.since(&before))
            && is_on.get_untracked()
        {
            chime.update_value(|chime| {
                if chime.is_none() {
                    *chime = Chime::new().ok();
                }
                if let Some(chime) = chime {
                    drop(chime.play(notes));
                }
            });
        }
        now
    });
    SoundsHook { chosen, is_on }
}

impl SoundsHook {
    /// Reactive.
    pub(crate) fn is_on(self) -> bool {
        self.is_on.get()
    }

    pub(crate) fn toggle(self) {
        let next = if self.is_on.get_untracked() { OFF } else { ON };
        self.chosen.set(next.to_owned());
    }
}

impl Heard {
    /// The notes, in hertz, for what is new; of several things, for the one that asks for the most
    /// attention.
    fn since(&self, before: &Self) -> Option<&'static [f32]> {
        let is_new = |now: &[PeerId], before: &[PeerId]| now.iter().any(|id| !before.contains(id));
        if self.messages > before.messages {
            Some(&[660.0])
        } else if is_new(&self.raised_hands, &before.raised_hands) {
            Some(&[520.0, 520.0])
        } else if is_new(&self.people, &before.people) {
            Some(&[440.0, 660.0])
        } else if is_new(&before.people, &self.people) {
            Some(&[660.0, 440.0])
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(people: &[&str], raised_hands: &[&str], messages: usize) -> Heard {
        let ids = |names: &[&str]| names.iter().map(|name| PeerId::new(*name)).collect();
        Heard {
            people: ids(people),
            raised_hands: ids(raised_hands),
            messages,
        }
    }

    #[test]
    fn what_is_new_sounds_and_what_stays_does_not() {
        let before = heard(&["a", "b"], &["a"], 3);
        assert_eq!(before.since(&before), None);
        let notes = |people: &[&str], hands: &[&str], messages| {
            heard(people, hands, messages).since(&before)
        };
        let (joined, left) = (notes(&["a", "b", "c"], &["a"], 3), notes(&["a"], &["a"], 3));
        let (message, hand) = (notes(&["a"], &["a"], 4), notes(&["a", "b"], &["a", "b"], 3));
        assert!([joined, left, message, hand].iter().all(Option::is_some));
        assert_ne!(joined, left);
        // A hand that is lowered, and the chat of the next call.
        assert_eq!(notes(&["a", "b"], &[], 0), None);
    }
}
