//! Finds the person in a camera's picture and blurs what is behind them. Pure, and a WebAssembly module of its
//! own, because it runs in a worker and only for those who want it.
//!
//! The person is found by a neural network of Google's MediaPipe, whose file is part of this program (see
//! `README.md`). What of TensorFlow Lite that network needs is here: eleven kinds of layers, in 32-bit floats.
//! Where a picture comes from and what becomes of it is for others to know.

#[cfg(target_arch = "wasm32")]
mod exports;
mod flatbuffer;
mod kernels;
mod mask;
mod model;
mod network;

use mask::{behind, follow};
use network::Network;

/// Of the picture that the network looks at, in pixels. Whatever shape the camera's picture has, it is
/// squeezed into this one; the network was trained so.
pub const WIDTH: usize = 256;
pub const HEIGHT: usize = 144;

const MODEL: &[u8] = include_bytes!("selfie_segmentation_landscape.tflite");

/// Blurs one picture after the other of the same video.
pub struct Blur {
    network: Network,
    /// Red, green, blue and opacity of each pixel, line after line.
    picture: Vec<u8>,
    /// How likely each pixel shows the person, from 0 to 1.
    person: Vec<f32>,
}

impl Default for Blur {
    fn default() -> Self {
        Self::new()
    }
}

impl Blur {
    #[must_use]
    pub fn new() -> Self {
        Self {
            network: model::read(MODEL)
                .expect("the model is part of this program, and a test reads it"),
            picture: vec![0; 4 * WIDTH * HEIGHT],
            person: vec![0.0; WIDTH * HEIGHT],
        }
    }

    /// Where the next picture is to be put, and where [`Self::blur`] leaves what goes over it.
    pub fn picture(&mut self) -> &mut [u8] {
        &mut self.picture
    }

    /// Replaces the picture by what is to be drawn over it: the blurred background, transparent where the
    /// person is.
    pub fn blur(&mut self) {
        let values = self.network.input().as_chunks_mut::<3>().0;
        for (values, [pixel @ .., _]) in values.iter_mut().zip(self.picture.as_chunks::<4>().0) {
            *values = pixel.map(|value| f32::from(value) / 255.0);
        }
        follow(&mut self.person, self.network.run());
        behind::<WIDTH>(&mut self.picture, &self.person);
    }
}

#[cfg(test)]
mod tests;
