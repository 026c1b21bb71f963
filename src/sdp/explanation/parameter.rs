//! `fmtp`: what a codec's parameters say.

use super::grouped;
use crate::sdp::codec::h264_profile;

/// One parameter of a codec, in words that go on after a colon.
pub(super) fn meaning(codec: &str, name: &str, value: &str) -> String {
    let number = || value.parse().map_or_else(|_| value.to_owned(), grouped);
    match (codec.to_ascii_lowercase().as_str(), name) {
        ("opus", "minptime") => format!("packets hold at least {value} ms of sound"),
        ("opus", "maxptime") => format!("packets hold at most {value} ms of sound"),
        ("opus", "useinbandfec") if value == "1" => {
            "each packet may hold a rough copy of the one before, against loss".to_owned()
        }
        ("opus", "useinbandfec") => "packets hold no copy of the one before".to_owned(),
        ("opus", "stereo") if value == "1" => "this side likes to receive stereo".to_owned(),
        ("opus", "stereo") => "this side likes to receive mono".to_owned(),
        ("opus", "sprop-stereo") if value == "1" => "this side is likely to send stereo".to_owned(),
        ("opus", "sprop-stereo") => "this side is likely to send mono".to_owned(),
        ("opus", "usedtx") if value == "1" => "in silence, packets may be left out".to_owned(),
        ("opus", "usedtx") => "packets are sent in silence, too".to_owned(),
        ("opus", "cbr") => match value {
            "1" => "the bitrate stays constant".to_owned(),
            _ => "the bitrate may vary".to_owned(),
        },
        ("opus", "maxplaybackrate") => {
            format!(
                "this side can play up to {} Hz, so more need not be sent",
                number()
            )
        }
        ("opus", "sprop-maxcapturerate") => format!("this side captures up to {} Hz", number()),
        ("opus", "maxaveragebitrate") => format!("at most {} bit/s to this side", number()),
        ("vp8" | "vp9", "max-fr") => format!("at most {value} pictures a second to this side"),
        ("vp8" | "vp9", "max-fs") => {
            format!(
                "pictures of at most {} blocks of 16 × 16 pixels to this side",
                number()
            )
        }
        ("vp9", "profile-id") => match value {
            "0" => "profile 0, 8 bits a colour".to_owned(),
            "1" => "profile 1, 8 bits a colour, colours in full resolution".to_owned(),
            "2" => "profile 2, 10 or 12 bits a colour".to_owned(),
            other => format!("profile {other}"),
        },
        ("av1", "profile") => match value {
            "0" => "the Main profile".to_owned(),
            "1" => "the High profile".to_owned(),
            "2" => "the Professional profile".to_owned(),
            other => format!("profile {other}"),
        },
        ("av1", "level-idx") => match value.parse::<u32>() {
            // Annex A of the AV1 specification: four steps from level 2.0.
            Ok(index) if index < 24 => format!("up to level {}.{}", 2 + index / 4, index % 4),
            _ => format!("level index {value}"),
        },
        ("av1", "tier") => match value {
            "0" => "the Main tier".to_owned(),
            _ => "the High tier".to_owned(),
        },
        ("h264", "profile-level-id") => h264_profile(value),
        ("h264", "packetization-mode") => match value {
            "0" => "each packet holds one whole unit of the picture".to_owned(),
            "1" => "units may be split over packets".to_owned(),
            _ => "units may be split and interleaved".to_owned(),
        },
        ("h264", "level-asymmetry-allowed") if value == "1" => {
            "the two directions may have different levels".to_owned()
        }
        ("h264", "level-asymmetry-allowed") => "both directions have the same level".to_owned(),
        ("h265", "level-id") => format!("level {value}"),
        ("h265", "profile-id") => format!("profile {value}"),
        ("h265", "tier-flag") => format!("tier {value}"),
        ("h265", "tx-mode") => format!("sent as {value}"),
        ("h264" | "h265", "sprop-parameter-sets") => "the parameter sets of the picture".to_owned(),
        (_, "x-google-start-bitrate") => {
            format!("begin with {value} kbit/s (an extension of Google’s)")
        }
        (_, "x-google-min-bitrate") => {
            format!("at least {value} kbit/s (an extension of Google’s)")
        }
        (_, "x-google-max-bitrate") => format!("at most {value} kbit/s (an extension of Google’s)"),
        (_, name) if value.is_empty() => name.to_owned(),
        (_, name) => format!("{name} is {value}"),
    }
}
