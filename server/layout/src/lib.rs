//! Where the videos of a meeting are: rectangles, from the size of a stage and the shapes of the videos.
//! Pure; who is shown, and in which order, is the caller's.
//!
//! People may be cropped, so that little of the stage is left empty; screens never are, because their
//! edges carry text.

mod grid;
mod spotlight;

pub use grid::{grid, most_in_grid};
pub use spotlight::{Spotlight, spotlight};

/// Of a stage, in CSS pixels or in pixels of a video.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    pub width: f64,
    pub height: f64,
}

/// Of a tile; `x` and `y` count from the upper left corner of the stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// The shape of a video, and how it may be cropped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Video {
    /// Width divided by height, of tiles that it can be seen in.
    narrowest: f64,
    widest: f64,
}

impl Video {
    /// Of a person, who is in the middle: rather the sides are cropped than the head. `aspect` is the
    /// width divided by the height, as it is sent; what is not a positive number counts as 4:3.
    pub fn person(aspect: f64) -> Self {
        let aspect = usable(aspect);
        Self {
            narrowest: aspect * 0.6,
            widest: aspect / 0.8,
        }
    }

    /// Seen whole; `aspect` as for a person.
    pub fn screen(aspect: f64) -> Self {
        let aspect = usable(aspect);
        Self {
            narrowest: aspect,
            widest: aspect,
        }
    }

    /// The largest tile for it in a cell, in the middle of that.
    fn tile(self, cell: Rect) -> Rect {
        let aspect = cell.width / cell.height.max(f64::MIN_POSITIVE);
        let shown = aspect.clamp(self.narrowest, self.widest);
        let width = cell.width.min(cell.height * shown);
        let height = cell.height.min(cell.width / shown);
        Rect {
            x: cell.x + (cell.width - width) / 2.0,
            y: cell.y + (cell.height - height) / 2.0,
            width,
            height,
        }
    }
}

fn usable(aspect: f64) -> f64 {
    if aspect.is_finite() && aspect > 0.0 {
        aspect.clamp(0.1, 10.0)
    } else {
        4.0 / 3.0
    }
}

impl Rect {
    pub fn area(self) -> f64 {
        self.width * self.height
    }
}

impl Size {
    /// A stage has no negative size, and none that is no number.
    fn usable(self) -> Self {
        let usable = |length: f64| {
            if length.is_finite() {
                length.max(0.0)
            } else {
                0.0
            }
        };
        Self {
            width: usable(self.width),
            height: usable(self.height),
        }
    }

    fn at(self, x: f64, y: f64) -> Rect {
        Rect {
            x,
            y,
            width: self.width,
            height: self.height,
        }
    }
}

#[cfg(test)]
mod testing {
    use proptest::prelude::*;

    use crate::{Rect, Size, Video};

    /// Rounding is no overlap.
    const NOTHING: f64 = 1e-6;

    pub(crate) fn stages() -> impl Strategy<Value = Size> {
        (1.0..4000.0_f64, 1.0..4000.0_f64).prop_map(|(width, height)| Size { width, height })
    }

    /// Between one and `most`.
    pub(crate) fn videos(most: usize) -> impl Strategy<Value = Vec<Video>> {
        let shape = (0.2..4.0_f64, any::<bool>()).prop_map(|(aspect, is_screen)| {
            if is_screen {
                Video::screen(aspect)
            } else {
                Video::person(aspect)
            }
        });
        prop_oneof![
            prop::collection::vec(shape.clone(), 1..=most),
            (shape, 1..=most).prop_map(|(video, count)| vec![video; count]),
        ]
    }

    pub(crate) fn inside(stage: Size, tiles: &[Rect]) -> Result<(), TestCaseError> {
        for tile in tiles {
            prop_assert!(tile.x >= -NOTHING && tile.y >= -NOTHING, "{tile:?}");
            prop_assert!(tile.x + tile.width <= stage.width + NOTHING, "{tile:?}");
            prop_assert!(tile.y + tile.height <= stage.height + NOTHING, "{tile:?}");
            prop_assert!(tile.width >= 0.0 && tile.height >= 0.0, "{tile:?}");
        }
        Ok(())
    }

    pub(crate) fn apart(tiles: &[Rect]) -> Result<(), TestCaseError> {
        for (index, one) in tiles.iter().enumerate() {
            for other in &tiles[index + 1..] {
                let over = |a: f64, length: f64, b: f64| a + length <= b + NOTHING;
                prop_assert!(
                    over(one.x, one.width, other.x)
                        || over(other.x, other.width, one.x)
                        || over(one.y, one.height, other.y)
                        || over(other.y, other.height, one.y),
                    "{one:?} {other:?}"
                );
            }
        }
        Ok(())
    }
}
