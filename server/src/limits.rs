//! Every bound of the server, with its flag, its environment variable and its default.
//!
//! Owns the numbers and which of them make sense. It must not know the parts that keep to them:
//! each takes what is its own.

use std::time::Duration;

use clap::builder::RangedU64ValueParser;
use clap::{Args, Command, FromArgMatches};

use signaling_protocol::{MAX_MESSAGE_BYTES, RoomId};

use crate::rate_limit::RateLimit;

/// A queue must hold the largest message and a few small ones.
const MIN_QUEUE_BYTES: u64 = 2 * MAX_MESSAGE_BYTES as u64;

/// Of so many participants, with names of [`MAX_NAME_CHARS`] characters of any kind, `joined` has
/// less than [`MAX_MESSAGE_BYTES`].
const MAX_CAPACITY: usize = 64;
/// The page of a call shows one other.
const MAX_CALL_CAPACITY: usize = 2;
const MAX_NAME_CHARS: usize = 100;

/// The server's bounds. `Limits::default()` is what the flags default to.
#[derive(Args, Clone, Copy, Debug, PartialEq)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// WebSocket clients, and seats, also those whose client is away; one more is answered
    /// `serverFull`
    #[arg(long, env = "WEBRTC_TOUR_MAX_CLIENTS", value_name = "N", default_value_t = 10_000, value_parser = count(0))]
    pub max_clients: usize,

    /// Rooms at a time; a join that would make one more is answered `serverFull`
    #[arg(long, env = "WEBRTC_TOUR_MAX_ROOMS", value_name = "N", default_value_t = 10_000, value_parser = count(0))]
    pub max_rooms: usize,

    /// Participants in a room in which one is of the kind `call`: at most 2, because its page shows
    /// one other
    #[arg(long, env = "WEBRTC_TOUR_CALL_CAPACITY", value_name = "N", default_value_t = MAX_CALL_CAPACITY, value_parser = between(1, MAX_CALL_CAPACITY))]
    pub call_capacity: usize,

    /// Participants in a room in which all are of the kind `mesh`
    #[arg(long, env = "WEBRTC_TOUR_MESH_CAPACITY", value_name = "N", default_value_t = 8, value_parser = between(1, MAX_CAPACITY))]
    pub mesh_capacity: usize,

    /// Characters of a room's name; more are answered `invalidRoom`
    #[arg(long, env = "WEBRTC_TOUR_MAX_ROOM_CHARS", value_name = "N", default_value_t = RoomId::MAX_CHARS, value_parser = between(1, RoomId::MAX_CHARS))]
    pub max_room_chars: usize,

    /// Characters of a participant's name; more are answered `invalidName`
    #[arg(long, env = "WEBRTC_TOUR_MAX_NAME_CHARS", value_name = "N", default_value_t = 40, value_parser = between(0, MAX_NAME_CHARS))]
    pub max_name_chars: usize,

    /// How long a seat is kept whose connection is lost
    #[arg(long, env = "WEBRTC_TOUR_RESUME_GRACE", value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub resume_grace: Duration,

    /// Connections that are not (yet) WebSockets; more wait until one is free
    #[arg(long, env = "WEBRTC_TOUR_MAX_CONNECTIONS", value_name = "N", default_value_t = 1024, value_parser = count(1))]
    pub max_connections: usize,

    /// Bytes of a message; longer ones are answered `messageTooLarge`, and from twice as many on
    /// the connection is closed
    #[arg(long, env = "WEBRTC_TOUR_MAX_MESSAGE_BYTES", value_name = "N", default_value_t = MAX_MESSAGE_BYTES, value_parser = between(1024, MAX_MESSAGE_BYTES))]
    pub max_message_bytes: usize,

    /// Messages a second and client, in the long run; more are answered `rateLimited`. Also writes
    /// to the database a second and user; more are answered with 503
    #[arg(long, env = "WEBRTC_TOUR_MESSAGE_RATE", value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub message_rate: u32,

    /// Messages a client may send, and writes a user of the database, at once after a silence
    #[arg(long, env = "WEBRTC_TOUR_MESSAGE_BURST", value_name = "N", default_value_t = 400, value_parser = clap::value_parser!(u32).range(1..))]
    pub message_burst: u32,

    /// Refused messages at once after which a client is disconnected
    #[arg(long, env = "WEBRTC_TOUR_FLOOD_TOLERANCE", value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    pub flood_tolerance: u32,

    /// Messages that wait for a client, with those kept until they are acknowledged; one more
    /// waiting removes it
    #[arg(long, env = "WEBRTC_TOUR_QUEUE_MESSAGES", value_name = "N", default_value_t = 512, value_parser = count(1))]
    pub queue_messages: usize,

    /// Bytes that wait for a client, with those kept until they are acknowledged; more waiting
    /// remove it
    #[arg(long, env = "WEBRTC_TOUR_QUEUE_BYTES", value_name = "N", default_value_t = 1024 * 1024, value_parser = count(MIN_QUEUE_BYTES))]
    pub queue_bytes: usize,

    /// Bytes in the queues of all clients together. Beyond half of them what is kept is forgotten,
    /// and a client is removed for which more waits than its equal part of the other half
    #[arg(long, env = "WEBRTC_TOUR_MAX_QUEUED_BYTES", value_name = "N", default_value_t = 256 * 1024 * 1024, value_parser = bytes_of_all())]
    pub max_queued_bytes: usize,

    /// A client that was silent for so long is pinged
    #[arg(long, env = "WEBRTC_TOUR_PING_INTERVAL", value_name = "TIME", default_value = "5s", value_parser = duration)]
    pub ping_interval: Duration,

    /// A client that does not answer a ping for so long is gone
    #[arg(long, env = "WEBRTC_TOUR_PING_TIMEOUT", value_name = "TIME", default_value = "5s", value_parser = duration)]
    pub ping_timeout: Duration,

    /// A request's headers must be complete within this time, also the next one's on a kept
    /// connection, and then its body within the same time
    #[arg(long, env = "WEBRTC_TOUR_HEADER_TIMEOUT", value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub header_timeout: Duration,

    /// A TLS handshake must be complete within this time
    #[arg(long, env = "WEBRTC_TOUR_HANDSHAKE_TIMEOUT", value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub handshake_timeout: Duration,

    /// After SIGTERM or SIGINT the process ends within this time
    #[arg(long, env = "WEBRTC_TOUR_SHUTDOWN_GRACE", value_name = "TIME", default_value = "5s", value_parser = duration)]
    pub shutdown_grace: Duration,

    /// Bytes of a write to the database
    #[arg(long, env = "WEBRTC_TOUR_RTDB_MAX_VALUE_BYTES", value_name = "N", default_value_t = 1024 * 1024, value_parser = count(1024))]
    pub rtdb_max_value_bytes: usize,

    /// Bytes of all that is in the database, as far as they are counted: 64 for each value,
    /// and the texts
    #[arg(long, env = "WEBRTC_TOUR_RTDB_MAX_BYTES", value_name = "N", default_value_t = 64 * 1024 * 1024, value_parser = bytes_of_all())]
    pub rtdb_max_bytes: usize,

    /// Event streams of the database; one more is answered with 503
    #[arg(long, env = "WEBRTC_TOUR_RTDB_MAX_LISTENERS", value_name = "N", default_value_t = 10_000, value_parser = count(0))]
    pub rtdb_max_listeners: usize,

    /// Event streams of one user of the database; one more is answered with 503
    #[arg(long, env = "WEBRTC_TOUR_RTDB_MAX_USER_LISTENERS", value_name = "N", default_value_t = 32, value_parser = count(0))]
    pub rtdb_max_user_listeners: usize,

    /// Bytes that wait for an event stream; more waiting end it
    #[arg(long, env = "WEBRTC_TOUR_RTDB_QUEUE_BYTES", value_name = "N", default_value_t = 1024 * 1024, value_parser = count(1024))]
    pub rtdb_queue_bytes: usize,

    /// How often an event stream tells that it is still there
    #[arg(long, env = "WEBRTC_TOUR_RTDB_KEEP_ALIVE", value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub rtdb_keep_alive: Duration,

    /// When the server goes away it tells clients to come back after this time; up to twice as
    /// long, so that they do not all come at once
    #[arg(long, env = "WEBRTC_TOUR_RETRY_AFTER", value_name = "TIME", default_value = "1s", value_parser = duration)]
    pub retry_after: Duration,
}

impl Limits {
    /// Of the messages of a client, and of the writes of a user of the database.
    pub(crate) fn rate(&self) -> RateLimit {
        RateLimit {
            per_second: self.message_rate.into(),
            burst: self.message_burst.into(),
            tolerance: self.flood_tolerance.into(),
        }
    }
}

impl Default for Limits {
    /// The flags' defaults, whatever the environment says.
    fn default() -> Self {
        let command = Self::augment_args(Command::new("limits").no_binary_name(true))
            .mut_args(|arg| arg.env(None::<&str>));
        let matches = command.get_matches_from(std::iter::empty::<&str>());
        Self::from_arg_matches(&matches).expect("every flag has a valid default")
    }
}

/// A million is more than any of these can be of use, and less than overflows anywhere.
fn count(least: u64) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(least..=1_000_000.max(256 * MIN_QUEUE_BYTES))
}

fn bytes_of_all() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(MIN_QUEUE_BYTES..=1 << 40)
}

fn between(least: usize, most: usize) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(least as u64..=most as u64)
}

/// `5s`, `1m 30s`, `200ms`: more than nothing, at most a day.
fn duration(text: &str) -> Result<Duration, String> {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let duration = humantime::parse_duration(text)
        .map_err(|error| format!("{error}; write it like 5s or 200ms"))?;
    if duration.is_zero() || duration > DAY {
        return Err("a time here is more than 0s and at most 1day".to_owned());
    }
    Ok(duration)
}

/// A [`duration`] of whole seconds.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let duration = duration(text)?;
    if duration.subsec_nanos() != 0 {
        return Err("a time here is of whole seconds".to_owned());
    }
    Ok(duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_as_documented() {
        let limits = Limits::default();
        assert_eq!(limits.call_capacity, 2);
        assert_eq!(limits.ping_interval, Duration::from_secs(5));
        assert_eq!(limits.queue_bytes, 1 << 20);
        assert_eq!(limits.max_queued_bytes, 256 << 20);
    }

    #[test]
    fn times_are_bounded() {
        assert_eq!(duration("200ms"), Ok(Duration::from_millis(200)));
        for text in ["", "5", "0s", "2days", "-1s", "99999999999years"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
