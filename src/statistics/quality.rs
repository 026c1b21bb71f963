//! How well media travels over one connection: what the other end acknowledges of what is sent to it, and
//! what is lost on the way from it. From reports that are some seconds apart. Pure.
//!
//! Receivers say in RTCP reports what has arrived; `remote-inbound-rtp` shows the newest. Audio is
//! acknowledged about every five seconds. <https://www.w3.org/TR/webrtc-stats/#remoteinboundrtpstats-dict*>

use super::{Report, Stat};
use crate::linear_map::LinearMap;

/// Who has sent audio for so long, and heard nothing of it, in milliseconds, is not heard.
const UNACKNOWLEDGED_MS: f64 = 15_000.0;

/// A person who loses so many of the packets understands little.
const INAUDIBLE: f64 = 0.5;

/// What is lost of all packets where pictures freeze and words are missing.
const MUCH_LOST: f64 = 0.1;

/// A round trip so long, in seconds, makes people talk at the same time.
const LONG_S: f64 = 1.0;

/// What the browser thinks fits through, in bit/s, below which there is no room for video beside audio.
const STARVED: f64 = 120_000.0;

/// For so long, in milliseconds, the browser looks for room after it began to send video.
const LOOKS_FOR_ROOM_MS: f64 = 20_000.0;

/// What the other end said last is true for so long, in milliseconds: it may go on saying nothing, of a
/// video that is paused, say.
const TRUE_FOR_MS: f64 = 10_000.0;

/// So many bad reports in a row make a connection weak, and as many good ones strong again.
const IN_A_ROW: u8 = 3;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Quality {
    /// Much is lost, in either direction, or it takes long.
    pub(crate) is_weak: bool,
    /// Whether the other end receives the audio that is sent to it; `None` while none is sent, or nobody can
    /// know.
    pub(crate) is_heard: Option<bool>,
    /// Whether what is sent arrives badly now, or there is no room for video; `None` while nobody knows.
    pub(crate) is_sending_weak: Option<bool>,
}

/// What the other end said last of one stream.
#[derive(Clone, Copy, Debug, Default)]
struct Reported {
    is_bad: bool,
    /// When the report came, by the browser's clock …
    timestamp: f64,
    /// … and when it was seen here.
    seen_at: f64,
}

/// Judges one connection.
#[derive(Debug, Default)]
pub(crate) struct QualityMeter {
    now: Quality,
    audio_sent: f64,
    acknowledged_at: f64,
    unacknowledged_since: Option<f64>,
    received: f64,
    lost: f64,
    /// Of each stream that is sent, by the id of what the other end reports. Video may arrive well while
    /// audio does not: what is lost of it is sent again.
    streams: LinearMap<String, Reported>,
    video_sent: f64,
    video_since: Option<f64>,
    /// How many reports in a row speak for the opposite of what is said now.
    against: u8,
}

impl QualityMeter {
    /// The next report of the connection, or the first of a new connection to the same person; `now` is in
    /// milliseconds.
    pub(crate) fn handle_report(&mut self, report: &Report, now: f64) -> Quality {
        self.now.is_heard = self.hears(report, now);
        self.now.is_sending_weak = self.is_sending_bad(report, now);
        let is_bad = self.is_receiving_bad(report) || self.now.is_sending_weak == Some(true);
        self.against = match is_bad == self.now.is_weak {
            true => 0,
            false => self.against + 1,
        };
        if self.against == IN_A_ROW {
            self.against = 0;
            self.now.is_weak = is_bad;
        }
        self.now
    }

    fn hears(&mut self, report: &Report, now: f64) -> Option<bool> {
        let sent = report.of_kind("outbound-rtp").find(|stat| is_audio(stat))?;
        let packets = sent.number("packetsSent").unwrap_or_default();
        let is_sending = packets > self.audio_sent;
        self.audio_sent = packets;
        if let Some(acknowledged) = report.linked(sent, "remoteId")
            && acknowledged.timestamp != self.acknowledged_at
        {
            self.acknowledged_at = acknowledged.timestamp;
            self.unacknowledged_since = None;
            let lost = acknowledged.number("fractionLost").unwrap_or_default();
            return Some(lost < INAUDIBLE);
        }
        if !is_sending {
            self.unacknowledged_since = None;
            return None;
        }
        let since = *self.unacknowledged_since.get_or_insert(now);
        match now - since >= UNACKNOWLEDGED_MS {
            true => Some(false),
            false => self.now.is_heard,
        }
    }

    fn is_receiving_bad(&mut self, report: &Report) -> bool {
        let sum = |member| {
            let numbers = report.of_kind("inbound-rtp");
            numbers.filter_map(|stat| stat.number(member)).sum::<f64>()
        };
        let (received, lost) = (sum("packetsReceived"), sum("packetsLost"));
        let newly = (received - self.received, lost - self.lost);
        (self.received, self.lost) = (received, lost);
        // A new connection counts from 0, and packets that come late are found again.
        match newly {
            (received, lost) if received > 0.0 && lost > 0.0 => {
                lost / (received + lost) > MUCH_LOST
            }
            _ => false,
        }
    }

    /// The other end reports each stream now and then, and a stream that has ended no more: what it said is
    /// in all later reports of this browser.
    fn is_sending_bad(&mut self, report: &Report, now: f64) -> Option<bool> {
        for stat in report.of_kind("remote-inbound-rtp") {
            let reported = self.streams.get_or_default(&stat.id().to_owned());
            if stat.timestamp > reported.timestamp {
                let is_more = |member, than| stat.number(member).is_some_and(|it| it > than);
                *reported = Reported {
                    is_bad: is_more("fractionLost", MUCH_LOST) || is_more("roundTripTime", LONG_S),
                    timestamp: stat.timestamp,
                    seen_at: now,
                };
            }
        }
        self.streams.retain(|id, _| report.get(id).is_some());
        let is_starved = self.is_starved(report, now);
        let streams = self.streams.values();
        let fresh = streams.filter(|reported| now - reported.seen_at <= TRUE_FOR_MS);
        let is_bad = fresh.map(|reported| reported.is_bad);
        let is_bad = is_bad.reduce(|one, other| one || other);
        match is_starved {
            true => Some(true),
            false => is_bad,
        }
    }

    /// Whether video has been sent for a while and there is no room for it. While none is sent nobody looks
    /// for room.
    fn is_starved(&mut self, report: &Report, now: f64) -> bool {
        let videos = report.of_kind("outbound-rtp");
        let videos = videos.filter(|stat| stat.text("kind") == Some("video"));
        let sent = videos.filter_map(|stat| stat.number("packetsSent")).sum();
        let is_sending = sent > self.video_sent;
        self.video_sent = sent;
        if !is_sending {
            self.video_since = None;
            return false;
        }
        let since = *self.video_since.get_or_insert(now);
        let pair = report.selected_pair();
        let room = pair.and_then(|pair| pair.number("availableOutgoingBitrate"));
        now - since >= LOOKS_FOR_ROOM_MS && room.is_some_and(|room| room < STARVED)
    }
}

fn is_audio(stat: &Stat) -> bool {
    stat.text("kind") == Some("audio")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::statistics::testdata;

    #[test]
    fn what_was_said_of_a_stream_that_has_ended_is_forgotten() {
        let mut meter = QualityMeter::default();
        let mut sending = |second: u32, audio_at: u32| {
            let entries = json!([
                { "id": "v", "type": "remote-inbound-rtp", "timestamp": 2, "kind": "video",
                  "fractionLost": 0.4 },
                { "id": "a", "type": "remote-inbound-rtp", "timestamp": audio_at, "kind": "audio",
                  "fractionLost": 0.0 },
            ]);
            let report = Report::from_json(&entries.to_string()).unwrap();
            let quality = meter.handle_report(&report, f64::from(second) * 1000.0);
            (quality.is_sending_weak, quality.is_weak)
        };
        assert_eq!(sending(2, 1), (Some(true), false));
        // Good audio makes bad video no better.
        assert_eq!(sending(4, 3), (Some(true), false));
        assert_eq!(sending(6, 3), (Some(true), true));
        assert_eq!(sending(12, 3), (Some(true), true));
        assert_eq!(sending(14, 13), (Some(false), true));
        // Nor is what was good true for ever.
        assert_eq!(sending(25, 13), (None, true));
        assert_eq!(sending(27, 13), (None, false));
    }

    #[test]
    fn without_room_for_video_sending_is_weak_when_video_was_sent_for_a_while() {
        let mut meter = QualityMeter::default();
        let mut is_weak = |second: u32, packets: u32, room: f64| {
            let entries = json!([
                { "id": "t", "type": "transport", "timestamp": 0, "selectedCandidatePairId": "p" },
                { "id": "p", "type": "candidate-pair", "timestamp": 0,
                  "availableOutgoingBitrate": room },
                { "id": "v", "type": "outbound-rtp", "timestamp": 0, "kind": "video",
                  "packetsSent": packets },
            ]);
            let report = Report::from_json(&entries.to_string()).unwrap();
            let quality = meter.handle_report(&report, f64::from(second) * 1000.0);
            quality.is_sending_weak
        };
        assert_eq!(is_weak(0, 10, 80_000.0), None);
        assert_eq!(is_weak(19, 20, 80_000.0), None);
        assert_eq!(is_weak(20, 30, 200_000.0), None);
        assert_eq!(is_weak(22, 40, 80_000.0), Some(true));
        // What is left of the room while nothing is sent says nothing, nor what there is at first.
        assert_eq!(is_weak(24, 40, 80_000.0), None);
        assert_eq!(is_weak(35, 50, 80_000.0), None);
        assert_eq!(is_weak(54, 60, 80_000.0), None);
        assert_eq!(is_weak(56, 70, 80_000.0), Some(true));
    }

    /// After so many seconds: how many packets were sent and received, when the other end last said what
    /// arrived, and which part was lost.
    fn report(sent: u32, acknowledged_s: u32, lost_there: f64, received: u32, lost: i32) -> Report {
        let entries = json!([
            { "id": "o", "type": "outbound-rtp", "timestamp": 0, "kind": "audio", "packetsSent": sent,
              "remoteId": "r" },
            { "id": "r", "type": "remote-inbound-rtp", "timestamp": acknowledged_s, "kind": "audio",
              "fractionLost": lost_there, "roundTripTime": 0.05 },
            { "id": "i", "type": "inbound-rtp", "timestamp": 0, "kind": "audio",
              "packetsReceived": received, "packetsLost": lost },
        ]);
        Report::from_json(&entries.to_string()).unwrap()
    }

    #[test]
    fn whoever_gets_reports_of_the_own_audio_is_heard() {
        let mut meter = QualityMeter::default();
        for second in 5..60 {
            let quality = meter.handle_report(
                &report(second * 50, second - second % 5, 0.0, second * 50, 0),
                f64::from(second) * 1000.0,
            );
            assert!(!quality.is_weak);
            assert_eq!(quality.is_heard, Some(true), "{second}");
        }
    }

    #[test]
    fn whoever_sends_and_gets_no_report_is_not_heard_and_is_again_with_the_next() {
        let mut meter = QualityMeter::default();
        let mut hears = |second: u32, acknowledged_s| {
            let report = report(second * 50, acknowledged_s, 0.0, 0, 0);
            meter
                .handle_report(&report, f64::from(second) * 1000.0)
                .is_heard
        };
        assert_eq!(hears(2, 1), Some(true));
        assert_eq!(hears(4, 1), Some(true));
        assert_eq!(hears(12, 1), Some(true));
        assert_eq!(hears(19, 1), Some(false));
        assert_eq!(hears(21, 21), Some(true));
    }

    #[test]
    fn whoever_sends_nothing_is_not_told_anything() {
        let mut meter = QualityMeter::default();
        let quality = meter.handle_report(&Report::default(), 0.0);
        assert_eq!(quality, Quality::default());
        meter.handle_report(&report(50, 1, 0.0, 0, 0), 0.0);
        for second in 1..60 {
            let quality =
                meter.handle_report(&report(50, 1, 0.0, 0, 0), f64::from(second) * 1000.0);
            assert_eq!(quality.is_heard, None);
        }
    }

    #[test]
    fn who_loses_most_hears_nothing() {
        let mut meter = QualityMeter::default();
        let quality = meter.handle_report(&report(50, 1, 0.7, 0, 0), 0.0);
        assert_eq!(quality.is_heard, Some(false));
    }

    #[test]
    fn a_connection_is_weak_after_three_bad_reports_and_strong_after_three_good_ones() {
        let mut meter = QualityMeter::default();
        let mut is_weak = |second: u32, lost| {
            let report = report(second * 50, second, 0.0, second * 50, lost);
            meter
                .handle_report(&report, f64::from(second) * 1000.0)
                .is_weak
        };
        let losses = [0, 20, 40, 60, 60, 60, 80, 80, 80, 80];
        let weak: Vec<_> = (1..)
            .zip(losses)
            .map(|(second, lost)| is_weak(second, lost))
            .collect();
        let expected = [
            false, false, false, true, true, true, true, true, true, false,
        ];
        assert_eq!(weak, expected);
    }

    #[test]
    fn browsers_call_a_good_connection_good() {
        for recording in [testdata::chromium(), testdata::firefox()] {
            let mut meter = QualityMeter::default();
            for sample in recording.local {
                let quality = meter.handle_report(&sample.stats, sample.at_ms);
                assert!(!quality.is_weak);
                assert_eq!(quality.is_heard, Some(true));
            }
        }
    }

    proptest! {
        #[test]
        fn no_report_breaks_it(
            reports in prop::collection::vec(
                (0_u32..1000, 0_u32..100, -1.0..2.0, 0_u32..1000, -100..1000), 1..20,
            ),
        ) {
            let mut meter = QualityMeter::default();
            for (at, (sent, acknowledged, lost_there, received, lost)) in reports.into_iter().enumerate() {
                let report = report(sent, acknowledged, lost_there, received, lost);
                meter.handle_report(&report, at as f64 * 2000.0);
            }
        }
    }
}
