//! The model itself, on a drawn person, beside what TensorFlow Lite makes of the same picture.

use sha2::{Digest, Sha256};

use super::*;

/// Head, hair, eyes, mouth, neck and shoulders before a wall.
fn drawn(y: usize, x: usize) -> [u8; 3] {
    let (fy, fx) = (y as f64, x as f64);
    let ellipse = |cx: f64, cy: f64, rx: f64, ry: f64| {
        ((fx - cx) / rx).powi(2) + ((fy - cy) / ry).powi(2) < 1.0
    };
    let is_head = ellipse(128.0, 62.0, 24.0, 32.0);
    let is_eye = |cx: f64| (fx - cx).powi(2) + ((fy - 60.0) * 1.6).powi(2) < 9.0;
    if ellipse(128.0, 78.0, 8.0, 2.0) {
        [170, 70, 70]
    } else if is_eye(119.0) || is_eye(137.0) {
        [30, 30, 40]
    } else if is_head && y < 46 {
        [60, 40, 30]
    } else if is_head {
        [225, 180, 150]
    } else if x.abs_diff(128) < 14 && 80 < y && y < 112 {
        [205, 160, 130]
    } else if ellipse(128.0, 150.0, 62.0, 52.0) {
        [40, 50, 110]
    } else {
        [90 + (x / 8) as u8, 110 + (y / 8) as u8, 100]
    }
}

fn all() -> impl Iterator<Item = (usize, usize)> {
    (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (y, x)))
}

#[test]
fn the_model_is_the_one_that_is_documented() {
    let digest = Sha256::digest(MODEL);
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(include_str!("README.md").contains(&digest), "{digest}");
}

/// Of `ai-edge-litert` 2.3.0, which is TensorFlow Lite, for Python.
#[test]
fn the_network_answers_as_tensorflow_lite_does() {
    const EXPECTED: [(usize, usize, f32); 10] = [
        (64, 104, 0.1906),
        (117, 80, 0.2321),
        (109, 89, 0.3511),
        (45, 148, 0.7126),
        (86, 143, 0.8754),
        (119, 177, 0.6608),
        (65, 128, 1.0),
        (130, 128, 1.0),
        (10, 10, 0.0),
        (75, 40, 0.0),
    ];
    let mut network = model::read(MODEL).unwrap();
    for (values, (y, x)) in network.input().chunks_exact_mut(3).zip(all()) {
        values.copy_from_slice(&drawn(y, x).map(|value| f32::from(value) / 255.0));
    }
    let found = network.run();
    for (y, x, expected) in EXPECTED {
        let found = found[y * WIDTH + x];
        assert!(
            (found - expected).abs() < 1e-3,
            "{found} instead of {expected} at {y}, {x}"
        );
    }
}

#[test]
fn the_person_is_seen_and_the_wall_is_blurred() {
    let mut blur = Blur::new();
    // As often as it takes until the mask has followed.
    for _ in 0..4 {
        for (pixel, (y, x)) in blur.picture().as_chunks_mut::<4>().0.iter_mut().zip(all()) {
            let [red, green, blue] = drawn(y, x);
            *pixel = [red, green, blue, 255];
        }
        blur.blur();
    }
    let pixels = blur.picture().as_chunks::<4>().0;
    let opacity = |y: usize, x: usize| pixels[y * WIDTH + x][3];
    assert_eq!(
        (opacity(65, 128), opacity(130, 128)),
        (0, 0),
        "face and chest"
    );
    for (y, x) in [(10, 10), (10, 245), (75, 40)] {
        assert_eq!(opacity(y, x), 255, "the wall at {y}, {x}");
    }
    // Nothing of the person's dark clothes is in the wall beside them.
    let [red, green, ..] = pixels[75 * WIDTH + 60];
    assert!(red > 85 && green > 105, "{red}, {green}");
}
