//! Each kernel beside the same written without haste.

use super::*;
use proptest::prelude::*;

/// A shape with values, both of any size that is worth trying.
fn image(channels: impl Strategy<Value = usize>) -> impl Strategy<Value = (Shape, Vec<f32>)> {
    (1..7_usize, 1..7_usize, channels).prop_flat_map(|(height, width, channels)| {
        let shape = Shape {
            height,
            width,
            channels,
        };
        (Just(shape), values(shape.len()))
    })
}

fn values(count: usize) -> impl Strategy<Value = Vec<f32>> {
    prop::collection::vec(-2.0..2.0_f32, count)
}

/// As the network has them.
fn window() -> impl Strategy<Value = Window> {
    let sizes = prop::sample::select(vec![1_usize, 3, 5]);
    (sizes, 1..3_usize).prop_map(|(size, stride)| Window {
        height: size,
        width: size,
        stride,
    })
}

fn output_of(from: Shape, window: Window, channels: usize) -> Shape {
    Shape {
        height: from.height.div_ceil(window.stride),
        width: from.width.div_ceil(window.stride),
        channels,
    }
}

/// The value at a place that may be outside.
fn at(values: &[f32], shape: Shape, (y, x): (isize, isize), channel: usize) -> f32 {
    let inside = |at: isize, size: usize| usize::try_from(at).ok().filter(|at| *at < size);
    match (inside(y, shape.height), inside(x, shape.width)) {
        (Some(y), Some(x)) => values[(y * shape.width + x) * shape.channels + channel],
        _ => 0.0,
    }
}

/// Where the window of a pixel begins: as much outside at one end as at the other, or one less.
fn begin(at: usize, window: usize, stride: usize, from: usize, to: usize) -> isize {
    let outside = ((to - 1) * stride + window).saturating_sub(from);
    (at * stride) as isize - (outside / 2) as isize
}

/// `weight` gives that of an output channel for a place in the window and an input channel, or none.
fn slowly(
    (from, values): (Shape, &[f32]),
    to: Shape,
    window: Window,
    bias: &[f32],
    weight: impl Fn(usize, usize, usize) -> Option<f32>,
) -> Vec<f32> {
    let mut output = Vec::new();
    for nth in 0..to.len() {
        let (pixel, channel) = (nth / to.channels, nth % to.channels);
        let y = begin(
            pixel / to.width,
            window.height,
            window.stride,
            from.height,
            to.height,
        );
        let x = begin(
            pixel % to.width,
            window.width,
            window.stride,
            from.width,
            to.width,
        );
        let mut sum = bias[channel];
        for place in 0..window.height * window.width {
            let here = (
                y + (place / window.width) as isize,
                x + (place % window.width) as isize,
            );
            for input in 0..from.channels {
                if let Some(weight) = weight(channel, place, input) {
                    sum += weight * at(values, from, here, input);
                }
            }
        }
        output.push(sum);
    }
    output
}

fn assert_near(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    for (nth, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!(
            (found - expected).abs() < 1e-3,
            "{found} instead of {expected} at {nth}"
        );
    }
}

proptest! {
    #[test]
    fn a_convolution_is_a_sum_of_products(
        ((from, input), window, weights, bias) in (image(1..9_usize), window(), 1..20_usize)
            .prop_flat_map(|((from, input), window, channels)| {
                let weights = channels * window.height * window.width * from.channels;
                (Just((from, input)), Just(window), values(weights), values(channels))
            })
    ) {
        let to = output_of(from, window, bias.len());
        let depth = window.height * window.width * from.channels;
        let expected = slowly((from, &input), to, window, &bias, |channel, place, input| {
            Some(weights[channel * depth + place * from.channels + input])
        });
        let filter = Filter::by_blocks(window, &weights, bias).unwrap();
        let mut output = vec![0.0; to.len()];
        convolution(
            Image { values: input.as_slice(), shape: from },
            Image { values: output.as_mut_slice(), shape: to },
            &filter,
            &mut Vec::new(),
        );
        assert_near(&output, &expected);
    }

    #[test]
    fn depthwise_means_that_channels_do_not_mix(
        ((from, input), window, weights, bias) in
            (image(prop::sample::select(vec![8_usize, 16])), window())
            .prop_flat_map(|((from, input), window)| {
                let weights = window.height * window.width * from.channels;
                (Just((from, input)), Just(window), values(weights), values(from.channels))
            })
    ) {
        let to = output_of(from, window, from.channels);
        let expected = slowly((from, &input), to, window, &bias, |channel, place, input| {
            (channel == input).then(|| weights[place * from.channels + channel])
        });
        let mut output = vec![0.0; to.len()];
        depthwise(
            Image { values: input.as_slice(), shape: from },
            Image { values: output.as_mut_slice(), shape: to },
            &Filter::new(window, weights, bias),
        );
        assert_near(&output, &expected);
    }

    /// Within a slope, and at its ends what is there.
    #[test]
    fn a_slope_stays_one_when_it_is_made_larger(
        (from, start, step) in (image(1..4_usize), -1.0..1.0_f32, -1.0..1.0_f32)
    ) {
        let from = from.0;
        let input: Vec<_> = (0..from.len())
            .map(|nth| start + step * (nth / from.channels % from.width) as f32)
            .collect();
        let to = Shape { height: from.height * 2, width: from.width * 2, ..from };
        let mut output = vec![0.0; to.len()];
        resize(
            Image { values: input.as_slice(), shape: from },
            Image { values: output.as_mut_slice(), shape: to },
            true,
        );
        let expected: Vec<_> = (0..to.len())
            .map(|nth| {
                let x = (nth / to.channels % to.width) as f32 / 2.0 - 0.25;
                start + step * x.clamp(0.0, (from.width - 1) as f32)
            })
            .collect();
        assert_near(&output, &expected);
    }
}

#[test]
fn activations_are_those_of_the_papers() {
    let mut values = [-4.0, -1.0, 0.0, 1.0, 4.0];
    Activation::HardSwish.apply(&mut values);
    assert_near(&values, &[0.0, -1.0 / 3.0, 0.0, 2.0 / 3.0, 4.0]);
    Activation::Relu.apply(&mut values);
    assert_near(&values, &[0.0, 0.0, 0.0, 2.0 / 3.0, 4.0]);
    let mut values = [0.0, 2.0];
    Activation::Logistic.apply(&mut values);
    assert_near(&values, &[0.5, 0.880_797]);
}
