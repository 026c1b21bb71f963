//! What is measured, its unit, and how its values are written.

use crate::decimal::decimal;

/// One line of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Measure {
    /// bit/s. Of a stream: its payload alone. Of a connection: all its bytes above UDP.
    Bitrate,
    /// What the browser’s congestion control thinks fits through, bit/s.
    AvailableBitrate,
    /// Frames a second.
    FrameRate,
    /// Pixels; shown with [`Self::FrameWidth`] as the resolution.
    FrameHeight,
    /// Pixels; not a chart of its own.
    FrameWidth,
    /// Milliseconds.
    RoundTripTime,
    /// Milliseconds.
    Jitter,
    /// From 0 to 1, of the packets of the interval.
    Loss,
    /// Packets a second.
    Retransmissions,
    /// `NACK`s a second, where the browser does not tell what came again.
    Requests,
    /// An index into [`LIMITS`].
    Limit,
    /// From 0 to 1, root mean square over the interval.
    AudioLevel,
    /// Messages a second.
    Messages,
}

/// `qualityLimitationReason`, in the order of the chart's levels
/// (<https://www.w3.org/TR/webrtc-stats/#rtcqualitylimitationreason-enum>).
pub(crate) const LIMITS: [&str; 4] = ["none", "bandwidth", "cpu", "other"];

impl Measure {
    /// Of a chart.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Bitrate => "Bitrate",
            Self::AvailableBitrate => "Available bitrate",
            Self::FrameRate => "Frame rate",
            Self::FrameHeight | Self::FrameWidth => "Resolution",
            Self::RoundTripTime => "Round-trip time",
            Self::Jitter => "Jitter",
            Self::Loss => "Loss",
            Self::Retransmissions => "Retransmissions",
            Self::Requests => "Asked for again",
            Self::Limit => "Encoder limited by",
            Self::AudioLevel => "Audio level",
            Self::Messages => "Messages",
        }
    }

    /// Where the number comes from, in the standard's names.
    pub(crate) fn source(self) -> &'static str {
        match self {
            Self::Bitrate => "growth of bytesSent or bytesReceived",
            Self::AvailableBitrate => "availableOutgoingBitrate of the selected pair",
            Self::FrameRate => "growth of framesSent or framesDecoded",
            Self::FrameHeight | Self::FrameWidth => "frameWidth × frameHeight",
            Self::RoundTripTime => "currentRoundTripTime or roundTripTime",
            Self::Jitter => "jitter",
            Self::Loss => "growth of packetsLost, or fractionLost",
            Self::Retransmissions => {
                "growth of retransmittedPacketsSent or retransmittedPacketsReceived"
            }
            Self::Requests => "growth of nackCount",
            Self::Limit => "qualityLimitationReason",
            Self::AudioLevel => "growth of totalAudioEnergy, or audioLevel",
            Self::Messages => "growth of messagesSent or messagesReceived",
        }
    }

    pub(crate) fn is_chart(self) -> bool {
        self != Self::FrameWidth
    }

    /// A value with its unit.
    pub(crate) fn format(self, value: f64) -> String {
        match self {
            Self::Bitrate | Self::AvailableBitrate => bitrate(value),
            Self::FrameRate => format!("{} frames/s", decimal(value, 0)),
            Self::FrameHeight | Self::FrameWidth => format!("{} px", decimal(value, 0)),
            Self::RoundTripTime | Self::Jitter => match value {
                _ if value > 0.0 && value < 9.95 => format!("{} ms", decimal(value, 1)),
                _ => format!("{} ms", decimal(value, 0)),
            },
            Self::Loss => match value * 100.0 {
                percent if percent == 0.0 || percent >= 9.95 => {
                    format!("{} %", decimal(percent, 0))
                }
                percent => format!("{} %", decimal(percent, 1)),
            },
            Self::Retransmissions | Self::Requests => format!("{} packets/s", decimal(value, 0)),
            Self::Limit => LIMITS[(value.max(0.0) as usize).min(LIMITS.len() - 1)].to_owned(),
            Self::AudioLevel => decimal(value, 2).to_string(),
            Self::Messages => format!("{} messages/s", decimal(value, 0)),
        }
    }

    /// A round value at an axis.
    pub(crate) fn label(self, value: f64) -> String {
        let text = self.format(value).replace(".0 ", " ");
        text.strip_suffix(".00").map(str::to_owned).unwrap_or(text)
    }

    /// The end of an axis that begins at 0 and holds values up to `largest`: a round number, never
    /// so small that mere noise fills the chart.
    pub(crate) fn ceiling(self, largest: f64) -> f64 {
        let least = match self {
            Self::Bitrate | Self::AvailableBitrate => 10_000.0,
            Self::FrameRate => 30.0,
            Self::FrameHeight | Self::FrameWidth => 240.0,
            Self::RoundTripTime | Self::Jitter => 10.0,
            Self::Loss => 0.05,
            Self::Retransmissions | Self::Requests | Self::Messages => 10.0,
            Self::Limit => return 3.0,
            Self::AudioLevel => return 1.0,
        };
        let needed = if largest.is_finite() { largest } else { 0.0 };
        let end = round_up(needed.max(least));
        if self == Self::Loss {
            end.min(1.0)
        } else {
            end
        }
    }
}

/// The next of 1, 2, 3, 5 times a power of ten.
fn round_up(value: f64) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 3.0, 5.0, 10.0];
    let step = steps.into_iter().find(|step| step * power >= value);
    step.unwrap_or(10.0) * power
}

fn bitrate(value: f64) -> String {
    match value {
        _ if value >= 999_500.0 => format!("{} Mbit/s", decimal(value / 1e6, 1)),
        _ if value >= 9_950.0 => format!("{} kbit/s", decimal(value / 1e3, 0)),
        _ if value >= 1.0 => format!("{} kbit/s", decimal(value / 1e3, 1)),
        _ => "0 kbit/s".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_are_written_with_their_unit() {
        for (measure, value, text) in [
            (Measure::Bitrate, 1_249_000.0, "1.2 Mbit/s"),
            (Measure::Bitrate, 999_600.0, "1.0 Mbit/s"),
            (Measure::Bitrate, 812_400.0, "812 kbit/s"),
            (Measure::Bitrate, 940.0, "0.9 kbit/s"),
            (Measure::Bitrate, 0.0, "0 kbit/s"),
            (Measure::Loss, 0.0, "0 %"),
            (Measure::Loss, 0.013, "1.3 %"),
            (Measure::Loss, 1.0, "100 %"),
            (Measure::RoundTripTime, 2.04, "2.0 ms"),
            (Measure::Limit, 2.0, "cpu"),
            (Measure::Limit, 9.0, "other"),
        ] {
            assert_eq!(measure.format(value), text);
        }
    }

    #[test]
    fn axes_have_short_labels() {
        assert_eq!(Measure::Bitrate.label(2e6), "2 Mbit/s");
        assert_eq!(Measure::Loss.label(0.05), "5 %");
        assert_eq!(Measure::Jitter.label(10.0), "10 ms");
        assert_eq!(Measure::Jitter.label(0.0), "0 ms");
        assert_eq!(Measure::AudioLevel.label(1.0), "1");
    }

    #[test]
    fn axes_end_at_round_numbers() {
        assert_eq!(Measure::Bitrate.ceiling(812_400.0), 1_000_000.0);
        assert_eq!(Measure::FrameRate.ceiling(31.0), 50.0);
        assert_eq!(Measure::FrameHeight.ceiling(0.0), 300.0);
        assert_eq!(Measure::Loss.ceiling(0.7), 1.0);
    }

    proptest! {
        #[test]
        fn every_value_is_below_the_end_of_its_axis(value in 0.0..1e12_f64) {
            let end = Measure::Bitrate.ceiling(value);
            prop_assert!(end.is_finite() && end >= value * 0.999_999);
        }
    }
}
