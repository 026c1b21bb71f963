//! What a recording's file is called, and how its length and size are written.

use crate::decimal::decimal;

/// A time of day where the person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) year: u32,
    /// From 1.
    pub(crate) month: u32,
    pub(crate) day: u32,
    pub(crate) hour: u32,
    pub(crate) minute: u32,
    pub(crate) second: u32,
}

/// So much of a room's name is in the file's: many disks have names of at most 255 bytes.
const MOST_CHARS: usize = 40;

/// `meeting-kitchen-2026-11-30-14-05-09.webm`. What a disk may not take in a name becomes `-`.
pub(crate) fn file_name(room: &str, began: Moment, extension: &str) -> String {
    let plain = |c: char| match c {
        c if c.is_alphanumeric() => c,
        _ => '-',
    };
    let room: String = room.chars().take(MOST_CHARS).map(plain).collect();
    let Moment {
        year,
        month,
        day,
        hour,
        minute,
        second,
    } = began;
    format!(
        "meeting-{room}-{year:04}-{month:02}-{day:02}-{hour:02}-{minute:02}-{second:02}.{extension}"
    )
}

/// The room, the day and the time of a [`file_name`], for a sentence; another name as it is.
pub(crate) fn kept_from(name: &str) -> String {
    let read = || {
        let stem = name.strip_prefix("meeting-")?.rsplit_once('.')?.0;
        let mut parts = stem.rsplitn(7, '-');
        let mut number = || parts.next().filter(|part| part.parse::<u32>().is_ok());
        let _second = number()?;
        let (minute, hour) = (number()?, number()?);
        let (day, month, year) = (number()?, number()?, number()?);
        let room = parts.next()?;
        Some(format!("{room}, {year}-{month}-{day}, {hour}:{minute}"))
    };
    read().unwrap_or_else(|| name.to_owned())
}

/// `0:07`, `12:34`, `1:02:03`.
pub(crate) fn clock(ms: f64) -> String {
    let seconds = (ms / 1000.0).max(0.0) as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// Bytes in millions, with one digit behind the point: `12.3 MB`.
pub(crate) fn megabytes(bytes: f64) -> String {
    format!("{} MB", decimal(bytes / 1e6, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AFTERNOON: Moment = Moment {
        year: 2026,
        month: 11,
        day: 3,
        hour: 14,
        minute: 5,
        second: 9,
    };

    #[test]
    fn a_name_says_where_and_when() {
        let name = file_name("kitchen-talk", AFTERNOON, "webm");
        assert_eq!(name, "meeting-kitchen-talk-2026-11-03-14-05-09.webm");
        assert_eq!(kept_from(&name), "kitchen-talk, 2026-11-03, 14:05");
    }

    #[test]
    fn a_name_is_one_that_disks_take() {
        let name = file_name("../Küche: 7?", AFTERNOON, "mp4");
        assert_eq!(name, "meeting----Küche--7--2026-11-03-14-05-09.mp4");
        let long = file_name(&"ä".repeat(64), AFTERNOON, "webm");
        assert!(long.len() <= 255, "{}", long.len());
    }

    #[test]
    fn another_name_stays_as_it_is() {
        for name in [
            "",
            "meeting-",
            "meeting-x.webm",
            "meeting-a-b-c-d-e-f-g.webm",
        ] {
            assert_eq!(kept_from(name), name);
        }
    }

    #[test]
    fn length_and_size_are_short() {
        assert_eq!(clock(7_900.0), "0:07");
        assert_eq!(clock(754_000.0), "12:34");
        assert_eq!(clock(3_723_000.0), "1:02:03");
        assert_eq!(clock(f64::NAN), "0:00");
        assert_eq!(megabytes(12_345_678.0), "12.3 MB");
    }
}
