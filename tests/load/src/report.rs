//! PURE: what a run showed, for people and for programs.

use std::fmt;

use serde::Serialize;

use crate::account::Balance;

/// One run. Flat, so that a program can read its JSON without much ado.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Report {
    pub(crate) dialect: &'static str,
    pub(crate) clients: usize,
    pub(crate) room: u32,
    /// Clients whose every connection ended only when it should.
    pub(crate) held: usize,
    pub(crate) connect_seconds: f64,
    /// Connections that were cut on purpose and came back.
    pub(crate) resumed: u64,
    #[serde(flatten)]
    pub(crate) balance: Balance,
    /// Messages that arrived in a second, while it was measured.
    pub(crate) per_second: Option<f64>,
    pub(crate) p50_us: Option<u64>,
    pub(crate) p99_us: Option<u64>,
    pub(crate) max_us: Option<u64>,
    /// Resident bytes of the server: before anybody came, with everybody idle, at the end.
    pub(crate) memory_empty: Option<u64>,
    pub(crate) memory_idle: Option<u64>,
    pub(crate) memory_after: Option<u64>,
    pub(crate) memory_per_connection: Option<f64>,
    /// CPU time of the server for each message that arrived, while it was measured.
    pub(crate) cpu_us_per_message: Option<f64>,
    /// The first few things that went wrong.
    pub(crate) failures: Vec<String>,
}

impl Report {
    /// Whether the server did all that it has to do.
    pub(crate) fn success(&self) -> bool {
        self.held == self.clients && self.balance.is_clean() && self.failures.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { clients, room, .. } = self;
        writeln!(f, "{}: {clients} clients in rooms of {room}", self.dialect)?;
        write!(
            f,
            "connections  {} of {clients} held, joined in {:.1} s",
            self.held, self.connect_seconds
        )?;
        if self.resumed > 0 {
            write!(f, "; {} dropped and resumed", self.resumed)?;
        }
        writeln!(f)?;
        let Balance {
            sent,
            arrived,
            lost,
            duplicated,
            reordered,
            stray,
        } = self.balance;
        writeln!(
            f,
            "messages     {sent} sent, {arrived} arrived: {lost} lost, {duplicated} duplicated, \
             {reordered} reordered, {stray} stray"
        )?;
        if let Some(rate) = self.per_second {
            writeln!(f, "rate         {rate:.0} messages/s")?;
        }
        if let (Some(p50), Some(p99), Some(max)) = (self.p50_us, self.p99_us, self.max_us) {
            let [p50, p99, max] = [p50, p99, max].map(millis);
            writeln!(
                f,
                "latency      p50 {p50:.2} ms, p99 {p99:.2} ms, max {max:.2} ms"
            )?;
        }
        match (
            self.memory_per_connection,
            self.memory_empty,
            self.memory_idle,
        ) {
            (Some(each), Some(empty), Some(idle)) => writeln!(
                f,
                "memory       {:.1} KiB a connection ({:.1} MiB empty, {:.1} MiB with all joined \
                 and idle, {:.1} MiB at the end)",
                each / 1024.0,
                mib(empty),
                mib(idle),
                mib(self.memory_after.unwrap_or_default())
            )?,
            _ => writeln!(f, "memory       not measured")?,
        }
        match self.cpu_us_per_message {
            Some(cpu) => writeln!(f, "CPU          {cpu:.2} µs a message")?,
            None => writeln!(f, "CPU          not measured")?,
        }
        for failure in &self.failures {
            writeln!(f, "failure      {failure}")?;
        }
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with two decimals")]
fn millis(micros: u64) -> f64 {
    micros as f64 / 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn mib(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean() -> Report {
        Report {
            dialect: "webrtc-tour",
            clients: 4,
            held: 4,
            balance: Balance {
                sent: 9,
                arrived: 9,
                ..Balance::default()
            },
            ..Report::default()
        }
    }

    #[test]
    fn anything_wrong_is_no_success() {
        assert!(clean().success());
        let wrong: [fn(&mut Report); 6] = [
            |report| report.held = 3,
            |report| report.balance.lost = 1,
            |report| report.balance.duplicated = 1,
            |report| report.balance.reordered = 1,
            |report| report.balance.stray = 1,
            |report| report.failures.push("closed".to_owned()),
        ];
        for spoil in wrong {
            let mut report = clean();
            spoil(&mut report);
            assert!(!report.success(), "{report:?}");
        }
    }

    #[test]
    fn what_is_not_measured_says_so() {
        let text = clean().to_string();
        assert!(text.contains("memory       not measured"), "{text}");
        let json = serde_json::to_value(clean()).unwrap();
        assert!(json["cpu_us_per_message"].is_null());
        assert_eq!(json["held"], 4);
        assert_eq!(json["lost"], 0);
    }
}
