//! From the file of a model to a network: <https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/schema/schema.fbs>.

use crate::flatbuffer::Table;
use crate::kernels::{Activation, Filter, Shape, Window};
use crate::network::{Layer, Network, Step};

/// Operators, by their numbers in the schema.
mod operator {
    pub(super) const ADD: usize = 0;
    pub(super) const CONV_2D: usize = 3;
    pub(super) const DEPTHWISE_CONV_2D: usize = 4;
    pub(super) const DEQUANTIZE: usize = 6;
    pub(super) const LOGISTIC: usize = 14;
    pub(super) const MUL: usize = 18;
    pub(super) const RELU: usize = 19;
    pub(super) const RESIZE_BILINEAR: usize = 23;
    /// `Convolution2DTransposeBias` of MediaPipe, the only one here: its window is as large as its stride.
    pub(super) const CUSTOM: usize = 32;
    pub(super) const MEAN: usize = 40;
    pub(super) const HARD_SWISH: usize = 117;
}

/// `None` for what is no model, or has a layer that is not known here.
pub(crate) fn read(file: &[u8]) -> Option<Network> {
    let model = Table::root(file)?;
    let graph = *model.tables(2)?.first()?;
    let (codes, buffers) = (model.tables(1)?, model.tables(4)?);
    let tensors = Tensors {
        all: graph.tables(0)?,
        buffers,
    };
    let mut constants = tensors.constants();
    let mut steps: Vec<Step> = Vec::new();
    for operator in graph.tables(3)? {
        // Zero is not written down.
        let code = codes.get(operator.number(0).unwrap_or(0))?;
        let inputs = operator.numbers(1)?;
        let output = *operator.numbers(2)?.first()?;
        let options = operator.table(4);
        let input = |nth: usize| inputs.get(nth).copied();
        let mut constant = |nth: usize| constants.get_mut(input(nth)?)?.take();
        let window = |shape: &[usize]| {
            let [_, height, width, _] = *shape else {
                return None;
            };
            Some(Window {
                height,
                width,
                stride: options?.number(1)?,
            })
        };
        let layer = match number(*code) {
            // The weights are stored as 16-bit floats, and were read as what they mean.
            operator::DEQUANTIZE => {
                let values = constant(0);
                *constants.get_mut(output)? = values;
                continue;
            }
            operator::CONV_2D => {
                let shape = tensors.dimensions(input(1)?)?;
                let window = window(&shape)?;
                Layer::Convolution(Filter::by_blocks(window, &constant(1)?, constant(2)?)?)
            }
            operator::DEPTHWISE_CONV_2D => {
                let shape = tensors.dimensions(input(1)?)?;
                let window = window(&shape)?;
                Layer::Depthwise(Filter::new(window, constant(1)?, constant(2)?))
            }
            operator::CUSTOM => Layer::Unfold {
                weights: constant(1)?,
                bias: *constant(2)?.first()?,
            },
            operator::MEAN => Layer::Mean,
            operator::MUL => Layer::Scale,
            operator::ADD => Layer::Add,
            operator::RESIZE_BILINEAR => Layer::Resize {
                half_pixels: options?.byte(3).unwrap_or(0) != 0,
            },
            other => {
                let activation = match other {
                    operator::LOGISTIC => Activation::Logistic,
                    operator::RELU => Activation::Relu,
                    operator::HARD_SWISH => Activation::HardSwish,
                    _ => return None,
                };
                // In the same go as the layer before, where that is a convolution.
                let last = steps
                    .last_mut()
                    .filter(|last| Some(last.output) == input(0));
                match last.map(|last| (&mut last.layer, &mut last.output)) {
                    Some((Layer::Convolution(filter) | Layer::Depthwise(filter), to)) => {
                        filter.activation = activation;
                        *to = output;
                        continue;
                    }
                    _ => Layer::Activate(activation),
                }
            }
        };
        steps.push(Step {
            layer,
            inputs,
            output,
        });
    }
    let shapes = (0..tensors.all.len()).map(|tensor| tensors.shape(tensor));
    let (input, output) = (graph.numbers(1)?, graph.numbers(2)?);
    Some(Network::new(
        shapes.collect(),
        steps,
        *input.first()?,
        *output.first()?,
    ))
}

/// Old numbers are in a byte, new ones in a field of their own.
fn number(code: Table) -> usize {
    let old = usize::from(code.byte(0).unwrap_or(0));
    code.number(3).unwrap_or(0).max(old)
}

struct Tensors<'a> {
    all: Vec<Table<'a>>,
    buffers: Vec<Table<'a>>,
}

impl Tensors<'_> {
    fn dimensions(&self, tensor: usize) -> Option<Vec<usize>> {
        self.all.get(tensor)?.numbers(0)
    }

    /// Empty for what is no image.
    fn shape(&self, tensor: usize) -> Shape {
        match self.dimensions(tensor).as_deref() {
            Some(&[1, height, width, channels]) => Shape {
                height,
                width,
                channels,
            },
            _ => Shape::default(),
        }
    }

    /// The values of those that have some in the file.
    fn constants(&self) -> Vec<Option<Vec<f32>>> {
        let values = |tensor: &Table| {
            let bytes = self.buffers.get(tensor.number(2)?)?.bytes(0)?;
            match tensor.byte(1).unwrap_or(FLOAT32) {
                FLOAT32 => {
                    let values = bytes.as_chunks().0.iter();
                    Some(values.map(|value| f32::from_le_bytes(*value)).collect())
                }
                FLOAT16 => {
                    let values = bytes.as_chunks().0.iter();
                    Some(
                        values
                            .map(|value| half(u16::from_le_bytes(*value)))
                            .collect(),
                    )
                }
                _ => None,
            }
        };
        self.all.iter().map(values).collect()
    }
}

const FLOAT32: u8 = 0;
const FLOAT16: u8 = 1;

/// A 16-bit float of IEEE 754. There are no infinities among weights.
fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let fraction = f32::from(bits & 0x3ff);
    let magnitude = match i32::from(bits >> 10 & 0x1f) {
        0 => fraction * 2_f32.powi(-24),
        exponent => (1024.0 + fraction) * 2_f32.powi(exponent - 25),
    };
    sign * magnitude
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MODEL;

    #[test]
    fn half_floats_mean_what_the_standard_says() {
        let expected = [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
            (0x0001, 5.960_464_5e-8),
            (0x7bff, 65504.0),
        ];
        for (bits, value) in expected {
            assert_eq!(half(bits), value, "{bits:#06x}");
        }
    }

    #[test]
    fn a_file_that_is_cut_off_is_no_model() {
        for length in [0, 3, 4, 100, MODEL.len() / 2] {
            assert!(read(&MODEL[..length]).is_none(), "{length} bytes");
        }
    }
}
