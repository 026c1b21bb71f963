//! What the layers compute, on images of floats: channel after channel, pixel after pixel, line after line.
//!
//! The innermost loops have fixed lengths, so that the compiler makes instructions of them that compute several
//! values at once.

/// How many channels, and how many pixels, a convolution computes at once: as many sums as there are registers.
const CHANNELS: usize = 8;
const PIXELS: usize = 4;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) height: usize,
    pub(crate) width: usize,
    pub(crate) channels: usize,
}

impl Shape {
    fn pixels(self) -> usize {
        self.height * self.width
    }

    pub(crate) fn len(self) -> usize {
        self.pixels() * self.channels
    }
}

/// Values with their shape, to be read or to be written.
pub(crate) struct Image<V> {
    pub(crate) values: V,
    pub(crate) shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Activation {
    None,
    Relu,
    HardSwish,
    Logistic,
}

impl Activation {
    #[inline(always)]
    pub(crate) fn apply(self, values: &mut [f32]) {
        match self {
            Self::None => {}
            // Not `f32::max`, whose care for what is no number keeps WebAssembly from computing four at once.
            Self::Relu => replace(values, |x| if x > 0.0 { x } else { 0.0 }),
            Self::HardSwish => replace(values, |x| {
                let part = x + 3.0;
                let part = if part > 0.0 { part } else { 0.0 };
                x * if part < 6.0 { part } else { 6.0 } * (1.0 / 6.0)
            }),
            Self::Logistic => replace(values, |x| 1.0 / (1.0 + (-x).exp())),
        }
    }
}

#[inline(always)]
fn replace(values: &mut [f32], by: impl Fn(f32) -> f32) {
    for value in values {
        *value = by(*value);
    }
}

/// Which part of its input a convolution looks at for one pixel. Where that is outside, there are zeros.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) height: usize,
    pub(crate) width: usize,
    pub(crate) stride: usize,
}

impl Window {
    /// How many lines above and columns left of the image the first window covers.
    fn outside(self, from: Shape, to: Shape) -> (usize, usize) {
        let outside = |window: usize, from: usize, to: usize| {
            ((to - 1) * self.stride + window).saturating_sub(from) / 2
        };
        (
            outside(self.height, from.height, to.height),
            outside(self.width, from.width, to.width),
        )
    }
}

/// What a convolution computes.
pub(crate) struct Filter {
    window: Window,
    weights: Vec<f32>,
    /// One for each channel of the output.
    bias: Vec<f32>,
    pub(crate) activation: Activation,
}

impl Filter {
    pub(crate) fn new(window: Window, weights: Vec<f32>, bias: Vec<f32>) -> Self {
        Self {
            window,
            weights,
            bias,
            activation: Activation::None,
        }
    }

    /// For [`convolution`]: in the order in which they are used. In the file all weights of an output channel
    /// follow each other; here those of eight channels do, for each value in the window.
    pub(crate) fn by_blocks(window: Window, weights: &[f32], bias: Vec<f32>) -> Option<Self> {
        let depth = weights.len().checked_div(bias.len())?;
        let mut ordered = vec![0.0; bias.len().next_multiple_of(CHANNELS) * depth];
        for (channel, weights) in weights.chunks_exact(depth.max(1)).enumerate() {
            let (block, nth) = (channel / CHANNELS, channel % CHANNELS);
            for (value, weight) in weights.iter().enumerate() {
                ordered[(block * depth + value) * CHANNELS + nth] = *weight;
            }
        }
        Some(Self::new(window, ordered, bias))
    }
}

/// `scratch` is for what lies in the windows.
pub(crate) fn convolution(
    from: Image<&[f32]>,
    to: Image<&mut [f32]>,
    filter: &Filter,
    scratch: &mut Vec<f32>,
) {
    let (window, channels) = (filter.window, to.shape.channels);
    let depth = window.height * window.width * from.shape.channels;
    // Then what is in the windows lies as it is needed already.
    let is_pixel = depth == from.shape.channels && window.stride == 1;
    scratch.resize(PIXELS * depth, 0.0);
    for (nth, output) in to.values.chunks_mut(PIXELS * channels).enumerate() {
        let first = nth * PIXELS;
        let count = output.len() / channels;
        if is_pixel && count == PIXELS {
            let input = &from.values[first * depth..][..PIXELS * depth];
            multiply(input, filter, output);
            continue;
        }
        for (pixel, part) in scratch.chunks_exact_mut(depth).take(count).enumerate() {
            let pixel = first + pixel;
            gather(&from, to.shape, window, pixel, part);
        }
        multiply(scratch, filter, output);
    }
}

/// What lies in the window of one pixel of the output.
fn gather(from: &Image<&[f32]>, to: Shape, window: Window, pixel: usize, into: &mut [f32]) {
    let Shape {
        height,
        width,
        channels,
    } = from.shape;
    let (above, left) = window.outside(from.shape, to);
    let (y, x) = (
        pixel / to.width * window.stride,
        pixel % to.width * window.stride,
    );
    for (nth, into) in into.chunks_exact_mut(channels).enumerate() {
        let line = (y + nth / window.width).checked_sub(above);
        let column = (x + nth % window.width).checked_sub(left);
        match (line, column) {
            (Some(line), Some(column)) if line < height && column < width => {
                let at = (line * width + column) * channels;
                into.copy_from_slice(&from.values[at..at + channels]);
            }
            _ => into.fill(0.0),
        }
    }
}

/// Four rows of values by the weights. `output` has as many pixels as there is room for.
#[inline(always)]
fn multiply(rows: &[f32], filter: &Filter, output: &mut [f32]) {
    let channels = filter.bias.len();
    let depth = rows.len() / PIXELS;
    let (first, rest) = rows.split_at(depth);
    let (second, rest) = rest.split_at(depth);
    let (third, fourth) = rest.split_at(depth);
    for (block, weights) in filter.weights.chunks_exact(depth * CHANNELS).enumerate() {
        let at = block * CHANNELS;
        let bias = &filter.bias[at..channels.min(at + CHANNELS)];
        let mut start = [0.0; CHANNELS];
        start[..bias.len()].copy_from_slice(bias);
        let (mut a, mut b, mut c, mut d) = (start, start, start, start);
        let values = first.iter().zip(second).zip(third).zip(fourth);
        for (weights, (((in_a, in_b), in_c), in_d)) in weights.as_chunks().0.iter().zip(values) {
            let weights: &[f32; CHANNELS] = weights;
            for nth in 0..CHANNELS {
                a[nth] += in_a * weights[nth];
                b[nth] += in_b * weights[nth];
                c[nth] += in_c * weights[nth];
                d[nth] += in_d * weights[nth];
            }
        }
        for (mut sums, output) in [a, b, c, d]
            .into_iter()
            .zip(output.chunks_exact_mut(channels))
        {
            filter.activation.apply(&mut sums);
            output[at..at + bias.len()].copy_from_slice(&sums[..bias.len()]);
        }
    }
}

/// The number of channels is a multiple of eight.
pub(crate) fn depthwise(from: Image<&[f32]>, to: Image<&mut [f32]>, filter: &Filter) {
    let (window, channels) = (filter.window, to.shape.channels);
    let (above, left) = window.outside(from.shape, to.shape);
    for (pixel, output) in to.values.chunks_exact_mut(channels).enumerate() {
        let y = pixel / to.shape.width * window.stride;
        let x = pixel % to.shape.width * window.stride;
        // What of the window is inside.
        let lines = above.saturating_sub(y)..window.height.min(from.shape.height + above - y);
        let columns = left.saturating_sub(x)..window.width.min(from.shape.width + left - x);
        let blocks = output.as_chunks_mut::<CHANNELS>().0.iter_mut();
        for (block, (output, bias)) in blocks.zip(filter.bias.as_chunks().0).enumerate() {
            let at = block * CHANNELS;
            let mut sums: [f32; CHANNELS] = *bias;
            for line in lines.clone() {
                for column in columns.clone() {
                    let pixel = (y + line - above) * from.shape.width + x + column - left;
                    let values = &from.values[pixel * channels + at..][..CHANNELS];
                    let weight = line * window.width + column;
                    let weights = &filter.weights[weight * channels + at..][..CHANNELS];
                    for nth in 0..CHANNELS {
                        sums[nth] += values[nth] * weights[nth];
                    }
                }
            }
            filter.activation.apply(&mut sums);
            *output = sums;
        }
    }
}

/// Of four pixels, which lie in a square, each has weights of its own. The output has one channel.
pub(crate) fn unfold(from: Image<&[f32]>, to: Image<&mut [f32]>, weights: &[f32], bias: f32) {
    let Shape {
        width, channels, ..
    } = from.shape;
    for (pixel, values) in from.values.chunks_exact(channels).enumerate() {
        let (y, x) = (2 * (pixel / width), 2 * (pixel % width));
        for (nth, weights) in weights.chunks_exact(channels).enumerate() {
            let products = values.iter().zip(weights);
            let sum: f32 = products.map(|(value, weight)| value * weight).sum();
            to.values[(y + nth / 2) * to.shape.width + x + nth % 2] = bias + sum;
        }
    }
}

pub(crate) fn mean(from: Image<&[f32]>, to: Image<&mut [f32]>) {
    to.values.fill(0.0);
    for pixel in from.values.chunks_exact(from.shape.channels) {
        for (sum, value) in to.values.iter_mut().zip(pixel) {
            *sum += value;
        }
    }
    let share = 1.0 / from.shape.pixels() as f32;
    for sum in to.values {
        *sum *= share;
    }
}

/// `factors` are an image of one pixel.
pub(crate) fn scale(from: Image<&[f32]>, factors: Image<&[f32]>, to: Image<&mut [f32]>) {
    let channels = from.shape.channels;
    let pixels = from.values.chunks_exact(channels);
    for (from, to) in pixels.zip(to.values.chunks_exact_mut(channels)) {
        for ((to, from), factor) in to.iter_mut().zip(from).zip(factors.values) {
            *to = from * factor;
        }
    }
}

pub(crate) fn add(one: Image<&[f32]>, other: Image<&[f32]>, to: Image<&mut [f32]>) {
    for ((to, one), other) in to.values.iter_mut().zip(one.values).zip(other.values) {
        *to = one + other;
    }
}

/// Bilinear. With `half_pixels`, what counts is where the middles of the pixels are, else their corners.
pub(crate) fn resize(from: Image<&[f32]>, to: Image<&mut [f32]>, half_pixels: bool) {
    let channels = from.shape.channels;
    let place = |at: usize, from: usize, to: usize| {
        let scale = from as f32 / to as f32;
        let place = match half_pixels {
            true => (at as f32 + 0.5) * scale - 0.5,
            false => at as f32 * scale,
        };
        let place = place.max(0.0);
        let before = (place as usize).min(from - 1);
        (before, (before + 1).min(from - 1), place - before as f32)
    };
    let pixel = |y: usize, x: usize| {
        let at = (y * from.shape.width + x) * channels;
        &from.values[at..at + channels]
    };
    for (nth, output) in to.values.chunks_exact_mut(channels).enumerate() {
        let (top, bottom, down) = place(nth / to.shape.width, from.shape.height, to.shape.height);
        let (left, right, along) = place(nth % to.shape.width, from.shape.width, to.shape.width);
        let upper = pixel(top, left).iter().zip(pixel(top, right));
        let lower = pixel(bottom, left).iter().zip(pixel(bottom, right));
        for (to, ((a, b), (c, d))) in output.iter_mut().zip(upper.zip(lower)) {
            let (upper, lower) = (a + (b - a) * along, c + (d - c) * along);
            *to = upper + (lower - upper) * down;
        }
    }
}

#[cfg(test)]
mod tests;
