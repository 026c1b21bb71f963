//! The steps of a build: what is going on and how far it is, and at the end how long each took.

use std::{
    fmt::Write,
    panic::resume_unwind,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use crate::{error::Result, process::say};

/// How often to say how far the steps are.
const REPORT: Duration = Duration::from_secs(10);

/// Several may be going on at once.
pub(crate) struct Steps {
    begun: Instant,
    all: Mutex<All>,
}

#[derive(Default)]
struct All {
    steps: Vec<Step>,
    reported: Duration,
}

/// Times count from the beginning of the first step.
struct Step {
    name: &'static str,
    began: Duration,
    ended: Option<Duration>,
    /// As cargo says it: `12/345: one, another`.
    progress: String,
}

impl Steps {
    pub(crate) fn begin() -> Self {
        Self {
            begun: Instant::now(),
            all: Mutex::default(),
        }
    }

    /// Does one step.
    pub(crate) fn step<T>(
        &self,
        name: &'static str,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        self.step_with_progress(name, |_| work())
    }

    /// Does one step, which says how far it is.
    pub(crate) fn step_with_progress<T>(
        &self,
        name: &'static str,
        work: impl FnOnce(&dyn Fn(&str)) -> Result<T>,
    ) -> Result<T> {
        say(name);
        let index = {
            let mut all = self.lock();
            all.steps.push(Step {
                name,
                began: self.begun.elapsed(),
                ended: None,
                progress: String::new(),
            });
            all.steps.len() - 1
        };
        let done = work(&|progress| self.progress(index, progress));
        self.lock().steps[index].ended = Some(self.begun.elapsed());
        done
    }

    fn progress(&self, index: usize, progress: &str) {
        let now = self.begun.elapsed();
        let mut all = self.lock();
        progress.clone_into(&mut all.steps[index].progress);
        if now >= all.reported + REPORT {
            all.reported = now;
            println!("{}", report(&all.steps, now));
        }
    }

    /// Nothing is left half done where a step panics.
    fn lock(&self) -> MutexGuard<'_, All> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long each step took.
    pub(crate) fn table(&self) -> String {
        table(&self.lock().steps, self.begun.elapsed())
    }
}

/// Does both at once, the first in a thread of its own, and waits for both also when one fails.
pub(crate) fn at_once<A: Send, B>(
    one: impl FnOnce() -> Result<A> + Send,
    other: impl FnOnce() -> Result<B>,
) -> Result<(A, B)> {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        let one = one.join().unwrap_or_else(|panic| resume_unwind(panic));
        Ok((one?, other?))
    })
}

/// What is going on, and how far it is.
fn report(steps: &[Step], now: Duration) -> String {
    let running = steps.iter().filter(|step| step.ended.is_none());
    let running = running.map(|step| {
        format!("{} {}", step.name, step.progress)
            .trim_end()
            .to_owned()
    });
    let running: Vec<_> = running.collect();
    format!("{:>6}  {}", minutes(now), running.join("; "))
}

fn table(steps: &[Step], took: Duration) -> String {
    let mut text = String::new();
    for step in steps {
        let ended = step.ended.unwrap_or(took);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:<32} {:>6} – {:>5} {:>9.1} s",
            step.name,
            minutes(step.began),
            minutes(ended),
            (ended.saturating_sub(step.began)).as_secs_f64()
        );
    }
    let _ = write!(text, "{:<47} {:>9.1} s", "all together", took.as_secs_f64());
    text
}

fn minutes(time: Duration) -> String {
    format!("{}:{:02}", time.as_secs() / 60, time.as_secs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn step(name: &'static str, began: u64, ended: Option<u64>, progress: &str) -> Step {
        Step {
            name,
            began: Duration::from_secs(began),
            ended: ended.map(Duration::from_secs),
            progress: progress.to_owned(),
        }
    }

    #[test]
    fn what_is_going_on_is_said_with_how_far_it_is() {
        let steps = [
            step("compiling the app", 0, None, "12/345: leptos"),
            step("compiling the splitter", 0, Some(60), "39/39"),
            step("compressing", 60, None, ""),
        ];
        assert_eq!(
            report(&steps, Duration::from_secs(65)),
            "  1:05  compiling the app 12/345: leptos; compressing"
        );
    }

    #[test]
    fn the_table_says_when_and_how_long() {
        let steps = [
            step("compiling the app", 1, Some(90), ""),
            step("compressing", 90, Some(95), ""),
        ];
        let text = table(&steps, Duration::from_secs(96));
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "compiling the app                  0:01 –  1:30      89.0 s",
                "compressing                        1:30 –  1:35       5.0 s",
                "all together                                         96.0 s",
            ]
        );
    }

    #[test]
    fn steps_at_once_both_end_and_the_error_of_either_counts() {
        let steps = Steps::begin();
        let fails = || Err::<(), _>(Error::new("broken"));
        let outcome = at_once(
            || steps.step("one", fails),
            || steps.step("other", || Ok(())),
        );
        assert!(matches!(outcome, Err(Error::Message(text)) if text == "broken"));
        assert!(steps.lock().steps.iter().all(|step| step.ended.is_some()));
        assert_eq!(at_once(|| Ok(1), || Ok(2)).unwrap(), (1, 2));
    }
}
