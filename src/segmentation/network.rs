//! The layers of a network, one after the other.

use crate::kernels::{
    Activation, Filter, Image, Shape, add, convolution, depthwise, mean, resize, scale, unfold,
};

pub(crate) enum Layer {
    Convolution(Filter),
    /// Each channel by itself.
    Depthwise(Filter),
    /// Makes a square of four of each pixel.
    Unfold {
        weights: Vec<f32>,
        bias: f32,
    },
    /// Of each channel over all pixels.
    Mean,
    /// Each channel by a factor.
    Scale,
    Add,
    Resize {
        half_pixels: bool,
    },
    Activate(Activation),
}

/// A layer with the numbers of the tensors that it reads, the weights among them, and of the one that it makes.
pub(crate) struct Step {
    pub(crate) layer: Layer,
    pub(crate) inputs: Vec<usize>,
    pub(crate) output: usize,
}

pub(crate) struct Network {
    /// Of all tensors, by number.
    shapes: Vec<Shape>,
    values: Vec<Vec<f32>>,
    steps: Vec<Step>,
    input: usize,
    output: usize,
    scratch: Vec<f32>,
}

impl Network {
    pub(crate) fn new(shapes: Vec<Shape>, steps: Vec<Step>, input: usize, output: usize) -> Self {
        let mut values = vec![Vec::new(); shapes.len()];
        for tensor in steps.iter().map(|step| step.output).chain([input]) {
            values[tensor] = vec![0.0; shapes[tensor].len()];
        }
        Self {
            shapes,
            values,
            steps,
            input,
            output,
            scratch: Vec::new(),
        }
    }

    pub(crate) fn input(&mut self) -> &mut [f32] {
        &mut self.values[self.input]
    }

    pub(crate) fn run(&mut self) -> &[f32] {
        for step in &self.steps {
            let mut output = std::mem::take(&mut self.values[step.output]);
            let input = |nth: usize| {
                let tensor = step.inputs[nth];
                Image {
                    values: self.values[tensor].as_slice(),
                    shape: self.shapes[tensor],
                }
            };
            let to = Image {
                values: output.as_mut_slice(),
                shape: self.shapes[step.output],
            };
            match &step.layer {
                Layer::Convolution(filter) => convolution(input(0), to, filter, &mut self.scratch),
                Layer::Depthwise(filter) => depthwise(input(0), to, filter),
                Layer::Unfold { weights, bias } => unfold(input(0), to, weights, *bias),
                Layer::Mean => mean(input(0), to),
                Layer::Scale => scale(input(0), input(1), to),
                Layer::Add => add(input(0), input(1), to),
                Layer::Resize { half_pixels } => resize(input(0), to, *half_pixels),
                Layer::Activate(activation) => {
                    to.values.copy_from_slice(input(0).values);
                    activation.apply(to.values);
                }
            }
            self.values[step.output] = output;
        }
        &self.values[self.output]
    }
}
