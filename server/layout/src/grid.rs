//! Everybody as large as everybody else.

use crate::{Rect, Size, Video};

/// A tile for each video, row by row, in so many columns that the smallest tile is as large as can be.
/// Cells are of one size, the last row is centred.
pub fn grid(stage: Size, gap: f64, videos: &[Video]) -> Vec<Rect> {
    let stage = stage.usable();
    let layouts = (1..=videos.len()).map(|columns| in_columns(stage, gap, columns, videos));
    let best = layouts.max_by(|one, other| smallest(one).total_cmp(&smallest(other)));
    best.unwrap_or_default()
}

/// How many tiles of at least this size fit on a stage.
pub fn most_in_grid(stage: Size, gap: f64, tile: Size) -> usize {
    let (stage, tile) = (stage.usable(), tile.usable());
    let fit = |whole: f64, one: f64| {
        let count = ((whole + gap) / (one + gap)).floor();
        // At least one is shown, however small the window is.
        if count.is_finite() {
            count.max(1.0) as usize
        } else {
            1
        }
    };
    fit(stage.width, tile.width) * fit(stage.height, tile.height)
}

fn in_columns(stage: Size, gap: f64, columns: usize, videos: &[Video]) -> Vec<Rect> {
    let rows = videos.len().div_ceil(columns);
    let share = |whole: f64, parts: usize| ((whole + gap) / parts as f64 - gap).max(0.0);
    let cell = Size {
        width: share(stage.width, columns),
        height: share(stage.height, rows),
    };
    let tiles = videos.iter().enumerate().map(|(index, video)| {
        let (row, column) = (index / columns, index % columns);
        let in_row = columns.min(videos.len() - row * columns);
        let empty = (columns - in_row) as f64 * (cell.width + gap);
        let x = empty / 2.0 + column as f64 * (cell.width + gap);
        let y = row as f64 * (cell.height + gap);
        video.tile(cell.at(x, y))
    });
    tiles.collect()
}

fn smallest(tiles: &[Rect]) -> f64 {
    let areas = tiles.iter().map(|tile| tile.area());
    areas.fold(f64::INFINITY, f64::min)
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
    fn two_people_fill_most_of_a_window() {
        for aspect in [4.0 / 3.0, 16.0 / 9.0] {
            let tiles = grid(WIDE, 8.0, &[Video::person(aspect); 2]);
            let filled: f64 = tiles.iter().map(|tile| tile.area()).sum();
            let share = filled / (WIDE.width * WIDE.height);
            assert!(share >= 0.8, "{aspect}: {share}");
            assert_eq!(tiles[0].y, tiles[1].y);
        }
    }

    #[test]
    fn on_a_phone_two_people_are_above_each_other() {
        let phone = Size {
            width: 390.0,
            height: 700.0,
        };
        let tiles = grid(phone, 8.0, &[Video::person(4.0 / 3.0); 2]);
        assert_eq!(tiles[0].x, tiles[1].x);
    }

    #[test]
    fn the_last_row_is_in_the_middle() {
        let tiles = grid(WIDE, 0.0, &[Video::person(16.0 / 9.0); 3]);
        assert_eq!(tiles[2].x + tiles[2].width / 2.0, 640.0);
    }

    #[test]
    fn screens_are_seen_whole() {
        let tiles = grid(WIDE, 8.0, &[Video::screen(16.0 / 10.0); 3]);
        for tile in tiles {
            assert!((tile.width / tile.height - 1.6).abs() < 1e-9);
        }
    }

    #[test]
    fn pages_have_at_least_one_tile() {
        let tile = Size {
            width: 160.0,
            height: 120.0,
        };
        assert_eq!(most_in_grid(WIDE, 8.0, tile), 7 * 5);
        let no_stage = Size {
            width: f64::NAN,
            height: -1.0,
        };
        assert_eq!(most_in_grid(no_stage, 8.0, tile), 1);
    }

    proptest! {
        #[test]
        fn nothing_overlaps_and_nothing_is_outside(
            stage in stages(), gap in 0.0..20.0_f64, videos in videos(40)
        ) {
            let tiles = grid(stage, gap, &videos);
            prop_assert_eq!(tiles.len(), videos.len());
            inside(stage, &tiles)?;
            apart(&tiles)?;
        }

        /// A uniform grid shows everything uncropped, each video in a cell of the same size.
        #[test]
        fn no_uniform_grid_has_larger_tiles(
            stage in stages(), gap in 0.0..20.0_f64, count in 1_usize..40,
            aspect in 0.3..3.0_f64, columns in 1_usize..40
        ) {
            let tiles = grid(stage, gap, &vec![Video::person(aspect); count]);
            let columns = columns.min(count);
            let rows = count.div_ceil(columns);
            let width = ((stage.width + gap) / columns as f64 - gap).max(0.0);
            let height = ((stage.height + gap) / rows as f64 - gap).max(0.0);
            let uncropped = width.min(height * aspect) * height.min(width / aspect);
            prop_assert!(smallest(&tiles) >= uncropped * (1.0 - 1e-9));
        }

        #[test]
        fn who_comes_makes_nobody_larger(
            stage in stages(), gap in 0.0..20.0_f64, videos in videos(40)
        ) {
            let before = smallest(&grid(stage, gap, &videos[1..]));
            let after = smallest(&grid(stage, gap, &videos));
            let same = videos.iter().all(|video| *video == videos[0]);
            prop_assert!(!same || before >= after * (1.0 - 1e-9));
        }

        #[test]
        fn so_many_have_at_least_that_size(
            stage in stages(), gap in 0.0..20.0_f64,
            width in 50.0..400.0_f64, height in 50.0..400.0_f64
        ) {
            let tile = Size { width, height };
            let most = most_in_grid(stage, gap, tile);
            let fits = stage.width >= width && stage.height >= height;
            let tiles = grid(stage, gap, &vec![Video::person(width / height); most]);
            prop_assert!(!fits || smallest(&tiles) >= width * height * (1.0 - 1e-9));
        }
    }
}
