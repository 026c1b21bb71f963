//! How far apart samples are. Pure.

use crate::decimal::decimal;

/// As a sentence; `None` of fewer than two times, which are in order and in milliseconds.
pub(crate) fn spacing(times: impl Iterator<Item = f64>) -> Option<String> {
    let (mut least, mut most, mut earlier) = (f64::INFINITY, 0.0_f64, None);
    for time in times {
        if let Some(earlier) = earlier {
            least = least.min(time - earlier);
            most = most.max(time - earlier);
        }
        earlier = Some(time);
    }
    if !least.is_finite() {
        return None;
    }
    let [least, most] = [least, most].map(seconds);
    Some(match (&*least, &*most) {
        ("1", "1") => "One sample a second.".to_owned(),
        _ if least == most => format!("One sample every {least} seconds."),
        _ => format!("The samples are {least} to {most} seconds apart."),
    })
}

/// Timers are late by some of the second that they wait.
fn seconds(ms: f64) -> String {
    let seconds = ms / 1000.0;
    if seconds < 0.75 {
        decimal(seconds.max(0.1), 1).to_string()
    } else {
        decimal(seconds, 0).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_as_it_was_measured() {
        let said = |times: &[f64]| spacing(times.iter().copied());
        for (times, expected) in [
            (&[0.0, 1000.0][..], "One sample a second."),
            (&[500.0, 1512.0, 2499.0, 3790.0], "One sample a second."),
            (&[0.0, 4001.0, 8000.0], "One sample every 4 seconds."),
            (
                &[8600.0, 9600.0, 13600.0, 16600.0],
                "The samples are 1 to 4 seconds apart.",
            ),
            (&[0.0, 250.0], "One sample every 0.2 seconds."),
            (
                &[0.0, 1.0, 61_000.0],
                "The samples are 0.1 to 61 seconds apart.",
            ),
        ] {
            assert_eq!(said(times).as_deref(), Some(expected));
        }
        assert_eq!(said(&[]), None);
        assert_eq!(said(&[7.0]), None);
    }
}
