//! What a process takes of the machine, from `/proc`. Elsewhere than on Linux it is not measured.

use std::fs;
use std::time::Duration;

/// What `/proc` counts CPU time in: 100 a second on every Linux, whatever the kernel uses itself
/// (`USER_HZ`, see proc_pid_stat(5)).
const TICK: Duration = Duration::from_millis(10);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Resident bytes.
    pub(crate) memory: u64,
    /// CPU time of all threads since the process began.
    pub(crate) cpu: Duration,
}

/// What the process takes now; `None` where that cannot be known.
pub(crate) fn of(pid: u32) -> Option<Usage> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(Usage {
        memory: resident(&status)?,
        cpu: cpu(&stat)?,
    })
}

fn resident(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024)
}

fn cpu(stat: &str) -> Option<Duration> {
    // The name, in parentheses, may have spaces and parentheses in it.
    let (_, fields) = stat.rsplit_once(") ")?;
    // The first is field 3; `utime` is 14 and `stime` is 15.
    let mut times = fields.split(' ').skip(11);
    let user: u32 = times.next()?.parse().ok()?;
    let system: u32 = times.next()?.parse().ok()?;
    Some(TICK * (user + system))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_from_status() {
        let status = "Name:\tserver\nVmPeak:\t  99999 kB\nVmRSS:\t    1234 kB\nThreads:\t3\n";
        assert_eq!(resident(status), Some(1234 * 1024));
        assert_eq!(resident("Name:\tkthreadd\n"), None);
    }

    #[test]
    fn cpu_time_is_read_from_stat() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194304 120 0 0 0 250 50 9 9 20 0 3 0 100 0 0";
        assert_eq!(cpu(stat), Some(Duration::from_secs(3)));
        assert_eq!(cpu("7 (a) S 1"), None);
    }

    #[test]
    fn this_process_takes_something() {
        if cfg!(target_os = "linux") {
            assert!(of(std::process::id()).unwrap().memory > 100_000);
        }
        assert_eq!(of(0), None);
    }
}
