//! Who is where on the stage of a meeting: who is large, who is small, who is on another page. Pure; time
//! is an argument, and where the tiles are in pixels is [`stage_layout`]'s.
//!
//! People stay where they are. Only whoever speaks and is on another page comes to the first, and takes
//! the place of the person there who has been silent for longest.

use signaling_protocol::PeerId;

use crate::linear_map::LinearMap;

/// A tile.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tile {
    /// Yourself.
    Own,
    Person(PeerId),
    /// The screen that you share.
    OwnScreen,
    Screen(PeerId),
}

impl Tile {
    /// Whether it is seen whole, never cropped.
    pub fn is_screen(&self) -> bool {
        matches!(self, Self::OwnScreen | Self::Screen(_))
    }
}

/// How a person wants to see the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// All of one size.
    #[default]
    Grid,
    /// Who speaks is large.
    Speaker,
}

/// The order of the others, and who speaks.
#[derive(Clone, Debug, Default)]
pub struct Order {
    people: Vec<PeerId>,
    /// When each was last heard, in milliseconds.
    heard_at: LinearMap<PeerId, f64>,
    speaker: Option<PeerId>,
}

impl Order {
    /// Who comes goes to the end; who leaves, leaves no gap.
    pub fn handle_people(&mut self, present: &[PeerId]) {
        self.people.retain(|id| present.contains(id));
        for id in present {
            if !self.people.contains(id) {
                self.people.push(id.clone());
            }
        }
        self.heard_at.retain(|id, _| present.contains(id));
        if let Some(speaker) = &self.speaker
            && !present.contains(speaker)
        {
            self.speaker = None;
        }
    }

    /// These are heard now; `on_first_page` is how many of the others are seen without turning a page.
    pub fn handle_speaking(&mut self, speaking: &[PeerId], on_first_page: usize, now: f64) {
        for id in speaking.iter().filter(|id| self.people.contains(id)) {
            self.heard_at.insert(id.clone(), now);
        }
        let goes_on = self
            .speaker
            .as_ref()
            .is_some_and(|speaker| speaking.contains(speaker));
        if !goes_on && let Some(next) = self.people.iter().find(|id| speaking.contains(id)) {
            self.speaker = Some(next.clone());
        }
        for at in on_first_page..self.people.len() {
            if speaking.contains(&self.people[at])
                && let Some(silent) = self.longest_silent(on_first_page, speaking)
            {
                self.people.swap(at, silent);
            }
        }
    }

    /// Where on the first page somebody is who does not speak.
    fn longest_silent(&self, on_first_page: usize, speaking: &[PeerId]) -> Option<usize> {
        let first = self.people.iter().take(on_first_page).enumerate();
        let silent = first.filter(|(_, id)| !speaking.contains(id));
        let heard_at = |id: &PeerId| self.heard_at.get(id).copied().unwrap_or(f64::NEG_INFINITY);
        // Of several who never spoke, the last.
        let silent = silent.min_by(|(one, a), (other, b)| {
            let earlier = heard_at(a).total_cmp(&heard_at(b));
            earlier.then(other.cmp(one))
        });
        silent.map(|(at, _)| at)
    }

    pub fn people(&self) -> &[PeerId] {
        &self.people
    }

    /// The speaker if it is one of those of whom there is video, else another of them.
    pub fn speaker_with(&self, has_video: impl Fn(&PeerId) -> bool) -> Option<&PeerId> {
        let speaker = self.speaker().into_iter();
        speaker.chain(&self.people).find(|id| has_video(id))
    }

    /// Who speaks, or spoke last; before anybody did, whoever has been here for longest.
    pub fn speaker(&self) -> Option<&PeerId> {
        self.speaker.as_ref().or(self.people.first())
    }
}

/// What a person wants to see.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wishes {
    pub look: Look,
    /// This one large, whoever speaks.
    pub pinned: Option<Tile>,
    /// Counts from 0.
    pub page: usize,
    /// Whether the own tile is among the others, rather than in a corner.
    pub is_own_among_others: bool,
}

/// What is on the stage now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrangement {
    /// Empty where all are of one size.
    pub large: Vec<Tile>,
    pub small: Vec<Tile>,
    /// From 0, and smaller than `pages`.
    pub page: usize,
    pub pages: usize,
    /// How many tiles are small at once, where there are several pages …
    pub per_page: usize,
    /// … and how many of those on the first page are no people.
    pub others_first: usize,
}

impl Arrangement {
    /// `screens` are those that are shared, `spotlit` is whom a host wants everybody to see large. At most
    /// `per_page` tiles are small at once.
    pub fn of(
        order: &Order,
        screens: &[Tile],
        spotlit: Option<&PeerId>,
        wishes: &Wishes,
        per_page: usize,
    ) -> Self {
        let people = order.people().iter().cloned().map(Tile::Person);
        let is_alone = order.people().is_empty();
        let own = (wishes.is_own_among_others || is_alone).then_some(Tile::Own);
        let all: Vec<_> = screens.iter().cloned().chain(people).chain(own).collect();
        let pinned = wishes.pinned.iter().filter(|tile| all.contains(tile));
        let pinned: Vec<_> = pinned.cloned().collect();
        let speaker = order.speaker().cloned().map(Tile::Person);
        let spotlit = spotlit.filter(|id| order.people().contains(id));
        let spotlit = spotlit.cloned().map(Tile::Person);
        let large = if !pinned.is_empty() {
            pinned
        } else if !screens.is_empty() || spotlit.is_some() {
            screens.iter().cloned().chain(spotlit).collect()
        } else if wishes.look == Look::Speaker {
            speaker.into_iter().collect()
        } else {
            Vec::new()
        };
        let small: Vec<_> = all
            .into_iter()
            .filter(|tile| !large.contains(tile))
            .collect();
        let per_page = per_page.max(1);
        let pages = small.len().div_ceil(per_page).max(1);
        let page = wishes.page.min(pages - 1);
        let is_person = |tile: &Tile| matches!(tile, Tile::Person(_));
        let first = small.iter().take(per_page);
        let others_first = first.filter(|tile| !is_person(tile)).count();
        let small = small.into_iter().skip(page * per_page).take(per_page);
        Self {
            large,
            small: small.collect(),
            page,
            pages,
            per_page,
            others_first,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(number: usize) -> PeerId {
        PeerId::new(format!("{number:02}"))
    }

    fn people(count: usize) -> Vec<PeerId> {
        (0..count).map(id).collect()
    }

    fn order(count: usize) -> Order {
        let mut order = Order::default();
        order.handle_people(&people(count));
        order
    }

    fn speaking(numbers: &[usize]) -> Vec<PeerId> {
        numbers.iter().map(|&number| id(number)).collect()
    }

    #[test]
    fn who_speaks_on_another_page_takes_the_place_of_the_longest_silent() {
        let mut order = order(6);
        order.handle_speaking(&speaking(&[0]), 3, 1.0);
        order.handle_speaking(&speaking(&[2]), 3, 2.0);
        order.handle_speaking(&speaking(&[5]), 3, 3.0);
        assert_eq!(order.people(), [0, 5, 2, 3, 4, 1].map(id));
    }

    #[test]
    fn the_speaker_stays_until_another_speaks_alone() {
        let mut order = order(3);
        assert_eq!(order.speaker(), Some(&id(0)));
        order.handle_speaking(&speaking(&[1]), 3, 1.0);
        order.handle_speaking(&speaking(&[0, 1]), 3, 2.0);
        order.handle_speaking(&speaking(&[]), 3, 3.0);
        assert_eq!(order.speaker(), Some(&id(1)));
        order.handle_speaking(&speaking(&[2]), 3, 4.0);
        assert_eq!(order.speaker(), Some(&id(2)));
        order.handle_people(&people(2));
        assert_eq!(order.speaker(), Some(&id(0)));
    }

    #[test]
    fn without_video_of_the_speaker_another_is_seen() {
        let mut order = order(3);
        order.handle_speaking(&speaking(&[1]), 3, 1.0);
        assert_eq!(order.speaker_with(|_| true), Some(&id(1)));
        assert_eq!(order.speaker_with(|it| *it != id(1)), Some(&id(0)));
        assert_eq!(order.speaker_with(|_| false), None);
    }

    #[test]
    fn who_is_alone_sees_themselves() {
        let alone = Arrangement::of(&order(0), &[], None, &Wishes::default(), 4);
        assert_eq!(alone.small, [Tile::Own]);
        let two = Arrangement::of(&order(1), &[], None, &Wishes::default(), 4);
        assert_eq!(two.small, [Tile::Person(id(0))]);
    }

    #[test]
    fn a_shared_screen_is_large_unless_somebody_is_pinned() {
        let screens = [Tile::Screen(id(1))];
        let shared = Arrangement::of(&order(3), &screens, None, &Wishes::default(), 4);
        assert_eq!(shared.large, screens);
        assert_eq!(shared.small.len(), 3);
        let wishes = Wishes {
            pinned: Some(Tile::Person(id(2))),
            ..Wishes::default()
        };
        let pinned = Arrangement::of(&order(3), &screens, None, &wishes, 4);
        assert_eq!(pinned.large, [Tile::Person(id(2))]);
        assert!(pinned.small.contains(&screens[0]));
    }

    #[test]
    fn a_pin_on_somebody_who_left_is_none() {
        let wishes = Wishes {
            pinned: Some(Tile::Person(id(7))),
            ..Wishes::default()
        };
        assert_eq!(Arrangement::of(&order(2), &[], None, &wishes, 4).large, []);
    }

    #[test]
    fn who_is_in_the_spotlight_is_large_beside_screens_unless_another_is_pinned() {
        let screens = [Tile::Screen(id(1))];
        let of = |screens: &[Tile], spotlit: usize, wishes: &Wishes| {
            Arrangement::of(&order(3), screens, Some(&id(spotlit)), wishes, 4).large
        };
        let mut wishes = Wishes::default();
        assert_eq!(of(&[], 2, &wishes), [Tile::Person(id(2))]);
        let both = [Tile::Screen(id(1)), Tile::Person(id(2))];
        assert_eq!(of(&screens, 2, &wishes), both);
        // Who is not here, or is oneself.
        assert_eq!(of(&[], 7, &wishes), []);
        wishes.look = Look::Speaker;
        assert_eq!(of(&[], 2, &wishes), [Tile::Person(id(2))]);
        wishes.pinned = Some(Tile::Person(id(0)));
        assert_eq!(of(&screens, 2, &wishes), [Tile::Person(id(0))]);
    }

    fn wishes() -> impl Strategy<Value = Wishes> {
        let pinned = prop::option::of((0_usize..12).prop_map(|number| Tile::Person(id(number))));
        (any::<bool>(), pinned, 0_usize..6, any::<bool>()).prop_map(
            |(is_speaker, pinned, page, is_own_among_others)| Wishes {
                look: if is_speaker {
                    Look::Speaker
                } else {
                    Look::Grid
                },
                pinned,
                page,
                is_own_among_others,
            },
        )
    }

    proptest! {
        #[test]
        fn everybody_is_on_exactly_one_page(
            count in 0_usize..12,
            shared in prop::collection::btree_set(0_usize..12, 0..3),
            spotlit in prop::option::of((0_usize..12).prop_map(id)),
            wishes in wishes(),
            per_page in 0_usize..8,
        ) {
            let order = order(count);
            let screens: Vec<_> = shared
                .into_iter()
                .filter(|number| *number < count)
                .map(|number| Tile::Screen(id(number)))
                .collect();
            let first = Arrangement::of(&order, &screens, spotlit.as_ref(), &wishes, per_page);
            let mut seen = first.large.clone();
            for page in 0..first.pages {
                let wishes = Wishes { page, ..wishes.clone() };
                let there = Arrangement::of(&order, &screens, spotlit.as_ref(), &wishes, per_page);
                prop_assert_eq!(there.page, page);
                prop_assert!(there.small.len() <= per_page.max(1));
                seen.extend(there.small);
            }
            let mut expected: Vec<_> = people(count).into_iter().map(Tile::Person).collect();
            expected.extend(screens);
            if count == 0 || wishes.is_own_among_others {
                expected.push(Tile::Own);
            }
            seen.sort();
            expected.sort();
            prop_assert_eq!(seen, expected);
        }

        #[test]
        fn nobody_is_lost_and_the_first_page_moves_only_for_a_speaker(
            count in 1_usize..12,
            rounds in prop::collection::vec(prop::collection::btree_set(0_usize..12, 0..4), 1..20),
            on_first_page in 1_usize..6,
        ) {
            let mut order = order(count);
            for (at, numbers) in rounds.into_iter().enumerate() {
                let before = order.people().to_vec();
                let speaking: Vec<_> = numbers.into_iter().map(id).collect();
                order.handle_speaking(&speaking, on_first_page, at as f64);
                let mut sorted = order.people().to_vec();
                sorted.sort();
                prop_assert_eq!(sorted, people(count));
                for (was, is) in before.iter().zip(order.people()).take(on_first_page) {
                    prop_assert!(was == is || speaking.contains(is) && !speaking.contains(was));
                }
            }
        }
    }
}
