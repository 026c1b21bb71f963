//! A camera and a microphone made of a canvas and an oscillator.

use gloo_timers::callback::Interval;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, MediaStream, MediaStreamAudioDestinationNode,
};

use super::audio::Audio;
use super::constraints::{Constrain, MediaRequest};
use crate::error::JsError;

/// Moving video and a quiet pulsing tone. Dropping it ends both; its owner stops the tracks.
pub(super) struct SyntheticSource {
    stream: MediaStream,
    _drawing: Option<Interval>,
    _tone: Option<Audio>,
}

impl SyntheticSource {
    pub(super) fn new(name: &'static str, request: &MediaRequest) -> Result<Self, JsError> {
        let stream = MediaStream::new()?;
        let mut drawing = None;
        if let Some(video) = &request.video {
            let width = wished(video.width, 640);
            let height = wished(video.height, 480);
            let rate = wished(video.frame_rate, 30).clamp(1, 60);
            let canvas = canvas(width, height)?;
            let context = canvas
                .get_context("2d")?
                .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok())
                .ok_or_else(|| JsError::not_supported("2D canvas"))?;
            let mut frame = 0_u32;
            draw(&context, name, (width, height), frame);
            add_tracks(
                &stream,
                &canvas.capture_stream_with_frame_request_rate(f64::from(rate))?,
            );
            // A timer, not animation frames: those stop while the tab is hidden, and the other
            // side would see a frozen frame.
            drawing = Some(Interval::new(1000 / rate, move || {
                frame = frame.wrapping_add(1);
                draw(&context, name, (width, height), frame);
            }));
        }
        let tone = match request.audio {
            Some(_) => Some(tone(&stream)?),
            None => None,
        };
        Ok(Self {
            stream,
            _drawing: drawing,
            _tone: tone,
        })
    }

    pub(super) fn stream(&self) -> &MediaStream {
        &self.stream
    }
}

fn wished(value: Option<Constrain<u32>>, default: u32) -> u32 {
    match value {
        Some(Constrain::Ideal(value) | Constrain::Exact(value)) => value.clamp(1, 4096),
        None => default,
    }
}

fn canvas(width: u32, height: u32) -> Result<HtmlCanvasElement, JsError> {
    let document = web_sys::window()
        .and_then(|window| window.document())
        .ok_or_else(|| JsError::not_supported("document"))?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    Ok(canvas)
}

/// A colour that changes, a ball that goes round, a name and the frame's number: enough to see
/// whose video it is, that it moves, and how late it is.
fn draw(context: &CanvasRenderingContext2d, name: &str, (width, height): (u32, u32), frame: u32) {
    let (w, h, t) = (f64::from(width), f64::from(height), f64::from(frame));
    context.set_fill_style_str(&format!("hsl({} 45% 32%)", frame % 360));
    context.fill_rect(0.0, 0.0, w, h);
    let angle = t / 20.0;
    let (x, y) = (
        w / 2.0 + js_sys::Math::cos(angle) * w / 3.0,
        h / 2.0 + js_sys::Math::sin(angle) * h / 3.0,
    );
    context.begin_path();
    context.set_fill_style_str("white");
    // Fails for a negative radius only.
    let _ = context.arc(x, y, h / 12.0, 0.0, std::f64::consts::TAU);
    context.fill();
    context.set_font(&format!("{}px monospace", height / 10));
    let _ = context.fill_text(&format!("{name} {frame}"), w / 16.0, h / 6.0);
}

/// 440 Hz, a quarter of a second on and off, quiet.
fn tone(stream: &MediaStream) -> Result<Audio, JsError> {
    let context = Audio::new()?;
    let destination: MediaStreamAudioDestinationNode = context.create_media_stream_destination()?;
    let volume = context.create_gain()?;
    volume.gain().set_value(0.05);
    let pulse = context.create_oscillator()?;
    pulse.frequency().set_value(2.0);
    pulse.set_type(web_sys::OscillatorType::Square);
    let depth = context.create_gain()?;
    depth.gain().set_value(0.05);
    pulse.connect_with_audio_node(&depth)?;
    depth.connect_with_audio_param(&volume.gain())?;
    let oscillator = context.create_oscillator()?;
    oscillator.frequency().set_value(440.0);
    oscillator.connect_with_audio_node(&volume)?;
    volume.connect_with_audio_node(&destination)?;
    pulse.start()?;
    oscillator.start()?;
    add_tracks(stream, &destination.stream());
    Ok(context)
}

fn add_tracks(to: &MediaStream, from: &MediaStream) {
    for track in from.get_tracks().iter() {
        let track: JsValue = track;
        to.add_track(track.unchecked_ref());
    }
}
