//! Which Firebase database is used, and what is seen of it, as signals.

use gloo_timers::callback::Interval;
use leptos::prelude::*;
use signaling_protocol::{RoomId, RoomKind};

use crate::hooks::use_stored;
use crate::lazy::lazy;
use crate::rtc::now_ms;
use crate::signaling::Signaling;
use crate::signaling::address::{InvalidAddress, http_root};
use crate::signaling::deferred::DeferredSignaling;
use crate::signaling::firebase::config::{Config, InvalidConfig};
use crate::signaling::firebase::watch::DatabaseView;
use crate::signaling::firebase::{Account, FirebaseSignaling, Keep};
use crate::trace::Tracer;

/// Makes the transport into a room; none where the address of the database cannot be used. Who calls
/// without a database loads nothing of all this.
pub(super) type EnterDatabase =
    fn(FirebaseHook, RoomId, RoomKind, Tracer) -> Option<Box<dyn Signaling>>;

lazy!(pub(super) transport_firebase: EnterDatabase = FirebaseHook::enter);

/// How often ages are told anew.
const TICK_MS: u32 = 500;

/// The database of one page.
#[derive(Clone, Copy)]
pub struct FirebaseHook {
    /// Whether messages to us stay in the database after we have read them.
    pub keep: RwSignal<bool>,
    /// What the transport tells of the database.
    pub view: RwSignal<DatabaseView>,
    /// The name of the database that the newest call uses; empty before the first.
    pub(crate) name: RwSignal<String>,
    /// A project's configuration; empty for the embedded database.
    stored: RwSignal<String>,
    server: StoredValue<Result<String, InvalidAddress>>,
    /// Who we are in which database, for as long as the page is open.
    account: StoredValue<Option<(Config, Account)>, LocalStorage>,
    /// The newest call's.
    kept: StoredValue<Option<Keep>, LocalStorage>,
}

/// What was chosen in this browser, else the database in the signaling server `server`, which is
/// named by its WebSocket address.
pub(crate) fn use_firebase(server: Result<String, InvalidAddress>) -> FirebaseHook {
    let hook = FirebaseHook {
        keep: RwSignal::new(false),
        view: RwSignal::new(DatabaseView::default()),
        name: RwSignal::new(String::new()),
        stored: use_stored("firebase"),
        server: StoredValue::new(server),
        account: StoredValue::new_local(None),
        kept: StoredValue::new_local(None),
    };
    Effect::new(move || {
        let keep = hook.keep.get();
        hook.kept.with_value(|kept| {
            if let Some(kept) = kept {
                kept.set(keep);
            }
        });
    });
    hook
}

impl FirebaseHook {
    /// A project's, kept in this browser; `None` for the embedded one; reactive.
    pub(crate) fn project(self) -> Option<Config> {
        // What an earlier version stored and this one does not understand is as good as nothing.
        self.stored.with(|text| Config::parse(text).ok())
    }

    /// The database to use; reactive.
    pub(crate) fn database(self) -> Result<Config, InvalidAddress> {
        let embedded = |server: String| Config::embedded(&http_root(&server));
        match self.project() {
            Some(project) => Ok(project),
            None => self.server.get_value().map(embedded),
        }
    }

    /// From now on, the one that somebody pasted.
    pub(crate) fn use_pasted(self, text: &str) -> Result<(), InvalidConfig> {
        let config = Config::parse(text)?;
        self.stored.set(config.to_json());
        Ok(())
    }

    pub(crate) fn use_embedded(self) {
        self.stored.set(String::new());
    }

    /// The way into a room through the database.
    pub(super) fn signaling(
        self,
        room: RoomId,
        kind: RoomKind,
        tracer: Tracer,
    ) -> DeferredSignaling<EnterDatabase> {
        DeferredSignaling::fallible(transport_firebase, move |enter| {
            enter(self, room, kind, tracer)
        })
    }

    fn enter(self, room: RoomId, kind: RoomKind, tracer: Tracer) -> Option<Box<dyn Signaling>> {
        let config = untrack(|| self.database()).ok()?;
        self.name.set(config.name());
        let known = self.account.with_value(|account| match account {
            Some((of, account)) if *of == config => Some(account.clone()),
            _ => None,
        });
        let account = known.unwrap_or_else(|| Account::new(config.clone()));
        self.account.set_value(Some((config, account.clone())));
        let view = self.view;
        let watch =
            move |change: &mut dyn FnMut(&mut DatabaseView)| view.update(|view| change(view));
        let signaling = FirebaseSignaling::new(account, room, kind, Box::new(watch), tracer);
        let keep = signaling.keep();
        keep.set(self.keep.get_untracked());
        self.kept.set_value(Some(keep));
        Some(Box::new(signaling))
    }

    /// The time, while the surrounding view is there; what is gone for long enough goes out of it.
    pub(crate) fn use_clock(self) -> RwSignal<f64> {
        let now = RwSignal::new(now_ms());
        let ticking = Interval::new(TICK_MS, move || {
            let time = now_ms();
            now.set(time);
            let deadline = self.view.try_with_untracked(DatabaseView::deadline);
            if deadline.flatten().is_some_and(|at| at <= time) {
                self.view.update(|view| view.handle_timeout(time));
            }
        });
        // Clears the timer together with the view.
        StoredValue::new_local(ticking);
        now
    }
}
