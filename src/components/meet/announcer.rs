//! What happens in a call, for people who do not see it: one live region, which waits until a screen reader
//! has finished its sentence.

use std::collections::{BTreeMap, VecDeque};

use leptos::prelude::*;
use signaling_protocol::PeerId;

use super::panel::PanelHook;
use super::quality::{PAUSED, is_paused};
use super::reactions::shown_as;
use super::rights::{is_spotlit, waiting};
use crate::call::ParticipantView;
use crate::call::roster::Phase;
use crate::components::meeting::people::display_name;
use crate::components::meeting::scene::Scene;
use crate::hooks::QualityHook;
use crate::signaling::transport::Transport;

/// Older ones have been read.
const MOST: usize = 8;

/// What is told of a participant.
#[derive(Clone, Debug, PartialEq)]
struct Person {
    name: String,
    has_hand_raised: bool,
    shares_screen: bool,
    is_host: bool,
    is_spotlit: bool,
    is_video_paused: bool,
    asks_to_mute: bool,
    is_out_of_reach: bool,
}

impl Person {
    fn of(peer: &ParticipantView) -> Self {
        Self {
            name: display_name(&peer.name, &peer.id),
            has_hand_raised: peer.hand_raised_at_ms.is_some(),
            shares_screen: peer.screen.is_some(),
            is_host: peer.host,
            is_spotlit: peer.spotlight,
            is_video_paused: peer.is_video_paused,
            asks_to_mute: peer.asks_to_mute,
            is_out_of_reach: peer.presence.needs_reconnect(),
        }
    }

    /// What is new about somebody who was here before.
    fn changes(&self, before: &Self) -> Vec<String> {
        let name = &self.name;
        let mut told = Vec::new();
        let mut tell = |was: bool, is: bool, yes: &str, no: &str| {
            if was != is {
                told.push(format!("{name} {}.", if is { yes } else { no }));
            }
        };
        tell(
            before.has_hand_raised,
            self.has_hand_raised,
            "raised a hand",
            "lowered their hand",
        );
        tell(
            before.shares_screen,
            self.shares_screen,
            "is sharing a screen",
            "stopped sharing",
        );
        tell(
            before.is_host,
            self.is_host,
            "is a host now",
            "is no longer a host",
        );
        tell(
            before.is_spotlit,
            self.is_spotlit,
            "is in the spotlight",
            "is no longer in the spotlight",
        );
        tell(
            before.is_video_paused,
            self.is_video_paused,
            "has a weak connection: video paused, audio kept",
            "is no longer paused",
        );
        tell(
            before.is_out_of_reach,
            self.is_out_of_reach,
            "cannot be reached",
            "can be reached again",
        );
        // That it is answered is no news.
        if self.asks_to_mute && !before.asks_to_mute {
            told.push(format!("{name} asks you to mute your microphone."));
        }
        told
    }
}

type People = BTreeMap<PeerId, Person>;

/// Who came, who left, and what is new about the others.
fn changes(before: &People, now: &People) -> Vec<String> {
    let left = before.iter().filter(|(id, _)| !now.contains_key(*id));
    let mut told: Vec<_> = left
        .map(|(_, person)| format!("{} left.", person.name))
        .collect();
    for (id, person) in now {
        match before.get(id) {
            Some(earlier) => told.extend(person.changes(earlier)),
            None => told.push(format!("{} joined.", person.name)),
        }
    }
    told
}

/// Nothing is seen of it.
#[component]
pub(super) fn Announcer(scene: Scene, panel: PanelHook, quality: QualityHook) -> impl IntoView {
    let call = scene.call;
    let told = RwSignal::new(VecDeque::<(u64, String)>::new());
    let tell = move |text: String| {
        told.update(|told| {
            let next = told.back().map_or(0, |(number, _)| number + 1);
            told.push_back((next, text));
            if told.len() > MOST {
                told.pop_front();
            }
        });
    };
    let people = Memo::new(move |_| {
        // Where people carry the texts, nobody comes before somebody has the invitation.
        let may_come = call.transport.get() != Transport::Paste;
        call.view.with(|view| {
            let peers = view.iter().flat_map(|view| &view.participants);
            let peers = peers.filter(|peer| may_come || !peer.presence.is_coming());
            let people = peers.map(|peer| (peer.id.clone(), Person::of(peer)));
            people.collect::<People>()
        })
    });
    Effect::new(move |before: Option<People>| {
        let now = people.get();
        if let Some(before) = before {
            changes(&before, &now).into_iter().for_each(tell);
        }
        now
    });
    let is_server_lost = Memo::new(move |_| {
        let is_lost =
            |phase: &Phase| matches!(phase, Phase::Unreachable { .. } | Phase::TurnedAway { .. });
        call.view
            .with(|view| view.as_ref().is_some_and(|view| is_lost(&view.phase)))
    });
    tell_turns(
        is_server_lost,
        "The connection to the server is lost.",
        "The connection to the server is back.",
        tell,
    );
    tell_turns(
        Memo::new(move |_| is_spotlit(call)),
        "You are in the spotlight: everyone sees you large.",
        "You are no longer in the spotlight.",
        tell,
    );
    tell_turns(
        Memo::new(move |_| is_paused(scene, quality)),
        PAUSED,
        "Your video is no longer paused.",
        tell,
    );
    let newcomers = waiting(call);
    Effect::new(move |before: Option<Vec<PeerId>>| {
        let before = before.unwrap_or_default();
        newcomers.with(|newcomers| {
            for newcomer in newcomers.iter().filter(|one| !before.contains(&one.id)) {
                let name = display_name(&newcomer.name, &newcomer.id);
                tell(format!("{name} wants to join."));
            }
            newcomers.iter().map(|one| one.id.clone()).collect()
        })
    });
    // One that ends is no news.
    let reaction = Memo::new(move |_| call.reactions.newest());
    Effect::new(move |_| {
        if let Some((Some(peer), reaction, _)) = reaction.get() {
            let name = people.with_untracked(|people| people.get(&peer).map(|it| it.name.clone()));
            let (_, reaction) = shown_as(reaction);
            name.into_iter()
                .for_each(|name| tell(format!("{name}: {reaction}.")));
        }
    });
    // The open chat is a live region of its own.
    Effect::new(move |before: Option<usize>| {
        let unread = panel.unread.get();
        if unread > before.unwrap_or_default() {
            let author = call.chat.with_untracked(|lines| {
                let line = lines.iter().rev().find(|line| !line.own)?;
                Some(display_name(&line.author, line.peer.as_ref()?))
            });
            author
                .into_iter()
                .for_each(|author| tell(format!("New message from {author}.")));
        }
        unread
    });
    view! {
        <div class="visually-hidden" id="announcements" aria-live="polite">
            <For each=move || told.get() key=|(number, _)| *number let((_, text))>
                <p>{text}</p>
            </For>
        </div>
    }
}

/// Tells when it becomes so, and when it is so no more.
fn tell_turns(
    is_so: Memo<bool>,
    yes: &'static str,
    no: &'static str,
    tell: impl Fn(String) + 'static,
) {
    Effect::new(move |before: Option<bool>| {
        let is_so = is_so.get();
        if before.unwrap_or_default() != is_so {
            tell(if is_so { yes } else { no }.to_owned());
        }
        is_so
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str) -> Person {
        Person {
            name: name.to_owned(),
            has_hand_raised: false,
            shares_screen: false,
            is_host: false,
            is_spotlit: false,
            is_video_paused: false,
            asks_to_mute: false,
            is_out_of_reach: false,
        }
    }

    fn people(all: &[Person]) -> People {
        let people = all.iter().cloned();
        people
            .map(|person| (PeerId::new(&person.name), person))
            .collect()
    }

    #[test]
    fn who_comes_and_leaves_is_told() {
        let [kim, robin] = ["Kim", "Robin"].map(person);
        let before = people(&[kim]);
        let now = people(&[robin]);
        assert_eq!(changes(&before, &now), ["Kim left.", "Robin joined."]);
        assert!(changes(&now, &now).is_empty());
    }

    #[test]
    fn what_somebody_does_is_told_once() {
        let before = people(&[person("Kim")]);
        let now = people(&[Person {
            has_hand_raised: true,
            shares_screen: true,
            is_host: true,
            is_spotlit: true,
            is_video_paused: true,
            asks_to_mute: true,
            is_out_of_reach: true,
            ..person("Kim")
        }]);
        let told = changes(&before, &now);
        assert_eq!(told.len(), 7);
        assert_eq!(told[0], "Kim raised a hand.");
        assert_eq!(told[6], "Kim asks you to mute your microphone.");
        let told = changes(&now, &before);
        assert_eq!(told[0], "Kim lowered their hand.");
        assert!(told.iter().all(|it| !it.contains("asks")), "{told:?}");
    }
}
