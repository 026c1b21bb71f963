//! From where the person is to what goes over the picture.

/// How much of a new result counts, so that edges do not flicker from one picture to the next.
const NEW: f32 = 0.7;

/// Below the first nothing of a pixel is the person, above the second all.
const EDGE: (f32, f32) = (0.3, 0.7);

/// Of each of three sums, in pixels to each side: what is behind is not to be recognized.
const RADIUS: usize = 8;
const TIMES: usize = 3;

/// Red, green and blue of a pixel, each times how much of it counts, and how much that is.
type Part = [f32; 4];

/// Follows what was found in one picture after the other.
pub(crate) fn follow(person: &mut [f32], found: &[f32]) {
    for (person, found) in person.iter_mut().zip(found) {
        *person += (found - *person) * NEW;
    }
}

/// Replaces a picture by its background, blurred, and transparent where the person is. Nothing of the person is
/// in it: it would look like a halo.
pub(crate) fn behind<const WIDTH: usize>(picture: &mut [u8], person: &[f32]) {
    let pixels = picture.as_chunks_mut::<4>().0;
    let opacity = person.iter().map(|person| {
        let inside = (person - EDGE.0) / (EDGE.1 - EDGE.0);
        1.0 - inside.clamp(0.0, 1.0)
    });
    let mut parts: Vec<Part> = pixels
        .iter()
        .zip(opacity.clone())
        .map(|(&[red, green, blue, _], opacity)| {
            [red, green, blue, 1].map(|value| f32::from(value) * opacity)
        })
        .collect();
    let mut summed = parts.clone();
    for _ in 0..TIMES {
        let lines = parts.chunks_exact(WIDTH);
        for (line, into) in lines.zip(summed.chunks_exact_mut(WIDTH)) {
            sum_neighbours::<1>(line, into);
        }
        sum_neighbours::<WIDTH>(&summed, &mut parts);
    }
    for ((pixel, [red, green, blue, weight]), opacity) in pixels.iter_mut().zip(parts).zip(opacity)
    {
        // Where nothing counts, something below zero may be left of what was added and taken away again.
        let share = 1.0 / weight.max(f32::MIN_POSITIVE);
        let values = [red * share, green * share, blue * share, opacity * 255.0];
        *pixel = values.map(|value| value as u32 as u8);
    }
}

/// Sums what lies in rows of so many pixels, each with those before and after it: pixels in a line, or lines.
/// Outside there is nothing that counts.
fn sum_neighbours<const ROW: usize>(from: &[Part], into: &mut [Part]) {
    let rows = from.as_chunks::<ROW>().0;
    let mut sums = [[0.0; 4]; ROW];
    for row in rows.iter().take(RADIUS) {
        change(&mut sums, row, |sum, value| sum + value);
    }
    for (nth, into) in into.as_chunks_mut::<ROW>().0.iter_mut().enumerate() {
        if let Some(row) = rows.get(nth + RADIUS) {
            change(&mut sums, row, |sum, value| sum + value);
        }
        if nth > RADIUS {
            let gone = &rows[nth - RADIUS - 1];
            change(&mut sums, gone, |sum, value| sum - value);
        }
        *into = sums;
    }
}

#[inline(always)]
fn change<const ROW: usize>(
    sums: &mut [Part; ROW],
    row: &[Part; ROW],
    by: impl Fn(f32, f32) -> f32,
) {
    let values = row.as_flattened();
    for (sum, value) in sums.as_flattened_mut().iter_mut().zip(values) {
        *sum = by(*sum, *value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: usize = 40;
    const HEIGHT: usize = 30;

    /// A picture whose pixels have these colours.
    fn picture(colour: impl Fn(usize, usize) -> [u8; 3]) -> Vec<u8> {
        let all = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (y, x)));
        all.flat_map(|(y, x)| {
            let [red, green, blue] = colour(y, x);
            [red, green, blue, 255]
        })
        .collect()
    }

    fn person(is_there: impl Fn(usize, usize) -> bool) -> Vec<f32> {
        let all = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (y, x)));
        all.map(|(y, x)| f32::from(u8::from(is_there(y, x))))
            .collect()
    }

    fn pixel(picture: &[u8], y: usize, x: usize) -> [u8; 4] {
        picture.as_chunks().0[y * WIDTH + x]
    }

    #[test]
    fn a_background_of_one_colour_stays_as_it_is() {
        let mut one = picture(|_, _| [200, 100, 50]);
        behind::<WIDTH>(&mut one, &person(|_, _| false));
        for [red, green, blue, opacity] in one.as_chunks::<4>().0 {
            assert_eq!(*opacity, 255);
            for (is, was) in [(red, 200_u8), (green, 100), (blue, 50)] {
                assert!(is.abs_diff(was) <= 1, "{is} instead of {was}");
            }
        }
    }

    #[test]
    fn lines_behind_cannot_be_told_apart() {
        let mut lines = picture(|_, x| [if x % 4 < 2 { 255 } else { 0 }; 3]);
        behind::<WIDTH>(&mut lines, &person(|_, _| false));
        for x in 10..30 {
            let [grey, ..] = pixel(&lines, 15, x);
            assert!(grey.abs_diff(127) < 8, "{grey} at {x}");
        }
    }

    #[test]
    fn the_person_shows_through_and_gives_the_background_no_colour() {
        let is_person = |_: usize, x: usize| x >= 20;
        let mut two = picture(|y, x| {
            if is_person(y, x) {
                [255, 0, 0]
            } else {
                [0, 0, 200]
            }
        });
        behind::<WIDTH>(&mut two, &person(is_person));
        let [red, _, blue, opacity] = pixel(&two, 15, 19);
        assert_eq!((red, opacity), (0, 255));
        assert!(blue > 198, "{blue}");
        assert_eq!(pixel(&two, 15, 20)[3], 0);
    }

    #[test]
    fn edges_follow_what_was_found() {
        let mut known = vec![0.0, 1.0];
        for _ in 0..8 {
            follow(&mut known, &[1.0, 0.0]);
        }
        assert!(known[0] > 0.99 && known[1] < 0.01, "{known:?}");
    }
}
