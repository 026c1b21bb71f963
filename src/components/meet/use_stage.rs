//! What is where on the stage, as signals.

use std::collections::BTreeMap;

use leptos::html;
use leptos::prelude::*;
use signaling_protocol::PeerId;
use stage_layout::{Rect, Size, Video, grid, most_in_grid, spotlight};

use crate::components::meeting::scene::Scene;
use crate::decimal::decimal;
use crate::hooks::use_size;
use crate::rtc::now_ms;
use crate::stage::{Arrangement, Order, Tile, Wishes};

/// Between two tiles, in CSS pixels.
const GAP: f64 = 8.0;

/// In a smaller tile nobody is recognised.
const SMALLEST: Size = Size {
    width: 150.0,
    height: 110.0,
};

/// Of a video that has not come yet.
const USUAL_ASPECT: f64 = 4.0 / 3.0;

/// Where everybody is.
#[derive(Clone, Copy)]
pub(super) struct StageHook {
    pub(super) wishes: RwSignal<Wishes>,
    pub(super) arrangement: Memo<Arrangement>,
    /// Of each tile that is in sight.
    places: Memo<BTreeMap<Tile, Rect>>,
    /// Width divided by height, of the videos that have come.
    aspects: RwSignal<BTreeMap<Tile, f64>>,
    order: RwSignal<Order>,
    /// Whether the own video, which floats, is hidden from oneself.
    pub(super) is_own_hidden: RwSignal<bool>,
}

/// The stage is as large as `area`.
pub(super) fn use_stage(scene: Scene, area: NodeRef<html::Div>) -> StageHook {
    let size = use_size(area);
    let order = RwSignal::new(Order::default());
    let wishes = RwSignal::new(Wishes::default());
    let aspects = RwSignal::new(BTreeMap::new());
    let people = Memo::new(move |_| ids(scene, |_| true));
    let screens = Memo::new(move |_| screens(scene));
    let spotlit = Memo::new(move |_| ids(scene, |peer| peer.spotlight).pop());
    Effect::new(move |_| people.with(|people| order.update(|order| order.handle_people(people))));
    Effect::new(move |_| {
        let is_here = |tile: &Tile| match tile {
            Tile::Person(id) => people.with(|people| people.contains(id)),
            Tile::Own => true,
            screen => screens.with(|screens| screens.contains(screen)),
        };
        // Both are read, whatever there is.
        people.track();
        screens.track();
        aspects.maybe_update(|aspects: &mut BTreeMap<Tile, f64>| forget(aspects, is_here));
    });
    let arrangement = Memo::new(move |_| {
        let (size, spotlit) = (size.get(), spotlit.get());
        order.with(|order| {
            screens.with(|screens| {
                wishes.with(|wishes| {
                    let spotlit = spotlit.as_ref();
                    let all = Arrangement::of(order, screens, spotlit, wishes, usize::MAX);
                    let fit = aspects.with(|aspects| how_many_fit(size, &all, aspects));
                    Arrangement::of(order, screens, spotlit, wishes, fit)
                })
            })
        })
    });
    let people_on_first_page = Memo::new(move |_| {
        arrangement.with(|now| match now.pages {
            // Nobody is out of sight.
            1 => usize::MAX,
            _ => {
                let of_people = |tile: &&Tile| matches!(tile, Tile::Person(_));
                now.per_page.saturating_sub(now.others_first)
                    + now.large.iter().filter(of_people).count()
            }
        })
    });
    Effect::new(move |_| {
        let speaking = scene.speaking.peers();
        let on_first_page = untrack(|| people_on_first_page.get());
        let changes = |order: &Order| {
            let mut next = order.clone();
            next.handle_speaking(&speaking, on_first_page, now_ms());
            next
        };
        order.update(|order| *order = changes(order));
    });
    let places = Memo::new(move |_| {
        arrangement.with(|now| aspects.with(|aspects| places(size.get(), now, aspects)))
    });
    StageHook {
        wishes,
        arrangement,
        places,
        aspects,
        order,
        is_own_hidden: RwSignal::new(false),
    }
}

impl StageHook {
    /// All tiles that there may be, in sight or not: each stays the same element, for a video that is
    /// put in anew flickers; reactive.
    pub(super) fn people(self) -> Vec<PeerId> {
        self.order.with(|order| {
            let mut people = order.people().to_vec();
            people.sort();
            people
        })
    }

    /// The speaker if there is video of that person, else somebody of whom there is; reactive.
    pub(super) fn speaker_with(self, has_video: impl Fn(&PeerId) -> bool) -> Option<PeerId> {
        self.order
            .with(|order| order.speaker_with(has_video).cloned())
    }

    /// Where the tile is, as a style; hidden when it is not in sight; reactive.
    pub(super) fn style(self, tile: &Tile) -> String {
        let place = self.places.with(|places| places.get(tile).copied());
        place.map_or_else(
            || "display: none".to_owned(),
            |Rect {
                 x,
                 y,
                 width,
                 height,
             }| {
                let [x, y, width, height] = [x, y, width, height].map(|length| decimal(length, 1));
                format!("left: {x}px; top: {y}px; width: {width}px; height: {height}px")
            },
        )
    }

    /// Reactive.
    pub(super) fn is_large(self, tile: &Tile) -> bool {
        self.arrangement.with(|now| now.large.contains(tile))
    }

    /// The video of a tile has another shape now.
    pub(super) fn set_aspect(self, tile: &Tile, aspect: f64) {
        if self
            .aspects
            .with_untracked(|aspects| aspects.get(tile) != Some(&aspect))
        {
            self.aspects.update(|aspects| {
                aspects.insert(tile.clone(), aspect);
            });
        }
    }

    /// Pins the tile, or pins it no longer.
    pub(super) fn toggle_pin(self, tile: &Tile) {
        self.wishes.update(|wishes| {
            let is_pinned = wishes.pinned.as_ref() == Some(tile);
            wishes.pinned = (!is_pinned).then(|| tile.clone());
        });
    }

    pub(super) fn turn_page(self, by: isize) {
        let (page, pages) = self.arrangement.with_untracked(|now| (now.page, now.pages));
        let next = page.saturating_add_signed(by).min(pages.saturating_sub(1));
        self.wishes.update(|wishes| wishes.page = next);
    }
}

/// Keeps the shapes of those tiles only that are still here; returns whether any is gone.
fn forget(aspects: &mut BTreeMap<Tile, f64>, is_here: impl Fn(&Tile) -> bool) -> bool {
    let before = aspects.len();
    aspects.retain(|tile, _| is_here(tile));
    aspects.len() < before
}

/// The others that are of this kind.
fn ids(scene: Scene, which: fn(&crate::call::ParticipantView) -> bool) -> Vec<PeerId> {
    scene.call.view.with(|view| {
        let peers = view.iter().flat_map(|view| &view.participants);
        let these = peers.filter(|peer| which(peer));
        these.map(|peer| peer.id.clone()).collect()
    })
}

fn screens(scene: Scene) -> Vec<Tile> {
    let own = scene.media.screen.with(Option::is_some);
    let own = own.then_some(Tile::OwnScreen);
    let others = ids(scene, |peer| peer.screen.is_some());
    others.into_iter().map(Tile::Screen).chain(own).collect()
}

fn video(tile: &Tile, aspects: &BTreeMap<Tile, f64>) -> Video {
    let aspect = aspects.get(tile).copied();
    if tile.is_screen() {
        Video::screen(aspect.unwrap_or(16.0 / 9.0))
    } else {
        Video::person(aspect.unwrap_or(USUAL_ASPECT))
    }
}

fn videos(tiles: &[Tile], aspects: &BTreeMap<Tile, f64>) -> Vec<Video> {
    tiles.iter().map(|tile| video(tile, aspects)).collect()
}

/// How many of the small tiles are in sight at once.
fn how_many_fit(size: Size, all: &Arrangement, aspects: &BTreeMap<Tile, f64>) -> usize {
    if all.large.is_empty() {
        return most_in_grid(size, GAP, SMALLEST);
    }
    let (large, small) = (videos(&all.large, aspects), videos(&all.small, aspects));
    spotlight(size, GAP, &large, &small).strip.len()
}

fn places(size: Size, now: &Arrangement, aspects: &BTreeMap<Tile, f64>) -> BTreeMap<Tile, Rect> {
    let (large, small) = (videos(&now.large, aspects), videos(&now.small, aspects));
    let rects = if large.is_empty() {
        grid(size, GAP, &small)
    } else {
        let places = spotlight(size, GAP, &large, &small);
        places.large.into_iter().chain(places.strip).collect()
    };
    now.large
        .iter()
        .chain(&now.small)
        .cloned()
        .zip(rects)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_of_a_video_goes_with_its_person() {
        let tile = |id: &str| Tile::Person(PeerId::new(id));
        let mut aspects = BTreeMap::from([(tile("kim"), 1.5), (tile("robin"), 0.6)]);
        assert!(forget(&mut aspects, |other| *other == tile("kim")));
        assert_eq!(aspects, BTreeMap::from([(tile("kim"), 1.5)]));
        assert!(!forget(&mut aspects, |_| true));
    }
}
