//! Makes tests of journeys.

use std::any::type_name;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use libtest_mimic::{Arguments, Failed, Trial};
use tokio::runtime::Runtime;

use crate::browser::Pool;
use crate::durations::Durations;
use crate::machine::{Load, Machine, Share};
use crate::{Failure, Kind, Outcome, Settings, Stage};

/// A journey that has not ended by then hangs.
const LIMIT: Duration = Duration::from_secs(180);

type Running = Pin<Box<dyn Future<Output = Outcome>>>;

/// One behaviour, and the browsers in which it is to be seen.
pub struct Journey {
    name: &'static str,
    stages: Vec<Vec<Kind>>,
    load: Load,
    waits: bool,
    run: Arc<dyn Fn(Stage) -> Running + Send + Sync>,
}

impl Journey {
    /// Seen in every browser.
    pub fn new<F, R>(run: F) -> Self
    where
        F: Fn(Stage) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome> + 'static,
    {
        Self {
            name: name::<F>(),
            stages: Kind::ALL.map(|kind| vec![kind]).into(),
            load: Load::default(),
            waits: false,
            run: Arc::new(move |stage| Box::pin(run(stage))),
        }
    }

    /// Seen between these browsers.
    pub fn between<const N: usize, F, R>(groups: &[[Kind; N]], run: F) -> Self
    where
        F: Fn(Stage) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome> + 'static,
    {
        Self {
            stages: groups.iter().map(|group| group.to_vec()).collect(),
            ..Self::new(run)
        }
    }

    /// Seen in one browser only.
    pub fn only<F, R>(kind: Kind, run: F) -> Self
    where
        F: Fn(Stage) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome> + 'static,
    {
        Self {
            stages: vec![vec![kind]],
            ..Self::new(run)
        }
    }

    /// What it has to do with time or speed would be another behaviour on a busy machine.
    #[must_use]
    pub fn alone(self) -> Self {
        let load = Load::Whole;
        Self { load, ..self }
    }

    /// From some moment on it only waits, and [says so](Stage::let_others_run).
    #[must_use]
    pub fn waiting(self) -> Self {
        Self {
            waits: true,
            ..self
        }
    }

    /// One test for each browser or group that is asked for.
    fn trials(self, troupe: &Arc<Troupe>) -> Vec<Trial> {
        let Self {
            name,
            stages,
            load,
            run,
            ..
        } = self;
        let asked = |kind: &Kind| troupe.settings.browser(*kind).is_ok();
        let stages = stages.into_iter().filter(|kinds| kinds.iter().all(asked));
        stages
            .map(|kinds| {
                let names: Vec<_> = kinds.iter().map(Kind::to_string).collect();
                let name = format!("{name}::{}", names.join("_"));
                let (run, troupe) = (run.clone(), troupe.clone());
                Trial::test(name.clone(), move || {
                    let performance = troupe.perform(&name, &kinds, load, &*run);
                    let outcome = troupe.runtime.block_on(performance);
                    outcome.map_err(|error| Failed::from(error.to_string()))
                })
            })
            .collect()
    }
}

/// `media_stream::stop_ends_every_track`, of the function's own type.
fn name<F>() -> &'static str {
    let name = type_name::<F>();
    name.split_once("::").map_or(name, |(_, name)| name)
}

/// Runs the journeys that the command line asks for, as many at a time as the machine can bear.
pub fn run(mut journeys: Vec<Journey>) -> ExitCode {
    let mut arguments = Arguments::from_args();
    // More threads only wait for each other, except those of journeys that let others run.
    let waiting = journeys.iter().filter(|journey| journey.waits);
    let waiting: usize = waiting.map(|journey| journey.stages.len()).sum();
    arguments
        .test_threads
        .get_or_insert(Machine::MOST + waiting);
    // What others run beside comes first, and nobody waits for those that want to be alone.
    journeys.sort_by_key(|journey| (!journey.waits, journey.load));
    install_cryptography();
    let troupe = match Troupe::new() {
        Ok(troupe) => Arc::new(troupe),
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    let trials = journeys
        .into_iter()
        .flat_map(|journey| journey.trials(&troupe))
        .collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    print!("{}", troupe.durations);
    if let Err(error) = troupe.runtime.block_on(troupe.pool.quit()) {
        eprintln!("error: {error}");
        return ExitCode::FAILURE;
    }
    conclusion.exit_code()
}

/// For thirtyfour, which asks for it also where nothing is encrypted.
pub fn install_cryptography() {
    // An error says that it is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// What all journeys share.
struct Troupe {
    settings: Settings,
    pool: Pool,
    machine: Machine,
    durations: Durations,
    runtime: Runtime,
}

impl Troupe {
    fn new() -> Outcome<Self> {
        Ok(Self {
            settings: Settings::from_environment()?,
            pool: Pool::default(),
            machine: Machine::default(),
            durations: Durations::default(),
            runtime: Runtime::new()?,
        })
    }

    /// Whatever happens, servers and browsers are ended, or idle again, before this returns.
    async fn perform(
        &self,
        name: &str,
        kinds: &[Kind],
        load: Load,
        run: &dyn Fn(Stage) -> Running,
    ) -> Outcome {
        let share = self.machine.share(load).await;
        let start = Instant::now();
        let outcome = self.perform_now(name, kinds, share, run).await;
        self.durations.add(name, start.elapsed());
        outcome
    }

    async fn perform_now(
        &self,
        name: &str,
        kinds: &[Kind],
        share: Option<Share>,
        run: &dyn Fn(Stage) -> Running,
    ) -> Outcome {
        let stage = Stage::set_up(name, &self.settings, &self.pool, kinds, share)?;
        let journey = AssertUnwindSafe(run(stage.clone())).catch_unwind();
        let journey = match tokio::time::timeout(LIMIT, journey).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(panic)) => Err(words(&*panic)),
            Err(_) => Err(format!("no end after {} s", LIMIT.as_secs()).into()),
        };
        let consoles = stage.check_consoles().await;
        let outcome = journey.and(consoles).and(stage.check_servers());
        let outcome = match outcome {
            Ok(()) => Ok(()),
            Err(error) => match stage.save_artifacts().await {
                Ok(place) => Err(format!("{error}\nsee {}", place.display()).into()),
                Err(lost) => Err(format!("{error}\nnothing could be saved: {lost}").into()),
            },
        };
        let torn_down = stage.tear_down(outcome.is_ok()).await;
        outcome.and(torn_down)
    }
}

fn words(panic: &(dyn std::any::Any + Send)) -> Failure {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or(panic.downcast_ref::<&str>().copied());
    text.unwrap_or("panicked").into()
}
