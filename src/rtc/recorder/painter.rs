//! What everybody shows, as one picture.

use stage_layout::{Rect, Size};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, Document, HtmlCanvasElement, HtmlVideoElement, MediaStreamTrack,
};

use super::source::Source;
use crate::error::JsError;
use crate::recorder::{SIZE, Shape, arrange, fit};

const BACKGROUND: &str = "#0c1315";
const EMPTY_TILE: &str = "#1b2426";
const FONT: &str = "20px system-ui, sans-serif";

/// Of a name from the edges of its tile, in pixels.
const MARGIN: f64 = 12.0;

pub(super) struct Painter {
    document: Document,
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    shown: Vec<Shown>,
}

/// A source with the element that decodes its video.
struct Shown {
    source: Source,
    element: HtmlVideoElement,
}

impl Painter {
    pub(super) fn new() -> Result<Self, JsError> {
        let document = web_sys::window()
            .and_then(|window| window.document())
            .ok_or_else(|| JsError::not_supported("document"))?;
        let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
        canvas.set_width(SIZE.width as u32);
        canvas.set_height(SIZE.height as u32);
        let context = canvas
            .get_context("2d")?
            .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok())
            .ok_or_else(|| JsError::not_supported("2D canvas"))?;
        Ok(Self {
            document,
            canvas,
            context,
            shown: Vec::new(),
        })
    }

    pub(super) fn tracks(&self, frame_rate: u32) -> Result<Vec<MediaStreamTrack>, JsError> {
        let stream = self
            .canvas
            .capture_stream_with_frame_request_rate(f64::from(frame_rate))?;
        let tracks = stream.get_video_tracks();
        Ok(tracks.iter().map(JsCast::unchecked_into).collect())
    }

    /// These are seen from now on, in this order.
    pub(super) fn show(&mut self, sources: Vec<Source>) -> Result<(), JsError> {
        let mut earlier = std::mem::take(&mut self.shown);
        for source in sources {
            let known = earlier
                .iter()
                .position(|there| there.source.key == source.key);
            let shown = match known {
                Some(known) => {
                    let mut shown = earlier.swap_remove(known);
                    shown.change(source)?;
                    shown
                }
                None => Shown::new(&self.document, source)?,
            };
            self.shown.push(shown);
        }
        Ok(())
    }

    pub(super) fn draw(&self) -> Result<(), JsError> {
        let context = &self.context;
        context.set_fill_style_str(BACKGROUND);
        context.fill_rect(0.0, 0.0, SIZE.width, SIZE.height);
        let shapes: Vec<_> = self.shown.iter().map(Shown::shape).collect();
        let places = arrange(&shapes);
        for ((shown, shape), place) in self.shown.iter().zip(shapes).zip(places) {
            if let Some(place) = place {
                self.draw_tile(shown, shape, place)?;
            }
        }
        Ok(())
    }

    fn draw_tile(&self, shown: &Shown, shape: Shape, place: Rect) -> Result<(), JsError> {
        let context = &self.context;
        context.set_fill_style_str(EMPTY_TILE);
        context.fill_rect(place.x, place.y, place.width, place.height);
        if shown.has_frame() {
            let (from, to) = fit(shape, place);
            context.draw_image_with_html_video_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                &shown.element,
                from.x,
                from.y,
                from.width,
                from.height,
                to.x,
                to.y,
                to.width,
                to.height,
            )?;
        }
        context.set_font(FONT);
        // Readable on whatever is behind it.
        context.set_line_width(4.0);
        context.set_stroke_style_str("black");
        context.set_fill_style_str("white");
        let (x, y) = (place.x + MARGIN, place.y + place.height - MARGIN);
        let width = (place.width - 2.0 * MARGIN).max(1.0);
        let name = &shown.source.name;
        context.stroke_text_with_max_width(name, x, y, width)?;
        context.fill_text_with_max_width(name, x, y, width)?;
        Ok(())
    }
}

impl Shown {
    fn new(document: &Document, source: Source) -> Result<Self, JsError> {
        let element: HtmlVideoElement = document.create_element("video")?.unchecked_into();
        // It is heard elsewhere.
        element.set_muted(true);
        element.set_attribute("playsinline", "")?;
        let shown = Self { source, element };
        shown.play()?;
        Ok(shown)
    }

    fn change(&mut self, source: Source) -> Result<(), JsError> {
        let is_same = self.source.video == source.video;
        self.source = source;
        if is_same { Ok(()) } else { self.play() }
    }

    fn play(&self) -> Result<(), JsError> {
        let video = self.source.video.as_ref();
        self.element.set_src_object(video);
        if video.is_some() {
            // It is fulfilled with the first frame, and rejected when another stream comes before that:
            // until there is a frame, the name is drawn.
            drop(JsFuture::from(self.element.play()?));
        }
        Ok(())
    }

    fn has_frame(&self) -> bool {
        const HAVE_CURRENT_DATA: u16 = 2;
        self.source.video.is_some()
            && self.element.ready_state() >= HAVE_CURRENT_DATA
            && self.element.video_width() > 0
            && self.element.video_height() > 0
    }

    fn shape(&self) -> Shape {
        Shape {
            is_screen: self.source.is_screen,
            size: Size {
                width: f64::from(self.element.video_width()),
                height: f64::from(self.element.video_height()),
            },
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.element.set_src_object(None);
    }
}

impl Drop for Painter {
    fn drop(&mut self) {
        // Frees the memory at once, rather than with the next garbage collection.
        self.canvas.set_width(0);
    }
}
