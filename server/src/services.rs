//! What runs as long as the server does: listeners, and what has to be driven or looked after.
//!
//! Owns that services start, drain and end together: one that ends or panics although nobody asked
//! it to takes all others with it, and the process ends with an error. It must not know what a
//! service does; each is told to end by a [`Shutdown`] and takes the time that it needs.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::timeout;

use crate::Error;

/// Tells a service to end.
#[derive(Clone, Debug)]
pub(crate) struct Shutdown(watch::Receiver<bool>);

impl Shutdown {
    /// Completes as soon as the service is to end. Dropping the future loses nothing.
    pub(crate) async fn requested(&mut self) {
        // Without those who started them, services end as well.
        let _ = self.0.wait_for(|requested| *requested).await;
    }
}

/// Services that run already.
#[derive(Debug)]
pub(crate) struct Services {
    shutdown: watch::Sender<bool>,
    tasks: JoinSet<()>,
    /// Of those that have not ended.
    names: HashMap<Id, &'static str>,
}

impl Services {
    pub(crate) fn new() -> Self {
        Self {
            shutdown: watch::Sender::new(false),
            tasks: JoinSet::new(),
            names: HashMap::new(),
        }
    }

    /// Starts one more. `name` is for the person who runs the server.
    pub(crate) fn start<F>(&mut self, name: &'static str, service: impl FnOnce(Shutdown) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let service = service(Shutdown(self.shutdown.subscribe()));
        let id = self.tasks.spawn(service).id();
        self.names.insert(id, name);
    }

    /// Lets all run until `shutdown` completes, or one of them ends. Then all are told to end;
    /// those that have not done so within `grace` are dropped.
    ///
    /// # Errors
    ///
    /// When a service has ended although it was not told to, or has panicked.
    pub(crate) async fn run(
        mut self,
        shutdown: impl Future<Output = ()>,
        grace: Duration,
    ) -> Result<(), Error> {
        let mut failure = tokio::select! {
            () = shutdown => None,
            Some((service, end)) = self.next_end() => Some(match end {
                Ok(()) => Error::ServiceEnded { service },
                Err(error) => Error::ServiceFailed { service, error },
            }),
        };
        self.shutdown.send_replace(true);
        let drained = async {
            while let Some((service, end)) = self.next_end().await {
                if let Err(error) = end {
                    failure.get_or_insert(Error::ServiceFailed { service, error });
                }
            }
        };
        if timeout(grace, drained).await.is_err() {
            let services: Vec<_> = self.names.into_values().collect();
            tracing::warn!(?services, "these did not end in time");
        }
        failure.map_or(Ok(()), Err)
    }

    /// The next one that ends, by name; as an error when it panicked. `None` when all have ended.
    async fn next_end(&mut self) -> Option<(&'static str, Result<(), JoinError>)> {
        let ended = self.tasks.join_next_with_id().await?;
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, ())| *id);
        let service = self.names.remove(&id).unwrap_or_default();
        Some((service, ended.map(|_| ())))
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    const GRACE: Duration = Duration::from_secs(5);

    /// Counts those that end as they should.
    #[derive(Clone, Default)]
    struct Ends(Arc<AtomicUsize>);

    impl Ends {
        /// Ends `after` it is told to.
        async fn obedient(self, mut shutdown: Shutdown, after: Duration) {
            shutdown.requested().await;
            tokio::time::sleep(after).await;
            self.0.fetch_add(1, Ordering::Relaxed);
        }

        fn count(&self) -> usize {
            self.0.load(Ordering::Relaxed)
        }
    }

    fn two_obedient() -> (Services, Ends) {
        let (mut services, ends) = (Services::new(), Ends::default());
        for (name, after) in [("one", 0), ("two", 3)] {
            let after = Duration::from_secs(after);
            services.start(name, |shutdown| ends.clone().obedient(shutdown, after));
        }
        (services, ends)
    }

    #[tokio::test(start_paused = true)]
    async fn all_are_told_to_end_and_waited_for() {
        let (services, ends) = two_obedient();
        let started = tokio::time::Instant::now();
        services.run(ready(()), GRACE).await.unwrap();
        assert_eq!(ends.count(), 2);
        assert_eq!(started.elapsed(), Duration::from_secs(3));
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_not_end_is_left_behind_after_the_grace() {
        let (mut services, ends) = two_obedient();
        services.start("stubborn", |_| pending());
        let started = tokio::time::Instant::now();
        services.run(ready(()), GRACE).await.unwrap();
        assert_eq!(ends.count(), 2);
        assert_eq!(started.elapsed(), GRACE);
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_ends_by_itself_ends_all() {
        let (mut services, ends) = two_obedient();
        services.start("brief", |_| ready(()));
        let error = services.run(pending(), GRACE).await.unwrap_err();
        assert_eq!(ends.count(), 2);
        assert_eq!(error.exit_code(), 1);
        assert!(error.to_string().contains("brief"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_panics_ends_all() {
        let (mut services, ends) = two_obedient();
        services.start("broken", |_| async { panic!("out of {}", "luck") });
        let error = services.run(pending(), GRACE).await.unwrap_err();
        assert_eq!(ends.count(), 2);
        assert_eq!(error.exit_code(), 1);
        let text = error.to_string();
        assert!(
            text.contains("broken") && text.contains("out of luck"),
            "{text}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_while_all_are_ending_is_an_error_too() {
        let (mut services, ends) = two_obedient();
        services.start("late", |mut shutdown| async move {
            shutdown.requested().await;
            panic!("at the end");
        });
        let error = services.run(ready(()), GRACE).await.unwrap_err();
        assert_eq!(ends.count(), 2);
        assert!(error.to_string().contains("at the end"), "{error}");
    }
}
