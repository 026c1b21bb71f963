//! Some large, the others in a strip: shared screens, who speaks, who was pinned.

use crate::grid::{grid, most_in_grid};
use crate::{Rect, Size, Video};

/// Where they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spotlight {
    pub large: Vec<Rect>,
    /// Those of the strip that fit into it; the others are on its next pages.
    pub strip: Vec<Rect>,
}

/// How much of the stage the strip takes at most, and how thick it is at most.
const STRIP: f64 = 0.22;
const THICKEST: f64 = 180.0;

/// The strip is at the right or below, wherever it leaves more of the stage to the large ones.
pub fn spotlight(stage: Size, gap: f64, large: &[Video], strip: &[Video]) -> Spotlight {
    let stage = stage.usable();
    if large.is_empty() {
        return Spotlight {
            strip: grid(stage, gap, strip),
            ..Spotlight::default()
        };
    }
    if strip.is_empty() {
        return Spotlight {
            large: grid(stage, gap, large),
            ..Spotlight::default()
        };
    }
    let [right, below] = [at_right(stage, gap), below(stage, gap)].map(|(rest, place)| Spotlight {
        large: grid(rest, gap, large),
        strip: in_line(place, gap, strip),
    });
    let area = |there: &Spotlight| there.large.iter().map(|tile| tile.area()).sum::<f64>();
    if area(&right) >= area(&below) {
        right
    } else {
        below
    }
}

/// What the strip leaves, and where it is.
fn at_right(stage: Size, gap: f64) -> (Size, Rect) {
    let width = (stage.width * STRIP).min(THICKEST);
    let rest = Size {
        width: (stage.width - width - gap).max(0.0),
        ..stage
    };
    let place = Size { width, ..stage };
    (rest, place.at(stage.width - width, 0.0))
}

fn below(stage: Size, gap: f64) -> (Size, Rect) {
    let height = (stage.height * STRIP).min(THICKEST);
    let rest = Size {
        height: (stage.height - height - gap).max(0.0),
        ..stage
    };
    let place = Size { height, ..stage };
    (rest, place.at(0.0, stage.height - height))
}

/// One after the other, in the middle of the strip; of each as much as a tile of 4:3 shows.
fn in_line(place: Rect, gap: f64, videos: &[Video]) -> Vec<Rect> {
    let is_column = place.height > place.width;
    let tile = if is_column {
        Size {
            width: place.width,
            height: place.width * 3.0 / 4.0,
        }
    } else {
        Size {
            width: place.height * 4.0 / 3.0,
            height: place.height,
        }
    };
    let stage = Size {
        width: place.width,
        height: place.height,
    };
    let count = most_in_grid(stage, gap, tile).min(videos.len());
    let videos = &videos[..count];
    let length = if is_column { tile.height } else { tile.width };
    let whole = if is_column { place.height } else { place.width };
    let length = length.min(whole);
    let begin = (whole - count as f64 * (length + gap) + gap).max(0.0) / 2.0;
    let cells = videos.iter().enumerate().map(|(index, video)| {
        let along = begin + index as f64 * (length + gap);
        let cell = if is_column {
            let height = length;
            Rect {
                y: place.y + along,
                height,
                ..place
            }
        } else {
            let width = length;
            Rect {
                x: place.x + along,
                width,
                ..place
            }
        };
        video.tile(cell)
    });
    cells.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{apart, inside, stages, videos};

    const WIDE: Size = Size {
        width: 1280.0,
        height: 728.0,
    };

    #[test]
    fn a_screen_takes_most_of_a_window() {
        let there = spotlight(
            WIDE,
            8.0,
            &[Video::screen(16.0 / 9.0)],
            &[Video::person(1.33); 3],
        );
        let share = there.large[0].area() / (WIDE.width * WIDE.height);
        assert!(share > 0.7, "{share}");
        assert_eq!(there.strip.len(), 3);
        assert!(
            there
                .strip
                .iter()
                .all(|tile| tile.x > there.large[0].x + there.large[0].width)
        );
    }

    #[test]
    fn on_a_phone_the_strip_is_below() {
        let phone = Size {
            width: 390.0,
            height: 700.0,
        };
        let there = spotlight(
            phone,
            8.0,
            &[Video::screen(16.0 / 9.0)],
            &[Video::person(0.75); 9],
        );
        assert_eq!(there.large[0].width, 390.0);
        assert!(there.strip[0].y > there.large[0].y + there.large[0].height);
        assert!(there.strip.len() < 9);
    }

    #[test]
    fn without_others_there_is_no_strip() {
        let alone = spotlight(WIDE, 8.0, &[Video::person(1.5)], &[]);
        assert_eq!(alone.large, grid(WIDE, 8.0, &[Video::person(1.5)]));
        let nobody = spotlight(WIDE, 8.0, &[], &[Video::person(1.5); 2]);
        assert_eq!(nobody.strip, grid(WIDE, 8.0, &[Video::person(1.5); 2]));
    }

    proptest! {
        #[test]
        fn nothing_overlaps_and_nothing_is_outside(
            stage in stages(), gap in 0.0..20.0_f64, large in videos(4), strip in videos(30)
        ) {
            let there = spotlight(stage, gap, &large, &strip);
            prop_assert_eq!(there.large.len(), large.len());
            prop_assert!((1..=strip.len()).contains(&there.strip.len()));
            let all = [there.large, there.strip].concat();
            inside(stage, &all)?;
            apart(&all)?;
        }
    }
}
