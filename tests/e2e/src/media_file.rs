//! What is in a video file, as others than browsers read it: <https://ffmpeg.org/ffprobe.html>.

use std::fs;
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

use crate::{Outcome, Stage};

/// What ffprobe finds.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaFile {
    /// `video` or `audio`, of each stream.
    pub streams: Vec<String>,
    /// As the file says it, in seconds.
    pub duration: f64,
    /// The time of the last packet, in seconds.
    pub last: f64,
    /// What is wrong with it.
    pub complaints: String,
}

#[derive(Deserialize)]
struct Report {
    format: Value,
    streams: Vec<Value>,
    packets: Vec<Value>,
}

impl MediaFile {
    /// Has ffprobe read all of a file.
    pub fn probe(stage: &Stage, name: &str, bytes: &[u8]) -> Outcome<Self> {
        let ffprobe = stage.settings().ffprobe.as_ref();
        let ffprobe =
            ffprobe.ok_or("WEBRTC_TOUR_FFPROBE is not set: use `cargo xtask test --only e2e`")?;
        let file = stage.scratch().join(name);
        fs::write(&file, bytes)?;
        let output = Command::new(ffprobe)
            .args(["-v", "error", "-of", "json", "-show_entries"])
            .arg("format=duration:stream=codec_type:packet=pts_time")
            .arg(&file)
            .output()?;
        let complaints = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        if !output.status.success() {
            return Err(format!("ffprobe of {name}: {}, {complaints}", output.status).into());
        }
        let report: Report = serde_json::from_slice(&output.stdout)?;
        let seconds = |value: &Value| value.as_str().and_then(|text| text.parse::<f64>().ok());
        let streams = report.streams.iter();
        let times = report.packets.iter();
        Ok(Self {
            streams: streams
                .filter_map(|stream| Some(stream["codec_type"].as_str()?.to_owned()))
                .collect(),
            duration: seconds(&report.format["duration"]).ok_or("the file has no duration")?,
            last: times
                .filter_map(|packet| seconds(&packet["pts_time"]))
                .fold(0.0, f64::max),
            complaints,
        })
    }
}
