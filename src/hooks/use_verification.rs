//! The verification code of a connection, for as long as it is connected.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;

use crate::call::SharedConnection;
use crate::hooks::use_task;
use crate::states::{ConnectionState, ConnectionStates, SignalingState};
use crate::verification::{
    Certificates, Evidence, NoCode, Verification, certificates, verify, when_connected,
};

/// How long until a browser is asked again that has not told its certificates yet.
const ASK_AGAIN_MS: u32 = 200;

/// … and that has been asked in vain many times.
const ASK_SLOWLY_MS: u32 = 2_000;

/// A connection and the states it is in.
pub type Watched = (SharedConnection, ConnectionStates);

/// The code, or why there is none; `None` while there is no connection, or nothing known of it.
/// Computed anew after each negotiation: certificates should stay, and if they do not, the code is
/// to show it.
pub(crate) fn use_verification(
    watched: Signal<Option<Watched>, LocalStorage>,
) -> RwSignal<Option<Result<Verification, NoCode>>> {
    use_evidence(watched, verify)
}

/// As [`use_verification`], for those who want no code: this computes none.
pub fn use_certificates(
    watched: Signal<Option<Watched>, LocalStorage>,
) -> RwSignal<Option<Result<Certificates, NoCode>>> {
    use_evidence(watched, certificates)
}

fn use_evidence<T: Clone + PartialEq + Send + Sync + 'static>(
    watched: Signal<Option<Watched>, LocalStorage>,
    judge: fn(&Evidence) -> Result<T, NoCode>,
) -> RwSignal<Option<Result<T, NoCode>>> {
    let code = RwSignal::new(None);
    let asking = use_task();
    Effect::new(move |earlier: Option<Option<Watched>>| {
        let now = watched.get();
        if earlier.as_ref() == Some(&now) {
            return now;
        }
        let same = |(connection, _): &Watched| {
            let before = earlier.as_ref().and_then(Option::as_ref);
            before.is_some_and(|(before, _)| before == connection)
        };
        match &now {
            Some(watched) if watched.1.connection == ConnectionState::Connected => {
                if !same(watched) {
                    code.set(None);
                }
                // While a negotiation is under way the old code stands.
                if watched.1.signaling == SignalingState::Stable {
                    let connection = watched.0.clone();
                    asking.run(async move {
                        let mut asked = 0;
                        loop {
                            let told = when_connected(judge(&connection.evidence()), asked);
                            let wait = match &told {
                                Err(NoCode::NotYet) => ASK_AGAIN_MS,
                                // It may tell later all the same.
                                Err(NoCode::NotTold) => ASK_SLOWLY_MS,
                                _ => return code.set(Some(told)),
                            };
                            let told = Some(told).filter(|_| wait == ASK_SLOWLY_MS);
                            if told.is_some() && code.try_get_untracked() != Some(told.clone()) {
                                code.set(told);
                            }
                            asked = asked.saturating_add(1);
                            TimeoutFuture::new(wait).await;
                        }
                    });
                }
            }
            _ => {
                asking.cancel();
                code.set(None);
            }
        }
        now
    });
    code
}
