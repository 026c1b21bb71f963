//! What is measured.

mod channel;
mod load;
mod pair;
mod room;

use std::time::Duration;

use e2e::{Kind, Outcome, Settings, Stage};

use crate::figures::{Goal, Row, Samples};

/// How fast the line and the machine are on which a page is opened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Conditions {
    Unthrottled,
    /// 1.6 Mbit/s, 150 ms round trip, a processor four times slower.
    Slow,
}

/// One thing that people do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Scenario {
    /// Opens a chapter, or a meeting, cold.
    Load(Conditions),
    /// Presses Call on the page with two peers.
    Pair(Kind),
    /// Joins a room in which one other participant is.
    Two { kind: Kind, delay: Duration },
    /// Joins three others.
    Four,
    /// What the newcomer's main thread has to do while it joins two others, and then every ten seconds.
    Work,
    /// Sends 32 MiB.
    Channel(Kind),
}

const NO_DELAY: Duration = Duration::ZERO;
const DELAY: Duration = Duration::from_millis(50);

impl Scenario {
    /// All that the browsers at hand allow.
    pub(crate) fn all(settings: &Settings) -> Vec<Self> {
        let is_there = |kind| settings.browser(kind).is_ok();
        let mut all = Vec::new();
        if is_there(Kind::Chrome) {
            all.extend([Conditions::Unthrottled, Conditions::Slow].map(Self::Load));
        }
        for kind in Kind::ALL.into_iter().filter(|kind| is_there(*kind)) {
            all.push(Self::Pair(kind));
            all.extend([NO_DELAY, DELAY].map(|delay| Self::Two { kind, delay }));
            all.push(Self::Channel(kind));
        }
        if is_there(Kind::Chrome) {
            all.extend([Self::Four, Self::Work]);
        }
        all
    }

    pub(crate) fn name(self) -> String {
        match self {
            Self::Load(conditions) => format!("load {conditions:?}").to_lowercase(),
            Self::Pair(kind) => format!("peer-connection {kind}"),
            Self::Two { kind, delay } if delay.is_zero() => format!("call {kind}"),
            Self::Two { kind, .. } => format!("call-delayed {kind}"),
            Self::Four => "mesh chrome".to_owned(),
            Self::Work => "work chrome".to_owned(),
            Self::Channel(kind) => format!("data-channel {kind}"),
        }
    }

    /// Whether there is something beside it.
    pub(crate) fn has_theirs(self) -> bool {
        !matches!(self, Self::Load(_))
    }

    /// What [`Self::measure`] gives, in that order.
    pub(crate) fn rows(self) -> Vec<Row> {
        let name = self.name();
        let row = |title: &str, unit, goal| Row {
            title: format!("{name}: {title}"),
            unit,
            goal,
            samples: Samples::default(),
        };
        match self {
            Self::Load(Conditions::Unthrottled) => vec![
                row("the text of /call can be read", "ms", Goal::Most(300.0)),
                row("Join on /call/x can be pressed", "ms", Goal::Most(300.0)),
                row("Join on /meet/x can be pressed", "ms", Goal::Most(300.0)),
            ],
            Self::Load(Conditions::Slow) => vec![
                row("the text of /call can be read", "ms", Goal::Most(600.0)),
                row("Join on /call/x can be pressed", "ms", Goal::Most(2500.0)),
                row("Join on /meet/x can be pressed", "ms", Goal::Most(2500.0)),
            ],
            Self::Pair(_) => vec![row("Call to first frame", "ms", Goal::MostOfTheirs(1.05))],
            Self::Two { delay, .. } => {
                let goal = if delay.is_zero() { 0.9 } else { 0.75 };
                vec![row("Join to first frame", "ms", Goal::MostOfTheirs(goal))]
            }
            Self::Four => vec![row(
                "last Join to six connections",
                "ms",
                Goal::MostOfTheirs(0.9),
            )],
            Self::Work => vec![
                row("joining two others", "ms", Goal::MostOfTheirs(1.5)),
                row("ten seconds of three", "ms", Goal::MostOfTheirs(2.0)),
                row("ten seconds of two", "ms", Goal::MostOfTheirs(2.0)),
            ],
            Self::Channel(_) => vec![row("32 MiB", "MiB/s", Goal::LeastOfTheirs(1.0))],
        }
    }

    pub(crate) async fn measure(self, stage: &Stage, ours: bool) -> Outcome<Vec<f64>> {
        match self {
            Self::Load(conditions) => load::measure(stage, conditions).await,
            Self::Pair(kind) => Ok(vec![pair::measure(stage, kind, ours).await?]),
            Self::Two { kind, delay } => Ok(vec![room::two(stage, kind, delay, ours).await?]),
            Self::Four => Ok(vec![room::four(stage, ours).await?]),
            Self::Work => room::work(stage, ours).await,
            Self::Channel(kind) => Ok(vec![channel::measure(stage, kind, ours).await?]),
        }
    }
}
