//! Whether pictures move and sound comes.

use serde::Deserialize;

use crate::wait::until;
use crate::{Outcome, Page};

/// What a video element shows.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VideoState {
    pub width: u32,
    /// Put on the screen since the first look at it.
    pub frames: u64,
    pub paused: bool,
    pub muted: bool,
    pub has_stream: bool,
}

/// What arrived over all open connections of a page.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Received {
    pub audio_packets: u64,
    /// Grows with what can be heard: <https://www.w3.org/TR/webrtc-stats/#dom-rtcinboundrtpstreamstats-totalaudioenergy>
    pub audio_energy: f64,
    pub video_frames: u64,
}

/// A track that a page captured.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Track {
    pub kind: String,
    /// `live` or `ended`
    pub state: String,
    pub enabled: bool,
}

/// So many new frames are moving video.
const FRAMES: u64 = 5;

/// Less energy than this nobody hears: in two seconds that is the noise of the last bit or two of
/// sixteen. `totalAudioEnergy` is in squares of full scale times seconds.
const QUIET: f64 = 1e-8;

impl Page {
    /// Turns camera and microphone on before joining, and waits for one's own video.
    pub async fn start_preview(&self) -> Outcome {
        self.press("Start preview").await?;
        self.expect_moving("localVideo").await
    }

    pub async fn video_state(&self, video: &str) -> Outcome<VideoState> {
        let video_state: Option<VideoState> = self
            .evaluate(&format!("return __probe.video({video:?});"))
            .await?;
        video_state.ok_or_else(|| format!("there is no video {video:?}").into())
    }

    /// Waits until a video shows one new frame after the other.
    pub async fn expect_moving(&self, video: &str) -> Outcome {
        let what = format!("a moving picture in {video} of {}", self.kind());
        let first = self.video_state(video).await?;
        until(&what, async || {
            let now = self.video_state(video).await?;
            let moved = now.frames >= first.frames + FRAMES;
            Ok(if now.width > 0 && !now.paused && moved {
                Ok(())
            } else {
                Err(format!("{now:?}"))
            })
        })
        .await
    }

    /// Waits until a video shows no stream at all.
    pub async fn expect_no_video(&self, video: &str) -> Outcome {
        until(&format!("nothing in {video}"), async || {
            let now = self.video_state(video).await?;
            Ok(if now.has_stream {
                Err(format!("{now:?}"))
            } else {
                Ok(())
            })
        })
        .await
    }

    /// The mean brightness of a video's present frame, 0 to 255; `None` without one.
    pub async fn brightness(&self, video: &str) -> Outcome<Option<f64>> {
        self.evaluate(&format!("return __probe.brightness({video:?});"))
            .await
    }

    /// Whether this browser runs Web Audio here: without any device for sound, Firefox does not.
    pub async fn audio_runs(&self) -> Outcome<bool> {
        self.evaluate("return __probe.audioRuns();").await
    }

    pub async fn received(&self) -> Outcome<Received> {
        self.evaluate("return __probe.received();").await
    }

    /// Waits until more and more audio packets come.
    pub async fn expect_audio_packets(&self) -> Outcome {
        let first = self.received().await?;
        until(&format!("audio packets in {}", self.kind()), async || {
            let now = self.received().await?;
            let more = now.audio_packets > first.audio_packets + 20;
            Ok(if more {
                Ok(())
            } else {
                Err(format!("{now:?} after {first:?}"))
            })
        })
        .await
    }

    /// Waits until audio packets come and there is something to hear in them.
    pub async fn expect_audio(&self) -> Outcome {
        self.expect_audio_packets().await?;
        let first = self.received().await?;
        until(&format!("sound in {}", self.kind()), async || {
            let now = self.received().await?;
            let audible = now.audio_energy > first.audio_energy + QUIET;
            Ok(if audible {
                Ok(())
            } else {
                Err(format!("{now:?} after {first:?}"))
            })
        })
        .await
    }

    /// Waits until two seconds of audio packets have nothing to hear in them.
    pub async fn expect_silence(&self) -> Outcome {
        let mut since = self.received().await?;
        until(&format!("silence in {}", self.kind()), async || {
            let now = self.received().await?;
            if now.audio_energy > since.audio_energy + QUIET {
                since = now;
            }
            let silent = now.audio_packets > since.audio_packets + 100;
            Ok(if silent {
                Ok(())
            } else {
                Err(format!("{now:?} after {since:?}"))
            })
        })
        .await
    }

    /// Every track that the page captured since it was loaded.
    pub async fn tracks(&self) -> Outcome<Vec<Track>> {
        self.evaluate("return __probe.tracks();").await
    }

    /// Waits until so many tracks were captured and all of them are stopped: the camera's light
    /// is off.
    pub async fn expect_all_ended(&self, count: usize) -> Outcome {
        until(&format!("{count} tracks, all ended"), async || {
            let tracks = self.tracks().await?;
            let ended = tracks.iter().all(|track| track.state == "ended");
            Ok(if ended && tracks.len() == count {
                Ok(())
            } else {
                Err(format!("{tracks:?}"))
            })
        })
        .await
    }
}
