//! What is where in the picture.

use stage_layout::{Rect, Size, Video, grid, spotlight};

/// Of the picture, in pixels.
pub(crate) const SIZE: Size = Size {
    width: 1280.0,
    height: 720.0,
};

const GAP: f64 = 8.0;

/// Of a video that has not come yet.
const USUAL_ASPECT: f64 = 4.0 / 3.0;

/// What has a place in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shape {
    /// Screens are large, and seen whole.
    pub(crate) is_screen: bool,
    /// Of the video, in its own pixels; nothing before it has come.
    pub(crate) size: Size,
}

impl Shape {
    fn video(self) -> Video {
        let Size { width, height } = self.size;
        let aspect = if width > 0.0 && height > 0.0 {
            width / height
        } else {
            USUAL_ASPECT
        };
        match self.is_screen {
            true => Video::screen(aspect),
            false => Video::person(aspect),
        }
    }
}

/// Where each is, in the same order. `None` is not seen: beside a screen there is room for few people.
pub(crate) fn arrange(shapes: &[Shape]) -> Vec<Option<Rect>> {
    let of = |is_screen| {
        let these = shapes
            .iter()
            .filter(move |shape| shape.is_screen == is_screen);
        these.map(|shape| shape.video()).collect::<Vec<_>>()
    };
    let (screens, people) = (of(true), of(false));
    let (screens, people) = if screens.is_empty() {
        (Vec::new(), grid(SIZE, GAP, &people))
    } else {
        let places = spotlight(SIZE, GAP, &screens, &people);
        (places.large, places.strip)
    };
    let (mut screens, mut people) = (screens.into_iter(), people.into_iter());
    let place = |shape: &Shape| match shape.is_screen {
        true => screens.next(),
        false => people.next(),
    };
    shapes.iter().map(place).collect()
}

/// Which part of a video of this size is seen in a place, and where in it: a person fills the place and
/// loses its margins, a screen is seen whole.
pub(crate) fn fit(shape: Shape, place: Rect) -> (Rect, Rect) {
    let Size { width, height } = shape.size;
    let whole = Rect {
        x: 0.0,
        y: 0.0,
        width,
        height,
    };
    let (across, down) = (place.width / width, place.height / height);
    if shape.is_screen {
        (whole, middle(place, width, height, across.min(down)))
    } else {
        let scale = across.max(down);
        (middle(whole, place.width, place.height, 1.0 / scale), place)
    }
}

/// Something of this size, so many times as large, in the middle of a rectangle.
fn middle(of: Rect, width: f64, height: f64, scale: f64) -> Rect {
    let (width, height) = (
        (width * scale).min(of.width),
        (height * scale).min(of.height),
    );
    Rect {
        x: of.x + (of.width - width) / 2.0,
        y: of.y + (of.height - height) / 2.0,
        width,
        height,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shape(is_screen: bool, width: f64, height: f64) -> Shape {
        Shape {
            is_screen,
            size: Size { width, height },
        }
    }

    #[test]
    fn people_without_a_screen_share_the_picture() {
        let places = arrange(&[shape(false, 640.0, 480.0), shape(false, 0.0, 0.0)]);
        let areas: f64 = places.iter().flatten().map(|place| place.area()).sum();
        assert!(areas >= 0.8 * SIZE.width * SIZE.height, "{areas}");
    }

    #[test]
    fn a_screen_is_large_wherever_it_is_in_the_list() {
        let (person, screen) = (shape(false, 640.0, 480.0), shape(true, 1920.0, 1080.0));
        let places = arrange(&[person, screen, person]);
        let area = |at: usize| places[at].map_or(0.0, |place| place.area());
        assert!(area(1) > 5.0 * area(0) && area(0) > 0.0 && area(2) > 0.0);
    }

    #[test]
    fn beside_a_screen_some_people_do_not_fit() {
        let mut shapes = vec![shape(false, 640.0, 480.0); 30];
        shapes.push(shape(true, 1920.0, 1080.0));
        let places = arrange(&shapes);
        assert_eq!(places.len(), 31);
        assert!(places[30].is_some() && places[0].is_some() && places[29].is_none());
    }

    fn lengths() -> impl Strategy<Value = f64> {
        1.0..4000.0_f64
    }

    proptest! {
        #[test]
        fn what_is_seen_is_not_distorted_and_inside(
            is_screen in any::<bool>(), width in lengths(), height in lengths(),
            (across, down) in (lengths(), lengths()),
        ) {
            let place = Rect { x: 3.0, y: 5.0, width: across, height: down };
            let (from, to) = fit(shape(is_screen, width, height), place);
            let scales = (to.width / from.width, to.height / from.height);
            prop_assert!((scales.0 / scales.1 - 1.0).abs() < 1e-6, "{from:?} {to:?}");
            let inside = |inner: Rect, outer: Rect| {
                inner.x >= outer.x - 1e-6
                    && inner.y >= outer.y - 1e-6
                    && inner.x + inner.width <= outer.x + outer.width + 1e-6
                    && inner.y + inner.height <= outer.y + outer.height + 1e-6
            };
            let whole = Rect { x: 0.0, y: 0.0, width, height };
            prop_assert!(inside(from, whole));
            prop_assert!(inside(to, place));
            if is_screen {
                prop_assert_eq!((from.width, from.height), (width, height));
            } else {
                prop_assert_eq!(to, place);
            }
        }
    }
}
