//! What connections measure about themselves, once a second: from the browser's reports to
//! lines in a chart. Pure: a [`Sample`] is what `getStats()` said at one time, whether just now
//! or in a recording.
//!
//! [`report`] reads the browser's JSON, [`interval`] compares two samples, [`timeline`] keeps the
//! last five minutes of a connection, [`histories`] those of all,
//! [`plot`] draws, [`mod@spacing`] says how far apart samples are, [`search`] finds in the raw
//! report, [`mod@quality`] says how well media travels, [`video_pause`] when a network is
//! too weak for video, [`security`] what it says of the encryption. Nothing here knows a browser, a clock or a view. <https://www.w3.org/TR/webrtc-stats/>

pub(crate) mod histories;
pub(crate) mod interval;
pub(crate) mod measure;
pub(crate) mod plot;
pub(crate) mod quality;
pub(crate) mod report;
pub(crate) mod search;
pub(crate) mod security;
pub(crate) mod spacing;
pub(crate) mod timeline;
pub(crate) mod video_pause;

pub(crate) use histories::{Histories, History};
pub(crate) use interval::{Direction, Kind, Stream};
pub(crate) use measure::Measure;
pub(crate) use report::{Report, Sample, Stat, Value};
pub(crate) use spacing::spacing;
pub(crate) use timeline::Timeline;

#[cfg(test)]
pub(crate) mod testdata {
    use super::Sample;

    #[derive(serde::Deserialize)]
    pub(crate) struct Recording {
        /// Of the end that sends video, audio and data; three, one second apart.
        pub(crate) local: Vec<Sample>,
        /// Of the end that receives.
        pub(crate) remote: Vec<Sample>,
    }

    /// Recorded in Chromium 156, which hides addresses from a page without camera permission.
    pub(crate) fn chromium() -> Recording {
        serde_json::from_str(include_str!("testdata/chromium.json")).unwrap()
    }

    /// Recorded in Firefox 153.
    pub(crate) fn firefox() -> Recording {
        serde_json::from_str(include_str!("testdata/firefox.json")).unwrap()
    }
}
