//! What happened between two samples of one connection, in numbers.
//!
//! Counters are compared only within one entry: an id that is new, or a counter that has become
//! smaller, began again, and says something only at the next sample. Nothing here divides by
//! nothing: entries with the same timestamp give no number.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::measure::{LIMITS, Measure};
use super::report::{Report, Sample, Stat};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Direction {
    Sent,
    Received,
}

impl Direction {
    pub(crate) const BOTH: [Self; 2] = [Self::Sent, Self::Received];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Sent => "Sent",
            Self::Received => "Received",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// Everything that the connection carries.
    Connection,
    Video,
    Audio,
    /// A data channel.
    Data,
}

/// What a measure is about: one direction of a connection, of a medium, or of a data channel.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Stream {
    pub(crate) direction: Direction,
    pub(crate) kind: Kind,
    /// Tells those of one kind apart: the mid, and the rid where there are several; the label of
    /// a data channel.
    pub(crate) name: Arc<str>,
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::Connection => "All together",
            Kind::Video => "Video",
            Kind::Audio => "Audio",
            Kind::Data => "Data channel",
        })?;
        if self.name.is_empty() {
            return Ok(());
        }
        write!(f, ", {}", self.name)
    }
}

/// One value, of the time between two samples.
pub(crate) type Reading = (Stream, Measure, f64);

/// All that can be said about the time between two samples; every value is finite and not
/// negative.
pub(crate) fn between(before: &Sample, now: &Sample) -> Vec<Reading> {
    let mut readings = Readings {
        before: &before.stats,
        now: &now.stats,
        all: Vec::new(),
    };
    readings.connection();
    for (stat, stream) in streams(&now.stats) {
        match (stream.kind, stream.direction) {
            (Kind::Data, _) => readings.data(stat, &stream),
            (_, Direction::Sent) => readings.sent(stat, &stream),
            (_, Direction::Received) => readings.received(stat, &stream),
        }
    }
    let mut all = readings.all;
    all.retain(|(_, _, value)| value.is_finite() && *value >= 0.0);
    all
}

/// For how many seconds each reason limited the encoder, since the stream began.
pub(crate) fn limited_for(report: &Report) -> Vec<(Stream, Vec<(&'static str, f64)>)> {
    let durations = |stat: &Stat| {
        let super::Value::Other(record) = stat.value("qualityLimitationDurations")? else {
            return None;
        };
        let seconds = LIMITS.map(|reason| Some((reason, record.get(reason)?.as_f64()?)));
        Some(seconds.into_iter().flatten().collect::<Vec<_>>())
    };
    let streams = streams(report).into_iter();
    streams
        .filter_map(|(stat, stream)| Some((stream, durations(stat)?)))
        .collect()
}

/// The entries that are streams, with the names that tell them apart.
fn streams(report: &Report) -> Vec<(&Stat, Stream)> {
    let mut streams = Vec::new();
    for stat in report.iter() {
        let both: &[Direction] = match stat.kind() {
            "outbound-rtp" => &[Direction::Sent],
            "inbound-rtp" => &[Direction::Received],
            "data-channel" => &Direction::BOTH,
            _ => continue,
        };
        let (kind, name) = match stat.text("kind").or(stat.text("mediaType")) {
            _ if stat.kind() == "data-channel" => (
                Kind::Data,
                stat.text("label").unwrap_or_default().to_owned(),
            ),
            Some("audio") => (Kind::Audio, media_name(stat)),
            Some("video") => (Kind::Video, media_name(stat)),
            _ => continue,
        };
        streams.extend(both.iter().map(|&direction| {
            let name = name.as_str().into();
            (
                stat,
                Stream {
                    direction,
                    kind,
                    name,
                },
            )
        }));
    }
    let mut count = BTreeMap::new();
    for (_, stream) in &streams {
        *count.entry(stream.clone()).or_insert(0) += 1;
    }
    for (stat, stream) in &mut streams {
        if count.get(stream) > Some(&1) {
            let own = stat.number("ssrc").or(stat.number("dataChannelIdentifier"));
            let own = own.map_or_else(|| stat.id().to_owned(), |number| number.to_string());
            stream.name = match &*stream.name {
                "" => own.into(),
                name => format!("{name}, {own}").into(),
            };
        }
    }
    streams
}

fn media_name(stat: &Stat) -> String {
    let name = match (stat.text("mid"), stat.number("ssrc")) {
        (Some(mid), _) => format!("mid {mid}"),
        (None, Some(ssrc)) => format!("SSRC {ssrc}"),
        (None, None) => stat.id().to_owned(),
    };
    match stat.text("rid") {
        Some(rid) => format!("{name}, rid {rid}"),
        None => name,
    }
}

struct Readings<'a> {
    before: &'a Report,
    now: &'a Report,
    all: Vec<Reading>,
}

impl Readings<'_> {
    fn connection(&mut self) {
        let stream = |direction| Stream {
            direction,
            kind: Kind::Connection,
            name: "".into(),
        };
        for (direction, bytes) in [
            (Direction::Sent, "bytesSent"),
            (Direction::Received, "bytesReceived"),
        ] {
            // When the browser moves to another pair, both were used in that second.
            let pairs = self.now.of_kind("candidate-pair");
            let rates = pairs.filter_map(|pair| self.rate(pair, bytes));
            let rate = rates.reduce(|sum, rate| sum + rate);
            self.add(
                &stream(direction),
                Measure::Bitrate,
                rate.map(|rate| rate * 8.0),
            );
        }
        let Some(pair) = self.now.selected_pair() else {
            return;
        };
        let sent = stream(Direction::Sent);
        let available = pair.number("availableOutgoingBitrate");
        self.add(&sent, Measure::AvailableBitrate, available);
        self.add(
            &sent,
            Measure::RoundTripTime,
            milliseconds(pair, "currentRoundTripTime"),
        );
    }

    fn sent(&mut self, stat: &Stat, stream: &Stream) {
        self.media(stat, stream, "bytesSent", &["framesSent", "framesEncoded"]);
        let again = self.rate(stat, "retransmittedPacketsSent");
        self.add(stream, Measure::Retransmissions, again);
        let reason = stat.text("qualityLimitationReason").map(|reason| {
            let index = LIMITS.iter().position(|known| *known == reason);
            index.unwrap_or(LIMITS.len() - 1) as f64
        });
        self.add(stream, Measure::Limit, reason);
        let source = self.now.linked(stat, "mediaSourceId");
        let level = source.and_then(|source| self.audio_level(source));
        self.add(stream, Measure::AudioLevel, level);
        // The rest only the other end can know; it reports every few seconds.
        let remote = self.now.linked(stat, "remoteId").or_else(|| {
            let mut reports = self.now.of_kind("remote-inbound-rtp");
            reports.find(|report| report.text("localId") == Some(stat.id()))
        });
        let Some(remote) = remote else {
            return;
        };
        self.add(
            stream,
            Measure::RoundTripTime,
            milliseconds(remote, "roundTripTime"),
        );
        self.add(stream, Measure::Jitter, milliseconds(remote, "jitter"));
        let loss = remote.number("fractionLost");
        let loss = loss
            .or_else(|| self.loss(remote))
            .map(|loss| loss.clamp(0.0, 1.0));
        self.add(stream, Measure::Loss, loss);
    }

    fn received(&mut self, stat: &Stat, stream: &Stream) {
        self.media(stat, stream, "bytesReceived", &["framesDecoded"]);
        self.add(stream, Measure::Jitter, milliseconds(stat, "jitter"));
        self.add(stream, Measure::Loss, self.loss(stat));
        match self.rate(stat, "retransmittedPacketsReceived") {
            Some(again) => self.add(stream, Measure::Retransmissions, Some(again)),
            None => self.add(stream, Measure::Requests, self.rate(stat, "nackCount")),
        }
        self.add(stream, Measure::AudioLevel, self.audio_level(stat));
    }

    fn media(&mut self, stat: &Stat, stream: &Stream, bytes: &str, frames: &[&str]) {
        let rate = self.rate(stat, bytes);
        self.add(stream, Measure::Bitrate, rate.map(|rate| rate * 8.0));
        if stream.kind == Kind::Video {
            let mut counted = frames.iter().filter_map(|frames| self.rate(stat, frames));
            let rate = counted.next().or_else(|| stat.number("framesPerSecond"));
            self.add(stream, Measure::FrameRate, rate);
            self.add(stream, Measure::FrameHeight, stat.number("frameHeight"));
            self.add(stream, Measure::FrameWidth, stat.number("frameWidth"));
        }
    }

    fn data(&mut self, stat: &Stat, stream: &Stream) {
        let (bytes, messages) = match stream.direction {
            Direction::Sent => ("bytesSent", "messagesSent"),
            Direction::Received => ("bytesReceived", "messagesReceived"),
        };
        let rate = self.rate(stat, bytes);
        self.add(stream, Measure::Bitrate, rate.map(|rate| rate * 8.0));
        self.add(stream, Measure::Messages, self.rate(stat, messages));
    }

    fn add(&mut self, stream: &Stream, measure: Measure, value: Option<f64>) {
        self.all
            .extend(value.map(|value| (stream.clone(), measure, value)));
    }

    /// How much a counter has grown, and in how many seconds.
    fn growth(&self, stat: &Stat, counter: &str) -> Option<(f64, f64)> {
        let before = self.before.get(stat.id())?;
        let seconds = (stat.timestamp - before.timestamp) / 1000.0;
        let growth = stat.number(counter)? - before.number(counter)?;
        (seconds > 0.0).then_some((growth, seconds))
    }

    /// By how much a counter grows in a second.
    fn rate(&self, stat: &Stat, counter: &str) -> Option<f64> {
        let (growth, seconds) = self.growth(stat, counter)?;
        (growth >= 0.0).then_some(growth / seconds)
    }

    /// Of the packets that should have come.
    fn loss(&self, stat: &Stat) -> Option<f64> {
        let (received, _) = self.growth(stat, "packetsReceived")?;
        // Shrinks when packets that were given up come after all, or come twice.
        let lost = self.growth(stat, "packetsLost")?.0.max(0.0);
        (received >= 0.0 && lost + received > 0.0).then(|| lost / (lost + received))
    }

    /// <https://www.w3.org/TR/webrtc-stats/#dom-rtcaudiosourcestats-totalaudioenergy>
    fn audio_level(&self, stat: &Stat) -> Option<f64> {
        let energy = self.growth(stat, "totalAudioEnergy");
        let duration = self.growth(stat, "totalSamplesDuration");
        let level = energy
            .zip(duration)
            .and_then(|((energy, _), (duration, _))| {
                (energy >= 0.0 && duration > 0.0).then(|| (energy / duration).sqrt())
            });
        level
            .or_else(|| stat.number("audioLevel"))
            .map(|level| level.min(1.0))
    }
}

fn milliseconds(stat: &Stat, member: &str) -> Option<f64> {
    stat.number(member).map(|seconds| seconds * 1000.0)
}

#[cfg(test)]
mod tests;
