//! The video of a camera with its background blurred: frames are drawn, a worker says what goes over them, and
//! the result is a stream of its own.
//!
//! What the worker runs is in `src/segmentation`, and loaded by who wants it. When it is loaded, and when a
//! frame is due, is for others to decide.

use futures_channel::mpsc;
use futures_util::StreamExt;
use gloo_events::EventListener;
use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8ClampedArray, WebAssembly};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, Document, HtmlCanvasElement, HtmlMetaElement, HtmlVideoElement,
    ImageData, MediaStream, MediaStreamTrack, MessageEvent, Worker,
};

use super::settled;
use super::worker::ScriptWorker;
use crate::error::JsError;

/// What the worker looks at, in pixels; what it answers has that size, too.
const SMALL: (u32, u32) = (256, 144);

/// More than that nobody sees, whatever the camera makes.
const MOST_FRAMES_A_SECOND: f64 = 30.0;

/// Where this build of the tour has what the worker runs; `None` if it has no such thing.
pub(crate) fn address() -> Option<String> {
    let document = web_sys::window()?.document()?;
    let meta = document
        .query_selector("meta[name=background-blur]")
        .ok()??;
    let address = meta.dyn_into::<HtmlMetaElement>().ok()?.content();
    (!address.is_empty()).then_some(address)
}

/// Downloads and compiles it.
pub(crate) async fn load() -> Result<WebAssembly::Module, JsError> {
    let window = web_sys::window().ok_or_else(|| JsError::not_supported("window"))?;
    let address = address().ok_or_else(|| JsError::new("NotFoundError", "not in this build"))?;
    let module = WebAssembly::compile_streaming(&window.fetch_with_str(&address));
    settled(Ok(module)).await.map(JsCast::unchecked_into)
}

/// Blurs the background of one stream. Dropping it ends that; the stream itself goes on.
pub struct Blur {
    camera: HtmlVideoElement,
    interval_ms: f64,
    small: Canvas,
    /// The frame that the worker looks at: the camera's next one may be another already.
    frame: Canvas,
    over: Canvas,
    output: Canvas,
    stream: MediaStream,
    worker: ScriptWorker,
    answers: mpsc::UnboundedReceiver<Result<ArrayBuffer, JsError>>,
    _listeners: [EventListener; 3],
}

impl Blur {
    /// `module` has the functions that `src/segmentation/worker.js` calls.
    pub fn start(module: &WebAssembly::Module, camera: &MediaStream) -> Result<Self, JsError> {
        let document = web_sys::window()
            .and_then(|window| window.document())
            .ok_or_else(|| JsError::not_supported("document"))?;
        let output = Canvas::new(&document)?;
        let stream = output.element.capture_stream()?;
        let (tell, answers) = mpsc::unbounded();
        let worker = ScriptWorker::start(include_str!("../segmentation/worker.js"))?;
        let listeners = listen(&worker, tell);
        let blur = Self {
            camera: document.create_element("video")?.unchecked_into(),
            interval_ms: 1000.0 / frames_a_second(camera).min(MOST_FRAMES_A_SECOND),
            small: Canvas::new(&document)?.resized(SMALL),
            frame: Canvas::new(&document)?,
            over: Canvas::new(&document)?.resized(SMALL),
            output,
            stream,
            worker,
            answers,
            _listeners: listeners,
        };
        blur.worker.post_message(module)?;
        blur.camera.set_muted(true);
        blur.camera.set_attribute("playsinline", "")?;
        blur.camera.set_src_object(Some(camera));
        // Fulfilled with the first frame; until then there is none to blur.
        drop(JsFuture::from(blur.camera.play()?));
        Ok(blur)
    }

    /// Empty until the first frame is blurred.
    pub fn stream(&self) -> &MediaStream {
        &self.stream
    }

    /// How often the camera makes a frame that is to be blurred.
    pub(crate) fn interval_ms(&self) -> f64 {
        self.interval_ms
    }

    /// Blurs what the camera shows now; says whether it shows anything yet.
    pub async fn blur_frame(&mut self) -> Result<bool, JsError> {
        let size = (self.camera.video_width(), self.camera.video_height());
        if self.camera.ready_state() < HAVE_CURRENT_DATA || size.0 == 0 || size.1 == 0 {
            return Ok(false);
        }
        self.frame.resize(size);
        let context = &self.frame.context;
        context.draw_image_with_html_video_element(&self.camera, 0.0, 0.0)?;
        self.small.draw(&self.frame)?;
        self.worker_looks_at(self.small.pixels()?)?;
        let Some(answer) = self.answers.next().await else {
            return Err(JsError::new("AbortError", "the worker is gone"));
        };
        let answer = answer?;
        let pixels = Uint8ClampedArray::new(&answer);
        let over = ImageData::new_with_js_u8_clamped_array(&pixels, SMALL.0)?;
        self.over.context.put_image_data(&over, 0.0, 0.0)?;
        // At once, so that no frame of the stream lacks what goes over it.
        self.output.resize(size);
        self.output.draw(&self.frame)?;
        self.output.draw(&self.over)?;
        Ok(true)
    }

    fn worker_looks_at(&self, pixels: ArrayBuffer) -> Result<(), JsError> {
        let transferred = Array::of1(&pixels);
        self.worker
            .post_message_with_transfer(&pixels, &transferred)?;
        Ok(())
    }
}

const HAVE_CURRENT_DATA: u16 = 2;

impl Drop for Blur {
    fn drop(&mut self) {
        self.camera.set_src_object(None);
        for track in self.stream.get_tracks().iter() {
            track.unchecked_into::<MediaStreamTrack>().stop();
        }
    }
}

type Answers = mpsc::UnboundedSender<Result<ArrayBuffer, JsError>>;

fn listen(worker: &Worker, tell: Answers) -> [EventListener; 3] {
    // The receiver goes together with the listeners.
    let told = tell.clone();
    let answer = EventListener::new(worker, "message", move |event| {
        let answer = event.unchecked_ref::<MessageEvent>().data();
        drop(told.unbounded_send(Ok(answer.unchecked_into())));
    });
    let failed = |name: &'static str| {
        let tell = tell.clone();
        EventListener::new(worker, name, move |_| {
            let error = JsError::new("OperationError", "the worker failed");
            drop(tell.unbounded_send(Err(error)));
        })
    };
    [answer, failed("error"), failed("messageerror")]
}

fn frames_a_second(camera: &MediaStream) -> f64 {
    let track = camera.get_video_tracks().get(0);
    let settings = track
        .dyn_into::<MediaStreamTrack>()
        .map(|track| track.get_settings());
    let rate = settings.ok().and_then(|settings| settings.get_frame_rate());
    // Those of a canvas tell none.
    rate.filter(|rate| *rate >= 1.0)
        .unwrap_or(MOST_FRAMES_A_SECOND)
}

struct Canvas {
    element: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

impl Canvas {
    fn new(document: &Document) -> Result<Self, JsError> {
        let element: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
        // What is read from it, and drawn from there, stays in the processor's memory.
        let options = Object::new();
        Reflect::set(&options, &"willReadFrequently".into(), &JsValue::TRUE)?;
        let context = element
            .get_context_with_context_options("2d", &options)?
            .and_then(|context| context.dyn_into().ok())
            .ok_or_else(|| JsError::not_supported("2D canvas"))?;
        Ok(Self { element, context })
    }

    fn resized(self, size: (u32, u32)) -> Self {
        self.resize(size);
        self
    }

    /// Setting the size, even the same one, would take away what is there.
    fn resize(&self, size: (u32, u32)) {
        if (self.element.width(), self.element.height()) != size {
            self.element.set_width(size.0);
            self.element.set_height(size.1);
        }
    }

    /// All of the other one over all of this one.
    fn draw(&self, other: &Self) -> Result<(), JsError> {
        let (width, height) = (self.element.width(), self.element.height());
        self.context
            .draw_image_with_html_canvas_element_and_dw_and_dh(
                &other.element,
                0.0,
                0.0,
                f64::from(width),
                f64::from(height),
            )?;
        Ok(())
    }

    fn pixels(&self) -> Result<ArrayBuffer, JsError> {
        let (width, height) = (self.element.width(), self.element.height());
        let (width, height) = (f64::from(width), f64::from(height));
        let pixels = self.context.get_image_data(0.0, 0.0, width, height)?;
        // Not its copy in our own memory.
        let pixels = Reflect::get(&pixels, &JsValue::from_str("data"))?;
        Ok(pixels.unchecked_into::<Uint8ClampedArray>().buffer())
    }
}

impl Drop for Canvas {
    fn drop(&mut self) {
        // Frees the memory at once, rather than with the next garbage collection.
        self.element.set_width(0);
    }
}

#[cfg(test)]
mod tests {
    use super::SMALL;

    #[test]
    fn the_worker_looks_at_pictures_of_this_size() {
        let worker = include_str!("../segmentation/lib.rs");
        for (name, size) in [("WIDTH", SMALL.0), ("HEIGHT", SMALL.1)] {
            let constant = format!("pub const {name}: usize = {size};");
            assert!(worker.contains(&constant), "no {constant}");
        }
    }
}
