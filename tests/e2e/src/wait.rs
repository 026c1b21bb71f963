//! Waiting for conditions, never for time.

use std::time::{Duration, Instant};

use crate::Outcome;

/// How long anything on a page may take.
pub const LIMIT: Duration = Duration::from_secs(20);

const PAUSE: Duration = Duration::from_millis(50);

/// Looks again and again. `look` gives what was waited for, or (inner `Err`) what is there
/// instead, which ends up in the message when time is up.
pub async fn until<T, F>(what: &str, look: F) -> Outcome<T>
where
    F: AsyncFnMut() -> Outcome<Result<T, String>>,
{
    until_within(LIMIT, what, look).await
}

/// The same for what takes its time.
pub async fn until_within<T, F>(limit: Duration, what: &str, mut look: F) -> Outcome<T>
where
    F: AsyncFnMut() -> Outcome<Result<T, String>>,
{
    let deadline = Instant::now() + limit;
    loop {
        let seen = match look().await? {
            Ok(found) => return Ok(found),
            Err(seen) => seen,
        };
        if Instant::now() > deadline {
            let seconds = limit.as_secs();
            return Err(
                format!("expected within {seconds} s: {what}\nbut there is: {seen}").into(),
            );
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// For what a browser that hangs would never answer.
pub(crate) async fn within_limit<T>(work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    match tokio::time::timeout(LIMIT, work).await {
        Ok(outcome) => outcome,
        Err(_) => Err(format!("the browser gave no answer within {} s", LIMIT.as_secs()).into()),
    }
}
